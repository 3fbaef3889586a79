/* test_bands.c - third octaves: a tone stands in its own, and nothing is lost. */
#include "measure/bands.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { RATE_HZ = 48000, BLOCK = 480 };

static double noise(uint64_t *state)
{
    *state = *state * 6364136223846793005U + 1442695040888963407U;
    return (double)(*state >> 33) / (double)(1U << 30) - 1.0;
}

/* A second of a sine of amplitude 0.1 in the middle of a band. */
static void levels_of_sine(uint32_t rate_hz, size_t band, float levels[BANDS],
                           float lines[BANDS_LINES])
{
    static float audio[BLOCK];
    const float *const channels[2] = {audio, audio};
    struct bands *bands = bands_create(rate_hz);
    double hz = bands_middle_hz(band);

    assert_non_null(bands);
    for (uint32_t at = 0; at < rate_hz; at += BLOCK) {
        for (uint32_t i = 0; i < BLOCK; i++) {
            audio[i] = (float)(0.1 * sin(2.0 * M_PI * hz * (at + i) / rate_hz));
        }
        bands_add(bands, channels, BLOCK);
    }
    bands_read(bands, levels);
    bands_read_lines(bands, lines);
    bands_destroy(bands);
}

static void a_sine_stands_in_its_third_octave_alone(void **state)
{
    static const uint32_t rates[] = {44100, 48000, 96000};

    (void)state;
    for (size_t i = 0; i < 3 * BANDS; i++) {
        size_t band = i % BANDS;
        float levels[BANDS], lines[BANDS_LINES];

        levels_of_sine(rates[i / BANDS], band, levels, lines);
        /* The three lowest are as narrow as the window can tell apart. */
        assert_true(fabs((double)levels[band] + 23.01) < (band < 3 ? 1.3 : 0.15));
        for (size_t other = 0; other < BANDS; other++) {
            size_t apart = other > band ? other - band : band - other;

            if (apart > 0) {
                assert_true((double)levels[other] < -23.0 - (apart == 1 ? 10.0 : 30.0));
            }
        }
    }
}

static void a_sine_stands_in_its_line(void **state)
{
    static const uint32_t rates[] = {44100, 48000, 192000};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        float levels[BANDS], lines[BANDS_LINES];

        levels_of_sine(rates[i], 17, levels, lines); /* 1 kHz */
        for (size_t line = 0; line < BANDS_LINES; line++) {
            double from = 20.0 * exp2((double)line / 12.0);
            bool here = from <= 1000.0 && 1000.0 < from * exp2(1.0 / 12.0);
            bool near = from > 900.0 && from < 1100.0;

            assert_true(!here || fabs((double)lines[line] + 23.01) < 0.1);
            assert_true(near || (double)lines[line] < -80.0);
        }
    }
}

static void the_bands_of_noise_add_up_to_its_level(void **state)
{
    static float audio[2][BLOCK];
    const float *const channels[2] = {audio[0], audio[1]};
    struct bands *bands = bands_create(RATE_HZ);
    double square[2] = {0, 0}, power = 0, mean[BANDS] = {0};
    enum { BLOCKS = 1000, SETTLED = BLOCKS / 2 };
    uint64_t seed = 11;
    float levels[BANDS];

    (void)state;
    for (int block = 0; block < BLOCKS; block++) {
        for (int c = 0; c < 2; c++) {
            for (int i = 0; i < BLOCK; i++) {
                audio[c][i] = (float)((c == 0 ? 0.5 : 0.1) * noise(&seed));
                square[c] += (double)audio[c][i] * (double)audio[c][i] / BLOCKS / BLOCK;
            }
        }
        bands_add(bands, channels, BLOCK);
        bands_read(bands, levels);
        for (size_t i = 0; i < BANDS && block >= SETTLED; i++) {
            mean[i] += pow(10.0, (double)levels[i] / 10.0) / (BLOCKS - SETTLED);
        }
    }
    for (size_t i = 0; i < BANDS; i++) {
        power += mean[i];
    }
    /* What lies above 22.4 kHz of 24 is in no band. */
    assert_true(fabs(10.0 * log10(power / ((square[0] + square[1]) / 2.0)) -
                     10.0 * log10(22387.0 / 24000.0)) < 0.3);
    /* White noise rises by 1 dB a band. */
    for (size_t i = 18; i < BANDS; i++) {
        assert_true(fabs(10.0 * log10(mean[i] / mean[i - 1]) - 1.0) < 0.7);
    }
    bands_destroy(bands);
}

static void silence_and_what_is_beyond_half_the_rate_have_no_level(void **state)
{
    static float audio[BLOCK];
    const float *const channels[2] = {audio, audio};
    struct bands *bands = bands_create(22050);
    float levels[BANDS];
    uint64_t seed = 1;

    (void)state;
    bands_read(bands, levels);
    for (size_t i = 0; i < BANDS; i++) {
        assert_true(isinf(levels[i]));
    }
    for (int block = 0; block < 100; block++) {
        for (int i = 0; i < BLOCK; i++) {
            audio[i] = (float)noise(&seed);
        }
        bands_add(bands, channels, BLOCK);
    }
    bands_read(bands, levels);
    assert_true(isinf(levels[30]) && isinf(levels[29])); /* 20 kHz, 16 kHz */
    assert_true(isfinite(levels[27]));
    bands_reset(bands);
    bands_read(bands, levels);
    assert_true(isinf(levels[27]));
    bands_destroy(bands);
    assert_null(bands_create(0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sine_stands_in_its_third_octave_alone),
        cmocka_unit_test(a_sine_stands_in_its_line),
        cmocka_unit_test(the_bands_of_noise_add_up_to_its_level),
        cmocka_unit_test(silence_and_what_is_beyond_half_the_rate_have_no_level),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
