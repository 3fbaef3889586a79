/* search_cache.c - orders and lists of values of a catalogue, kept until it changes. */
#include "library/search_cache.h"

#include <stdlib.h>

void search_cache_destroy(struct search_cache *cache)
{
    free(cache);
}
