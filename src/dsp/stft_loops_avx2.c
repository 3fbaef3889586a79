/* stft_loops_avx2.c - the STFT's inner loops for AVX2. */
#include "dsp/stft_loops.h"

#if defined(__x86_64__)

/* a*b+c is fused in no tier. */
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

#define LOOPS stft_loops_avx2
#define LANES 8
#define TIER MP_RT __attribute__((target("avx2")))

#include "dsp/stft_loops_body.h"
#endif
