/* test_kernels.c - every tier this processor has against the scalar one, and that against plain
   loops. The convolver's kernels are tested through test_convolver. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dsp/kernels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#ifdef __clang__
#pragma STDC FP_CONTRACT OFF /* the plain loops here are not to be fused, either */
#endif

static const enum simd_tier tiers[] = {SIMD_SCALAR, SIMD_SSE2, SIMD_AVX2, SIMD_AVX512, SIMD_NEON};
enum { TIERS = sizeof tiers / sizeof *tiers, LONGEST = 200, OFFSETS = 3 };

/* Sums of squares: relative to the sum in long double. */
static const double SUM_BOUND = 1e-15, ROOT_BOUND = 1e-15;

/* Sound at an odd address, and copies to work on. */
struct sound {
    double a[LONGEST + OFFSETS], b[LONGEST + OFFSETS];
    float f[LONGEST + OFFSETS];
};

static double noise(void)
{
    return (double)rand() / RAND_MAX * 2.0 - 1.0;
}

static struct sound sound_make(void)
{
    struct sound sound;

    srand(11);
    for (size_t i = 0; i < LONGEST + OFFSETS; i++) {
        sound.a[i] = noise();
        sound.b[i] = noise();
        sound.f[i] = (float)noise();
    }
    return sound;
}

/* Calls check(kernels, frames, offset) for every tier that is here and every length and offset. */
static void for_each_case(void (*check)(const struct kernels *kernels, size_t frames, size_t at))
{
    for (size_t t = 0; t < TIERS; t++) {
        const struct kernels *kernels = kernels_select(tiers[t]);

        for (size_t frames = 0; kernels != NULL && frames <= LONGEST; frames += 1 + frames / 40) {
            for (size_t at = 0; at < OFFSETS; at++) {
                check(kernels, frames, at);
            }
        }
    }
}

static void check_mid_side(const struct kernels *kernels, size_t frames, size_t at)
{
    struct sound sound = sound_make(), source = sound;

    kernels->encode_mid_side(sound.a + at, sound.b + at, frames);
    for (size_t i = 0; i < LONGEST + OFFSETS; i++) {
        bool in = i >= at && i < at + frames;

        assert_true(sound.a[i] == (in ? (source.a[i] + source.b[i]) * 0.5 : source.a[i]));
        assert_true(sound.b[i] == (in ? (source.a[i] - source.b[i]) * 0.5 : source.b[i]));
    }
    source = sound;
    kernels->decode_mid_side(sound.a + at, sound.b + at, frames);
    for (size_t i = 0; i < LONGEST + OFFSETS; i++) {
        bool in = i >= at && i < at + frames;

        assert_true(sound.a[i] == (in ? source.a[i] + source.b[i] : source.a[i]));
        assert_true(sound.b[i] == (in ? source.a[i] - source.b[i] : source.b[i]));
    }
}

static void encodes_and_decodes_mid_and_side(void **state)
{
    (void)state;
    for_each_case(check_mid_side);
}

static void check_gain(const struct kernels *kernels, size_t frames, size_t at)
{
    struct sound sound = sound_make(), source = sound;

    kernels->gain(sound.a + at, 0.7, frames);
    for (size_t i = 0; i < LONGEST + OFFSETS; i++) {
        assert_true(sound.a[i] == source.a[i] * (i >= at && i < at + frames ? 0.7 : 1.0));
    }
}

static void applies_a_gain(void **state)
{
    (void)state;
    for_each_case(check_gain);
}

static void check_mix(const struct kernels *kernels, size_t frames, size_t at)
{
    struct sound sound = sound_make(), source = sound;

    kernels->mix_ramp(sound.a + at, source.a + at, source.b + at, 0.1, 0.003, frames);
    for (size_t i = 0; i < LONGEST + OFFSETS; i++) {
        double w = 0.1 + 0.003 * ((double)i - (double)at);
        double mixed = source.a[i] * (1.0 - w) + source.b[i] * w;

        assert_true(sound.a[i] == (i >= at && i < at + frames ? mixed : source.a[i]));
    }
    memcpy(sound.a, source.a, sizeof sound.a);
    kernels->mix_ramp(sound.a + at, sound.a + at, sound.b + at, 0.0, 0.0, frames); /* in place */
    assert_memory_equal(source.a, sound.a, sizeof sound.a);
    kernels->mix_ramp(sound.b + at, sound.a + at, sound.b + at, 1.0, 0.0, frames);
    assert_memory_equal(source.b, sound.b, sizeof sound.b);
}

static void mixes_along_a_ramp(void **state)
{
    (void)state;
    for_each_case(check_mix);
}

