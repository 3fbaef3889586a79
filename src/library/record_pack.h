/*
 * record_pack.h - what a record says, in one run of bytes: a row of the database, a message between
 * threads.
 *
 * Numbers little-endian in seven bits a byte, texts with a 0 behind them, so that they are read
 * where they lie. Bytes of any origin may be unpacked: what does not fit is refused.
 *
 * Threads: one at a time for one object.
 */
#ifndef MP_LIBRARY_RECORD_PACK_H
#define MP_LIBRARY_RECORD_PACK_H

#include "library/record.h"

/* A row of bytes that grows; zeroed: empty. */
struct record_bytes {
    unsigned char *data;
    size_t size, room;
};
/* Makes room for `more` bytes behind what is there: where they go, or NULL with ENOMEM. */
unsigned char *record_bytes_grow(struct record_bytes *bytes, size_t more);
void record_bytes_finish(struct record_bytes *bytes);

/* Appends record->tags (all that tags.h has). 0 or -ENOMEM. */
int record_pack_tags(struct record_bytes *bytes, const struct tags *tags);

/* Tags whose texts lie in the packed bytes: memory is NULL, and tags_finish is not for them. */
struct record_view {
    struct tags tags;
    struct tag_value values[TAG_VALUES_MAX];
};
/* 0, or -EINVAL when these bytes are not what record_pack_tags makes. */
int record_unpack_tags(struct record_view *view, const void *data, size_t size);

#endif
