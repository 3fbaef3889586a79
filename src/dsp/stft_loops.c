/* stft_loops.c - the STFT's inner loops for any processor, and the choice among the tiers. */
#include "dsp/stft_loops.h"

/* a*b+c is fused in no tier. */
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

#define LOOPS stft_loops_plain
#define LANES 4
#define TIER MP_RT
#include "dsp/stft_loops_body.h"

const struct stft_loops *stft_loops_select(enum simd_tier tier)
{
#if defined(__x86_64__)
    if (tier == SIMD_AVX2) {
        return &stft_loops_avx2;
    }
    if (tier == SIMD_AVX512) {
        return &stft_loops_avx512;
    }
#endif
    (void)tier;
    return &stft_loops_plain;
}

bool stft_loops_are_rt(const struct stft_loops *loops)
{
    return rt_is_marked((rt_function)loops->take) && rt_is_marked((rt_function)loops->add) &&
           rt_is_marked((rt_function)loops->give) && rt_is_marked((rt_function)loops->power) &&
           rt_is_marked((rt_function)loops->add_shape) && rt_is_marked((rt_function)loops->scale);
}
