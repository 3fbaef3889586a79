/*
 * limiter_internal.h - what the limiter's two halves share: limiter.c makes and asks, limiter_run.c
 * is what the audio thread runs.
 *
 * Times: a stream's first frame has index 0. A block that begins with frame t of the stream brings
 * the sliding maximum up to t-attack+block and gains for the frames from t-delay on. The buffers
 * below are windows on the stream that move by one block a call; [0] is said for each.
 */
#ifndef MP_CHAIN_LIMITER_INTERNAL_H
#define MP_CHAIN_LIMITER_INTERNAL_H

#include "chain/limiter.h"
#include "chain/limiter_loops.h"
#include "chain/limiter_peak.h"

enum {
    LIMITER_TAIL = 8,    /* attack times that the backward pass looks ahead */
    LIMITER_EDGE = 6,    /* frames of odd reflection at the ends of a stream */
    LIMITER_SETTLE = 20, /* attack times after which the attack is below 1e-15 of what it was */
};

#define LIMITER_ENDLESS (INT64_MAX / 2) /* sums with it do not overflow */

static const double limiter_threshold = (32768.0 - 61) / 32768;

struct limiter {
    struct module module;
    size_t bytes; /* of all this, in one piece */
    const struct limiter_loops *loops;
    bool active;
    double output_gain;
    uint32_t block, attack, tail, delay; /* frames; delay = attack + tail */
    struct limiter_peak *peak;           /* NULL: the true peak is not held */
    uint32_t peak_delay;                 /* of that, frames */

    double attack_coefficient; /* the pole of the attack */
    struct limiter_pole attack_pole, hold_pole, release_pole;
    const double *tail_weights; /* tail: the backward pass from its far end, as one sum */

    struct limiter_state state; /* the last value of each recursion */
    int64_t position;           /* stream index of the next frame in */
    int64_t end;                /* length of the stream; LIMITER_ENDLESS: not known yet */
    uint64_t quiet_frames;      /* since the last frame over the threshold */
    bool idle;                  /* all windows and states are 0 */
    uint32_t delay_at;
    double lowest_gain;
    double block_gain; /* lowest of the last block, output_gain aside, of both stages */
    struct limiter_work work;

    double *delayed[CHAIN_CHANNELS]; /* delay: a ring */
    double *hard;                    /* delay + block, [0] = t-delay */
    double *slid;                    /* tail + attack + block, [0] = t-delay-attack */
    double *forward;                 /* tail + block, [0] = t-delay: the attack run forward */
    double *held;                    /* block from here on, [0] = t-delay: causal maximum */
    double *hold, *high, *release, *backward;
    double *scratch; /* block + 2*attack + 32 */
};

MP_RT void limiter_run(struct module *module, double *const audio[CHAIN_CHANNELS]);
MP_RT void limiter_end(struct module *module, uint64_t frames);

#endif
