/* test_abx.c - the blind test's books: nothing is told before the end, and the sum is right. */
#include "player/abx.h"

#include "tests/match_support.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct abx *begin(unsigned trials)
{
    struct abx *abx = abx_create();

    assert_non_null(abx);
    assert_int_equal(abx_start(abx, trials), 0);
    abx_begin(abx);
    return abx;
}

static void p_values_are_those_of_the_table(void **state)
{
    (void)state; /* Clark 1982; Leventhal 1986 */
    assert_true(fabs(abx_p_value(12, 16) - 0.0384) < 5e-5);
    assert_true(fabs(abx_p_value(14, 16) - 0.0021) < 5e-5);
    assert_true(fabs(abx_p_value(9, 10) - 0.0107) < 5e-5);
    assert_true(fabs(abx_p_value(5, 5) - 1.0 / 32.0) < 1e-12);
    assert_true(fabs(abx_p_value(0, 16) - 1.0) < 1e-12);
    assert_true(fabs(abx_p_value(8, 16) - 0.5982) < 5e-5);
    assert_true(fabs(abx_p_value(50, 50) / ldexp(1.0, -50) - 1.0) < 1e-12);
}

static void who_hears_it_every_time_gets_all_right(void **state)
{
    struct abx *abx = begin(50);
    struct abx_status status;
    bool x = false;
    unsigned originals = 0;

    (void)state;
    for (int i = 0; i < 50; i++) {
        assert_int_equal(abx_hear(abx, ABX_X, &x), 0);
        originals += x;
        assert_int_equal(abx_answer(abx, x ? ABX_A : ABX_B, &x), 0);
    }
    abx_read(abx, &status);
    assert_int_equal(status.state, ABX_DONE);
    assert_int_equal(status.correct, 50);
    assert_true(status.p_value < 1e-14);
    assert_true(originals > 3 && originals < 47); /* a fair coin: once in 10^10 it fails */
    abx_destroy(abx);
}

static void who_is_always_wrong_gets_none_right(void **state)
{
    struct abx *abx = begin(5);
    struct abx_status status;
    bool x = false;

    (void)state;
    for (int i = 0; i < 5; i++) {
        assert_int_equal(abx_hear(abx, ABX_X, &x), 0);
        assert_int_equal(abx_answer(abx, x ? ABX_B : ABX_A, &x), 0);
    }
    abx_read(abx, &status);
    assert_int_equal(status.correct, 0);
    assert_true(status.p_value == 1.0);
    abx_destroy(abx);
}

static void a_and_b_are_what_they_are_and_x_stays_within_a_trial(void **state)
{
    struct abx *abx = begin(16);
    bool first, again, heard;

    (void)state;
    for (int i = 0; i < 16; i++) {
        assert_int_equal(abx_hear(abx, ABX_X, &first), 0);
        assert_int_equal(abx_hear(abx, ABX_A, &heard), 0);
        assert_true(heard);
        assert_int_equal(abx_hear(abx, ABX_B, &heard), 0);
        assert_false(heard);
        assert_int_equal(abx_hear(abx, ABX_X, &again), 0);
        assert_true(first == again);
        assert_int_equal(abx_answer(abx, ABX_A, &heard), 0);
    }
    abx_destroy(abx);
}

static void after_an_answer_the_next_x_is_heard(void **state)
{
    struct abx *abx = begin(16);
    struct abx_status status;
    bool next, heard;

    (void)state;
    for (int i = 0; i < 15; i++) {
        assert_int_equal(abx_hear(abx, ABX_B, &heard), 0);
        assert_int_equal(abx_answer(abx, ABX_B, &next), 0);
        abx_read(abx, &status);
        assert_int_equal(status.hearing, ABX_X);
        assert_int_equal(abx_hear(abx, ABX_X, &heard), 0);
        assert_true(next == heard);
    }
    abx_destroy(abx);
}

