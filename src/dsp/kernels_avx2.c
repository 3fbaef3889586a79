/* kernels_avx2.c - the inner loops for x86 with AVX2 and FMA. */
#if defined(__x86_64__)

#include "dsp/kernels_tiers.h"

#include <immintrin.h>

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#else
#pragma GCC target("avx2,fma")
#endif

typedef __m256d vd_memory __attribute__((aligned(8), may_alias));
typedef __m256 vf_memory __attribute__((aligned(4), may_alias));

INLINE float highest_8(__m256 v)
{
    __m128 four = _mm_max_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));

    four = _mm_max_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_max_ss(four, _mm_shuffle_ps(four, four, 1)));
}

#define DOUBLES 4
#define FLOATS 8
#define VD __m256d
#define VF __m256
#define VD_MEMORY vd_memory
#define VF_MEMORY vf_memory
#define SPREAD_D(x) _mm256_set1_pd(x)
#define SPREAD_F(x) _mm256_set1_ps(x)
#define ABS_D(x) _mm256_andnot_pd(_mm256_set1_pd(-0.0), x)
#define ABS_F(x) _mm256_andnot_ps(_mm256_set1_ps(-0.0F), x)
#define MAX_D(a, m) _mm256_max_pd(a, m)
#define MAX_F(a, m) _mm256_max_ps(a, m)
#define HIGHEST_F(v) highest_8(v)
#define WIDEN(p) _mm256_cvtps_pd(_mm_loadu_ps(p))
#define SQRT_D(x) _mm256_sqrt_pd(x)
#define MIN_D(a, m) _mm256_min_pd(a, m)
#define NARROW(p, v) _mm_storeu_ps(p, _mm256_cvtpd_ps(v))
#define TRUNCATE(p, v) _mm_storeu_si128((__m128i *)(void *)(p), _mm256_cvttpd_epi32(v))
#define WHERE_SAME(a, b, x) _mm256_and_pd(_mm256_cmp_pd(a, b, _CMP_EQ_OQ), x)
#define WHERE_OTHER(a, b, x) _mm256_and_pd(_mm256_cmp_pd(a, b, _CMP_NEQ_UQ), x)
#include "dsp/kernels_body.h"

INLINE __m256 load_doubles_8(const double *p)
{
    return _mm256_set_m128(_mm256_cvtpd_ps(_mm256_loadu_pd(p + 4)),
                           _mm256_cvtpd_ps(_mm256_loadu_pd(p)));
}

INLINE void store_doubles_8(double *p, __m256 v)
{
    _mm256_storeu_pd(p, _mm256_cvtps_pd(_mm256_castps256_ps128(v)));
    _mm256_storeu_pd(p + 4, _mm256_cvtps_pd(_mm256_extractf128_ps(v, 1)));
}

/* Transposes 2 x 2 chunks of 128 bits. */
INLINE void chunks_2(__m256 *a, __m256 *b)
{
    __m256 low = _mm256_permute2f128_ps(*a, *b, 0x20);

    *b = _mm256_permute2f128_ps(*a, *b, 0x31);
    *a = low;
}

INLINE void chunks_2_pd(__m256d *a, __m256d *b)
{
    __m256d low = _mm256_permute2f128_pd(*a, *b, 0x20);

    *b = _mm256_permute2f128_pd(*a, *b, 0x31);
    *a = low;
}

/* Transposes the 4 x 4 lanes of each chunk. */
INLINE void inside_4(__m256 *a, __m256 *b, __m256 *c, __m256 *d)
{
    __m256d ab_low = _mm256_castps_pd(_mm256_unpacklo_ps(*a, *b));
    __m256d ab_high = _mm256_castps_pd(_mm256_unpackhi_ps(*a, *b));
    __m256d cd_low = _mm256_castps_pd(_mm256_unpacklo_ps(*c, *d));
    __m256d cd_high = _mm256_castps_pd(_mm256_unpackhi_ps(*c, *d));

    *a = _mm256_castpd_ps(_mm256_unpacklo_pd(ab_low, cd_low));
    *b = _mm256_castpd_ps(_mm256_unpackhi_pd(ab_low, cd_low));
    *c = _mm256_castpd_ps(_mm256_unpacklo_pd(ab_high, cd_high));
    *d = _mm256_castpd_ps(_mm256_unpackhi_pd(ab_high, cd_high));
}

INLINE void inside_2(__m256d *a, __m256d *b)
{
    __m256d low = _mm256_unpacklo_pd(*a, *b);

    *b = _mm256_unpackhi_pd(*a, *b);
    *a = low;
}

#define REAL float
#define LANES 8
#define CHUNK 4
#define VEC __m256
#define NAME(x) x##_f32
#define SPREAD SPREAD_F
#define FMADD(a, b, c) _mm256_fmadd_ps(a, b, c)
#define FNMADD(a, b, c) _mm256_fnmadd_ps(a, b, c)
#define LOAD_DOUBLES(p) load_doubles_8(p)
#define STORE_DOUBLES(p, v) store_doubles_8(p, v)
#define DEAL_CHUNKS_2(a, b) chunks_2(a, b)
#define DEAL_LANES_4(a, b, c, d) inside_4(a, b, c, d)
#include "dsp/spectral_body.h"
#undef REAL
#undef LANES
#undef CHUNK
#undef VEC
#undef NAME
#undef SPREAD
#undef FMADD
#undef FNMADD
#undef LOAD_DOUBLES
#undef STORE_DOUBLES
#undef DEAL_CHUNKS_2

#define REAL double
#define LANES 4
#define CHUNK 2
#define VEC __m256d
#define NAME(x) x##_f64
#define SPREAD SPREAD_D
#define FMADD(a, b, c) _mm256_fmadd_pd(a, b, c)
#define FNMADD(a, b, c) _mm256_fnmadd_pd(a, b, c)
#define LOAD_DOUBLES(p) _mm256_loadu_pd(p)
#define STORE_DOUBLES(p, v) _mm256_storeu_pd(p, v)
#define DEAL_CHUNKS_2(a, b) chunks_2_pd(a, b)
#define DEAL_LANES_2(a, b) inside_2(a, b)
#include "dsp/spectral_body.h"

const struct kernels kernels_avx2 = KERNELS_TABLE(SIMD_AVX2, "avx2", &kernels_sse2, 8, 4);

#if defined(__clang__)
#pragma clang attribute pop
#endif

#else
typedef int not_x86; /* a file of C holds at least one declaration */
#endif
