/*
 * stft_loops.h - the inner loops of the STFT and of what works on its spectra, one table a tier.
 *
 * All counts are multiples of STFT_GROUP; numbers need no more alignment than their type. Tiers
 * differ in the last place at most: sums are taken in another order, nothing is fused.
 *
 * Threads: stft_loops_select in setup; the functions anywhere, the audio thread included.
 */
#ifndef MP_DSP_STFT_LOOPS_H
#define MP_DSP_STFT_LOOPS_H

#include "dsp/kernels.h"

enum { STFT_GROUP = 16 };

struct stft_loops {
    /* to = from * window */
    void (*take)(float *to, const double *from, const float *window, size_t count);
    /* sum += time * window */
    void (*add)(float *sum, const float *time, const float *window, size_t count);
    /* to = past + sum (past may be NULL: 0); sum = 0 */
    void (*give)(double *to, const double *past, float *sum, size_t count);
    /* power of each bin, both channels; `bins` complex numbers each */
    void (*power)(float *power, const float *left, const float *right, size_t bins);
    /* to += gain * shape */
    void (*add_shape)(float *to, const float *shape, float gain, size_t count);
    /* spectrum *= factor, bin by bin */
    void (*scale)(float *spectrum, const float *factor, size_t bins);
};

/* Of the tier or the nearest narrower one. */
const struct stft_loops *stft_loops_select(enum simd_tier tier);
/* True if every function of the table is marked MP_RT. */
bool stft_loops_are_rt(const struct stft_loops *loops);

extern const struct stft_loops stft_loops_plain;
#if defined(__x86_64__)
extern const struct stft_loops stft_loops_avx2, stft_loops_avx512;
#endif

#endif
