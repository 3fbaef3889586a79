/*
 * rehearse.h - the whole chain over a track, unheard: how loud B is, how high it peaks, what the
 * limiter does, and its state every 0.25 s so that a seek can start from it.
 *
 * Threads: any but the audio thread.
 */
#ifndef MP_MATCH_REHEARSE_H
#define MP_MATCH_REHEARSE_H

#include "match/plan.h"

struct rehearsal {
    double loudness_lufs; /* of B, integrated, as libebur128 reads it */
    double true_peak_dbtp;
    bool limiter_idle;    /* nothing above the threshold: the limiter is left out */
    struct limiter_work work;
    int64_t checkpoint_frames; /* between two states: rate/4 */
    size_t checkpoints;
    struct limiter_state *states; /* states[i]: after i * checkpoint_frames frames went into the limiter */
};

struct rehearsal *rehearse(const struct plan *plan, struct programme *programme,
                           enum fft_precision precision, const struct kernels *kernels,
                           struct progress *progress, struct media_error *error);
void rehearsal_destroy(struct rehearsal *rehearsal);

#endif
