/* rendition.c - a chain with its gains. */
#include "output/rendition.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Keeps the frames that the chain has made beyond the output's block. */
static int keep_carry(struct rendition *rendition, const struct run_chain *run)
{
    size_t bytes = run->offset * sizeof(double);
    uint32_t first;

    if (run->offset == 0) {
        return 0;
    }
    rendition->carry[0] = malloc(CHAIN_CHANNELS * bytes);
    if (rendition->carry[0] == NULL) {
        return -ENOMEM;
    }
    first = chain_block_frames(run->chain) - run->offset;
    rendition->carry[1] = rendition->carry[0] + run->offset;
    for (size_t c = 0; c < CHAIN_CHANNELS; c++) {
        memcpy(rendition->carry[c], run->last[c] + first, bytes);
    }
    mlock(rendition->carry[0], CHAIN_CHANNELS * bytes); /* refused: it works without */
    rendition->offset = run->offset;
    return 0;
}

struct rendition *rendition_create(uint64_t id, const struct run_chain *run, double gain_a,
                                   double gain_b)
{
    struct rendition *rendition = calloc(1, sizeof *rendition);

    if (rendition == NULL) {
        return NULL;
    }
    if (keep_carry(rendition, run) < 0) {
        free(rendition);
        errno = ENOMEM;
        return NULL;
    }
    rendition->id = id;
    rendition->chain = run->chain;
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
    if (rendition->carry[0] != NULL) {
        munlock(rendition->carry[0], CHAIN_CHANNELS * rendition->offset * sizeof(double));
        free(rendition->carry[0]);
    }
    free(rendition);
}
