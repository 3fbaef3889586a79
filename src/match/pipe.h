/*
 * pipe.h - blocks of sound handed from one working thread to the next.
 *
 * A fixed number of buffers goes round between one writing and one reading thread; each waits for
 * the other where it must. Both ends may stop early.
 *
 * Threads: the functions say which end may call them; create and destroy need both ends done.
 * It locks: never the audio thread.
 */
#ifndef MP_MATCH_PIPE_H
#define MP_MATCH_PIPE_H

#include <stddef.h>

enum { PIPE_CHANNELS = 2 };

struct pipe_block {
    void *channel[PIPE_CHANNELS]; /* 64-byte aligned */
    size_t frames;
};

struct pipe;

/* `blocks` > 1 buffers of `frames` samples of `sample_bytes` each a channel. NULL with errno. */
struct pipe *pipe_create(size_t blocks, size_t frames, size_t sample_bytes);
void pipe_destroy(struct pipe *pipe);

/* Writing thread: an empty block, or NULL when the reader has stopped. */
struct pipe_block *pipe_blank(struct pipe *pipe);
/* Writing thread: passes on the block that pipe_blank gave, `frames` of it filled. */
void pipe_pass(struct pipe *pipe, size_t frames);
/* Writing thread: nothing more follows; `result` is 0 or why it ended (negative errno). */
void pipe_end(struct pipe *pipe, int result);

/* Reading thread: the next block, which stays valid until the next call; NULL at the end, with
   what pipe_end was told in *result. */
struct pipe_block *pipe_take(struct pipe *pipe, int *result);
/* Reading thread: no more is wanted. */
void pipe_stop(struct pipe *pipe);

#endif
