/*
 * library_support.h - tracks for the tests of the library, made out of one line each.
 *
 * Threads: one.
 */
#ifndef MP_TESTS_LIBRARY_SUPPORT_H
#define MP_TESTS_LIBRARY_SUPPORT_H

#include "library/catalogue.h"

enum { MADE_TAGS_MAX = 16, MADE_TEXT = 2048 };

struct made_record {
    struct record record;
    struct tags tags;
    struct tag_value values[MADE_TAGS_MAX];
    char uri[512], text[MADE_TEXT];
};

/* "Artist=Queen|Genre=Rock|Genre=Pop|Track=3": a FLAC of 200 s at 44.1 kHz, modified 1000 s after
   the epoch, which made->record and made->tags may be changed in. */
void record_make(struct made_record *made, const char *uri, const char *tags);
/* Makes it and puts it. */
void record_put(struct catalogue *catalogue, const char *uri, const char *tags);

/* The same numbers in every run. */
struct chance {
    uint64_t state;
};
uint32_t chance_below(struct chance *chance, uint32_t limit);

#endif
