/*
 * rendition.h - how one stretch of a stream is to sound: the chains that make A and B, and their
 * constant gains.
 *
 * A rendition is made in a setup thread, with its chain run in up to the frame it starts at, then
 * handed to the audio thread, and comes back when it has been replaced.
 */
#ifndef MP_OUTPUT_RENDITION_H
#define MP_OUTPUT_RENDITION_H

#include "chain/chain.h"

#include <stdbool.h>
#include <stdint.h>

/* One of A and B. */
struct rendition_side {
    struct chain *chain; /* owned; NULL: the original */
    /* The chain's blocks begin `offset` frames after the output's (0: with them), so that it could
       be run in on the grid of a checkpoint; carry holds the frames it has made beyond the block
       before `start`. */
    uint32_t offset;
    double *carry[CHAIN_CHANNELS]; /* `offset` each, owned */
    const void *match;             /* what it was made for: told apart, never looked into */
    /* It was run in for too short a time: it takes over what a chain of the same match before it
       remembers. */
    bool takes_over;
};

struct rendition {
    uint64_t id;        /* never 0, told apart by those who set gains */
    uint64_t stream_id; /* the stream it was made for */
    struct rendition_side a, b;
    double gain_a, gain_b;
    /* Where it comes in: the next block of its chains belongs to output position `start` (a
       multiple of the block length); it fades in over [fade_start, fade_start + fade_frames). */
    int64_t start, fade_start;
    uint32_t fade_frames;
    bool refused; /* set by the audio thread: it came too late to be used */
};

/* A chain that was run in, ready for the block of the stream at start + latency + offset. */
struct run_chain {
    struct chain *chain; /* NULL: the original */
    uint32_t offset;     /* below block_frames */
    const void *match;   /* this and the next: as in rendition_side */
    bool takes_over;
    /* What its last block of the run-in gave: block_frames a channel; NULL when offset is 0. */
    const double *last[CHAIN_CHANNELS];
};

/* NULL with ENOMEM: the chains stay the caller's. Else it takes them, and copies the rest. */
struct rendition *rendition_create(uint64_t id, const struct run_chain *a,
                                   const struct run_chain *b);
void rendition_destroy(struct rendition *rendition);

#endif
