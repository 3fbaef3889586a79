/*
 * deck.h - one stream being played: A and B, each straight from the stream or through a chain of
 * its own, both at the same frame.
 *
 * The deck reads `lookahead_frames` further than it plays, so that a chain with any latency up to
 * that is simply fed from further ahead: A and B leave it aligned, and chains with different
 * latencies can take over from one another. Renditions come in at the frame they were made for and
 * are faded in over the stretch they name.
 *
 * Threads: deck_create and deck_destroy in a setup thread while the audio thread does not have it;
 * all else in the audio thread.
 */
#ifndef MP_OUTPUT_DECK_H
#define MP_OUTPUT_DECK_H

#include "base/ring.h"
#include "dsp/kernels.h"
#include "output/rendition.h"
#include "output/stream.h"

enum { DECK_PENDING_MAX = 16 };

enum deck_result { DECK_PLAYS, DECK_STARVED, DECK_ENDED };

struct deck;

struct deck_setup {
    struct stream *stream;       /* borrowed */
    struct rendition *rendition; /* taken; starts at the stream's `from` */
    uint32_t lookahead_frames;   /* a multiple of the block, >= a chain's latency and a block */
    uint32_t fade_in_frames;     /* up to position 0, from the deck before or from silence */
    uint64_t id;                 /* of the stream, for those who watch */
    const struct kernels *kernels;
};

struct deck *deck_create(const struct deck_setup *setup);
void deck_destroy(struct deck *deck); /* and its renditions */
int deck_lock_memory(struct deck *deck);

MP_RT uint64_t deck_id(const struct deck *deck);
MP_RT uint64_t deck_rendition_id(const struct deck *deck); /* the one heard, or coming in */
MP_RT int64_t deck_position(const struct deck *deck);      /* of the next frame it gives */
MP_RT uint32_t deck_fade_in_frames(const struct deck *deck);
MP_RT bool deck_starving(const struct deck *deck);
/* The chain of A or B of that rendition; NULL: that side is the original. */
MP_RT struct chain *deck_chain(const struct deck *deck, bool b);
/* The rendition whose chain makes no numbers any more; A is heard in its place. 0: none. *module:
   by whose fault, NULL: not known. */
MP_RT uint64_t deck_fault(const struct deck *deck, const char **module);
MP_RT int64_t deck_decoded(const struct deck *deck); /* position after the last decoded frame */

/* The next block of A and B, gains applied. *frames: how many of them are sound (less than a block
   only at the very end). Renditions that are done with go to `retired` (struct rendition *). */
MP_RT enum deck_result deck_render(struct deck *deck, double *const a[CHAIN_CHANNELS],
                                   double *const b[CHAIN_CHANNELS], uint32_t *frames,
                                   struct ring *retired);
/* After that: the stream's own words of the same block, whatever A and B are. */
MP_RT void deck_original(const struct deck *deck, float *const audio[CHAIN_CHANNELS]);
/* A rendition to come in later; refused ones go to `retired` marked so. */
MP_RT void deck_queue(struct deck *deck, struct rendition *rendition, struct ring *retired);
/* New gains for a rendition that is in or coming, reached in a straight line. */
MP_RT void deck_set_gains(struct deck *deck, uint64_t rendition, double gain_a, double gain_b,
                          uint32_t glide_frames);

#endif
