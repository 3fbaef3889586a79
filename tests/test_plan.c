/* test_plan.c - filters and gains against the offline matcher's own, and what the amounts do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "match/match.h"
#include "tests/match_support.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Highest difference of taps over the highest golden tap, in dB. */
static double taps_apart_db(const double *taps, const double *golden)
{
    double apart = 0.0, highest = 0.0;

    for (size_t i = 0; i < GOLDEN_TAPS; i++) {
        apart = fmax(apart, fabs(taps[i] - golden[i]));
        highest = fmax(highest, fabs(golden[i]));
    }
    return 20.0 * log10(fmax(apart / highest, 1e-20));
}

static void filters_and_gains_are_the_offline_matchers(void **state)
{
    static struct golden_values values;

    (void)state;
    for (int i = 0; i < GOLDENS; i++) {
        struct plan *plan = plan_of(goldens[i].target, goldens[i].reference, &amounts_exact);

        golden_read(&goldens[i], &values);
        assert_int_equal(plan->taps, GOLDEN_TAPS);
        /* Asked: -120 dB. Measured: below -179; spectra are held in single precision. */
        assert_true(taps_apart_db(plan->mid, values.taps[0]) < -170.0);
        assert_true(taps_apart_db(plan->side, values.taps[1]) < -170.0);
        assert_true(fabs(plan->final_amplitude - values.final_amplitude) < 1e-12);
        /* The histogram's own error: -140 dB. */
        for (int c = 0; c < 5; c++)
            assert_true(fabs(plan->coefficients[c] / values.coefficients[c] - 1.0) < 1e-7);
        assert_true(plan->corrected && plan->limiter && !plan->identity);
        plan_destroy(plan);
    }
}

static size_t bin_of(const struct profile *profile, double hz)
{
    return (size_t)lround(hz * (double)profile->fft_size / (double)profile->rate_hz);
}

static double db(double linear)
{
    return 20.0 * log10(linear);
}

static void all_amounts_at_zero_leave_the_sound_alone(void **state)
{
    struct profile *target = profile_made(44100, 0.1, -0.5, 0.3);
    struct profile *reference = profile_made(44100, 0.2, 0.0, 0.6);
    const struct amounts nothing = {0.0, 0.0, 0.0, true, HUGE_VAL};
    struct plan *plan = plan_for(target, reference, &nothing);

    (void)state;
    assert_true(plan->identity);
    assert_int_equal(plan->taps, 0);
    assert_true(plan->gain == 1.0 && plan->final_amplitude == 1.0);
    plan_destroy(plan);
    profile_destroy(target);
    profile_destroy(reference);
}

static void half_the_eq_is_half_the_decibels(void **state)
{
    struct profile *target = profile_made(44100, 0.1, -0.5, 0.3);
    struct profile *reference = profile_made(44100, 0.2, 0.1, 0.6);
    struct amounts amounts = amounts_exact;
    struct plan *whole = plan_for(target, reference, &amounts);

    (void)state;
    amounts.eq = amounts.width = 0.5;
    struct plan *half = plan_for(target, reference, &amounts);

    amounts.width = 0.0;
    struct plan *narrow = plan_for(target, reference, &amounts);

    for (size_t k = 1; k < target->bins; k++) {
        double m = db(whole->mid_curve[k]), s = db(whole->side_curve[k]);

        assert_true(fabs(db(half->mid_curve[k]) - 0.5 * m) < 1e-9);
        assert_true(fabs(db(half->side_curve[k]) - (0.5 * m + 0.5 * (s - m))) < 1e-9);
        assert_true(fabs(db(narrow->side_curve[k]) - 0.5 * m) < 1e-9);
    }
    assert_true(half->mid_curve[0] == 0.0 && half->side_curve[0] == 0.0);
    plan_destroy(whole);
    plan_destroy(half);
    plan_destroy(narrow);
    profile_destroy(target);
    profile_destroy(reference);
}

static void width_alone_leaves_the_middle_and_its_dc(void **state)
{
    struct profile *target = profile_made(44100, 0.1, -0.5, 0.3);
    struct profile *reference = profile_made(44100, 0.2, 0.1, 0.6);
    const struct amounts amounts = {0.0, 0.0, 1.0, true, HUGE_VAL};
    struct plan *plan = plan_for(target, reference, &amounts);

    (void)state;
    for (size_t k = 0; k < target->bins; k++)
        assert_true(fabs(plan->mid_curve[k] - 1.0) < 1e-12);
    assert_true(fabs(plan->side_curve[bin_of(target, 1000.0)] - 2.0) < 1e-6);
    assert_true(fabs(plan->wider - 2.0) < 1e-3);
    assert_true(plan->coefficients[0] == 1.0 && plan->final_amplitude == 1.0);
    plan_destroy(plan);
    profile_destroy(target);
    profile_destroy(reference);
}

