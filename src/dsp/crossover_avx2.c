/* crossover_avx2.c - the crossover's loops for AVX2. */
#include "dsp/crossover.h"

#if defined(__x86_64__)

#define LOOPS crossover_loops_avx2
#define TIER MP_RT __attribute__((target("avx2,fma")))
#define WIDTH 4

#include "dsp/crossover_body.h"
#endif
