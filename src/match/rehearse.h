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
    double original_lufs; /* of A */
    double true_peak_dbtp;
    bool limiter_idle; /* nothing above the threshold: the limiter is left out */
    struct limiter_work work;
    /* states[i] is the limiter's state after i * checkpoint_frames frames of the matched stream
       (the EQ's latency taken off: frame n of it belongs to frame n of the track) went into it.
       A rehearsal that was remembered has none of them, nor has one of a rack in which more than
       the match EQ stands in front of the limiter: its state alone is not enough then. */
    int64_t checkpoint_frames; /* about rate/4, a multiple of 1024 */
    size_t checkpoints;
    struct limiter_state *states;
};

/* What is rehearsed. */
struct rehearsed_chain {
    const struct plan *plan;
    const struct rack *rack;
    enum fft_precision precision;
    const struct kernels *kernels;
};

/* Reads the programme (rewound first) to its end. NULL with *error. */
struct rehearsal *rehearse(const struct rehearsed_chain *chain, struct programme *programme,
                           struct progress *progress, struct media_error *error);
void rehearsal_destroy(struct rehearsal *rehearsal);

#endif
