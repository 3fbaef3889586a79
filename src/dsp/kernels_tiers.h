/* kernels_tiers.h - the tables that kernels.c chooses from; for the kernels_<tier>.c files. */
#ifndef MP_DSP_KERNELS_TIERS_H
#define MP_DSP_KERNELS_TIERS_H

#include "dsp/kernels.h"
#include "dsp/spectral.h"

#include <stdbool.h>
#include <stdint.h>

/* a*b+c is fused only where FMADD says so: results are then the same with every compiler. GCC
   keeps to that with -std=c11. */
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

#define INLINE MP_RT static inline __attribute__((always_inline))

extern const struct kernels kernels_scalar;
#if defined(__x86_64__)
extern const struct kernels kernels_sse2, kernels_avx2, kernels_avx512;
#elif defined(__aarch64__)
extern const struct kernels kernels_neon;
#endif

/* The table of a tier whose functions have the names that the two bodies give. */
#define KERNELS_TABLE(tier_, name_, narrower_, lanes_f32, lanes_f64)                               \
    {                                                                                              \
        .tier = (tier_), .name = (name_), .narrower = (narrower_),                                 \
        .spectral = {{(lanes_f32), forward_f32, forward_odd_f32, backward_f32},                    \
                     {(lanes_f64), forward_f64, forward_odd_f64, backward_f64}},                   \
        .encode_mid_side = encode_mid_side, .decode_mid_side = decode_mid_side, .gain = gain,      \
        .mix_ramp = mix_ramp, .peak = peak, .peak_float = peak_float, .widen = widen,              \
        .sum_of_squares = sum_of_squares, .sum_of_squares_float = sum_of_squares_float,            \
        .fold = fold, .add_magnitudes = add_magnitudes, .narrow = narrow, .true_peak = true_peak,  \
        .quantise = quantise,                                                                      \
    }

#endif
