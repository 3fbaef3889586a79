/* limiter_avx512.c - the limiter's inner loops for AVX-512. */
#include "chain/limiter_loops.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define LOOPS limiter_loops_avx512
#define TIER MP_RT __attribute__((target("avx512f,avx2,fma")))

enum { WIDTH = 8 };
#define vec __m512d
#define vec_load _mm512_loadu_pd
#define vec_store _mm512_storeu_pd
#define vec_all _mm512_set1_pd
#define vec_add _mm512_add_pd
#define vec_sub _mm512_sub_pd
#define vec_mul _mm512_mul_pd
#define vec_div _mm512_div_pd
#define vec_max _mm512_max_pd
#define vec_fma _mm512_fmadd_pd
#define vec_magnitude _mm512_abs_pd
#define vec_below(a, b) _mm512_maskz_mov_pd(_mm512_cmp_pd_mask(a, b, _CMP_LT_OQ), _mm512_set1_pd(1))

#include "chain/limiter_loops_body.h"
#endif
