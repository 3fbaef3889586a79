/* test_crossover.c - four bands: flat when added up, steep between, the same in every tier. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dsp/biquad.h"
#include "dsp/crossover.h"
#include "dsp/fft.h"
#include "tests/chain_support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SIZE = 65536, FRAMES = 6000 };

static const double borders[3] = {120, 1000, 6000};
static const double ones[CROSSOVER_BANDS] = {1, 1, 1, 1};

static void assert_near(double value, double expected, double bound)
{
    if (!(fabs(value - expected) <= bound)) {
        fail_msg("%.6f is not within %g of %.6f", value, bound, expected);
    }
}

/* The squared magnitude of what an impulse becomes in one band, or (band 4) in their sum. */
static void measure(size_t band, uint32_t rate_hz, double *power)
{
    const struct crossover_loops *loops = crossover_loops_select(SIMD_SCALAR);
    struct fft *fft = fft_create(SIZE, FFT_FLOAT64);
    double *in = fft_alloc(SIZE * sizeof *in), *out = fft_alloc(SIZE * sizeof *out);
    double *other = fft_alloc(SIZE * sizeof *other);
    double *freq = fft_alloc((SIZE + 2) * sizeof *freq);
    double *lanes = fft_alloc((size_t)SIZE * CROSSOVER_LANES * sizeof *lanes);
    double gains[CROSSOVER_BANDS] = {0}, sums[CROSSOVER_LANES];
    struct crossover crossover;

    in[0] = 1;
    if (band < CROSSOVER_BANDS) {
        gains[band] = 1;
    }
    crossover_init(&crossover, borders, rate_hz);
    loops->split(&crossover, in, in, SIZE, lanes, sums);
    loops->sum(lanes, SIZE, band < CROSSOVER_BANDS ? gains : ones,
               band < CROSSOVER_BANDS ? gains : ones, out, other);
    assert_memory_equal(out, other, SIZE * sizeof *out);
    fft_forward_f64(fft, out, freq);
    for (size_t k = 0; k <= SIZE / 2; k++) {
        power[k] = freq[2 * k] * freq[2 * k] + freq[2 * k + 1] * freq[2 * k + 1];
    }
    fft_destroy(fft);
    free(in);
    free(out);
    free(other);
    free(freq);
    free(lanes);
}

static double db_at(const double *power, double hz, uint32_t rate_hz)
{
    return 10 * log10(power[lround(hz * SIZE / rate_hz)]);
}

static void the_sum_of_all_bands_is_flat(void **state)
{
    static const uint32_t rates[] = {8000, 44100, 48000, 96000, 192000};
    double *power = malloc((SIZE / 2 + 1) * sizeof *power);

    (void)state;
    for (size_t r = 0; r < sizeof rates / sizeof rates[0]; r++) {
        measure(CROSSOVER_BANDS, rates[r], power);
        for (size_t k = 0; k <= SIZE / 2; k++) {
            assert_near(10 * log10(power[k]), 0, 1e-6); /* 0.05 dB are asked for */
        }
    }
    free(power);
}

static void each_band_is_6_db_down_at_its_borders_and_falls_by_24_db_an_octave(void **state)
{
    double *power = malloc((SIZE / 2 + 1) * sizeof *power);

    (void)state;
    measure(0, 44100, power);
    assert_near(db_at(power, 120, 44100), -6.02, 0.1);
    assert_near(db_at(power, 960, 44100) - db_at(power, 480, 44100), -24, 6.1); /* and 1 kHz's */
    measure(1, 44100, power);
    assert_near(db_at(power, 120, 44100), -6.02, 0.1);
    assert_near(db_at(power, 1000, 44100), -6.02, 0.1);
    assert_near(db_at(power, 346, 44100), 0, 0.3);
    assert_near(db_at(power, 30, 44100) - db_at(power, 15, 44100), 24, 1);
    assert_near(db_at(power, 8000, 44100) - db_at(power, 4000, 44100), -24, 4);
    measure(2, 44100, power);
    assert_near(db_at(power, 1000, 44100), -6.02, 0.1);
    assert_near(db_at(power, 6000, 44100), -6.02, 0.1);
    assert_near(db_at(power, 250, 44100) - db_at(power, 125, 44100), 24, 1);
    measure(3, 44100, power);
    assert_near(db_at(power, 6000, 44100), -6.02, 0.1);
    assert_near(db_at(power, 3000, 44100) - db_at(power, 1500, 44100), 25.1, 1);
    free(power);
}

static void what_it_says_of_a_tone_is_what_it_does(void **state)
{
    static const uint32_t rates[] = {44100, 192000};
    double *power = malloc((SIZE / 2 + 1) * sizeof *power);

    (void)state;
    for (size_t i = 0; i < 2 * (size_t)CROSSOVER_BANDS; i++) {
        uint32_t rate = rates[i / CROSSOVER_BANDS];

        measure(i % CROSSOVER_BANDS, rate, power);
        for (size_t k = 1; k < SIZE / 2; k += k / 8 + 1) {
            double said =
                crossover_power(borders, rate, i % CROSSOVER_BANDS, (double)k * rate / SIZE);

            if (said > 1e-6) {
                assert_near(10 * log10(power[k]), 10 * log10(said), 0.01);
            }
        }
    }
    free(power);
}

