/*
 * minimum_phase.h - a filter of the same magnitude with the least delay.
 *
 * The linear-phase filter of a match sounds half of its length late; that of minimum phase has its
 * energy at the front, for sources that cannot be read ahead.
 * Source: A. V. Oppenheim, R. W. Schafer, "Discrete-Time Signal Processing", 3rd ed., 13.8.1: the
 * logarithm of the magnitude has a real cepstrum; folded onto positive times it is that of the
 * minimum-phase signal.
 *
 * A logarithm has no zero, so the magnitude is not let further down than floor_db below its highest
 * value: what was deeper comes out at the floor.
 *
 * Threads: any but the audio thread; nothing is shared.
 */
#ifndef MP_DSP_MINIMUM_PHASE_H
#define MP_DSP_MINIMUM_PHASE_H

#include <stddef.h>

#define MINIMUM_PHASE_FLOOR_DB (-60.0)

/* taps, out: count each (they may be the same). floor_db < 0. A filter of zeros stays one.
   0, -EINVAL (no taps, or one that is not a number), -ENOMEM. */
int minimum_phase(const double *taps, size_t count, double floor_db, double *out);

#endif
