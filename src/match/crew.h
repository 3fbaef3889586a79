/*
 * crew.h - a programme read once, and worked on by threads that take turns in reading it.
 *
 * Chunk i is always that of worker (i mod workers): what each worker sums up on its own, and the
 * caller adds together afterwards, comes out the same every time.
 *
 * Audio: float, planar, two channels.
 *
 * Threads: the caller's is worker 0; the others are started and ended here. Never the audio thread.
 */
#ifndef MP_MATCH_CREW_H
#define MP_MATCH_CREW_H

#include "match/profile.h"

enum { CREW_MAX = 2 };

struct crew_chunk {
    const float *channel[MEDIA_CHANNELS];
    size_t frames; /* of the last chunk less than of the others: it may hold none */
    bool last;
    int64_t start; /* where channel[c][0] stands in the stream; the `before` frames asked for (at
                      the beginning: silence) stand in front of it */
};

struct crew_task {
    size_t workers; /* 1 to CREW_MAX */
    size_t before;  /* a chunk is a multiple of it, or of 16384 frames */
    /* 0, or -ENOMEM, which ends the work. */
    int (*work)(void *worker, const struct crew_chunk *chunk);
    void *worker[CREW_MAX];
    struct progress *progress;
};

/* Rewinds the programme and works through it; *frames: how many there were. 0, or negative errno
   and *error. */
int crew_run(const struct crew_task *task, struct programme *programme, int64_t *frames,
             struct media_error *error);

#endif