static void half_the_level_is_half_the_decibels(void **state)
{
    struct profile *target = profile_made(44100, 0.1, -0.5, 0.3);
    struct profile *reference = profile_made(44100, 0.2, -0.5, 0.3);
    struct amounts amounts = amounts_exact;
    double factor = match_peak_factor(reference->peak);

    (void)state;
    amounts.level = 0.5;
    amounts.eq = amounts.width = 0.0;
    struct plan *plan = plan_for(target, reference, &amounts);

    assert_int_equal(plan->taps, 0);
    assert_true(fabs(plan->coefficients[0] - sqrt(0.2 / factor / 0.1)) < 1e-12);
    assert_true(fabs(plan->final_amplitude - sqrt(factor)) < 1e-12);
    plan_destroy(plan);
    profile_destroy(target);
    profile_destroy(reference);
}

static void several_references_meet_at_their_weighted_mean_in_decibels(void **state)
{
    struct profile *target = profile_made(44100, 0.1, 0.0, 0.3);
    struct profile *one = profile_made(44100, 0.1, 0.0, 0.3);
    struct profile *other = profile_made(44100, 0.4, 0.0, 0.3);
    const struct weighted_reference both[] = {{one, 3.0}, {other, 1.0}};
    struct media_error error;
    struct plan *plan = plan_create(target, both, 2, &amounts_exact, &error);
    double factor = match_peak_factor(one->peak);

    (void)state;
    assert_non_null(plan);
    assert_true(fabs(plan->reference_rms * factor - pow(0.1, 0.75) * pow(0.4, 0.25)) < 1e-12);
    assert_true(fabs(plan->final_amplitude - factor) < 1e-12);
    /* The levels differ, the shapes do not: the curve stays flat. */
    assert_true(fabs(plan->mid_curve[bin_of(target, 500.0)] - 1.0) < 1e-6);
    plan_destroy(plan);

    const struct weighted_reference twice[] = {{one, 1.0}, {one, 5.0}};
    struct plan *same = plan_create(target, twice, 2, &amounts_exact, &error);
    struct plan *single = plan_for(target, one, &amounts_exact);

    assert_non_null(same);
    assert_true(taps_apart_db(same->mid, single->mid) < -200.0);
    plan_destroy(same);
    plan_destroy(single);
    profile_destroy(target);
    profile_destroy(one);
    profile_destroy(other);
}

static void boost_is_capped_above_the_curves_own_level(void **state)
{
    struct profile *target = profile_made(44100, 0.1, -2.0, 0.3);
    struct profile *reference = profile_made(44100, 0.1, 0.0, 0.3);
    struct amounts amounts = amounts_exact;
    struct plan *free_plan = plan_for(target, reference, &amounts);
    double before = 0.0, after = 0.0, highest = 0.0;

    (void)state;
    amounts.max_boost_db = 6.0;
    struct plan *plan = plan_for(target, reference, &amounts);

    for (size_t k = 1; k < target->bins; k++) {
        before += pow(target->mid[k], 2.0);
        after += pow(target->mid[k] * free_plan->mid_curve[k], 2.0);
        highest = fmax(highest, plan->mid_curve[k]);
        if (plan->mid_curve[k] < highest)
            assert_true(plan->mid_curve[k] == free_plan->mid_curve[k]);
    }
    assert_true(fabs(db(highest / sqrt(after / before)) - 6.0) < 1e-9);
    plan_destroy(free_plan);
    plan_destroy(plan);
    profile_destroy(target);
    profile_destroy(reference);
}

/* The same sound at two rates: flat up to the lower half rate, and held above it. */
static void rates_may_differ_and_nothing_is_extrapolated(void **state)
{
    static const uint32_t rates[][2] = {
        {96000, 44100}, {44100, 48000}, {48000, 44100}, {192000, 48000}};

    (void)state;
    for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
        struct profile *target = profile_made(rates[i][0], 0.1, -0.5, 0.3);
        struct profile *reference = profile_made(rates[i][1], 0.1, -0.5, 0.3);
        struct plan *plan;

        target->peak = reference->peak = 1.0;
        plan = plan_for(target, reference, &amounts_exact);
        assert_int_equal(plan->taps, profile_fft_size(rates[i][0]));
        for (size_t k = bin_of(target, 40.0); k < target->bins; k++)
            assert_true(fabs(db(plan->mid_curve[k])) < 0.1);
        plan_destroy(plan);
        profile_destroy(target);
        profile_destroy(reference);
    }
}

