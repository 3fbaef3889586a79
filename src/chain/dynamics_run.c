/* dynamics_run.c - the dynamics' work in the audio thread. */
#include "chain/dynamics_internal.h"

MP_RT static double between(double from, double to, uint32_t at, uint32_t of)
{
    return from + (to - from) * (double)at / (double)of;
}

/* A part of a step, or all of it: the bands, and their sum with gains on their way to what the step
   before asked for. */
MP_RT static void run_part(struct dynamics *dynamics, double *left, double *right, uint32_t frames)
{
    double power[CROSSOVER_LANES], from[DYNAMICS_BANDS], to[DYNAMICS_BANDS];
    uint32_t step = dynamics->step_frames, done = dynamics->filled;

    dynamics->loops->split(&dynamics->crossover, left, right, frames, dynamics->lanes, power);
    for (size_t band = 0; band < DYNAMICS_BANDS; band++) {
        double gain = dynamics->gain[band], next = dynamics->next[band];

        dynamics->power[band] += power[2 * band] + power[2 * band + 1];
        from[band] = between(gain, next, done, step);
        to[band] = between(gain, next, done + frames, step);
    }
    dynamics->loops->sum(dynamics->lanes, frames, from, to, left, right);
    dynamics->filled += frames;
}

MP_RT static void end_step(struct dynamics *dynamics)
{
    dynamics->filled = 0;
    for (size_t band = 0; band < DYNAMICS_BANDS; band++) {
        double mean = dynamics->power[band] / (2 * (double)dynamics->step_frames);

        dynamics->gain[band] = dynamics->next[band];
        dynamics->next[band] = envelope_step(&dynamics->envelope[band], mean);
        dynamics->power[band] = 0;
    }
}

void dynamics_run(struct module *module, double *const audio[CHAIN_CHANNELS])
{
    struct dynamics *dynamics = (struct dynamics *)module;
    uint32_t n = 0;

    while (n < dynamics->block_frames) {
        uint32_t frames = dynamics->step_frames - dynamics->filled;

        if (frames > dynamics->block_frames - n) {
            frames = dynamics->block_frames - n;
        }
        run_part(dynamics, audio[0] + n, audio[1] + n, frames);
        n += frames;
        if (dynamics->filled == dynamics->step_frames) {
            end_step(dynamics);
        }
    }
}

void dynamics_band_gains(const struct module *module, float gains_db[MODULE_BANDS])
{
    const struct dynamics *dynamics = (const struct dynamics *)module;

    for (size_t band = 0; band < DYNAMICS_BANDS; band++) {
        gains_db[band] =
            (float)(dynamics->envelope[band].change_db + dynamics->envelope[band].makeup_db);
    }
}

void dynamics_take_over(struct module *module, const struct module *from)
{
    struct dynamics *dynamics = (struct dynamics *)module;
    const struct dynamics *other = (const struct dynamics *)from;

    for (size_t band = 0; band < DYNAMICS_BANDS; band++) {
        dynamics->envelope[band].power = other->envelope[band].power;
        dynamics->envelope[band].change_db = other->envelope[band].change_db;
        dynamics->gain[band] = other->gain[band];
        dynamics->next[band] = other->next[band];
    }
}
