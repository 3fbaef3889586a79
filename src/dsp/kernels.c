/* kernels.c - which inner loops this processor runs. */
#include "dsp/kernels.h"

#include "dsp/kernels_tiers.h"

#include <string.h>

static const struct kernels *best_here(void)
{
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")) {
        return &kernels_avx512;
    }
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
        return &kernels_avx2;
    }
    return &kernels_sse2;
#elif defined(__aarch64__)
    return &kernels_neon;
#else
    return &kernels_scalar;
#endif
}

const struct kernels *kernels_select(enum simd_tier tier)
{
    const struct kernels *kernels = best_here();

    while (tier != SIMD_AUTO && kernels != NULL && kernels->tier != tier) {
        kernels = kernels->narrower;
    }
    return kernels;
}

int kernels_tier_named(const char *name)
{
    static const char *const names[] = {"auto", "scalar", "sse2", "avx2", "avx512", "neon"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(name, names[i]) == 0) {
            return (int)i;
        }
    }
    return -1;
}

bool kernels_are_rt(const struct kernels *kernels)
{
    const rt_function functions[] = {
        (rt_function)kernels->spectral[FFT_FLOAT32].forward,
        (rt_function)kernels->spectral[FFT_FLOAT32].forward_odd,
        (rt_function)kernels->spectral[FFT_FLOAT32].backward,
        (rt_function)kernels->spectral[FFT_FLOAT64].forward,
        (rt_function)kernels->spectral[FFT_FLOAT64].forward_odd,
        (rt_function)kernels->spectral[FFT_FLOAT64].backward,
        (rt_function)kernels->encode_mid_side,
        (rt_function)kernels->decode_mid_side,
        (rt_function)kernels->gain,
        (rt_function)kernels->mix_ramp,
        (rt_function)kernels->peak,
        (rt_function)kernels->peak_float,
        (rt_function)kernels->widen,
        (rt_function)kernels->sum_of_squares,
        (rt_function)kernels->sum_of_squares_float,
        (rt_function)kernels->fold,
        (rt_function)kernels->add_magnitudes,
        (rt_function)kernels->narrow,
        (rt_function)kernels->true_peak,
        (rt_function)kernels->quantise,
    };

    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        if (!rt_is_marked(functions[i])) {
            return false;
        }
    }
    return true;
}
