/*
 * search_words.h - words as they are typed, in the strings of the catalogue.
 *
 * Threads: as catalogue.h.
 */
#ifndef MP_LIBRARY_SEARCH_WORDS_H
#define MP_LIBRARY_SEARCH_WORDS_H

#include "library/search_cache.h"

/* Classes of all songs for a text; borrowed until the next call. A text that goes on from the last
   one is looked for only where that one was found. A text without words fits everything. NULL: no
   memory. */
const struct search_words *search_words_find(struct catalogue *catalogue, const char *text);
void search_words_finish(struct search_words *words); /* takes a zeroed one, too */

/* The same words for one song after the other, in lists that are not the library's. */
enum { SEARCH_WORDS_MAX = 32, SEARCH_TEXT_MAX = 1024 }; /* what is typed beyond is not looked at */
struct search_query {
    char text[SEARCH_TEXT_MAX]; /* folded, one space between words, none at the ends */
    struct word words[SEARCH_WORDS_MAX];
    size_t count;
};
void search_query_make(struct search_query *query, const char *text);
/* Of any song of the catalogue, a guest as well. */
enum words_class search_query_song(const struct search_query *query,
                                   const struct catalogue *catalogue, const struct song *song);
/* Of what the catalogue does not know: in the last part of its path. */
enum words_class search_query_name(const struct search_query *query, const char *uri);

#endif
