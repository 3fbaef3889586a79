/* limiter_avx2.c - the limiter's inner loops for AVX2 and FMA. */
#include "chain/limiter_loops.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define LOOPS limiter_loops_avx2
#define TIER MP_RT __attribute__((target("avx2,fma")))

enum { WIDTH = 4 };
#define vec __m256d
#define vec_load _mm256_loadu_pd
#define vec_store _mm256_storeu_pd
#define vec_all _mm256_set1_pd
#define vec_add _mm256_add_pd
#define vec_sub _mm256_sub_pd
#define vec_mul _mm256_mul_pd
#define vec_div _mm256_div_pd
#define vec_max _mm256_max_pd
#define vec_fma _mm256_fmadd_pd
#define vec_magnitude(a) _mm256_andnot_pd(_mm256_set1_pd(-0.0), a)
#define vec_below(a, b) _mm256_and_pd(_mm256_cmp_pd(a, b, _CMP_LT_OQ), _mm256_set1_pd(1))

#include "chain/limiter_loops_body.h"
#endif
