/* rendition.c - two chains with their gains. */
#include "output/rendition.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Keeps the frames that the chain has made beyond the output's block. The chain is not taken yet.
 */
static int keep_carry(struct rendition_side *side, const struct run_chain *run)
{
    size_t bytes = run->offset * sizeof(double);
    uint32_t first;

    if (run->offset == 0) {
        return 0;
    }
    side->carry[0] = malloc(CHAIN_CHANNELS * bytes);
    if (side->carry[0] == NULL) {
        return -ENOMEM;
    }
    first = chain_block_frames(run->chain) - run->offset;
    side->carry[1] = side->carry[0] + run->offset;
    for (size_t c = 0; c < CHAIN_CHANNELS; c++) {
        memcpy(side->carry[c], run->last[c] + first, bytes);
    }
    mlock(side->carry[0], CHAIN_CHANNELS * bytes); /* refused: it works without */
    side->offset = run->offset;
    return 0;
}

static void side_finish(struct rendition_side *side)
{
    chain_destroy(side->chain);
    if (side->carry[0] != NULL) {
        munlock(side->carry[0], CHAIN_CHANNELS * side->offset * sizeof(double));
        free(side->carry[0]);
    }
}

struct rendition *rendition_create(uint64_t id, const struct run_chain *a,
                                   const struct run_chain *b)
{
    struct rendition *rendition = calloc(1, sizeof *rendition);

    if (rendition == NULL || keep_carry(&rendition->a, a) < 0 || keep_carry(&rendition->b, b) < 0) {
        rendition_destroy(rendition);
        errno = ENOMEM;
        return NULL;
    }
    rendition->id = id;
    rendition->a.chain = a->chain;
    rendition->b.chain = b->chain;
    rendition->a.match = a->match;
    rendition->b.match = b->match;
    rendition->a.takes_over = a->takes_over;
    rendition->b.takes_over = b->takes_over;
    rendition->gain_a = rendition->gain_b = 1.0;
    return rendition;
}

void rendition_destroy(struct rendition *rendition)
{
    if (rendition == NULL) {
        return;
    }
    side_finish(&rendition->a);
    side_finish(&rendition->b);
    free(rendition);
}