/* The tree from filters that run one after the other. */
static void slow(const struct stereo *in, size_t band, struct stereo *out)
{
    struct biquad chain[5];

    (band < 2 ? biquad_low_pass : biquad_high_pass)(&chain[0], borders[1], M_SQRT1_2, 44100);
    chain[1] = chain[0];
    biquad_all_pass(&chain[2], borders[band < 2 ? 2 : 0], M_SQRT1_2, 44100);
    (band % 2 == 0 ? biquad_low_pass : biquad_high_pass)(&chain[3], borders[band < 2 ? 0 : 2],
                                                         M_SQRT1_2, 44100);
    chain[4] = chain[3];
    for (size_t n = 0; n < in->frames; n++) {
        out->channel[0][n] = in->channel[0][n];
        out->channel[1][n] = in->channel[1][n];
    }
    for (size_t i = 0; i < 5; i++) {
        struct biquad_pair pair = {{0, 0}, {0, 0}};

        biquad_run(&chain[i], &pair, out->channel[0], out->channel[1], in->frames);
    }
}

static void every_tier_splits_as_filters_in_a_row_do_in_parts_of_any_length(void **state)
{
    static const size_t parts[] = {16, 64, 77, 6000};
    const struct kernels *tiers[8];
    size_t count = every_tier(tiers);
    struct stereo in = stereo_bursts(FRAMES, 0.1, 1, 9, 0), expected = stereo_create(FRAMES),
                  got = stereo_create(FRAMES);
    double *lanes = fft_alloc((size_t)FRAMES * CROSSOVER_LANES * sizeof *lanes);

    (void)state;
    for (size_t i = 0; i < count * 4; i++) {
        const struct crossover_loops *loops = crossover_loops_select(tiers[i / 4]->tier);
        struct crossover crossover;
        double power[CROSSOVER_LANES], sums[CROSSOVER_LANES] = {0};

        assert_true(crossover_loops_are_rt(loops));
        crossover_init(&crossover, borders, 44100);
        for (size_t n = 0; n < FRAMES; n += parts[i % 4]) {
            size_t frames = FRAMES - n < parts[i % 4] ? FRAMES - n : parts[i % 4];

            loops->split(&crossover, in.channel[0] + n, in.channel[1] + n, frames,
                         lanes + n * CROSSOVER_LANES, power);
            for (size_t lane = 0; lane < CROSSOVER_LANES; lane++) {
                sums[lane] += power[lane];
            }
        }
        for (size_t band = 0; band < CROSSOVER_BANDS; band++) {
            double sum = 0;

            slow(&in, band, &expected);
            for (size_t n = 0; n < FRAMES; n++) {
                got.channel[0][n] = lanes[n * CROSSOVER_LANES + 2 * band];
                got.channel[1][n] = lanes[n * CROSSOVER_LANES + 2 * band + 1];
                sum += got.channel[0][n] * got.channel[0][n];
            }
            assert_true(worst_difference_db(&got, &expected, 0, FRAMES) < -250);
            assert_near(sums[2 * band] / sum, 1, 1e-12);
        }
    }
    stereo_destroy(&in);
    stereo_destroy(&expected);
    stereo_destroy(&got);
    free(lanes);
}

static void gains_go_in_a_straight_line_to_the_last_frame(void **state)
{
    static const double from[4] = {0, 1, 2, 3}, to[4] = {4, 1, 0, 1};
    const struct kernels *tiers[8];
    size_t count = every_tier(tiers);
    _Alignas(64) double lanes[16 * CROSSOVER_LANES];
    double left[16], right[16];

    (void)state;
    for (size_t i = 0; i < count; i++) {
        const struct crossover_loops *loops = crossover_loops_select(tiers[i]->tier);

        for (size_t n = 0; n < 16 * (size_t)CROSSOVER_LANES; n++) {
            lanes[n] = (double)(n % 7) - 3;
        }
        loops->sum(lanes, 16, from, to, left, right);
        for (size_t n = 0; n < 16; n++) {
            double one = 0, other = 0;

            for (size_t band = 0; band < CROSSOVER_BANDS; band++) {
                double gain = from[band] + (to[band] - from[band]) * (double)(n + 1) / 16;

                one += gain * lanes[n * CROSSOVER_LANES + 2 * band];
                other += gain * lanes[n * CROSSOVER_LANES + 2 * band + 1];
            }
            assert_near(left[n], one, 1e-12);
            assert_near(right[n], other, 1e-12);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sum_of_all_bands_is_flat),
        cmocka_unit_test(each_band_is_6_db_down_at_its_borders_and_falls_by_24_db_an_octave),
        cmocka_unit_test(what_it_says_of_a_tone_is_what_it_does),
        cmocka_unit_test(every_tier_splits_as_filters_in_a_row_do_in_parts_of_any_length),
        cmocka_unit_test(gains_go_in_a_straight_line_to_the_last_frame),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
