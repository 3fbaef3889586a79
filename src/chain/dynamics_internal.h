/*
 * dynamics_internal.h - what the halves of the dynamics share: dynamics.c makes it and knows its
 * parameters, dynamics_aim.c finds what a reference asks of it, dynamics_run.c is its work.
 */
#ifndef MP_CHAIN_DYNAMICS_INTERNAL_H
#define MP_CHAIN_DYNAMICS_INTERNAL_H

#include "chain/dynamics.h"
#include "dsp/crossover.h"

enum { DYNAMICS_STEP = 16, DYNAMICS_STEP_MAX = 64 }; /* frames a gain, at 44.1 kHz and at most */

/* Where a parameter stands: the mode, then those of each band. */
enum {
    DYNAMICS_THRESHOLD,
    DYNAMICS_RATIO,
    DYNAMICS_KNEE,
    DYNAMICS_ATTACK,
    DYNAMICS_RELEASE,
    DYNAMICS_MAKEUP,
    DYNAMICS_RANGE,
    DYNAMICS_PER_BAND
};
enum { DYNAMICS_MODE, DYNAMICS_PARAMETERS = 1 + DYNAMICS_BANDS * DYNAMICS_PER_BAND };

struct dynamics {
    struct module module;
    const struct crossover_loops *loops;
    uint32_t block_frames, step_frames;
    struct envelope envelope[DYNAMICS_BANDS];
    uint32_t filled;              /* frames of this step so far; steps begin with the stream */
    double power[DYNAMICS_BANDS]; /* of those, summed */
    /* Gains at the last frame of the step before and of this one. */
    double gain[DYNAMICS_BANDS], next[DYNAMICS_BANDS];
    struct crossover crossover;
    _Alignas(64) double lanes[DYNAMICS_STEP_MAX * CROSSOVER_LANES];
};

/* What each band's gain is now, make-up included. */
MP_RT void dynamics_band_gains(const struct module *module, float gains_db[MODULE_BANDS]);
/* The levels and gains of the bands. */
MP_RT void dynamics_take_over(struct module *module, const struct module *from);
MP_RT void dynamics_run(struct module *module, double *const audio[CHAIN_CHANNELS]);

#endif
