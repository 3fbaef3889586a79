/* test_envelope.c - gain computer and ballistics, against the paper's formulas. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dsp/envelope.h"

#include <math.h>

static const double step_s = 16.0 / 44100;

static void assert_near(double value, double expected, double bound)
{
    if (!(fabs(value - expected) <= bound)) {
        fail_msg("%.9f is not within %g of %.9f", value, bound, expected);
    }
}

/* Equation 4: what comes out of a level, all in decibels. */
static double output_db(double x, double threshold, double ratio, double knee)
{
    if (2 * (x - threshold) < -knee) {
        return x;
    }
    if (2 * fabs(x - threshold) <= knee && knee > 0) {
        return x + (1 / ratio - 1) * pow(x - threshold + knee / 2, 2) / (2 * knee);
    }
    return threshold + (x - threshold) / ratio;
}

static struct envelope make(double threshold, double ratio, double knee, double range)
{
    struct envelope_shape shape = {.threshold_db = threshold,
                                   .ratio = ratio,
                                   .knee_db = knee,
                                   .range_db = range,
                                   .rms_ms = 0,
                                   .attack_ms = 20,
                                   .release_ms = 200,
                                   .makeup_db = 0};
    struct envelope envelope;

    envelope_init(&envelope, &shape, step_s);
    return envelope;
}

static void the_curve_is_that_of_the_paper(void **state)
{
    static const double ratios[] = {0.25, 0.5, 1, 2, 4, 20};
    static const double knees[] = {0, 1, 6, 24};

    (void)state;
    for (size_t i = 0; i < sizeof ratios / sizeof ratios[0]; i++) {
        for (size_t j = 0; j < sizeof knees / sizeof knees[0]; j++) {
            struct envelope envelope = make(-30, ratios[i], knees[j], 1000);

            for (double x = -70; x <= 0; x += 0.37) {
                assert_near(x + envelope_change_db(&envelope, x),
                            output_db(x, -30, ratios[i], knees[j]), 1e-9);
            }
        }
    }
}

static void it_never_changes_more_than_its_range(void **state)
{
    struct envelope down = make(-30, 20, 6, 4), up = make(-30, 0.25, 6, 4);

    (void)state;
    assert_near(envelope_change_db(&down, 0), -4, 1e-12);
    assert_near(envelope_change_db(&up, 0), 4, 1e-12);
    assert_near(envelope_change_db(&up, -60), 0, 1e-12);
}

/* Steps until the change has gone 63 % of its way to `goal`. */
static int steps_to(struct envelope *envelope, double power, double goal)
{
    double start = envelope->change_db, part = 1 - exp(-1);
    int steps = 0;

    while (fabs(envelope->change_db - start) < part * fabs(goal - start) && steps < 100000) {
        envelope_step(envelope, power);
        steps++;
    }
    return steps;
}

static void a_step_is_followed_in_attack_and_release_time(void **state)
{
    struct envelope envelope = make(-40, 4, 0, 100);
    double loud = 0.01; /* -20 dB: 20 dB over, down by 15 */

    (void)state;
    assert_near(steps_to(&envelope, loud, -15) * step_s, 0.020, 0.001);
    for (int i = 0; i < 10000; i++) {
        envelope_step(&envelope, loud);
    }
    assert_near(envelope.change_db, -15, 1e-6);
    assert_near(steps_to(&envelope, 1e-9, 0) * step_s, 0.200, 0.001);
}

static void a_steady_level_comes_out_as_the_curve_says_with_make_up(void **state)
{
    struct envelope_shape shape = {-40, 2, 6, 20, 10, 5, 50, 3};
    struct envelope envelope;
    double gain = 0;

    (void)state;
    envelope_init(&envelope, &shape, step_s);
    for (int i = 0; i < 10000; i++) {
        gain = envelope_step(&envelope, 0.001); /* -30 dB */
    }
    assert_near(20 * log10(gain), -5 + 3, 1e-6);
    envelope_reset(&envelope);
    assert_near(20 * log10(envelope_step(&envelope, 0)), 3, 1e-6);
}

/* The paper's smooth branching detector (equations 16), and an RMS detector before it, written out;
   music-like powers. */
static void it_moves_as_a_slow_model_does(void **state)
{
    struct envelope_shape shape = {-25, 3, 8, 12, 12, 15, 120, -1};
    double a_rms = exp(-step_s / 0.012), a_attack = exp(-step_s / 0.015),
           a_release = exp(-step_s / 0.120);
    double level = 0, change = 0;
    struct envelope envelope;
    uint64_t seed = 5;

    (void)state;
    envelope_init(&envelope, &shape, step_s);
    for (int i = 0; i < 20000; i++) {
        double power, x, wanted;

        seed = seed * 6364136223846793005U + 1442695040888963407U;
        power = pow((double)(seed >> 40) / (double)(1 << 24), 4) * (i % 3000 < 500 ? 0.5 : 0.01);
        level = a_rms * level + (1 - a_rms) * power;
        x = 10 * log10(fmax(level, 1e-15));
        wanted = fmax(output_db(x, -25, 3, 8) - x, -12);
        change = wanted < change ? a_attack * change + (1 - a_attack) * wanted
                                 : a_release * change + (1 - a_release) * wanted;
        assert_near(20 * log10(envelope_step(&envelope, power)), change - 1, 1e-9);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_curve_is_that_of_the_paper),
        cmocka_unit_test(it_never_changes_more_than_its_range),
        cmocka_unit_test(a_step_is_followed_in_attack_and_release_time),
        cmocka_unit_test(a_steady_level_comes_out_as_the_curve_says_with_make_up),
        cmocka_unit_test(it_moves_as_a_slow_model_does),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
