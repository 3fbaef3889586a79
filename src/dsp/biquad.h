/*
 * biquad.h - second-order filters: their coefficients, and a pair of channels run through one.
 *
 * y[n] = b0 x[n] + b1 x[n-1] + b2 x[n-2] - a1 y[n-1] - a2 y[n-2], transposed direct form II.
 * Analogue prototypes by the bilinear transform, exact at `hz`, which is kept below 0.45 of the
 * rate: a filter that is asked for above that stands there.
 * Source: J. O. Smith, "Introduction to Digital Filters", 2007; Bristow-Johnson's cookbook for the
 * second-order forms.
 *
 * Threads: biquad_run anywhere, the audio thread included; the rest in setup.
 */
#ifndef MP_DSP_BIQUAD_H
#define MP_DSP_BIQUAD_H

#include "base/rt.h"

#include <stddef.h>

/* Where a filter that is asked for at hz stands. */
double biquad_hz(double hz, double rate_hz);

struct biquad {
    double b0, b1, b2, a1, a2;
};

/* Second order; q 0.7071: Butterworth. */
void biquad_low_pass(struct biquad *biquad, double hz, double q, double rate_hz);
void biquad_high_pass(struct biquad *biquad, double hz, double q, double rate_hz);
void biquad_all_pass(struct biquad *biquad, double hz, double q, double rate_hz);
/* First order (b2 = a2 = 0): -3 dB, or a turn by 90 degrees, at hz. */
void biquad_high_pass_1(struct biquad *biquad, double hz, double rate_hz);
void biquad_all_pass_1(struct biquad *biquad, double hz, double rate_hz);

struct biquad_pair {
    double one[2], two[2]; /* the states of left and right; zero: silence before */
};

/* In place. */
MP_RT void biquad_run(const struct biquad *biquad, struct biquad_pair *state, double *left,
                      double *right, size_t frames);
/* Filters one behind the other, each with its state: the same, in less time. In place. */
MP_RT void biquad_run_row(const struct biquad *filters, struct biquad_pair *states, size_t count,
                          double *left, double *right, size_t frames);

#endif
