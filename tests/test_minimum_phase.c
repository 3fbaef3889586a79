/* test_minimum_phase.c - the same magnitude, its energy at the front. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dsp/fft.h"
#include "dsp/minimum_phase.h"
#include "match/fir.h"
#include "tests/chain_support.h"
#include "tests/match_support.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TAPS = 4096, SIZE = 32768 };

/* 20 log10 of the magnitude at each bin of SIZE. */
static void magnitudes(const double *taps, double *db)
{
    struct fft *fft = fft_create(SIZE, FFT_FLOAT64);
    double *time = fft_alloc(SIZE * sizeof *time), *freq = fft_alloc((SIZE + 2) * sizeof *freq);

    assert_non_null(fft);
    memcpy(time, taps, TAPS * sizeof *taps);
    fft_forward_f64(fft, time, freq);
    for (size_t k = 0; k <= SIZE / 2; k++) {
        db[k] = 20.0 * log10(hypot(freq[2 * k], freq[2 * k + 1]) + 1e-20);
    }
    fft_destroy(fft);
    free(time);
    free(freq);
}

/* The largest difference where both are more than the floor below the highest. */
static double worst_db(const double *one, const double *other, double floor_db)
{
    double highest = -HUGE_VAL, worst = 0.0;

    for (size_t k = 0; k <= SIZE / 2; k++) {
        highest = fmax(highest, one[k]);
    }
    for (size_t k = 0; k <= SIZE / 2; k++) {
        if (one[k] > highest + floor_db) {
            worst = fmax(worst, fabs(one[k] - other[k]));
        }
    }
    return worst;
}

/* The frame up to which `share` of the energy lies. */
static size_t energy_end(const double *taps, double share)
{
    double all = 0.0, sum = 0.0;

    for (size_t n = 0; n < TAPS; n++) {
        all += taps[n] * taps[n];
    }
    for (size_t n = 0; n < TAPS; n++) {
        sum += taps[n] * taps[n];
        if (sum >= share * all) {
            return n;
        }
    }
    return TAPS;
}

static void check(const double *taps)
{
    double *out = malloc(TAPS * sizeof *out);
    double *before = malloc((SIZE / 2 + 1) * sizeof *before);
    double *after = malloc((SIZE / 2 + 1) * sizeof *after);

    assert_int_equal(0, minimum_phase(taps, TAPS, MINIMUM_PHASE_FLOOR_DB, out));
    magnitudes(taps, before);
    magnitudes(out, after);
    assert_true(worst_db(before, after, MINIMUM_PHASE_FLOOR_DB + 3.0) < 0.05);
    assert_true(energy_end(out, 0.5) < energy_end(taps, 0.5) / 4);
    /* No signal of this magnitude has more of its energy in its first frames. */
    for (size_t n = 1; n < TAPS; n *= 2) {
        double mine = 0.0, other = 0.0;

        for (size_t i = 0; i < n; i++) {
            mine += out[i] * out[i];
            other += taps[i] * taps[i];
        }
        assert_true(mine >= other * (1.0 - 1e-6));
    }
    free(out);
    free(before);
    free(after);
}

static void keeps_the_magnitude_of_every_golden_filter(void **state)
{
    struct golden_values *values = malloc(sizeof *values);

    (void)state;
    for (size_t i = 0; i < GOLDENS; i++) {
        golden_read(&goldens[i], values);
        check(values->taps[0]);
        check(values->taps[1]);
    }
    free(values);
}

/* A steep curve with a deep hole, as a dull reference makes. */
static void keeps_the_magnitude_of_a_steep_curve(void **state)
{
    double *curve = malloc((TAPS / 2 + 1) * sizeof *curve);
    double *taps = malloc(TAPS * sizeof *taps);

    (void)state;
    for (size_t k = 0; k <= TAPS / 2; k++) {
        double octaves = log2(((double)k + 1.0) / 100.0);

        curve[k] = k == 0 ? 0.0 : pow(10.0, (-6.0 * octaves - 20.0 * exp(-octaves * octaves)) / 20);
    }
    assert_int_equal(0, fir_design(curve, TAPS, taps));
    check(taps);
    free(curve);
    free(taps);
}

static void leaves_what_is_of_minimum_phase_alone(void **state)
{
    double taps[64] = {1.0, -0.5, 0.25}, out[64];

    (void)state;
    assert_int_equal(0, minimum_phase(taps, 64, MINIMUM_PHASE_FLOOR_DB, out));
    for (size_t i = 0; i < 64; i++) {
        assert_true(fabs(out[i] - taps[i]) < 1e-9);
    }
}

static void lets_nothing_fall_below_the_floor(void **state)
{
    double *taps = calloc(TAPS, sizeof *taps), *out = malloc(TAPS * sizeof *out);
    double *db = malloc((SIZE / 2 + 1) * sizeof *db);

    (void)state;
    taps[0] = 0.5;
    taps[1] = -0.5; /* nothing at 0 Hz, 1 at half the rate */
    assert_int_equal(0, minimum_phase(taps, TAPS, -40.0, out));
    magnitudes(out, db);
    assert_true(fabs(db[SIZE / 2]) < 0.05);
    assert_true(fabs(db[0] + 40.0) < 0.5);
    free(taps);
    free(out);
    free(db);
}

static void makes_silence_of_a_filter_of_zeros(void **state)
{
    double taps[64] = {0}, out[64];

    (void)state;
    out[5] = 1.0;
    assert_int_equal(0, minimum_phase(taps, 64, MINIMUM_PHASE_FLOOR_DB, out));
    for (size_t i = 0; i < 64; i++) {
        assert_true(out[i] == 0.0);
    }
}

static void refuses_what_is_no_filter(void **state)
{
    double taps[4] = {1.0, (double)NAN, 0.0, 0.0}, out[4];

    (void)state;
    assert_int_equal(-EINVAL, minimum_phase(taps, 4, -60.0, out));
    assert_int_equal(-EINVAL, minimum_phase(taps, 0, -60.0, out));
    assert_int_equal(-EINVAL, minimum_phase(taps, 1, 0.0, out));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_the_magnitude_of_every_golden_filter),
        cmocka_unit_test(keeps_the_magnitude_of_a_steep_curve),
        cmocka_unit_test(leaves_what_is_of_minimum_phase_alone),
        cmocka_unit_test(lets_nothing_fall_below_the_floor),
        cmocka_unit_test(makes_silence_of_a_filter_of_zeros),
        cmocka_unit_test(refuses_what_is_no_filter),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
