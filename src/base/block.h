/*
 * block.h - pool of equal blocks of decoded sound.
 *
 * Audio: float, planar, channel[c][frame], two channels, each channel 64-byte aligned.
 * All blocks are made with the pool. Acquire and release take constant time and never wait: when
 * none is left the answer is NULL.
 *
 * Threads: one thread acquires, one thread (the same or another) releases.
 */
#ifndef MP_BASE_BLOCK_H
#define MP_BASE_BLOCK_H

#include "base/rt.h"

#include <stddef.h>
#include <stdint.h>

enum { BLOCK_CHANNELS = 2 };

struct block {
    float *channel[BLOCK_CHANNELS]; /* block_frames each */
    int64_t position;               /* place of the first frame in its stream */
    uint32_t frames;                /* frames that are sound; the rest is zero */
};

struct block_pool;

/* `count` blocks of `frames` frames (both > 0). NULL with errno EINVAL or ENOMEM. */
struct block_pool *block_pool_create(size_t count, uint32_t frames);
void block_pool_destroy(
    struct block_pool *pool); /* every block must have been released or be unused */

/* NULL: none left. What it holds is not cleared. */
MP_RT struct block *block_acquire(struct block_pool *pool);
MP_RT void block_release(struct block_pool *pool, struct block *block);

MP_RT size_t block_pool_free(const struct block_pool *pool); /* any thread */
uint32_t block_pool_frames(const struct block_pool *pool);
/* The memory of the samples, for mlock. Setup thread. */
void block_pool_memory(const struct block_pool *pool, void **address, size_t *bytes);

#endif
