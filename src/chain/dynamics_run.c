/* dynamics_run.c - the dynamics' work in the audio thread. */
#include "chain/dynamics_internal.h"

/* Bands and their powers, then the gains that follow from them, towards which they go. */
MP_RT static void run_step(struct dynamics *dynamics, double *left, double *right)
{
    size_t frames = dynamics->step_frames;
    double power[CROSSOVER_LANES], gain[DYNAMICS_BANDS];

    dynamics->loops->split(&dynamics->crossover, left, right, frames, dynamics->lanes, power);
    for (size_t band = 0; band < DYNAMICS_BANDS; band++) {
        double mean = (power[2 * band] + power[2 * band + 1]) / (2 * (double)frames);

        gain[band] = envelope_step(&dynamics->envelope[band], mean);
    }
    dynamics->loops->sum(dynamics->lanes, frames, dynamics->gain, gain, left, right);
    for (size_t band = 0; band < DYNAMICS_BANDS; band++) {
        dynamics->gain[band] = gain[band];
    }
}

void dynamics_run(struct module *module, double *const audio[CHAIN_CHANNELS])
{
    struct dynamics *dynamics = (struct dynamics *)module;

    for (uint32_t n = 0; n < dynamics->block_frames; n += dynamics->step_frames) {
        run_step(dynamics, audio[0] + n, audio[1] + n);
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
