/* block.c - pool of equal blocks of decoded sound. */
#include "base/block.h"

#include "base/ring.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 64 };

struct block_pool {
    struct ring *free; /* of struct block * */
    struct block *blocks;
    float *samples;
    size_t sample_bytes;
    uint32_t frames;
};

struct block_pool *block_pool_create(size_t count, uint32_t frames)
{
    struct block_pool *pool;
    size_t stride; /* floats a channel, a whole number of cache lines */

    if (count == 0 || frames == 0) {
        errno = EINVAL;
        return NULL;
    }
    stride =
        ((size_t)frames * sizeof(float) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT / sizeof(float);
    pool = calloc(1, sizeof *pool);
    if (pool == NULL) {
        return NULL;
    }
    if (count > SIZE_MAX / 2 / BLOCK_CHANNELS / sizeof(float) / stride) {
        errno = EINVAL;
        goto fail;
    }
    pool->frames = frames;
    pool->sample_bytes = count * BLOCK_CHANNELS * stride * sizeof(float);
    pool->free = ring_create(count, sizeof(struct block *));
    pool->blocks = calloc(count, sizeof *pool->blocks);
    pool->samples = aligned_alloc(ALIGNMENT, pool->sample_bytes);
    if (pool->free == NULL || pool->blocks == NULL || pool->samples == NULL) {
        errno = ENOMEM;
        goto fail;
    }
    memset(pool->samples, 0, pool->sample_bytes);
    for (size_t i = 0; i < count; i++) {
        struct block *block = &pool->blocks[i];

        for (size_t c = 0; c < BLOCK_CHANNELS; c++) {
            block->channel[c] = pool->samples + (i * BLOCK_CHANNELS + c) * stride;
        }
        block_release(pool, block);
    }
    return pool;
fail:
    block_pool_destroy(pool);
    return NULL;
}

void block_pool_destroy(struct block_pool *pool)
{
    if (pool == NULL) {
        return;
    }
    ring_destroy(pool->free);
    free(pool->blocks);
    free(pool->samples);
    free(pool);
}

MP_RT struct block *block_acquire(struct block_pool *pool)
{
    struct block *block = NULL;

    return ring_pop(pool->free, &block) ? block : NULL;
}

MP_RT void block_release(struct block_pool *pool, struct block *block)
{
    ring_push(pool->free, &block); /* the ring holds every block there is */
}

MP_RT size_t block_pool_free(const struct block_pool *pool)
{
    return ring_fill(pool->free);
}

uint32_t block_pool_frames(const struct block_pool *pool)
{
    return pool->frames;
}

void block_pool_memory(const struct block_pool *pool, void **address, size_t *bytes)
{
    *address = pool->samples;
    *bytes = pool->sample_bytes;
}