/* A 48 kHz reference that a codec cut at 16 kHz does not cut a 44.1 kHz target there. */
static void a_codecs_cutoff_is_not_copied_between_rates(void **state)
{
    struct profile *target = profile_made(44100, 0.1, -0.5, 0.3);
    struct profile *reference = profile_made(48000, 0.1, -0.5, 0.3);
    struct plan *plan;

    (void)state;
    reference->peak = 1.0;
    for (size_t k = bin_of(reference, 16000.0); k < reference->bins; k++) {
        reference->mid[k] *= 1e-5;
        reference->side[k] *= 1e-5;
    }
    plan = plan_for(target, reference, &amounts_exact);
    assert_true(fabs(db(plan->mid_curve[bin_of(target, 19000.0)])) < 0.5);
    assert_true(fabs(db(plan->mid_curve[bin_of(target, 14000.0)])) < 0.5);
    plan_destroy(plan);
    profile_destroy(target);
    profile_destroy(reference);
}

static void the_same_sound_as_its_reference_stays_as_it_is(void **state)
{
    const char *path = goldens[1].target;
    struct profile *profile = profile_of(path, PROFILE_MATCH);
    struct plan *plan = plan_for(profile, profile, &amounts_exact);
    double worst = 0.0;

    (void)state;
    assert_true(profile_same_sound(profile, profile));
    for (size_t k = 1; k < profile->bins; k++)
        worst = fmax(worst, fabs(plan->mid_curve[k] - 1.0));
    assert_true(worst < 1e-9);
    assert_true(plan->mid_curve[0] == 0.0);
    assert_true(fabs(plan->gain * plan->final_amplitude - 1.0) < 1e-12);
    plan_destroy(plan);
    profile_destroy(profile);
}

static void what_cannot_be_matched_is_refused_with_a_reason(void **state)
{
    struct profile *good = profile_made(44100, 0.1, 0.0, 0.3);
    struct profile *silent = profile_made(44100, 0.0, 0.0, 0.3);
    const struct weighted_reference references[] = {{good, 1.0}}, bad[] = {{silent, 1.0}};
    const struct weighted_reference weightless[] = {{good, 0.0}};
    struct media_error error = {0};

    (void)state;
    silent->peak = 0.0;
    assert_null(plan_create(silent, references, 1, &amounts_exact, &error));
    assert_non_null(strstr(error.message, "silent"));
    assert_null(plan_create(good, bad, 1, &amounts_exact, &error));
    assert_non_null(strstr(error.message, "reference is silent"));
    assert_null(plan_create(good, weightless, 1, &amounts_exact, &error));
    assert_int_equal(error.code, -EINVAL);
    assert_null(plan_create(good, references, 0, &amounts_exact, &error));
    profile_destroy(good);
    profile_destroy(silent);
}

/* A gain far beyond what one histogram covers is found by several. */
static void the_level_is_found_however_far_away_it_is(void **state)
{
    char path[128];
    struct stereo sound = sound_make(44100 * 4, 0.2, 0.9, 3);
    struct media_error error;
    struct programme *programme = NULL;
    const char *const paths[] = {path};

    (void)state;
    scratch_path("far.wav", path, sizeof(path));
    sound_write(path, &sound, 44100);

    struct profile *profile = profile_of(path, PROFILE_MATCH);
    struct plan *near = plan_of(path, path, &amounts_exact);
    struct plan *far = plan_for(profile, profile, &amounts_exact);

    for (size_t i = 0; i < far->taps; i++)
        far->mid[i] *= 1e-3;
    assert_int_equal(programme_open(&programme, paths, 1, 0, &error), 0);
    assert_int_equal(plan_correct(far, profile, programme, NULL, &error), 0);
    assert_true(fabs(far->gain * 1e-3 / near->gain - 1.0) < 1e-7);
    programme_close(programme);
    plan_destroy(near);
    plan_destroy(far);
    profile_destroy(profile);
    stereo_destroy(&sound);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(filters_and_gains_are_the_offline_matchers),
        cmocka_unit_test(all_amounts_at_zero_leave_the_sound_alone),
        cmocka_unit_test(half_the_eq_is_half_the_decibels),
        cmocka_unit_test(width_alone_leaves_the_middle_and_its_dc),
        cmocka_unit_test(half_the_level_is_half_the_decibels),
        cmocka_unit_test(several_references_meet_at_their_weighted_mean_in_decibels),
        cmocka_unit_test(boost_is_capped_above_the_curves_own_level),
        cmocka_unit_test(rates_may_differ_and_nothing_is_extrapolated),
        cmocka_unit_test(a_codecs_cutoff_is_not_copied_between_rates),
        cmocka_unit_test(the_same_sound_as_its_reference_stays_as_it_is),
        cmocka_unit_test(what_cannot_be_matched_is_refused_with_a_reason),
        cmocka_unit_test(the_level_is_found_however_far_away_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, scratch_end);
}
