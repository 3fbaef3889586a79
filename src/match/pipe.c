/* pipe.c - a ring of blocks behind one lock. */
#include "match/pipe.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

enum { ALIGNMENT = 64 };

struct pipe {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    size_t blocks, written, read; /* blocks passed, blocks given back */
    bool reading;                 /* the reader holds block `read` */
    bool ended, stopped;
    int result;
    char *memory;
    struct pipe_block *block;
};

struct pipe *pipe_create(size_t blocks, size_t frames, size_t sample_bytes)
{
    struct pipe *pipe = calloc(1, sizeof(*pipe));
    size_t bytes = (frames * sample_bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;

    if (!pipe)
        return NULL;
    pthread_mutex_init(&pipe->lock, NULL);
    pthread_cond_init(&pipe->changed, NULL);
    pipe->blocks = blocks;
    pipe->block = calloc(blocks, sizeof(*pipe->block));
    pipe->memory = aligned_alloc(ALIGNMENT, bytes * PIPE_CHANNELS * blocks);
    if (!pipe->block || !pipe->memory) {
        pipe_destroy(pipe);
        errno = ENOMEM;
        return NULL;
    }
    for (size_t i = 0; i < blocks; i++) {
        for (size_t c = 0; c < PIPE_CHANNELS; c++)
            pipe->block[i].channel[c] = pipe->memory + (i * PIPE_CHANNELS + c) * bytes;
    }
    return pipe;
}

void pipe_destroy(struct pipe *pipe)
{
    if (!pipe)
        return;
    pthread_cond_destroy(&pipe->changed);
    pthread_mutex_destroy(&pipe->lock);
    free(pipe->memory);
    free(pipe->block);
    free(pipe);
}

struct pipe_block *pipe_blank(struct pipe *pipe)
{
    struct pipe_block *block = NULL;

    pthread_mutex_lock(&pipe->lock);
    while (!pipe->stopped && pipe->written - pipe->read == pipe->blocks)
        pthread_cond_wait(&pipe->changed, &pipe->lock);
    if (!pipe->stopped)
        block = &pipe->block[pipe->written % pipe->blocks];
    pthread_mutex_unlock(&pipe->lock);
    return block;
}

void pipe_pass(struct pipe *pipe, size_t frames)
{
    pthread_mutex_lock(&pipe->lock);
    pipe->block[pipe->written % pipe->blocks].frames = frames;
    pipe->written++;
    pthread_cond_signal(&pipe->changed);
    pthread_mutex_unlock(&pipe->lock);
}

void pipe_end(struct pipe *pipe, int result)
{
    pthread_mutex_lock(&pipe->lock);
    pipe->ended = true;
    pipe->result = result;
    pthread_cond_signal(&pipe->changed);
    pthread_mutex_unlock(&pipe->lock);
}

struct pipe_block *pipe_take(struct pipe *pipe, int *result)
{
    struct pipe_block *block = NULL;

    pthread_mutex_lock(&pipe->lock);
    if (pipe->reading) {
        pipe->reading = false;
        pipe->read++;
        pthread_cond_signal(&pipe->changed);
    }
    while (pipe->written == pipe->read && !pipe->ended)
        pthread_cond_wait(&pipe->changed, &pipe->lock);
    if (pipe->written != pipe->read) {
        pipe->reading = true;
        block = &pipe->block[pipe->read % pipe->blocks];
    }
    *result = pipe->result;
    pthread_mutex_unlock(&pipe->lock);
    return block;
}

void pipe_stop(struct pipe *pipe)
{
    pthread_mutex_lock(&pipe->lock);
    pipe->stopped = true;
    pthread_cond_signal(&pipe->changed);
    pthread_mutex_unlock(&pipe->lock);
}
