/* test_running.c - the profile so far of a source that has no end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "match/running.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

static const char MIX[] = "tests/data/mix.flac", MASTER[] = "tests/data/master.flac";

enum { CHUNK = 1000 };

static struct programme *open_file(const char *path)
{
    struct media_error error = {0};
    struct programme *programme = NULL;

    assert_int_equal(programme_open(&programme, &path, 1, 0, &error), 0);
    return programme;
}

/* Of a file, so many times over. */
static struct profile *profile_of(const char *path, size_t times)
{
    const char *paths[] = {path, path, path, path, path, path};
    struct media_error error = {0};
    struct programme *programme = NULL;
    struct profile *profile;

    assert_int_equal(programme_open(&programme, paths, times, 0, &error), 0);
    profile = profile_create(programme, PROFILE_CHARACTER, NULL, &error);
    assert_non_null(profile);
    programme_close(programme);
    return profile;
}

/* Feeds a file over and over; how often there was news. */
static unsigned feed(struct running *running, const char *path, double seconds)
{
    struct programme *programme = open_file(path);
    int64_t left = (int64_t)(seconds * programme_rate_hz(programme));
    float samples[2][CHUNK];
    float *const channel[] = {samples[0], samples[1]};
    const float *const heard[] = {samples[0], samples[1]};
    struct media_error error = {0};
    unsigned news = 0;

    while (left > 0) {
        ssize_t got = programme_read(programme, channel, CHUNK, &error);

        if (got == 0) {
            assert_int_equal(programme_rewind(programme, &error), 0);
            continue;
        }
        assert_true(got > 0);
        left -= got;
        if (running_feed(running, heard, (size_t)got)) {
            struct profile *profile = running_profile(running, &error);

            assert_non_null(profile);
            profile_destroy(profile);
            news++;
        }
    }
    programme_close(programme);
    return news;
}

static double decibels(double ratio)
{
    return 20.0 * log10(ratio);
}

static void says_that_nothing_was_heard_yet(void **state)
{
    struct running *running = running_create(44100);
    struct media_error error = {0};

    (void)state;
    assert_non_null(running);
    assert_null(running_profile(running, &error));
    assert_int_equal(feed(running, MIX, 1.0), 0);
    assert_null(running_profile(running, &error));
    assert_int_equal(error.code, -EAGAIN);
    running_release(running);
}

/* The first estimate is there in 3 s; then they come less and less often. */
static void comes_to_better_profiles_as_more_is_heard(void **state)
{
    struct running *running = running_create(44100);

    (void)state;
    assert_int_equal(feed(running, MIX, 3.2), 1);
    assert_float_equal(running_seconds(running), 3.0, 0.1);
    running_release(running);
    running = running_create(44100);
    assert_int_equal(feed(running, MIX, 16.0), 4);
    assert_float_equal(running_seconds(running), 15.0, 0.2);
    running_release(running);
}

/* Of the same music, over and over, it says what a long file of it would. */
static void says_what_a_file_would(void **state)
{
    struct running *running = running_create(44100);
    struct profile *exact = profile_of(MIX, 6), *so_far;
    struct media_error error = {0};
    double most = 0.0;

    (void)state;
    feed(running, MIX, 150.0);
    so_far = running_profile(running, &error);
    assert_non_null(so_far);
    assert_int_equal(so_far->pieces, 10);
    assert_true(fabs(decibels(so_far->match_rms / exact->match_rms)) < 1.0);
    assert_float_equal(so_far->peak, exact->peak, 1e-6);
    for (size_t k = 8; k < 1400; k++) { /* to 15 kHz, over a third of an octave or so */
        size_t last = k + k / 4 + 4;
        double one = 0.0, other = 0.0;

        for (size_t i = k; i < last && i < 1400; i++) {
            one += so_far->mid[i] * so_far->mid[i];
            other += exact->mid[i] * exact->mid[i];
        }
        most = fmax(most, fabs(0.5 * decibels(one / other)));
    }
    print_message("spectra differ by %.2f dB at most\n", most);
    assert_true(most < 1.0);
    profile_destroy(so_far);
    profile_destroy(exact);
    running_release(running);
}

/* How the balance moves, too: what the spectral processor is told. */
static void says_how_the_balance_moves_as_a_file_would(void **state)
{
    struct running *running = running_create(44100);
    struct profile *exact = profile_of(MIX, 6), *so_far;
    struct media_error error = {0};

    (void)state;
    feed(running, MIX, 60.0);
    so_far = running_profile(running, &error);
    assert_non_null(so_far);
    assert_true(exact->characterised && so_far->characterised);
    for (size_t i = 0; i < BALANCE_PARTS; i++) {
        const struct balance *one = &so_far->short_term.part[i];
        const struct balance *other = &exact->short_term.part[i];

        if (other->low_db > -60.0) {
            assert_float_equal(one->low_db, other->low_db, 2.0);
            assert_float_equal(one->middle_db, other->middle_db, 2.0);
            assert_float_equal(one->high_db, other->high_db, 2.0);
        }
    }
    profile_destroy(so_far);
    profile_destroy(exact);
    running_release(running);
}

/* What was left behind is forgotten: six minutes count. */
static void forgets_what_is_long_gone(void **state)
{
    struct running *running = running_create(44100);
    struct profile *profile;
    struct media_error error = {0};

    (void)state;
    feed(running, MIX, 30.0);
    feed(running, MASTER, 400.0);
    profile = running_profile(running, &error);
    assert_non_null(profile);
    assert_int_equal(profile->pieces, 24);
    profile_destroy(profile);
    running_release(running);
}

/* The corrections bring the loud pieces to the reference's level, as those of a file do. */
static void corrects_the_level_as_for_a_file(void **state)
{
    struct running *running = running_create(44100);
    struct profile *reference = profile_of(MASTER, 1), *exact = profile_of(MIX, 1), *so_far;
    const struct weighted_reference references[] = {{reference, 1.0}};
    struct programme *programme = open_file(MIX);
    struct media_error error = {0};
    struct plan *plan, *file_plan;

    (void)state;
    feed(running, MIX, 60.0);
    so_far = running_profile(running, &error);
    assert_non_null(so_far);
    plan = plan_create(so_far, references, 1, &amounts_exact, &error);
    file_plan = plan_create(exact, references, 1, &amounts_exact, &error);
    assert_non_null(plan);
    assert_non_null(file_plan);
    assert_int_equal(running_correct(running, plan, &error), 0);
    assert_int_equal(plan_correct(file_plan, exact, programme, NULL, &error), 0);
    assert_true(plan->corrected);
    print_message("corrections %.2f dB, of the file %.2f dB\n",
                  decibels(plan->gain / plan->coefficients[0]),
                  decibels(file_plan->gain / file_plan->coefficients[0]));
    assert_true(fabs(decibels(plan->gain / file_plan->gain)) < 1.0);
    plan_destroy(plan);
    plan_destroy(file_plan);
    programme_close(programme);
    profile_destroy(so_far);
    profile_destroy(exact);
    profile_destroy(reference);
    running_release(running);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_that_nothing_was_heard_yet),
        cmocka_unit_test(comes_to_better_profiles_as_more_is_heard),
        cmocka_unit_test(says_what_a_file_would),
        cmocka_unit_test(says_how_the_balance_moves_as_a_file_would),
        cmocka_unit_test(forgets_what_is_long_gone),
        cmocka_unit_test(corrects_the_level_as_for_a_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
