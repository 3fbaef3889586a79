/* test_correction.c - levels after gain and clipping, from a histogram and from all samples. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "match/correction.h"
#include "match/match.h"
#include "tests/chain_support.h"

#include <math.h>
#include <stdlib.h>

enum { PIECES = 5, PIECE_FRAMES = 100003, FRAMES = PIECES * PIECE_FRAMES };

/* Bursts of noise, a level of its own for each piece. */
static double *make_mid(double level)
{
    double *mid = malloc((FRAMES + 1000) * sizeof(*mid));
    uint64_t seed = 11;

    assert_non_null(mid);
    for (size_t i = 0; i < FRAMES + 1000; i++) {
        size_t piece = i / PIECE_FRAMES;
        double x = random_unit(&seed);

        mid[i] = level * (0.3 + 0.2 * (double)piece) * x * x * x;
    }
    return mid;
}

/* The definition: clip, RMS of each piece, the loud ones chosen. */
static double slow_match_rms(const double *mid, double gain)
{
    double rms[PIECES], sum = 0.0, average = 0.0;
    int loud = 0;

    for (size_t p = 0; p < PIECES; p++) {
        double power = 0.0;

        for (size_t i = p * PIECE_FRAMES; i < (p + 1) * PIECE_FRAMES; i++) {
            double y = fmin(1.0, gain * fabs(mid[i]));

            power += y * y;
        }
        rms[p] = sqrt(power / PIECE_FRAMES);
        average += rms[p] * rms[p];
    }
    average = sqrt(average / PIECES);
    for (size_t p = 0; p < PIECES; p++) {
        if (rms[p] < average)
            continue;
        sum += rms[p] * rms[p];
        loud++;
    }
    return sqrt(sum / loud);
}

static struct correction *fed(const double *mid, double gain, size_t chunk)
{
    struct correction *correction = correction_create(PIECES, PIECE_FRAMES, gain);

    assert_non_null(correction);
    for (size_t i = 0; i < FRAMES + 1000; i += chunk)
        correction_feed(correction, mid + i, chunk < FRAMES + 1000 - i ? chunk : FRAMES + 1000 - i);
    return correction;
}

static void agrees_with_all_samples_for_every_gain_it_covers(void **state)
{
    double *mid = make_mid(0.8);
    struct correction *correction = fed(mid, 1.7, 4096);

    (void)state;
    for (double gain = 0.26; gain < 3.9; gain *= 1.17) {
        double exact = slow_match_rms(mid, 1.7 * gain);

        assert_true(correction_covers(gain));
        /* -140 dB of the level; measured: below -150. */
        assert_true(fabs(correction_match_rms(correction, gain) - exact) < 1e-7 * exact);
    }
    correction_destroy(correction);
    free(mid);
}

static void does_not_depend_on_how_it_is_fed(void **state)
{
    double *mid = make_mid(2.0);
    struct correction *one = fed(mid, 1.0, FRAMES + 1000), *other = fed(mid, 1.0, 777);

    (void)state;
    assert_true(fabs(correction_match_rms(one, 1.0) - correction_match_rms(other, 1.0)) < 1e-14);
    correction_destroy(one);
    correction_destroy(other);
    free(mid);
}

static void counts_what_is_far_too_loud_as_clipped(void **state)
{
    double mid[100], exact = 1.0;
    struct correction *correction = correction_create(1, 100, 1.0);

    (void)state;
    assert_non_null(correction);
    for (int i = 0; i < 100; i++)
        mid[i] = i % 2 ? 1e6 : -4.5;
    correction_feed(correction, mid, 100);
    assert_true(fabs(correction_match_rms(correction, 1.0) - exact) < 1e-12);
    correction_destroy(correction);
}

static void says_which_gains_it_does_not_cover(void **state)
{
    (void)state;
    assert_true(correction_covers(1.0));
    assert_false(correction_covers(0.2));
    assert_false(correction_covers(4.1));
}

/* More pieces than full resolution has room for: coarser, and still -100 dB. */
static void stays_within_its_memory_for_very_long_tracks(void **state)
{
    enum { MANY = 8192, SHORT = 64 };
    struct correction *correction = correction_create(MANY, SHORT, 1.0);
    double mid[SHORT], power = 0.0, found;
    uint64_t seed = 21;

    (void)state;
    assert_non_null(correction);
    for (int i = 0; i < SHORT; i++) {
        mid[i] = 2.0 * random_unit(&seed);
        power += fmin(1.0, fabs(mid[i])) * fmin(1.0, fabs(mid[i]));
    }
    for (int p = 0; p < MANY; p++)
        correction_feed(correction, mid, SHORT);
    found = correction_match_rms(correction, 1.0);
    assert_true(fabs(found - sqrt(power / SHORT)) < 1e-5);
    correction_destroy(correction);
}

static void all_pieces_are_loud_when_rounding_leaves_none(void **state)
{
    const double nan_rms = (double)NAN;
    double rms[3] = {nan_rms, nan_rms, nan_rms};
    bool loud[3];
    size_t count = 0;

    (void)state;
    match_loud_pieces(rms, 3, loud, &count);
    assert_int_equal(count, 3);
}

static void the_loud_pieces_are_those_at_or_above_the_rms_of_all(void **state)
{
    const double rms[4] = {0.1, 0.3, 0.5, 0.2};
    bool loud[4];
    size_t count = 0;
    double level = match_loud_pieces(rms, 4, loud, &count);

    (void)state;
    /* RMS of all: 0.3122 */
    assert_int_equal(count, 1);
    assert_true(!loud[0] && !loud[1] && loud[2] && !loud[3]);
    assert_true(fabs(level - 0.5) < 1e-15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_all_samples_for_every_gain_it_covers),
        cmocka_unit_test(does_not_depend_on_how_it_is_fed),
        cmocka_unit_test(counts_what_is_far_too_loud_as_clipped),
        cmocka_unit_test(says_which_gains_it_does_not_cover),
        cmocka_unit_test(stays_within_its_memory_for_very_long_tracks),
        cmocka_unit_test(all_pieces_are_loud_when_rounding_leaves_none),
        cmocka_unit_test(the_loud_pieces_are_those_at_or_above_the_rms_of_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
