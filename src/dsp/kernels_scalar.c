/* kernels_scalar.c - the inner loops for any processor; what the other tiers are held to. */
#include "dsp/kernels_tiers.h"

#define DOUBLES 1
#define FLOATS 1
#define VD double
#define VF float
#define VD_MEMORY double
#define VF_MEMORY float
#define SPREAD_D(x) ((double)(x))
#define SPREAD_F(x) ((float)(x))
#define ABS_D(x) __builtin_fabs(x)
#define ABS_F(x) __builtin_fabsf(x)
#define MAX_D(a, m) ((a) > (m) ? (a) : (m))
#define MAX_F(a, m) ((a) > (m) ? (a) : (m))
#define HIGHEST_F(v) (v)
#define WIDEN(p) ((double)*(p))
#define SQRT_D(x) __builtin_sqrt(x)
#define MIN_D(a, m) ((a) < (m) ? (a) : (m))
#define NARROW(p, v) (*(p) = (float)(v))
#define TRUNCATE(p, v) (*(p) = (int32_t)(v))
#define WHERE_SAME(a, b, x) ((a) == (b) ? (x) : 0.0)
#define WHERE_OTHER(a, b, x) ((a) != (b) ? (x) : 0.0)
#include "dsp/kernels_body.h"

#define LANES 1
#define CHUNK 1
#define FMADD(a, b, c) ((a) * (b) + (c))
#define FNMADD(a, b, c) ((c) - (a) * (b))

#define REAL float
#define VEC float
#define NAME(x) x##_f32
#define SPREAD SPREAD_F
#define LOAD_DOUBLES(p) ((float)*(p))
#define STORE_DOUBLES(p, v) (*(p) = (double)(v))
#include "dsp/spectral_body.h"
#undef REAL
#undef VEC
#undef NAME
#undef SPREAD
#undef LOAD_DOUBLES
#undef STORE_DOUBLES

#define REAL double
#define VEC double
#define NAME(x) x##_f64
#define SPREAD SPREAD_D
#define LOAD_DOUBLES(p) (*(p))
#define STORE_DOUBLES(p, v) (*(p) = (v))
#include "dsp/spectral_body.h"

const struct kernels kernels_scalar = KERNELS_TABLE(SIMD_SCALAR, "scalar", NULL, 1, 1);
