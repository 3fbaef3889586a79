/* kernels_avx512.c - the inner loops for x86 with AVX-512 F and DQ. */
#if defined(__x86_64__)

#include "dsp/kernels_tiers.h"

#include <immintrin.h>

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,fma"))), apply_to = function)
#else
#pragma GCC target("avx512f,avx512dq,fma")
#endif

typedef __m512d vd_memory __attribute__((aligned(8), may_alias));
typedef __m512 vf_memory __attribute__((aligned(4), may_alias));

INLINE __m512d widen_8(const float *p)
{
    return _mm512_cvtps_pd(_mm256_loadu_ps(p));
}

/* The square root in a fifth of the instruction's time: an estimate of 14 bits, made more exact
   twice. */
INLINE __m512d sqrt_8(__m512d x)
{
    const __m512d half = _mm512_set1_pd(0.5), least = _mm512_set1_pd(0x1p-1000);
    __m512d over = _mm512_rsqrt14_pd(_mm512_max_pd(least, x)); /* 0 has none; NaN stays */
    __m512d root = _mm512_mul_pd(x, over), rest;

    over = _mm512_mul_pd(over, half);
    rest = _mm512_fnmadd_pd(root, over, half);
    root = _mm512_fmadd_pd(root, rest, root);
    over = _mm512_fmadd_pd(over, rest, over);
    return _mm512_fmadd_pd(_mm512_fnmadd_pd(root, root, x), over, root);
}

#define DOUBLES 8
#define FLOATS 16
#define VD __m512d
#define VF __m512
#define VD_MEMORY vd_memory
#define VF_MEMORY vf_memory
#define SPREAD_D(x) _mm512_set1_pd(x)
#define SPREAD_F(x) _mm512_set1_ps(x)
#define ABS_D(x) _mm512_abs_pd(x)
#define ABS_F(x) _mm512_abs_ps(x)
#define MAX_D(a, m) _mm512_max_pd(a, m)
#define MAX_F(a, m) _mm512_max_ps(a, m)
#define HIGHEST_F(v) _mm512_reduce_max_ps(v)
#define WIDEN(p) widen_8(p)
#define SQRT_D(x) sqrt_8(x)
#define MIN_D(a, m) _mm512_min_pd(a, m)
#define NARROW(p, v) _mm256_storeu_ps(p, _mm512_cvtpd_ps(v))
#define TRUNCATE(p, v) _mm256_storeu_si256((__m256i *)(void *)(p), _mm512_cvttpd_epi32(v))
#define WHERE_SAME(a, b, x) _mm512_maskz_mov_pd(_mm512_cmp_pd_mask(a, b, _CMP_EQ_OQ), x)
#define WHERE_OTHER(a, b, x) _mm512_maskz_mov_pd(_mm512_cmp_pd_mask(a, b, _CMP_NEQ_UQ), x)
#include "dsp/kernels_body.h"

INLINE __m512 load_doubles_16(const double *p)
{
    __m256 low = _mm512_cvtpd_ps(_mm512_loadu_pd(p));
    __m256 high = _mm512_cvtpd_ps(_mm512_loadu_pd(p + 8));

    return _mm512_insertf32x8(_mm512_castps256_ps512(low), high, 1);
}

INLINE void store_doubles_16(double *p, __m512 v)
{
    _mm512_storeu_pd(p, _mm512_cvtps_pd(_mm512_castps512_ps256(v)));
    _mm512_storeu_pd(p + 8, _mm512_cvtps_pd(_mm512_extractf32x8_ps(v, 1)));
}

/* Transposes 4 x 4 chunks of 128 bits. */
INLINE void chunks_4(__m512 *a, __m512 *b, __m512 *c, __m512 *d)
{
    __m512 ab_low = _mm512_shuffle_f32x4(*a, *b, 0x44),
           ab_high = _mm512_shuffle_f32x4(*a, *b, 0xee);
    __m512 cd_low = _mm512_shuffle_f32x4(*c, *d, 0x44),
           cd_high = _mm512_shuffle_f32x4(*c, *d, 0xee);

    *a = _mm512_shuffle_f32x4(ab_low, cd_low, 0x88);
    *b = _mm512_shuffle_f32x4(ab_low, cd_low, 0xdd);
    *c = _mm512_shuffle_f32x4(ab_high, cd_high, 0x88);
    *d = _mm512_shuffle_f32x4(ab_high, cd_high, 0xdd);
}

