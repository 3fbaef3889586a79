/* kernels_sse2.c - the inner loops for any 64-bit x86. */
#if defined(__x86_64__)

#include "dsp/kernels_tiers.h"

#include <emmintrin.h>

typedef __m128d vd_memory __attribute__((aligned(8), may_alias));
typedef __m128 vf_memory __attribute__((aligned(4), may_alias));

INLINE __m128d widen_2(const float *p)
{
    return _mm_cvtps_pd(_mm_loadl_pi(_mm_setzero_ps(), (const __m64 *)(const void *)p));
}

INLINE float highest_4(__m128 v)
{
    v = _mm_max_ps(v, _mm_movehl_ps(v, v));
    return _mm_cvtss_f32(_mm_max_ss(v, _mm_shuffle_ps(v, v, 1)));
}

#define DOUBLES 2
#define FLOATS 4
#define VD __m128d
#define VF __m128
#define VD_MEMORY vd_memory
#define VF_MEMORY vf_memory
#define SPREAD_D(x) _mm_set1_pd(x)
#define SPREAD_F(x) _mm_set1_ps(x)
#define ABS_D(x) _mm_andnot_pd(_mm_set1_pd(-0.0), x)
#define ABS_F(x) _mm_andnot_ps(_mm_set1_ps(-0.0F), x)
#define MAX_D(a, m) _mm_max_pd(a, m)
#define MAX_F(a, m) _mm_max_ps(a, m)
#define HIGHEST_F(v) highest_4(v)
#define WIDEN(p) widen_2(p)
#define SQRT_D(x) _mm_sqrt_pd(x)
#define MIN_D(a, m) _mm_min_pd(a, m)
#define NARROW(p, v) _mm_storel_pi((__m64 *)(void *)(p), _mm_cvtpd_ps(v))
#define TRUNCATE(p, v) _mm_storel_epi64((__m128i *)(void *)(p), _mm_cvttpd_epi32(v))
#define WHERE_SAME(a, b, x) _mm_and_pd(_mm_cmpeq_pd(a, b), x)
#define WHERE_OTHER(a, b, x) _mm_and_pd(_mm_cmpneq_pd(a, b), x)
#include "dsp/kernels_body.h"

INLINE __m128 load_doubles_4(const double *p)
{
    return _mm_movelh_ps(_mm_cvtpd_ps(_mm_loadu_pd(p)), _mm_cvtpd_ps(_mm_loadu_pd(p + 2)));
}

INLINE void store_doubles_4(double *p, __m128 v)
{
    _mm_storeu_pd(p, _mm_cvtps_pd(v));
    _mm_storeu_pd(p + 2, _mm_cvtps_pd(_mm_movehl_ps(v, v)));
}

INLINE void inside_4(__m128 *a, __m128 *b, __m128 *c, __m128 *d)
{
    __m128 ab_low = _mm_unpacklo_ps(*a, *b), ab_high = _mm_unpackhi_ps(*a, *b);
    __m128 cd_low = _mm_unpacklo_ps(*c, *d), cd_high = _mm_unpackhi_ps(*c, *d);

    *a = _mm_movelh_ps(ab_low, cd_low);
    *b = _mm_movehl_ps(cd_low, ab_low);
    *c = _mm_movelh_ps(ab_high, cd_high);
    *d = _mm_movehl_ps(cd_high, ab_high);
}

INLINE void inside_2(__m128d *a, __m128d *b)
{
    __m128d low = _mm_unpacklo_pd(*a, *b);

    *b = _mm_unpackhi_pd(*a, *b);
    *a = low;
}

#define FMADD(a, b, c) ((a) * (b) + (c))
#define FNMADD(a, b, c) ((c) - (a) * (b))

#define REAL float
#define LANES 4
#define CHUNK 4
#define VEC __m128
#define NAME(x) x##_f32
#define SPREAD SPREAD_F
#define LOAD_DOUBLES(p) load_doubles_4(p)
#define STORE_DOUBLES(p, v) store_doubles_4(p, v)
#define DEAL_LANES_4(a, b, c, d) inside_4(a, b, c, d)
#include "dsp/spectral_body.h"
#undef REAL
#undef LANES
#undef CHUNK
#undef VEC
#undef NAME
#undef SPREAD
#undef LOAD_DOUBLES
#undef STORE_DOUBLES

#define REAL double
#define LANES 2
#define CHUNK 2
#define VEC __m128d
#define NAME(x) x##_f64
#define SPREAD SPREAD_D
#define LOAD_DOUBLES(p) _mm_loadu_pd(p)
#define STORE_DOUBLES(p, v) _mm_storeu_pd(p, v)
#define DEAL_LANES_2(a, b) inside_2(a, b)
#include "dsp/spectral_body.h"

const struct kernels kernels_sse2 = KERNELS_TABLE(SIMD_SSE2, "sse2", &kernels_scalar, 4, 2);

#else
typedef int not_x86; /* a file of C holds at least one declaration */
#endif
