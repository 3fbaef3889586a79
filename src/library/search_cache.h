/*
 * search_cache.h - orders and lists of values of a catalogue, made when first asked for and kept
 * until it changes.
 *
 * Everything is in slots of songs and numbers of strings; only playable songs of the library are in
 * it.
 *
 * Threads: as catalogue.h.
 */
#ifndef MP_LIBRARY_SEARCH_CACHE_H
#define MP_LIBRARY_SEARCH_CACHE_H

#include "base/word_find.h"
#include "library/search.h"

struct search_cache;

/* The values of a kind, each once, sorted: what songs have, or fall back to; "" is among them when
   some song has none. */
struct search_column {
    uint32_t *strings;
    size_t count;
    bool made;
};

/* What the words last typed fit. */
struct search_words {
    uint8_t *classes;  /* by slot: enum words_class */
    uint8_t *strings;  /* by string: how the last word stands in it */
    uint8_t *searched; /* by string: not 0 where a song is searched in it */
    char *text;        /* folded, words separated by one space; NULL: nothing is made yet */
    size_t count;      /* words in it */
    size_t hits[WORDS_CLASSES]; /* how many songs are of each class; of WORDS_FIT_NOT: other slots
                                   too */
};

/* The catalogue's cache, emptied if the catalogue changed since. NULL: no memory. */
struct search_cache *search_cache_get(struct catalogue *catalogue);
void search_cache_destroy(struct search_cache *cache); /* takes NULL */

/* Slots in an order; catalogue_count of them. Borrowed until the next call with another order.
   NULL: no memory. */
const uint32_t *search_cache_order(struct catalogue *catalogue, const struct search_order *order);
/* NULL: no memory. */
const struct search_column *search_cache_column(struct catalogue *catalogue, enum tag kind);
/* Place of each string of a column in it, by the string's number; other elements are not set. The
   caller's to free. NULL: no memory. */
uint32_t *search_column_ranks(const struct catalogue *catalogue,
                              const struct search_column *column);
/* Of the last search, empty after a change; borrowed. NULL: no memory. */
struct search_words *search_cache_words(struct catalogue *catalogue);

#endif
