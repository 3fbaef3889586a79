/* crossover_avx512.c - the crossover's loops for AVX-512. */
#include "dsp/crossover.h"

#if defined(__x86_64__)

#define LOOPS crossover_loops_avx512
#define TIER MP_RT __attribute__((target("avx512f,avx2,fma")))
#define WIDTH 8

#include "dsp/crossover_body.h"
#endif
