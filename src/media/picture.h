/*
 * picture.h - the picture inside a sound file: its cover.
 *
 * Threads: any but the audio thread. It reads the file.
 */
#ifndef MP_MEDIA_PICTURE_H
#define MP_MEDIA_PICTURE_H

#include "media/decoder.h"

struct picture {
    uint8_t *bytes;
    size_t size;
    const char *mime; /* "image/jpeg"; "application/octet-stream" for what is not known */
};

/* The front cover, or else the first picture there is. 0 with *picture (to be finished); -ENODATA:
   there is none; other negative errno: the file cannot be read. *error (may be NULL) says it in one
   line. */
int picture_read(struct picture *picture, const char *path, struct media_error *error);
void picture_finish(struct picture *picture); /* takes a zeroed one, too */

/* What picture these bytes begin. */
const char *picture_mime(const uint8_t *bytes, size_t size);

#endif