INLINE void chunks_4_pd(__m512d *a, __m512d *b, __m512d *c, __m512d *d)
{
    __m512d ab_low = _mm512_shuffle_f64x2(*a, *b, 0x44);
    __m512d ab_high = _mm512_shuffle_f64x2(*a, *b, 0xee);
    __m512d cd_low = _mm512_shuffle_f64x2(*c, *d, 0x44);
    __m512d cd_high = _mm512_shuffle_f64x2(*c, *d, 0xee);

    *a = _mm512_shuffle_f64x2(ab_low, cd_low, 0x88);
    *b = _mm512_shuffle_f64x2(ab_low, cd_low, 0xdd);
    *c = _mm512_shuffle_f64x2(ab_high, cd_high, 0x88);
    *d = _mm512_shuffle_f64x2(ab_high, cd_high, 0xdd);
}

/* Transposes the 4 x 4 lanes of each chunk. */
INLINE void inside_4(__m512 *a, __m512 *b, __m512 *c, __m512 *d)
{
    __m512d ab_low = _mm512_castps_pd(_mm512_unpacklo_ps(*a, *b));
    __m512d ab_high = _mm512_castps_pd(_mm512_unpackhi_ps(*a, *b));
    __m512d cd_low = _mm512_castps_pd(_mm512_unpacklo_ps(*c, *d));
    __m512d cd_high = _mm512_castps_pd(_mm512_unpackhi_ps(*c, *d));

    *a = _mm512_castpd_ps(_mm512_unpacklo_pd(ab_low, cd_low));
    *b = _mm512_castpd_ps(_mm512_unpackhi_pd(ab_low, cd_low));
    *c = _mm512_castpd_ps(_mm512_unpacklo_pd(ab_high, cd_high));
    *d = _mm512_castpd_ps(_mm512_unpackhi_pd(ab_high, cd_high));
}

INLINE void inside_2(__m512d *a, __m512d *b)
{
    __m512d low = _mm512_unpacklo_pd(*a, *b);

    *b = _mm512_unpackhi_pd(*a, *b);
    *a = low;
}

#define REAL float
#define LANES 16
#define CHUNK 4
#define VEC __m512
#define NAME(x) x##_f32
#define SPREAD SPREAD_F
#define FMADD(a, b, c) _mm512_fmadd_ps(a, b, c)
#define FNMADD(a, b, c) _mm512_fnmadd_ps(a, b, c)
#define LOAD_DOUBLES(p) load_doubles_16(p)
#define STORE_DOUBLES(p, v) store_doubles_16(p, v)
#define DEAL_CHUNKS_4(a, b, c, d) chunks_4(a, b, c, d)
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
#undef DEAL_CHUNKS_4

#define REAL double
#define LANES 8
#define CHUNK 2
#define VEC __m512d
#define NAME(x) x##_f64
#define SPREAD SPREAD_D
#define FMADD(a, b, c) _mm512_fmadd_pd(a, b, c)
#define FNMADD(a, b, c) _mm512_fnmadd_pd(a, b, c)
#define LOAD_DOUBLES(p) _mm512_loadu_pd(p)
#define STORE_DOUBLES(p, v) _mm512_storeu_pd(p, v)
#define DEAL_CHUNKS_4(a, b, c, d) chunks_4_pd(a, b, c, d)
#define DEAL_LANES_2(a, b) inside_2(a, b)
#include "dsp/spectral_body.h"

const struct kernels kernels_avx512 = KERNELS_TABLE(SIMD_AVX512, "avx512", &kernels_avx2, 16, 8);

#if defined(__clang__)
#pragma clang attribute pop
#endif

#else
typedef int not_x86; /* a file of C holds at least one declaration */
#endif
