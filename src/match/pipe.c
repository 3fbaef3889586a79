/* pipe.c - a ring of blocks behind one lock.
 *
 * A thread that waits is woken when half of the blocks are there for it (or the end is), not at the
 * first: so the two change places once for many blocks. It is woken after the lock is given up. */
#include "match/pipe.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

enum { ALIGNMENT = 64 };

struct pipe {
    pthread_mutex_t lock;
    pthread_cond_t may_write, may_read;
    bool writer_waits, reader_waits;
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
    pthread_cond_init(&pipe->may_write, NULL);
    pthread_cond_init(&pipe->may_read, NULL);
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
    pthread_cond_destroy(&pipe->may_write);
    pthread_cond_destroy(&pipe->may_read);
    pthread_mutex_destroy(&pipe->lock);
    free(pipe->memory);
    free(pipe->block);
    free(pipe);
}

struct pipe_block *pipe_blank(struct pipe *pipe)
{
    struct pipe_block *block = NULL;

    pthread_mutex_lock(&pipe->lock);
    while (!pipe->stopped && pipe->written - pipe->read == pipe->blocks) {
        pipe->writer_waits = true;
        pthread_cond_wait(&pipe->may_write, &pipe->lock);
    }
    pipe->writer_waits = false;
    if (!pipe->stopped)
        block = &pipe->block[pipe->written % pipe->blocks];
    pthread_mutex_unlock(&pipe->lock);
    return block;
}

void pipe_pass(struct pipe *pipe, size_t frames)
{
    bool wake;

    pthread_mutex_lock(&pipe->lock);
    pipe->block[pipe->written % pipe->blocks].frames = frames;
    pipe->written++;
    wake = pipe->reader_waits && 2 * (pipe->written - pipe->read) >= pipe->blocks;
    pthread_mutex_unlock(&pipe->lock);
    if (wake)
        pthread_cond_signal(&pipe->may_read);
}

void pipe_end(struct pipe *pipe, int result)
{
    pthread_mutex_lock(&pipe->lock);
    pipe->ended = true;
    pipe->result = result;
    pthread_cond_signal(&pipe->may_read);
    pthread_mutex_unlock(&pipe->lock);
}

/* The block that the reader held goes back. True: the writer is to be woken. */
static bool give_back(struct pipe *pipe)
{
    if (!pipe->reading)
        return false;
    pipe->reading = false;
    pipe->read++;
    return pipe->writer_waits && 2 * (pipe->written - pipe->read) <= pipe->blocks;
}

struct pipe_block *pipe_take(struct pipe *pipe, int *result)
{
    struct pipe_block *block = NULL;
    bool wake;

    pthread_mutex_lock(&pipe->lock);
    wake = give_back(pipe);
    while (pipe->written == pipe->read && !pipe->ended) {
        pipe->reader_waits = true;
        pthread_cond_wait(&pipe->may_read, &pipe->lock);
    }
    pipe->reader_waits = false;
    if (pipe->written != pipe->read) {
        pipe->reading = true;
        block = &pipe->block[pipe->read % pipe->blocks];
    }
    *result = pipe->result;
    pthread_mutex_unlock(&pipe->lock);
    if (wake)
        pthread_cond_signal(&pipe->may_write);
    return block;
}

void pipe_stop(struct pipe *pipe)
{
    pthread_mutex_lock(&pipe->lock);
    pipe->stopped = true;
    pthread_cond_signal(&pipe->may_write);
    pthread_mutex_unlock(&pipe->lock);
}
