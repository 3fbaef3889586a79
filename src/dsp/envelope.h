/*
 * envelope.h - what a compressor makes of a level: gain computer and ballistics.
 *
 * The level is a mean square, smoothed first (an RMS detector). The gain computer has a threshold,
 * a ratio and a soft knee; what it asks for, in dB, is limited to a range and then follows with an
 * attack when it grows and a release when it shrinks (the smooth branching detector, in decibels,
 * behind the gain computer). A ratio below 1 expands upward: what is above the threshold is lifted.
 * Levels are in dBFS of power: a full-scale sine is at -3.01. Times are those in which 63 % of a
 * step is done.
 * Source: D. Giannoulis, M. Massberg and J. D. Reiss, "Digital Dynamic Range Compressor Design - A
 * Tutorial and Analysis", JAES 60 (2012), equations 4, 7, 16 and figure 7.
 *
 * Threads: envelope_step, envelope_reset and envelope_change_db anywhere, the audio thread
 * included; envelope_init in setup.
 */
#ifndef MP_DSP_ENVELOPE_H
#define MP_DSP_ENVELOPE_H

#include "base/rt.h"

struct envelope_shape {
    double threshold_db, ratio, knee_db;
    double range_db; /* it never changes the level by more than that, make-up aside */
    double rms_ms, attack_ms, release_ms;
    double makeup_db;
};

struct envelope {
    double threshold_db, slope, knee_db, range_db, makeup_db;
    double rms, attack, release; /* what remains of the old after a step */
    double power, change_db;
};

/* What the gain computer says to a steady level, without make-up: below 0 it turns down. */
MP_RT double envelope_change_db(const struct envelope *envelope, double level_db);
/* One step every step_s seconds, with silence before the first. */
void envelope_init(struct envelope *envelope, const struct envelope_shape *shape, double step_s);
MP_RT void envelope_reset(struct envelope *envelope);
/* The mean square of the step that ends now in; the linear gain at its end out. */
MP_RT double envelope_step(struct envelope *envelope, double power);

#endif
