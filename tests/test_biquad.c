/* test_biquad.c - second-order filters: what they do to each frequency, and how they run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dsp/biquad.h"
#include "tests/chain_support.h"

#include <complex.h>
#include <math.h>

enum { FRAMES = 5000 };

static const double rates[] = {8000, 44100, 48000, 96000, 192000, 384000};
enum { RATES = sizeof rates / sizeof rates[0] };

static double complex response(const struct biquad *f, double hz, double rate_hz)
{
    double turn = -2 * M_PI * hz / rate_hz;
    double complex z = cos(turn) + sin(turn) * (double complex)_Complex_I;

    return (f->b0 + f->b1 * z + f->b2 * z * z) / (1 + f->a1 * z + f->a2 * z * z);
}

static void assert_near(double value, double expected, double bound)
{
    if (!(fabs(value - expected) <= bound)) {
        fail_msg("%.12g is not within %g of %.12g", value, bound, expected);
    }
}

/* The frequency of the analogue filter, over its own, that stands at hz. */
static double analogue(double hz, double own_hz, double rate_hz)
{
    return tan(M_PI * hz / rate_hz) / tan(M_PI * own_hz / rate_hz);
}

static void low_and_high_pass_are_those_of_butterworth(void **state)
{
    (void)state;
    for (size_t r = 0; r < RATES; r++) {
        for (double hz = 10; hz < 0.49 * rates[r]; hz *= 1.3) {
            double ratio = analogue(hz, 1000, rates[r]);
            struct biquad low, high;

            biquad_low_pass(&low, 1000, M_SQRT1_2, rates[r]);
            biquad_high_pass(&high, 1000, M_SQRT1_2, rates[r]);
            assert_near(cabs(response(&low, hz, rates[r])), 1 / sqrt(1 + pow(ratio, 4)), 1e-6);
            assert_near(cabs(response(&high, hz, rates[r])), 1 / sqrt(1 + pow(1 / ratio, 4)), 1e-6);
        }
    }
}

static void all_passes_turn_the_phase_and_nothing_else(void **state)
{
    (void)state;
    for (size_t r = 0; r < RATES; r++) {
        struct biquad second, first;

        biquad_all_pass(&second, 500, M_SQRT1_2, rates[r]);
        biquad_all_pass_1(&first, 500, rates[r]);
        for (double hz = 10; hz < 0.49 * rates[r]; hz *= 1.3) {
            assert_near(cabs(response(&second, hz, rates[r])), 1, 1e-7);
            assert_near(cabs(response(&first, hz, rates[r])), 1, 1e-7);
        }
        assert_near(fabs(carg(response(&second, 500, rates[r]))), M_PI, 1e-6);
        assert_near(carg(response(&first, 500, rates[r])), -M_PI / 2, 1e-6);
    }
}

static void a_high_pass_of_first_order_takes_out_dc_alone(void **state)
{
    (void)state;
    for (size_t r = 0; r < RATES; r++) {
        struct biquad filter;

        biquad_high_pass_1(&filter, 5, rates[r]);
        assert_near(cabs(response(&filter, 0, rates[r])), 0, 1e-9);
        assert_near(20 * log10(cabs(response(&filter, 5, rates[r]))), -3.0103, 1e-3);
        assert_near(20 * log10(cabs(response(&filter, 20, rates[r]))), -0.263, 1e-2);
        assert_near(20 * log10(cabs(response(&filter, 0.4 * rates[r], rates[r]))), 0, 1e-3);
    }
}

static void what_is_asked_for_above_half_the_rate_is_still_a_filter(void **state)
{
    struct biquad filter;

    (void)state;
    biquad_low_pass(&filter, 6000, M_SQRT1_2, 8000);
    assert_near(cabs(response(&filter, 100, 8000)), 1, 1e-3);
    assert_true(fabs(filter.a2) < 1 && fabs(filter.a1) < 1 + filter.a2);
}