static void check_peak(const struct kernels *kernels, size_t frames, size_t at)
{
    struct sound sound = sound_make();
    double most = 0.0;
    float most_float = 0.0F;

    for (size_t i = at; i < at + frames; i++) {
        most = fmax(most, fabs(sound.a[i]));
        most_float = fmaxf(most_float, fabsf(sound.f[i]));
    }
    assert_true(kernels->peak(sound.a + at, frames) == most);
    assert_true(kernels->peak_float(sound.f + at, frames) == (double)most_float);
    for (size_t i = at; i < at + frames; i += 1 + frames / 7) {
        double kept = sound.a[i];
        float kept_float = sound.f[i];

        sound.a[i] = -2.5; /* wherever it stands, it is found */
        sound.f[i] = -2.5F;
        assert_true(kernels->peak(sound.a + at, frames) == 2.5);
        assert_true(kernels->peak_float(sound.f + at, frames) == 2.5);
        sound.a[i] = kept;
        sound.f[i] = kept_float;
    }
}

static void finds_the_peak(void **state)
{
    (void)state;
    for_each_case(check_peak);
}

static void check_peak_of_nan(const struct kernels *kernels, size_t frames, size_t at)
{
    struct sound sound = sound_make();

    for (size_t i = 0; i < frames; i++) {
        if (i % 3 != 1) {
            sound.a[at + i] = (double)NAN;
            sound.f[at + i] = NAN;
        } else {
            sound.a[at + i] = 0.5;
            sound.f[at + i] = -0.5F;
        }
    }
    assert_true(kernels->peak(sound.a + at, frames) == (frames > 1 ? 0.5 : 0.0));
    assert_true(kernels->peak_float(sound.f + at, frames) == (frames > 1 ? 0.5 : 0.0));
}

static void passes_over_nan_in_the_peak(void **state)
{
    (void)state;
    for_each_case(check_peak_of_nan);
}

static void check_widen(const struct kernels *kernels, size_t frames, size_t at)
{
    struct sound sound = sound_make(), source = sound;

    kernels->widen(sound.a + at, sound.f + at, frames);
    for (size_t i = 0; i < LONGEST + OFFSETS; i++) {
        bool in = i >= at && i < at + frames;

        assert_true(sound.a[i] == (in ? (double)source.f[i] : source.a[i]));
    }
}

static void widens_floats(void **state)
{
    (void)state;
    for_each_case(check_widen);
}

static void check_sums(const struct kernels *kernels, size_t frames, size_t at)
{
    struct sound sound = sound_make();
    long double sum = 0.0L, sum_float = 0.0L;

    for (size_t i = at; i < at + frames; i++) {
        sum += (long double)sound.a[i] * (long double)sound.a[i];
        sum_float += (long double)sound.f[i] * (long double)sound.f[i];
    }
    assert_true(fabsl((long double)kernels->sum_of_squares(sound.a + at, frames) - sum) <=
                (long double)SUM_BOUND * sum);
    assert_true(fabsl((long double)kernels->sum_of_squares_float(sound.f + at, frames) -
                      sum_float) <= (long double)SUM_BOUND * sum_float);
}

static void sums_squares_in_double(void **state)
{
    (void)state;
    for_each_case(check_sums);
}

static void check_magnitudes(const struct kernels *kernels, size_t frames, size_t at)
{
    struct sound sound = sound_make(), before = sound;
    size_t bins = frames / (2 * KERNELS_GROUP) * KERNELS_GROUP;

    kernels->add_magnitudes(sound.a + at, sound.b + at, bins);
    for (size_t i = 0; i < LONGEST + OFFSETS; i++) {
        double sum = before.a[i];

        if (i >= at && i < at + bins) {
            size_t k = i - at, place = at + k + k / KERNELS_GROUP * KERNELS_GROUP;
            double re = sound.b[place], im = sound.b[place + KERNELS_GROUP];

            sum += sqrt(re * re + im * im);
        }
        assert_true(fabs(sound.a[i] - sum) <= ROOT_BOUND * fabs(sum));
    }
}

static void adds_magnitudes_of_complex_bins(void **state)
{
    (void)state;
    for_each_case(check_magnitudes);
}

static void check_narrow(const struct kernels *kernels, size_t frames, size_t at)
{
    struct sound sound = sound_make(), source = sound;

    kernels->narrow(sound.f + at, sound.a + at, frames);
    for (size_t i = 0; i < LONGEST + OFFSETS; i++) {
        bool in = i >= at && i < at + frames;

        assert_true(sound.f[i] == (in ? (float)source.a[i] : source.f[i]));
    }
}

static void narrows_doubles(void **state)
{
    (void)state;
    for_each_case(check_narrow);
}

