/* rendition.c - a chain with its gains. */
#include "output/rendition.h"

#include <stdlib.h>

struct rendition *rendition_create(uint64_t id, struct chain *chain, double gain_a, double gain_b)
{
    struct rendition *rendition = calloc(1, sizeof *rendition);

    if (rendition == NULL) {
        return NULL;
    }
    rendition->id = id;
    rendition->chain = chain;
    rendition->gain_a = gain_a;
    rendition->gain_b = gain_b;
    return rendition;
}

void rendition_destroy(struct rendition *rendition)
{
    if (rendition == NULL) {
        return;
    }
    chain_destroy(rendition->chain);
    free(rendition);
}
