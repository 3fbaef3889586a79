/* limiter_loops.c - the limiter's inner loops for any processor, and the choice among the tiers. */
#include "chain/limiter_loops.h"

#define LOOPS limiter_loops_plain
#define TIER MP_RT

#if defined(__SSE2__)
#include <immintrin.h>

enum { WIDTH = 2 };
#define vec __m128d
#define vec_load _mm_loadu_pd
#define vec_store _mm_storeu_pd
#define vec_all _mm_set1_pd
#define vec_add _mm_add_pd
#define vec_sub _mm_sub_pd
#define vec_mul _mm_mul_pd
#define vec_div _mm_div_pd
#define vec_max _mm_max_pd
#define vec_fma(a, b, c) _mm_add_pd(_mm_mul_pd(a, b), c)
#define vec_magnitude(a) _mm_andnot_pd(_mm_set1_pd(-0.0), a)
#define vec_below(a, b) _mm_and_pd(_mm_cmplt_pd(a, b), _mm_set1_pd(1))
#else
#include <string.h>

enum { WIDTH = 2 };
typedef double vec __attribute__((vector_size(16)));
typedef long long mask __attribute__((vector_size(16)));

MP_RT static inline vec vec_load(const double *from)
{
    vec a;

    memcpy(&a, from, sizeof a);
    return a;
}

MP_RT static inline void vec_store(double *to, vec a)
{
    memcpy(to, &a, sizeof a);
}

MP_RT static inline vec vec_all(double value)
{
    return (vec){value, value};
}

MP_RT static inline vec vec_max(vec a, vec b)
{
    mask above = a > b;

    return (vec)((above & (mask)a) | (~above & (mask)b));
}

MP_RT static inline vec vec_below(vec a, vec b)
{
    return (vec)((a < b) & (mask)vec_all(1));
}

#define vec_add(a, b) ((a) + (b))
#define vec_sub(a, b) ((a) - (b))
#define vec_mul(a, b) ((a) * (b))
#define vec_div(a, b) ((a) / (b))
#define vec_fma(a, b, c) ((a) * (b) + (c))
#define vec_magnitude(a) ((vec)((mask)(a) & ~(mask)vec_all(-0.0)))
#endif

#include "chain/limiter_loops_body.h"

const struct limiter_loops *limiter_loops_select(enum simd_tier tier)
{
#if defined(__x86_64__)
    if (tier == SIMD_AVX2) {
        return &limiter_loops_avx2;
    }
    if (tier == SIMD_AVX512) {
        return &limiter_loops_avx512;
    }
#endif
    (void)tier;
    return &limiter_loops_plain;
}

void limiter_pole_init(struct limiter_pole *result, const struct limiter_loops *loops, double pole,
                       double b0, double b1)
{
    size_t width = loops->width;
    double power = 1; /* pole^j */

    *result = (struct limiter_pole){.ratio = b1 / pole};
    result->taps[0] = b0;
    for (size_t j = 1; j <= width; j++) {
        result->taps[j] = power * (j < width ? pole * b0 + b1 : b1);
        power *= pole;
    }
    result->carry = power;
    for (size_t k = width; k-- > 0;) {
        result->seed[k] = k + 1 == width ? 1 : result->seed[k + 1] / pole;
    }
}

bool limiter_loops_are_rt(const struct limiter_loops *loops)
{
    return rt_is_marked((rt_function)loops->peak) && rt_is_marked((rt_function)loops->hard) &&
           rt_is_marked((rt_function)loops->slide) && rt_is_marked((rt_function)loops->higher) &&
           rt_is_marked((rt_function)loops->forward) &&
           rt_is_marked((rt_function)loops->both_ways) && rt_is_marked((rt_function)loops->dot) &&
           rt_is_marked((rt_function)loops->gain) && rt_is_marked((rt_function)loops->swap) &&
           rt_is_marked((rt_function)loops->swap_evenly);
}
