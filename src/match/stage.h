/*
 * stage.h - a chain over a whole stream: as many frames out as in, none late.
 *
 * Audio: planar, two channels. Its latency is taken off at the start and made up for with
 * silence at the end, so that frame n of the output belongs to frame n of the input.
 *
 * Threads: one thread at a time for one stage; never the audio thread.
 */
#ifndef MP_MATCH_STAGE_H
#define MP_MATCH_STAGE_H

#include "chain/chain.h"

/* Where the output goes. 0, or negative errno to end the work. */
struct stage_sink {
    int (*take)(void *context, const double *const channel[CHAIN_CHANNELS], size_t frames);
    void *context;
};

struct stage;

/* Takes the chain, also when it fails (chain NULL: fails). NULL with errno. */
struct stage *stage_create(struct chain *chain, const struct stage_sink *sink);
void stage_destroy(struct stage *stage); /* and the chain */
struct chain *stage_chain(const struct stage *stage);
/* Called after each block, with the frames that have gone into the chain. */
void stage_watch(struct stage *stage, void (*passed)(void *context, int64_t frames), void *context);

/* 0, or what the sink returned. */
int stage_push_f32(struct stage *stage, const float *const channel[CHAIN_CHANNELS], size_t frames);
int stage_push_f64(struct stage *stage, const double *const channel[CHAIN_CHANNELS], size_t frames);
/* The stream has ended: gives out what is still inside. */
int stage_flush(struct stage *stage);

#endif
