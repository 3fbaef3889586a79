/* crossover.c - makes the crossover's filters; its loops for any processor, and their choice. */
#include "dsp/crossover.h"

#include "dsp/biquad.h"

#include <math.h>
#include <string.h>

#define LOOPS crossover_loops_plain
#define TIER MP_RT
#define WIDTH 2
#include "dsp/crossover_body.h"

const struct crossover_loops *crossover_loops_select(enum simd_tier tier)
{
#if defined(__x86_64__)
    if (tier == SIMD_AVX2) {
        return &crossover_loops_avx2;
    }
    if (tier == SIMD_AVX512) {
        return &crossover_loops_avx512;
    }
#endif
    (void)tier;
    return &crossover_loops_plain;
}

bool crossover_loops_are_rt(const struct crossover_loops *loops)
{
    return rt_is_marked((rt_function)loops->split) && rt_is_marked((rt_function)loops->sum);
}

/* A Butterworth filter of second order, twice, as the bilinear transform lays it. */
static double side_power(double border_hz, double rate_hz, double hz, bool low)
{
    double border = tan(M_PI * biquad_hz(border_hz, rate_hz) / rate_hz);
    double tone = tan(M_PI * fmin(hz / rate_hz, 0.4999));
    double ratio = pow(tone / border, 4);

    return low ? 1 / ((1 + ratio) * (1 + ratio)) : pow(ratio / (1 + ratio), 2);
}

double crossover_power(const double borders_hz[CROSSOVER_BANDS - 1], double rate_hz, size_t band,
                       double hz)
{
    bool low_half = band < 2, low = band % 2 == 0;

    return side_power(borders_hz[1], rate_hz, hz, low_half) *
           side_power(borders_hz[low_half ? 0 : 2], rate_hz, hz, low);
}

static void set_half(struct crossover_halves *place, size_t half, const struct biquad *filter)
{
    for (size_t i = 2 * half; i < 2 * half + 2; i++) {
        place->b0[i] = filter->b0;
        place->b1[i] = filter->b1;
        place->b2[i] = filter->b2;
        place->a1[i] = filter->a1;
        place->a2[i] = filter->a2;
    }
}

static void set_band(struct crossover_bands *place, size_t band, const struct biquad *filter)
{
    for (size_t i = 2 * band; i < 2 * band + 2; i++) {
        place->b0[i] = filter->b0;
        place->b1[i] = filter->b1;
        place->b2[i] = filter->b2;
        place->a1[i] = filter->a1;
        place->a2[i] = filter->a2;
    }
}

void crossover_init(struct crossover *crossover, const double borders_hz[CROSSOVER_BANDS - 1],
                    double rate_hz)
{
    struct biquad low, high, all;

    *crossover = (struct crossover){0};
    biquad_low_pass(&low, borders_hz[1], M_SQRT1_2, rate_hz);
    biquad_high_pass(&high, borders_hz[1], M_SQRT1_2, rate_hz);
    for (size_t i = 0; i < 2; i++) {
        set_half(&crossover->first[i], 0, &low);
        set_half(&crossover->first[i], 1, &high);
    }
    for (size_t half = 0; half < 2; half++) {
        biquad_all_pass(&all, borders_hz[half == 0 ? 2 : 0], M_SQRT1_2, rate_hz);
        set_half(&crossover->first[2], half, &all);
        biquad_low_pass(&low, borders_hz[2 * half], M_SQRT1_2, rate_hz);
        biquad_high_pass(&high, borders_hz[2 * half], M_SQRT1_2, rate_hz);
        for (size_t i = 0; i < CROSSOVER_SECOND; i++) {
            set_band(&crossover->second[i], 2 * half, &low);
            set_band(&crossover->second[i], 2 * half + 1, &high);
        }
    }
}

void crossover_reset(struct crossover *crossover)
{
    for (size_t i = 0; i < CROSSOVER_FIRST; i++) {
        memset(crossover->first[i].one, 0, sizeof crossover->first[i].one);
        memset(crossover->first[i].two, 0, sizeof crossover->first[i].two);
    }
    for (size_t i = 0; i < CROSSOVER_SECOND; i++) {
        memset(crossover->second[i].one, 0, sizeof crossover->second[i].one);
        memset(crossover->second[i].two, 0, sizeof crossover->second[i].two);
    }
}
