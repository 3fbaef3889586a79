/*
 * crossover.h - four bands of two channels, whose sum is flat in magnitude.
 *
 * A tree of Linkwitz-Riley filters of fourth order (24 dB/oct): first at the middle border, then
 * each half at its own. The sum of the two halves of a split is an all-pass of second order at its
 * border, so the low half goes through that of the high border, and the high half through that of
 * the low one: then all four bands add up to three all-passes in a row.
 * Source: S. P. Lipshitz and J. Vanderkooy, "A Family of Linear-Phase Crossover Networks of High
 * Slope Derived by Time Delay", JAES 31 (1983); S. Linkwitz, "Active Crossover Networks for
 * Noncoincident Drivers", JAES 24 (1976).
 *
 * Audio in and out: double, planar. Between: frames of CROSSOVER_LANES numbers, band 0 left, band 0
 * right, band 1 left, ...: one vector, so that one instruction works on all bands and channels.
 *
 * Threads: the functions of the loops anywhere, the audio thread included; the rest in setup.
 */
#ifndef MP_DSP_CROSSOVER_H
#define MP_DSP_CROSSOVER_H

#include "base/rt.h"
#include "dsp/kernels.h"

#include <stddef.h>

enum { CROSSOVER_BANDS = 4, CROSSOVER_LANES = 2 * CROSSOVER_BANDS };
enum {
    CROSSOVER_FIRST = 3,
    CROSSOVER_SECOND = 2
}; /* filters in a row, of each half, of each band */

/* Filters side by side: five coefficients and two states of each lane. */
struct crossover_halves {
    _Alignas(32) double b0[4], b1[4], b2[4], a1[4], a2[4], one[4], two[4];
};
struct crossover_bands {
    _Alignas(64) double b0[CROSSOVER_LANES], b1[CROSSOVER_LANES], b2[CROSSOVER_LANES],
        a1[CROSSOVER_LANES], a2[CROSSOVER_LANES], one[CROSSOVER_LANES], two[CROSSOVER_LANES];
};

struct crossover {
    struct crossover_halves first[CROSSOVER_FIRST]; /* low left, low right, high left, high right */
    struct crossover_bands second[CROSSOVER_SECOND];
};

struct crossover_loops {
    /* `frames` frames into lanes[frames][CROSSOVER_LANES], 64-byte aligned; power[i]: the sum of
       squares of lane i. */
    void (*split)(struct crossover *crossover, const double *left, const double *right,
                  size_t frames, double *lanes, double power[CROSSOVER_LANES]);
    /* The sum of all bands, band b times a gain that goes in a straight line from `from[b]`, not
       included, to `to[b]` at the last frame. */
    void (*sum)(const double *lanes, size_t frames, const double from[CROSSOVER_BANDS],
                const double to[CROSSOVER_BANDS], double *left, double *right);
};

/* Borders in Hz, rising; one above 0.45 of the rate stands there. With silence before it. */
void crossover_init(struct crossover *crossover, const double borders_hz[CROSSOVER_BANDS - 1],
                    double rate_hz);
void crossover_reset(struct crossover *crossover);

/* By what a band multiplies the power of a tone. */
double crossover_power(const double borders_hz[CROSSOVER_BANDS - 1], double rate_hz, size_t band,
                       double hz);

/* The loops for a tier (which this processor has). */
const struct crossover_loops *crossover_loops_select(enum simd_tier tier);
bool crossover_loops_are_rt(const struct crossover_loops *loops);

extern const struct crossover_loops crossover_loops_plain;
#if defined(__x86_64__)
extern const struct crossover_loops crossover_loops_avx2;
extern const struct crossover_loops crossover_loops_avx512;
#endif

#endif
