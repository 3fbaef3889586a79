/*
 * tag_file.h - a file opened for what it says about itself: its first bytes read at once, any
 * others as they are asked for, and the whole of it as libavformat's input.
 *
 * Private to src/media. One object serves many files, one after the other.
 *
 * Threads: one at a time for one object.
 */
#ifndef MP_MEDIA_TAG_FILE_H
#define MP_MEDIA_TAG_FILE_H

#include "media/container.h"

enum { TAG_FILE_HEAD = 16384, TAG_FILE_TAIL = 65536 };

struct tag_file {
    const char *path; /* borrowed, while it is open */
    int fd;
    int64_t size, position; /* position: libavformat's */
    uint8_t *head;          /* TAG_FILE_HEAD bytes, the first head_size of the file */
    size_t head_size;
    uint8_t *piece; /* what tag_file_bytes gave last from behind the head */
    size_t piece_room;
    AVFormatContext *container; /* NULL: not opened by libavformat */
    AVIOContext *input;
};

int tag_file_init(struct tag_file *file); /* 0 or -ENOMEM */
void tag_file_finish(struct tag_file *file);

/* Opens and reads the head. 0, or negative errno with *error. */
int tag_file_open(struct tag_file *file, const char *path, struct media_error *error);
void tag_file_close(struct tag_file *file);

/* `count` bytes from `place` on, to be read until the next call; NULL: the file ends before, or
   cannot be read there, or they are more than 16 MiB. */
const uint8_t *tag_file_bytes(struct tag_file *file, int64_t place, size_t count);

/* Opens it with libavformat: by the demuxer that its first bytes ask for, without looking for
   others, else by what probing finds. seekable false: only what comes first is read. 0, or negative
   errno with *error. */
int tag_file_demux(struct tag_file *file, bool seekable, struct media_error *error);
void tag_file_undemux(struct tag_file *file); /* so that it may be opened another way */

#endif
