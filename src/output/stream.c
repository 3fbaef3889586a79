/* stream.c - blocks from the decoder thread to the audio thread, and a window on them. */
#include "output/stream.h"

#include "base/ring.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

struct stream {
    struct stream_shape shape;
    struct block_pool *pool;
    struct ring *ready; /* of struct block *: released, not yet taken */

    pthread_mutex_t lock;  /* the window, between the decoder thread and those who peek */
    struct block **window; /* the full blocks in order, a circle of `slots` */
    size_t slots, oldest, count;

    struct block *filling; /* decoder thread */
    int64_t released;
    _Atomic int64_t written; /* by the decoder thread alone */

    _Atomic int64_t taken, end;
    atomic_bool starving;
};

struct stream *stream_create(const struct stream_shape *shape)
{
    struct stream *stream;
    int64_t block = shape->block_frames;

    if (block == 0 || shape->begin > shape->from || shape->from > 0 || shape->begin % block != 0 ||
        shape->from % block != 0) {
        errno = EINVAL;
        return NULL;
    }
    stream = calloc(1, sizeof *stream);
    if (stream == NULL) {
        return NULL;
    }
    pthread_mutex_init(&stream->lock, NULL);
    stream->shape = *shape;
    stream->slots = ((size_t)shape->ahead_frames + shape->history_frames) / shape->block_frames + 2;
    stream->pool = block_pool_create(stream->slots, shape->block_frames);
    stream->ready = ring_create(stream->slots, sizeof(struct block *));
    stream->window = calloc(stream->slots, sizeof(struct block *));
    stream->written = shape->begin;
    stream->released = shape->from;
    atomic_init(&stream->taken, shape->from);
    atomic_init(&stream->end, STREAM_END_UNKNOWN);
    if (stream->pool == NULL || stream->ready == NULL || stream->window == NULL) {
        stream_destroy(stream);
        errno = ENOMEM;
        return NULL;
    }
    return stream;
}

void stream_destroy(struct stream *stream)
{
    if (stream == NULL) {
        return;
    }
    pthread_mutex_destroy(&stream->lock);
    block_pool_destroy(stream->pool);
    ring_destroy(stream->ready);
    free(stream->window);
    free(stream);
}

const struct stream_shape *stream_shape(const struct stream *stream)
{
    return &stream->shape;
}

/* Gives back the blocks that are too old to be asked for. */
static void recycle(struct stream *stream)
{
    int64_t keep_from = atomic_load(&stream->taken) - stream->shape.history_frames;

    pthread_mutex_lock(&stream->lock);
    while (stream->count > 0) {
        struct block *block = stream->window[stream->oldest];

        if (block->position + stream->shape.block_frames > keep_from) {
            break;
        }
        block_release(stream->pool, block);
        stream->oldest = (stream->oldest + 1) % stream->slots;
        stream->count--;
    }
    pthread_mutex_unlock(&stream->lock);
}

static void close_block(struct stream *stream)
{
    pthread_mutex_lock(&stream->lock);
    stream->window[(stream->oldest + stream->count) % stream->slots] = stream->filling;
    stream->count++;
    pthread_mutex_unlock(&stream->lock);
    stream->filling = NULL;
}

size_t stream_reserve(struct stream *stream, float *channel[BLOCK_CHANNELS])
{
    uint32_t used;

    if (stream->filling == NULL) {
        recycle(stream);
        stream->filling = block_acquire(stream->pool);
        if (stream->filling == NULL) {
            return 0;
        }
        stream->filling->position = stream->written;
        stream->filling->frames = 0;
    }
    used = stream->filling->frames;
    for (size_t c = 0; c < BLOCK_CHANNELS; c++) {
        channel[c] = stream->filling->channel[c] + used;
    }
    return stream->shape.block_frames - used;
}

void stream_commit(struct stream *stream, size_t frames)
{
    if (frames == 0) {
        return;
    }
    stream->filling->frames += (uint32_t)frames;
    stream->written += (int64_t)frames;
    if (stream->filling->frames == stream->shape.block_frames) {
        close_block(stream);
    }
}

void stream_finish(struct stream *stream)
{
    if (stream->filling != NULL && stream->filling->frames > 0) {
        uint32_t used = stream->filling->frames;

        for (size_t c = 0; c < BLOCK_CHANNELS; c++) {
            memset(stream->filling->channel[c] + used, 0,
                   (stream->shape.block_frames - used) * sizeof(float));
        }
        close_block(stream);
    }
    atomic_store(&stream->end, stream->written);
}

/* The blocks that hold nothing before `position` go; the one that holds some is filled on. */
static void take_back(struct stream *stream, int64_t position)
{
    while (stream->count > 0) {
        struct block *block = stream->window[(stream->oldest + stream->count - 1) % stream->slots];

        if (block->position + stream->shape.block_frames <= position) {
            break;
        }
        stream->count--;
        if (block->position < position) {
            block->frames = (uint32_t)(position - block->position);
            stream->filling = block;
            break;
        }
        block_release(stream->pool, block);
    }
}

