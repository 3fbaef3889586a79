/*
 * limiter_loops.h - the limiter's inner loops, in one version for each kind of processor.
 *
 * Every recursion is first order, y[n] = pole*y[n-1] + b0*x[n] + b1*x[n-1], and is worked off
 * `width` frames at a time by look-ahead: y[n] = pole^width*y[n-width] + a FIR over x. The poles
 * lie inside the unit circle, so what rounding adds dies away as in the plain form.
 *
 * Source: K. K. Parhi, "VLSI Digital Signal Processing Systems", 1999, chapter 10.
 *
 * `frames` is a multiple of 64 unless it says otherwise; no alignment is asked of any pointer.
 * Threads: all in the audio thread; limiter_loops_select in setup.
 */
#ifndef MP_CHAIN_LIMITER_LOOPS_H
#define MP_CHAIN_LIMITER_LOOPS_H

#include "base/rt.h"
#include "dsp/kernels.h"

#include <stddef.h>

enum { LIMITER_WIDTH_MAX = 8 };

/* A first-order low-pass, made for the width of the loops that run it. */
struct limiter_pole {
    double taps[LIMITER_WIDTH_MAX + 1]; /* of the FIR over x[n], x[n-1], ... */
    double carry;                       /* pole^width */
    double seed[LIMITER_WIDTH_MAX];     /* pole^(1+k-width): y[-1] spread over a vector */
    double ratio;                       /* b1/pole: the share of x[-1] */
};

/* One run of a recursion. */
struct limiter_scan {
    const struct limiter_pole *pole;
    const double *in;
    double *out;
    double state; /* y[-1], or y[frames] backward; forward: the last y afterwards */
    double input; /* x[-1]; not used backward */
};

struct limiter_loops {
    size_t width;
    /* Highest |sample|; NaN is passed over. */
    double (*peak)(const double *left, const double *right, size_t frames);
    /* out = 1 - 1/max(1, max(|left|,|right|)/threshold) */
    void (*hard)(const double *left, const double *right, size_t frames, double threshold,
                 double *out);
    /* out[n] = the highest of in[n] ... in[n+window-1]; scratch: frames + window + 8. */
    void (*slide)(const double *in, size_t frames, size_t window, double *scratch, double *out);
    /* out[n] = max(one[n], other[n]) */
    void (*higher)(const double *one, const double *other, size_t frames, double *out);
    /* Two recursions forward; peaks[n] = max(other->in[n], other->out[n]). */
    void (*forward)(struct limiter_scan *one, struct limiter_scan *other, double *peaks,
                    size_t frames);
    /* One forward, one backward in time: y[n] = pole*y[n+1] + b0*x[n]. */
    void (*both_ways)(struct limiter_scan *forward, struct limiter_scan *backward, size_t frames);
    /* sum of one[n]*other[n]; frames a multiple of 8 */
    double (*dot)(const double *one, const double *other, size_t frames);
    /* gain = (1 - max(gain, a, b, c)) * output_gain; returns the lowest 1 - max and counts those
       below `limit`. */
    double (*gain)(const double *const parts[3], double *gain, size_t frames, double output_gain,
                   double limit, double *limited);
    /* delay and audio change places; what comes out is multiplied. Any number of frames. */
    void (*swap)(double *delay, double *audio, const double *gain, size_t frames);
    void (*swap_evenly)(double *delay, double *audio, double gain, size_t frames);
};

extern const struct limiter_loops limiter_loops_plain;
#if defined(__x86_64__)
extern const struct limiter_loops limiter_loops_avx2;
extern const struct limiter_loops limiter_loops_avx512;
#endif

/* The loops for a tier (which this processor has). */
const struct limiter_loops *limiter_loops_select(enum simd_tier tier);
/* Fills in a pole for these loops: y = pole*y[-1] + b0*x + b1*x[-1]. */
void limiter_pole_init(struct limiter_pole *result, const struct limiter_loops *loops, double pole,
                       double b0, double b1);
bool limiter_loops_are_rt(const struct limiter_loops *loops);

#endif
