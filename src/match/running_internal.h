/*
 * running_internal.h - what running.c (taking sound), running_measure.c (measuring it) and
 * running_profile.c (what it comes to) share.
 *
 * Threads: as said beside each.
 */
#ifndef MP_MATCH_RUNNING_INTERNAL_H
#define MP_MATCH_RUNNING_INTERNAL_H

#include "match/running.h"

#include <pthread.h>

enum { RUNNING_PIECES = 24 };

/* The middle of a piece that counts. */
struct running_mid {
    float *mid;
    size_t frames;
    double rms;
};

struct running {
    uint32_t rate_hz;
    size_t fft_size, piece_frames;

    pthread_mutex_t lock; /* all of this group */
    unsigned holders;
    struct profile *pieces[RUNNING_PIECES]; /* oldest first, one piece each */
    size_t count;
    struct profile *early; /* of the first piece, before it was full */
    struct running_mid loud;
    double seconds;

    /* Who feeds: */
    float *filling[MEDIA_CHANNELS]; /* the piece that is heard; fft_size silent frames in front */
    size_t filled;                  /* frames of it */
    uint64_t pieces_filled;

    /* Who plans: */
    struct running_mid taken;
};

/* The first `frames` of the piece that is heard, measured: a piece, or what stands for the first
   one. 0 or -ENOMEM. */
int running_measure(struct running *running, size_t frames);

#endif
