/*
 * tags.h - what a file says about itself.
 *
 * Threads: any but the audio thread. Text is UTF-8, control characters made spaces.
 */
#ifndef MP_MEDIA_TAGS_H
#define MP_MEDIA_TAGS_H

#include "media/decoder.h"

enum { TAG_SIZE = 512 };

struct tags {
    char title[TAG_SIZE]; /* empty: none */
    char artist[TAG_SIZE];
    char album[TAG_SIZE];
    char album_artist[TAG_SIZE];
    int track; /* 0: none */
    int disc;
};

int tags_read(struct tags *tags, const char *path, struct media_error *error);

#endif