int stream_truncate(struct stream *stream, int64_t position)
{
    if (position < stream->released || position > stream->written ||
        atomic_load(&stream->end) != STREAM_END_UNKNOWN) {
        return -EBUSY;
    }
    if (stream->filling != NULL && position >= stream->filling->position) {
        stream->filling->frames = (uint32_t)(position - stream->filling->position);
    } else {
        if (stream->filling != NULL) {
            block_release(stream->pool, stream->filling);
            stream->filling = NULL;
        }
        pthread_mutex_lock(&stream->lock);
        take_back(stream, position);
        pthread_mutex_unlock(&stream->lock);
    }
    stream->written = position;
    return 0;
}

void stream_end_at(struct stream *stream, int64_t position)
{
    atomic_store(&stream->end, position);
}

bool stream_release(struct stream *stream, int64_t limit)
{
    int64_t block_frames = stream->shape.block_frames;
    bool any = false;

    for (size_t i = 0; i < stream->count; i++) { /* only this thread changes the window */
        struct block *block = stream->window[(stream->oldest + i) % stream->slots];

        if (block->position < stream->released) {
            continue;
        }
        if (block->position + block_frames > limit) {
            break;
        }
        ring_push(stream->ready, &block); /* holds as many as there are blocks */
        stream->released = block->position + block_frames;
        any = true;
    }
    return any && atomic_exchange(&stream->starving, false);
}

MP_RT int64_t stream_written(const struct stream *stream)
{
    return atomic_load_explicit(&stream->written, memory_order_relaxed);
}

int64_t stream_released(const struct stream *stream)
{
    return stream->released;
}

/* Copies the part of `block` that overlaps [position, position + frames). Returns its length. */
static uint32_t copy_overlap(const struct block *block, int64_t position, uint32_t frames,
                             float *const channel[BLOCK_CHANNELS])
{
    int64_t first = block->position > position ? block->position : position;
    int64_t block_end = block->position + block->frames;
    int64_t last = block_end < position + frames ? block_end : position + frames;

    if (last <= first) {
        return 0;
    }
    for (size_t c = 0; c < BLOCK_CHANNELS; c++) {
        memcpy(channel[c] + (first - position), block->channel[c] + (first - block->position),
               (size_t)(last - first) * sizeof(float));
    }
    return (uint32_t)(last - first);
}

bool stream_peek(struct stream *stream, int64_t position, uint32_t frames,
                 float *const channel[BLOCK_CHANNELS])
{
    int64_t end = atomic_load(&stream->end);
    int64_t first = position > stream->shape.begin ? position : stream->shape.begin;
    int64_t last = position + frames < end ? position + frames : end;
    int64_t wanted = last > first ? last - first : 0;
    int64_t block_frames = stream->shape.block_frames;

    for (size_t c = 0; c < BLOCK_CHANNELS; c++) {
        memset(channel[c], 0, frames * sizeof(float));
    }
    pthread_mutex_lock(&stream->lock);
    if (stream->count > 0) {
        int64_t oldest = stream->window[stream->oldest]->position;
        int64_t skip = position > oldest ? (position - oldest) / block_frames : 0;

        for (size_t i = (size_t)skip; i < stream->count; i++) {
            const struct block *block = stream->window[(stream->oldest + i) % stream->slots];

            if (block->position >= position + frames) {
                break;
            }
            wanted -= copy_overlap(block, position, frames, channel);
        }
    }
    pthread_mutex_unlock(&stream->lock);
    return wanted == 0;
}

MP_RT int64_t stream_end(const struct stream *stream)
{
    return atomic_load_explicit(&stream->end, memory_order_acquire);
}

MP_RT int64_t stream_taken(const struct stream *stream)
{
    return atomic_load_explicit(&stream->taken, memory_order_acquire);
}

MP_RT struct block *stream_take(struct stream *stream)
{
    struct block *block = NULL;

    return ring_pop(stream->ready, &block) ? block : NULL;
}

MP_RT void stream_taken_to(struct stream *stream, int64_t position)
{
    atomic_store_explicit(&stream->taken, position, memory_order_release);
}

MP_RT void stream_set_starving(struct stream *stream, bool starving)
{
    atomic_store(&stream->starving, starving);
}

int stream_lock_memory(struct stream *stream)
{
    void *address;
    size_t bytes;
    int result = 0;

    block_pool_memory(stream->pool, &address, &bytes);
    if (mlock(address, bytes) < 0) {
        result = -errno;
    }
    ring_memory(stream->ready, &address, &bytes);
    if (mlock(address, bytes) < 0) {
        result = -errno;
    }
    return result;
}
