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

#endif