static void how_many_were_right_is_not_told_before_the_end(void **state)
{
    struct abx *abx = begin(5);
    struct abx_status status;
    bool x = false;

    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(abx_hear(abx, ABX_X, &x), 0);
        assert_int_equal(abx_answer(abx, x ? ABX_A : ABX_B, &x), 0);
        abx_read(abx, &status);
        assert_int_equal(status.state, ABX_RUNNING);
        assert_int_equal(status.answered, i + 1);
        assert_int_equal(status.correct, 0);
        assert_true(status.p_value == 1.0);
    }
    abx_stop(abx); /* and not either to one who gives up */
    abx_read(abx, &status);
    assert_int_equal(status.state, ABX_STOPPED);
    assert_int_equal(status.correct, 0);
    abx_destroy(abx);
}

static void what_does_not_fit_is_refused(void **state)
{
    struct abx *abx = abx_create();
    bool x;

    (void)state;
    assert_int_equal(abx_hear(abx, ABX_X, &x), -EINVAL);
    assert_int_equal(abx_answer(abx, ABX_A, &x), -EINVAL);
    assert_int_equal(abx_start(abx, 4), -ERANGE);
    assert_int_equal(abx_start(abx, 51), -ERANGE);
    assert_int_equal(abx_start(abx, 16), 0);
    assert_int_equal(abx_start(abx, 16), -EBUSY);
    assert_int_equal(abx_hear(abx, ABX_X, &x), -EAGAIN); /* not equally loud yet */
    assert_int_equal(abx_answer(abx, ABX_A, &x), -EAGAIN);
    abx_begin(abx);
    assert_int_equal(abx_start(abx, 16), -EBUSY);
    assert_int_equal(abx_answer(abx, ABX_X, &x), -EINVAL);
    abx_stop(abx);
    assert_false(abx_goes_on(abx));
    assert_int_equal(abx_hear(abx, ABX_X, &x), -EINVAL);
    assert_int_equal(abx_start(abx, 5), 0); /* another one may begin */
    abx_destroy(abx);
}

static void every_test_leaves_one_line(void **state)
{
    const struct abx_subject one = {"one\ntwo.flac", "original", "matched", "ref.flac"};
    const struct abx_subject other = {"b.flac", "preset half", "original", ""};
    struct abx *abx = begin(5);
    char path[256], text[1024] = "";
    bool x = false;
    FILE *file;
    size_t length;

    (void)state;
    scratch_path("abx.log", path, sizeof path);
    for (int i = 0; i < 5; i++) {
        abx_hear(abx, ABX_X, &x);
        abx_answer(abx, x ? ABX_A : ABX_B, &x);
    }
    assert_int_equal(abx_log(abx, path, &one), 0);
    assert_int_equal(abx_start(abx, 7), 0);
    abx_stop(abx);
    assert_int_equal(abx_log(abx, path, &other), 0);
    file = fopen(path, "r");
    assert_non_null(file);
    length = fread(text, 1, sizeof text - 1, file);
    text[length] = '\0';
    fclose(file);
    assert_non_null(strstr(text, "  5 of 5 right, p = 0.0312  one two.flac  A: original  "
                                 "B: matched  reference: ref.flac\n"));
    assert_non_null(strstr(text, "  given up after 0 of 7, no result  b.flac  A: preset half  "
                                 "B: original\n"));
    assert_int_equal(abx_log(abx, "/nowhere/abx.log", &one), -ENOENT);
    abx_destroy(abx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(p_values_are_those_of_the_table),
        cmocka_unit_test(who_hears_it_every_time_gets_all_right),
        cmocka_unit_test(who_is_always_wrong_gets_none_right),
        cmocka_unit_test(a_and_b_are_what_they_are_and_x_stays_within_a_trial),
        cmocka_unit_test(after_an_answer_the_next_x_is_heard),
        cmocka_unit_test(how_many_were_right_is_not_told_before_the_end),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(every_test_leaves_one_line),
    };

    return cmocka_run_group_tests(tests, NULL, scratch_end);
}
