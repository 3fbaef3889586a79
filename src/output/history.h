/*
 * history.h - the input of a deck by position: a circle that holds the newest frames.
 *
 * Audio: float, channels[c][frame]. It is written a block at a time and read at any position whose
 * block still lies in it.
 *
 * Threads: history_frames and history_init in a setup thread; all else in the audio thread.
 */
#ifndef MP_OUTPUT_HISTORY_H
#define MP_OUTPUT_HISTORY_H

#include "base/rt.h"
#include "chain/module.h"
#include "output/stream.h"

struct history {
    const struct kernels *kernels;
    float *channel[CHAIN_CHANNELS];
    uint64_t mask; /* frames in the circle - 1 */
    uint32_t block_frames;
    int64_t end; /* position after the newest frame */
};

/* The size of a circle that holds this many frames: a power of two. */
size_t history_frames(size_t frames);
/* memory: CHAIN_CHANNELS * frames floats, borrowed and zeroed; begins at the stream's `from`. */
void history_init(struct history *history, float *memory, size_t frames,
                  const struct stream_shape *shape, const struct kernels *kernels);

/* The next block; NULL: silence. */
MP_RT void history_write(struct history *history, const struct block *block);
/* The block at `position`, word for word. */
MP_RT void history_copy(const struct history *history, int64_t position,
                        float *const audio[CHAIN_CHANNELS]);
/* The same, as numbers of the chain. */
MP_RT void history_read(const struct history *history, int64_t position,
                        double *const audio[CHAIN_CHANNELS]);

#endif
