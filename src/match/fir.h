/*
 * fir.h - the linear-phase filter of a zero-phase curve.
 *
 * Source: src/README, "The match", step 8: inverse transform, rotated by half its length, times a
 * symmetric Hann window.
 *
 * Threads: any but the audio thread; nothing is shared.
 */
#ifndef MP_MATCH_FIR_H
#define MP_MATCH_FIR_H

#include <stddef.h>

/* curve: taps/2 + 1 real values; out: taps, the peak at taps/2. 0 or -ENOMEM. */
int fir_design(const double *curve, size_t taps, double *out);

#endif