/* The difference equation as it stands, in long double. */
static void slow(const struct biquad *f, const double *in, double *out, size_t frames)
{
    long double x1 = 0, x2 = 0, y1 = 0, y2 = 0;

    for (size_t n = 0; n < frames; n++) {
        long double x = (long double)in[n];
        long double y = (long double)f->b0 * x + (long double)f->b1 * x1 + (long double)f->b2 * x2 -
                        (long double)f->a1 * y1 - (long double)f->a2 * y2;

        x2 = x1;
        x1 = x;
        y2 = y1;
        y1 = y;
        out[n] = (double)y;
    }
}

static void it_runs_as_its_difference_equation_says_in_parts_of_any_length(void **state)
{
    static const size_t parts[] = {1, 3, 64, 127, 512, 4096};
    struct stereo in = stereo_bursts(FRAMES, 0.2, 1, 3, 0), expected = stereo_create(FRAMES);
    struct biquad filter;

    (void)state;
    biquad_low_pass(&filter, 120, M_SQRT1_2, 44100);
    slow(&filter, in.channel[0], expected.channel[0], FRAMES);
    slow(&filter, in.channel[1], expected.channel[1], FRAMES);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        struct biquad_pair pair = {{0, 0}, {0, 0}};
        struct stereo out = stereo_create(FRAMES);

        for (size_t n = 0; n < FRAMES; n++) {
            out.channel[0][n] = in.channel[0][n];
            out.channel[1][n] = in.channel[1][n];
        }
        for (size_t n = 0; n < FRAMES; n += parts[i]) {
            size_t count = FRAMES - n < parts[i] ? FRAMES - n : parts[i];

            biquad_run(&filter, &pair, out.channel[0] + n, out.channel[1] + n, count);
        }
        assert_true(worst_difference_db(&out, &expected, 0, FRAMES) < -220);
        stereo_destroy(&out);
    }
    stereo_destroy(&in);
    stereo_destroy(&expected);
}

static void filters_in_a_row_sound_as_one_after_the_other(void **state)
{
    enum { MOST = 9 };
    struct biquad filters[MOST];

    (void)state;
    for (size_t i = 0; i < MOST; i++) {
        if (i % 2 == 0) {
            biquad_all_pass(&filters[i], 100.0 * (double)(i + 1), 0.9, 44100);
        } else {
            biquad_high_pass(&filters[i], 10.0 * (double)i, M_SQRT1_2, 44100);
        }
    }
    for (size_t count = 0; count <= MOST; count++) {
        struct stereo together = stereo_bursts(FRAMES, 0.2, 1, 3, 0);
        struct stereo apart = stereo_bursts(FRAMES, 0.2, 1, 3, 0);
        struct biquad_pair row[MOST] = {0}, single[MOST] = {0};

        for (size_t n = 0; n < FRAMES; n += 100) {
            size_t frames = FRAMES - n < 100 ? FRAMES - n : 100;

            biquad_run_row(filters, row, count, together.channel[0] + n, together.channel[1] + n,
                           frames);
        }
        for (size_t i = 0; i < count; i++) {
            biquad_run(&filters[i], &single[i], apart.channel[0], apart.channel[1], FRAMES);
        }
        assert_memory_equal(together.channel[0], apart.channel[0], FRAMES * sizeof(double));
        assert_memory_equal(together.channel[1], apart.channel[1], FRAMES * sizeof(double));
        assert_memory_equal(row, single, sizeof row);
        stereo_destroy(&together);
        stereo_destroy(&apart);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(low_and_high_pass_are_those_of_butterworth),
        cmocka_unit_test(all_passes_turn_the_phase_and_nothing_else),
        cmocka_unit_test(a_high_pass_of_first_order_takes_out_dc_alone),
        cmocka_unit_test(what_is_asked_for_above_half_the_rate_is_still_a_filter),
        cmocka_unit_test(it_runs_as_its_difference_equation_says_in_parts_of_any_length),
        cmocka_unit_test(filters_in_a_row_sound_as_one_after_the_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
