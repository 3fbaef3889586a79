/*
 * running_internal.h - what running.c (taking sound) and running_profile.c (measuring it) share.
 *
 * Threads: as said beside each.
 */
#ifndef MP_MATCH_RUNNING_INTERNAL_H
#define MP_MATCH_RUNNING_INTERNAL_H

#include "match/running.h"

#include <pthread.h>

enum { RUNNING_PIECES = 24 };

/* A piece, or the beginning of one. */
struct running_sound {
    float *channel[MEDIA_CHANNELS]; /* `lead` frames of silence stand in front */
    size_t lead, frames;
    bool whole;
};

struct running {
    uint32_t rate_hz;
    size_t fft_size, piece_frames;

    pthread_mutex_t lock; /* all of this group */
    unsigned holders;
    struct running_sound *ready; /* to be measured; NULL: nothing new */
    double seconds;

    /* Who feeds: */
    struct running_sound *filling;
    uint64_t filled; /* pieces so far */

    /* Who measures: */
    struct profile *pieces[RUNNING_PIECES]; /* oldest first, one piece each */
    size_t count;
    struct profile *early; /* of the first piece, before it was full */
    float *loud_mid;       /* of the last loud piece */
    size_t loud_frames;
    double loud_rms;
};

void running_sound_destroy(struct running_sound *sound);

#endif