/* Three phases of twelve taps, as they are at 44.1 kHz. */
static void check_true_peak(const struct kernels *kernels, size_t frames, size_t at)
{
    enum { PHASES = 3, STEPS = 12 };
    struct sound sound = sound_make();
    float taps[PHASES * STEPS], most = 0.0F;
    size_t first = at + STEPS, count = frames < STEPS ? 0 : frames - STEPS;
    const float *line = sound.f + first;

    for (size_t k = 0; k < PHASES * STEPS; k++) {
        taps[k] = (float)sound.a[k];
    }
    sound.f[at + frames / 2] = NAN; /* where it counts, there is no peak */
    for (size_t n = 0; n < count; n++) {
        most = fmaxf(most, fabsf(line[(ptrdiff_t)n - STEPS / 2]));
        for (size_t p = 0; p < PHASES; p++) {
            float sum = 0.0F;

            for (size_t k = 0; k < STEPS; k++) {
                sum += taps[p * STEPS + k] * line[(ptrdiff_t)n - (ptrdiff_t)k];
            }
            most = fmaxf(most, fabsf(sum));
        }
    }
    assert_true(kernels->true_peak(line, taps, PHASES, STEPS, count) == (double)most);
}

static void finds_the_peak_between_the_samples(void **state)
{
    (void)state;
    for_each_case(check_true_peak);
}

/* Words of 16 bits: what is one already, what lies between, beyond the ends, and NaN. */
static void check_words(const struct kernels *kernels, size_t frames, size_t at)
{
    const struct kernels_word word = {32768.0, -32768.0, 32767.0};
    struct sound sound = sound_make();
    int32_t words[LONGEST + OFFSETS + 1] = {0};
    size_t inexact = 0, others = 0, held = 0;

    for (size_t i = at; i < at + frames; i++) {
        sound.a[i] = i % 5 == 0   ? floor(sound.a[i] * 32768.0) / 32768.0
                     : i % 7 == 0 ? sound.a[i] * (i % 2 == 0 ? 1e3 : 1e300)
                     : i == 33    ? (double)NAN
                                  : sound.a[i];
    }
    for (int noisy = 0; noisy < 2; noisy++) {
        size_t got = kernels->quantise(&word, sound.a + at, noisy ? sound.b + at : NULL, frames,
                                       words + at, &inexact);

        held = 0;
        for (size_t i = at; i < at + frames; i++) {
            double v = isnan(sound.a[i]) ? 0.0 : fmin(fmax(sound.a[i] * 32768.0, -1e12), 1e12);
            double r = nearbyint(v);

            others += r != v;
            r = r != v && noisy ? nearbyint(v + sound.b[i]) : r;
            held += r < -32768.0 || r > 32767.0;
            assert_int_equal((int32_t)fmin(fmax(r, -32768.0), 32767.0), words[i]);
        }
        assert_int_equal(held, got);
        assert_int_equal(others, inexact);
    }
    assert_int_equal(0, words[at + frames]);
}

static void makes_words_of_numbers(void **state)
{
    (void)state;
    for_each_case(check_words);
}

static void keeps_every_kernel_in_the_real_time_section(void **state)
{
    (void)state;
    for (size_t t = 0; t < TIERS; t++) {
        const struct kernels *kernels = kernels_select(tiers[t]);

        assert_true(kernels == NULL || kernels_are_rt(kernels));
    }
}

static void chooses_a_tier_by_name(void **state)
{
    static const char *const names[] = {"scalar", "sse2", "avx2", "avx512", "neon"};

    (void)state;
    assert_int_equal(SIMD_AUTO, kernels_tier_named("auto"));
    assert_int_equal(-1, kernels_tier_named("mmx"));
    assert_non_null(kernels_select(SIMD_AUTO));
    assert_non_null(kernels_select(SIMD_SCALAR));
    for (size_t t = 0; t < TIERS; t++) {
        const struct kernels *kernels = kernels_select(tiers[t]);

        assert_int_equal(tiers[t], kernels_tier_named(names[t]));
        if (kernels != NULL) {
            assert_int_equal(tiers[t], kernels->tier);
            assert_string_equal(names[t], kernels->name);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encodes_and_decodes_mid_and_side),
        cmocka_unit_test(applies_a_gain),
        cmocka_unit_test(mixes_along_a_ramp),
        cmocka_unit_test(finds_the_peak),
        cmocka_unit_test(passes_over_nan_in_the_peak),
        cmocka_unit_test(widens_floats),
        cmocka_unit_test(sums_squares_in_double),
        cmocka_unit_test(adds_magnitudes_of_complex_bins),
        cmocka_unit_test(narrows_doubles),
        cmocka_unit_test(finds_the_peak_between_the_samples),
        cmocka_unit_test(makes_words_of_numbers),
        cmocka_unit_test(keeps_every_kernel_in_the_real_time_section),
        cmocka_unit_test(chooses_a_tier_by_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
