/* kernels_neon.c - the inner loops for 64-bit ARM. */
#if defined(__aarch64__)

#include "dsp/kernels_tiers.h"

#include <arm_neon.h>

typedef float64x2_t vd_memory __attribute__((aligned(8), may_alias));
typedef float32x4_t vf_memory __attribute__((aligned(4), may_alias));

INLINE float64x2_t only_where(uint64x2_t mask, float64x2_t x)
{
    return vreinterpretq_f64_u64(vandq_u64(mask, vreinterpretq_u64_f64(x)));
}

#define DOUBLES 2
#define FLOATS 4
#define VD float64x2_t
#define VF float32x4_t
#define VD_MEMORY vd_memory
#define VF_MEMORY vf_memory
#define SPREAD_D(x) vdupq_n_f64(x)
#define SPREAD_F(x) vdupq_n_f32(x)
#define ABS_D(x) vabsq_f64(x)
#define ABS_F(x) vabsq_f32(x)
#define MAX_D(a, m) vbslq_f64(vcgtq_f64(a, m), a, m)
#define MAX_F(a, m) vbslq_f32(vcgtq_f32(a, m), a, m)
#define HIGHEST_F(v) vmaxvq_f32(v)
#define WIDEN(p) vcvt_f64_f32(vld1_f32(p))
#define SQRT_D(x) vsqrtq_f64(x)
#define MIN_D(a, m) vbslq_f64(vcltq_f64(a, m), a, m)
#define NARROW(p, v) vst1_f32(p, vcvt_f32_f64(v))
#define TRUNCATE(p, v) vst1_s32(p, vmovn_s64(vcvtq_s64_f64(v)))
#define WHERE_SAME(a, b, x) only_where(vceqq_f64(a, b), x)
#define WHERE_OTHER(a, b, x) only_where(veorq_u64(vceqq_f64(a, b), vdupq_n_u64(UINT64_MAX)), x)
#include "dsp/kernels_body.h"

INLINE float32x4_t load_doubles_4(const double *p)
{
    return vcvt_high_f32_f64(vcvt_f32_f64(vld1q_f64(p)), vld1q_f64(p + 2));
}

INLINE void store_doubles_4(double *p, float32x4_t v)
{
    vst1q_f64(p, vcvt_f64_f32(vget_low_f32(v)));
    vst1q_f64(p + 2, vcvt_high_f64_f32(v));
}

INLINE void inside_4(float32x4_t *a, float32x4_t *b, float32x4_t *c, float32x4_t *d)
{
    float64x2_t ab_low = vreinterpretq_f64_f32(vzip1q_f32(*a, *b));
    float64x2_t ab_high = vreinterpretq_f64_f32(vzip2q_f32(*a, *b));
    float64x2_t cd_low = vreinterpretq_f64_f32(vzip1q_f32(*c, *d));
    float64x2_t cd_high = vreinterpretq_f64_f32(vzip2q_f32(*c, *d));

    *a = vreinterpretq_f32_f64(vzip1q_f64(ab_low, cd_low));
    *b = vreinterpretq_f32_f64(vzip2q_f64(ab_low, cd_low));
    *c = vreinterpretq_f32_f64(vzip1q_f64(ab_high, cd_high));
    *d = vreinterpretq_f32_f64(vzip2q_f64(ab_high, cd_high));
}

INLINE void inside_2(float64x2_t *a, float64x2_t *b)
{
    float64x2_t low = vzip1q_f64(*a, *b);

    *b = vzip2q_f64(*a, *b);
    *a = low;
}

#define REAL float
#define LANES 4
#define CHUNK 4
#define VEC float32x4_t
#define NAME(x) x##_f32
#define SPREAD SPREAD_F
#define FMADD(a, b, c) vfmaq_f32(c, a, b)
#define FNMADD(a, b, c) vfmsq_f32(c, a, b)
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
#undef FMADD
#undef FNMADD
#undef LOAD_DOUBLES
#undef STORE_DOUBLES

#define REAL double
#define LANES 2
#define CHUNK 2
#define VEC float64x2_t
#define NAME(x) x##_f64
#define SPREAD SPREAD_D
#define FMADD(a, b, c) vfmaq_f64(c, a, b)
#define FNMADD(a, b, c) vfmsq_f64(c, a, b)
#define LOAD_DOUBLES(p) vld1q_f64(p)
#define STORE_DOUBLES(p, v) vst1q_f64(p, v)
#define DEAL_LANES_2(a, b) inside_2(a, b)
#include "dsp/spectral_body.h"

const struct kernels kernels_neon = KERNELS_TABLE(SIMD_NEON, "neon", &kernels_scalar, 4, 2);

#else
typedef int not_aarch64; /* a file of C holds at least one declaration */
#endif
