/*
 * scanner_batch.h - what the threads of a scan tell each other, many things in one block.
 *
 * A worker fills a batch with files it has read; the writer puts them in the database and hands the
 * same batch on to whoever calls scanner_take.
 *
 * Threads: one at a time for one batch; it changes hands whole.
 */
#ifndef MP_LIBRARY_SCANNER_BATCH_H
#define MP_LIBRARY_SCANNER_BATCH_H

#include "library/record_pack.h"
#include "library/scanner.h"

struct scanner_batch {
    struct scanner_batch *next;
    struct record_bytes bytes;
    size_t count; /* events */
    size_t at;    /* byte where the next one to be taken begins */
};

struct scanner_batch *scanner_batch_create(void); /* NULL with ENOMEM */
void scanner_batch_destroy(struct scanner_batch *batch);

/* Append. 0 or -ENOMEM. */
int scanner_batch_put(struct scanner_batch *batch, const struct record *record);
int scanner_batch_remove(struct scanner_batch *batch, const char *uri);
int scanner_batch_done(struct scanner_batch *batch, bool changed);

/* One event where it lies; texts live as long as the batch is not appended to. */
struct scanner_item {
    enum scanner_event_kind kind;
    bool changed;
    struct record record; /* without its tags */
    const void *tags;     /* packed */
    size_t tags_size;
};
/* The event at *at, which moves on; false behind the last. */
bool scanner_batch_next(const struct scanner_batch *batch, size_t *at, struct scanner_item *item);

#endif
