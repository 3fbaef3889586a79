/*
 * kernels.h - the inner loops, in one version for each kind of processor.
 *
 * A table of functions for each tier; every tier gives what the scalar one gives: bit for bit where
 * it says "same" below, else within the bounds that tests/test_kernels.c states (other orders of
 * summing, fused multiply-add).
 * Audio: double unless it says float. No alignment is asked of any pointer; dst may be a source.
 *
 * Threads: kernels_select in setup; the functions anywhere, the audio thread included.
 */
#ifndef MP_DSP_KERNELS_H
#define MP_DSP_KERNELS_H

#include "base/rt.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum simd_tier { SIMD_AUTO, SIMD_SCALAR, SIMD_SSE2, SIMD_AVX2, SIMD_AVX512, SIMD_NEON };

enum { KERNELS_GROUP = 8 };

struct spectral;

/* What the convolver keeps of a channel, in numbers of its precision, 64-byte aligned. */
struct spectral_channel {
    void *line;    /* the spectra of the last blocks */
    size_t newest; /* slot of the last one */
    void *ahead;   /* a spectrum: what is known of the next block's sum */
    void *overlap; /* size: what the blocks so far add to the next */
    void *work;    /* a spectrum */
};

/* What the convolver runs on, in one precision (spectral.h says how the numbers lie). */
struct spectral_kernels {
    size_t lanes; /* numbers in a vector */
    /* The spectrum of `size` frames into slot `newest` of the line. */
    void (*forward)(const struct spectral *spectral, const struct spectral_channel *channel,
                    const double *time);
    /* The same of z[n] = time[n] - i time[size+n], weighted with e^(-2 pi i n / 4 size): the bins
       4k+1 of a real frame of 4 size whose halves were folded to their difference `time`. */
    void (*forward_odd)(const struct spectral *spectral, const struct spectral_channel *channel,
                        const double *time);
    /* The sum over the partitions k of filter slot (slots-1-k) times line slot (newest-k), and back
       to `size` frames. Not known: sums all, for this block and, as far as it can, the next;
       known: the call before did so with this filter, and only the newest block is added. */
    void (*backward)(const struct spectral *spectral, const struct spectral_channel *channel,
                     const void *filter, bool known, double *time);
};

/* How a number becomes a device's word: times scale, held within low and high, whole. */
struct kernels_word {
    double scale; /* at most 2^31 */
    double low, high;
};

struct kernels {
    enum simd_tier tier;
    const char *name;               /* "scalar", "sse2", "avx2", "avx512", "neon" */
    const struct kernels *narrower; /* the next tier down; NULL for scalar */

    struct spectral_kernels spectral[2]; /* by enum fft_precision */

    /* Same in all tiers. In place: left, right become mid (L+R)/2, side (L-R)/2. */
    void (*encode_mid_side)(double *left, double *right, size_t frames);
    /* Same. In place: mid, side become left M+S, right M-S. */
    void (*decode_mid_side)(double *mid, double *side, size_t frames);
    /* Same. In place. */
    void (*gain)(double *audio, double gain, size_t frames);
    /* Same. dst = a*(1-w) + b*w with w = w_start + w_step*i. */
    void (*mix_ramp)(double *dst, const double *a, const double *b, double w_start, double w_step,
                     size_t frames);
    /* Same. max |x|; NaN samples are passed over. 0 for no frames. */
    double (*peak)(const double *audio, size_t frames);
    double (*peak_float)(const float *audio, size_t frames);
    /* Same. */
    void (*widen)(double *dst, const float *src, size_t frames);
    /* Not the same: the order of summing differs. */
    double (*sum_of_squares)(const double *audio, size_t frames);
    double (*sum_of_squares_float)(const float *audio, size_t frames); /* summed in double */
    /* Same. difference[i] = audio[i] - audio[half+i], then audio[i] += audio[half+i]. */
    void (*fold)(double *audio, double *difference, size_t half);
    /* Not the same in the last place. sum[k] += |spectrum[k]|; the spectrum in groups of
       KERNELS_GROUP real parts, then as many imaginary parts; bins a multiple of that. */
    void (*add_magnitudes)(double *sum, const double *spectrum, size_t bins);
    /* Same. dst[i] is the float nearest to src[i]. */
    void (*narrow)(float *dst, const double *src, size_t frames);
    /* Same. The highest |x| between the samples, for n = 0 ... frames-1: of line[n - steps/2]
       itself and, for each phase p, of the sum over k of taps[p*steps+k] * line[n-k], k upwards.
       `line` has steps-1 samples before its first; steps is even. NaN is passed over. */
    double (*true_peak)(const float *line, const float *taps, size_t phases, size_t steps,
                        size_t frames);
    /* Same. Numbers to words, rounded to nearest. A number that is not a word already gets noise[i]
       (in steps of the word; NULL: none) added before. NaN becomes 0. Returns how many were held at
       the word's ends; adds to *inexact how many were no words. */
    size_t (*quantise)(const struct kernels_word *word, const double *audio, const double *noise,
                       size_t count, int32_t *words, size_t *inexact);
};

/* The best tier that this processor has (SIMD_AUTO), or the one asked for; NULL if it is not to be
   had here. */
const struct kernels *kernels_select(enum simd_tier tier);
/* The tier called `name` ("auto" included), or -1. */
int kernels_tier_named(const char *name);
/* True if every function of the table is marked MP_RT. */
bool kernels_are_rt(const struct kernels *kernels);

#endif
