/*
 * hits.h - from a place in a list to the next hit of a search: those at the starts of words first.
 *
 * Hits have one order: all at the starts of words as they stand in the list, then all others as
 * they stand, then the first again. From a place that is no hit the nearest at the start of a word
 * comes next, and where there is none the nearest other. Library, queue and the lists of the screen
 * are all searched like this.
 *
 * Threads: any.
 */
#ifndef MP_BASE_HITS_H
#define MP_BASE_HITS_H

#include "base/word_find.h"

/* The list: how what is looked for stands at each place. It is asked of as few as will do. */
struct hits {
    size_t count;
    enum words_class (*class_at)(const void *context, size_t place);
    const void *context;
};
/* From where, and whither. */
struct hits_way {
    size_t from;   /* past the end: nowhere */
    int direction; /* +1 or -1, round the ends */
    bool itself;   /* the place itself counts, first; else as a hit it comes last */
};

/* -1: there is no hit. */
long hits_next(const struct hits *hits, const struct hits_way *way);

#endif
