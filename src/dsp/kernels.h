/*
 * kernels.h - the inner loops, in one version for each kind of processor.
 *
 * A table of functions for each tier; every tier gives what the scalar one gives, within the
 * bounds that tests/test_kernels.c states.
 *
 * Threads: kernels_select in setup; the functions anywhere, the audio thread included.
 */
#ifndef MP_DSP_KERNELS_H
#define MP_DSP_KERNELS_H

#include "base/rt.h"

#include <stddef.h>
#include <stdint.h>

enum simd_tier { SIMD_AUTO, SIMD_SCALAR, SIMD_SSE2, SIMD_AVX2, SIMD_AVX512, SIMD_NEON };

struct kernels {
    enum simd_tier tier;
    const char *name; /* "scalar", "sse2", "avx2", "avx512", "neon" */
    /* Members are added by those who need them: complex multiply-accumulate, mid/side, gain and
       mix, peak, conversion. No alignment is asked of any pointer. */
};

/* The best tier that this processor has (SIMD_AUTO), or the one asked for; NULL if it is not to be
   had here. */
const struct kernels *kernels_select(enum simd_tier tier);
/* The tier called `name` ("auto" included), or -1. */
int kernels_tier_named(const char *name);

#endif
