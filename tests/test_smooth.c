/* test_smooth.c - ramps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dsp/smooth.h"

#include <math.h>

/* `frames` values, taken in calls of `call` frames. */
static void collect(struct smooth *smooth, double *values, size_t frames, size_t call)
{
    for (size_t at = 0; at < frames;) {
        size_t wanted = frames - at < call ? frames - at : call;
        double start, step;
        size_t got = smooth_take(smooth, wanted, &start, &step);

        assert_in_range(got, 1, wanted);
        for (size_t i = 0; i < got; i++) {
            values[at + i] = start + step * (double)i;
        }
        at += got;
    }
}

static void stays_where_it_is_until_told(void **state)
{
    struct smooth smooth;
    double start, step;

    (void)state;
    smooth_init(&smooth, 0.25);
    assert_true(smooth_is_settled(&smooth));
    assert_int_equal(512, smooth_take(&smooth, 512, &start, &step));
    assert_true(start == 0.25 && step == 0.0);
}

static void goes_in_a_straight_line_and_arrives_exactly(void **state)
{
    struct smooth smooth;
    double values[1200];

    (void)state;
    smooth_init(&smooth, 1.0);
    smooth_set(&smooth, 0.3, 882);
    collect(&smooth, values, 1200, 512);
    for (size_t i = 0; i < 1200; i++) {
        double truth = i < 882 ? 1.0 - 0.7 * (double)i / 882.0 : 0.3;

        assert_true(fabs(values[i] - truth) < 1e-15);
    }
    assert_true(values[0] == 1.0);
    assert_true(values[882] == 0.3);
    assert_true(smooth_is_settled(&smooth));
}

static void does_not_depend_on_the_length_of_the_calls(void **state)
{
    double whole[1000], parts[1000];

    (void)state;
    for (size_t call = 1; call < 200; call += 33) {
        struct smooth smooth;

        smooth_init(&smooth, -2.0);
        smooth_set(&smooth, 5.0, 777);
        collect(&smooth, whole, 1000, 1000);
        smooth_init(&smooth, -2.0);
        smooth_set(&smooth, 5.0, 777);
        collect(&smooth, parts, 1000, call);
        for (size_t i = 0; i < 1000; i++) {
            assert_true(fabs(whole[i] - parts[i]) < 1e-14);
        }
    }
}

static void turns_back_from_where_it_is(void **state)
{
    struct smooth smooth;
    double values[300];

    (void)state;
    smooth_init(&smooth, 0.0);
    smooth_set(&smooth, 1.0, 100);
    collect(&smooth, values, 50, 50);
    smooth_set(&smooth, 0.0, 100);
    assert_true(smooth_value(&smooth) == 0.5);
    collect(&smooth, values, 300, 64);
    for (size_t i = 1; i < 300; i++) {
        assert_true(values[i] <= values[i - 1]);
        assert_true(values[i - 1] - values[i] < 0.0051);
    }
    assert_true(values[299] == 0.0);
}

static void jumps_when_no_time_is_given(void **state)
{
    struct smooth smooth;

    (void)state;
    smooth_init(&smooth, 0.0);
    smooth_set(&smooth, 0.7, 0);
    assert_true(smooth_is_settled(&smooth));
    assert_true(smooth_value(&smooth) == 0.7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stays_where_it_is_until_told),
        cmocka_unit_test(goes_in_a_straight_line_and_arrives_exactly),
        cmocka_unit_test(does_not_depend_on_the_length_of_the_calls),
        cmocka_unit_test(turns_back_from_where_it_is),
        cmocka_unit_test(jumps_when_no_time_is_given),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
