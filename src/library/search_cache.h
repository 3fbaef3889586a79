/*
 * search_cache.h - orders and lists of values of a catalogue, made when first asked for and kept
 * until it changes.
 *
 * Threads: as catalogue.h.
 */
#ifndef MP_LIBRARY_SEARCH_CACHE_H
#define MP_LIBRARY_SEARCH_CACHE_H

struct search_cache;

void search_cache_destroy(struct search_cache *cache); /* takes NULL */

#endif
