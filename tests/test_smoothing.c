/* test_smoothing.c - spline, LOWESS and the smoothed ratio against slow versions of themselves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "match/lowess.h"
#include "match/smoothing.h"
#include "match/spline.h"
#include "tests/chain_support.h"

#include <math.h>
#include <stdlib.h>

enum { POINTS = 40, BINS = 2049 };

static double cubic(double x)
{
    return 2.0 - x + 0.5 * x * x - 0.25 * x * x * x;
}

/* Not-a-knot reproduces any cubic, also beyond its ends. */
static void spline_reproduces_a_cubic_on_uneven_points(void **state)
{
    double x[POINTS], y[POINTS], at[200], out[200];
    uint64_t seed = 1;

    (void)state;
    for (int i = 0; i < POINTS; i++) {
        x[i] = (i > 0 ? x[i - 1] : -2.0) + 0.02 + 0.1 * fabs(random_unit(&seed));
        y[i] = cubic(x[i]);
    }
    for (int i = 0; i < 200; i++)
        at[i] = x[0] - 0.1 + (x[POINTS - 1] - x[0] + 0.2) * i / 199.0;
    assert_int_equal(spline_sample(x, y, POINTS, at, 200, out), 0);
    for (int i = 0; i < 200; i++)
        assert_true(fabs(out[i] - cubic(at[i])) < 1e-10);
}

/* The derivative of order 1 to 3 of piece `i`, at its end (place 1) or beginning (0), from four
   samples of the piece. */
static double derivative(const double *samples, double h, int order, int place)
{
    double a = samples[0], b = samples[1], c = samples[2], d = samples[3];
    double third = (d - 3.0 * c + 3.0 * b - a) / (h * h * h);
    double second = place ? (2.0 * d - 5.0 * c + 4.0 * b - a) / (h * h)
                          : (2.0 * a - 5.0 * b + 4.0 * c - d) / (h * h);
    double first = place ? (11.0 * d - 18.0 * c + 9.0 * b - 2.0 * a) / (6.0 * h)
                         : (-11.0 * a + 18.0 * b - 9.0 * c + 2.0 * d) / (6.0 * h);

    return order == 1 ? first : order == 2 ? second : third;
}

/* What makes it the not-a-knot spline: it meets the points, slope and curvature are continuous at
   all of them, the third derivative at the second and the last but one. */
static void spline_is_smooth_at_its_points_and_not_a_knot_at_the_ends(void **state)
{
    double x[POINTS], y[POINTS], at[4 * (POINTS - 1)], out[4 * (POINTS - 1)];
    uint64_t seed = 7;

    (void)state;
    for (int i = 0; i < POINTS; i++) {
        x[i] = i + 0.3 * random_unit(&seed);
        y[i] = random_unit(&seed);
    }
    for (int i = 0; i + 1 < POINTS; i++) {
        for (int j = 0; j < 4; j++)
            at[4 * i + j] = x[i] + (x[i + 1] - x[i]) * (j < 3 ? j / 3.0 : 1.0 - 1e-15);
    }
    assert_int_equal(spline_sample(x, y, POINTS, at, 4 * (POINTS - 1), out), 0);
    for (int i = 1; i + 1 < POINTS; i++) {
        double left_step = (x[i] - x[i - 1]) / 3.0, right_step = (x[i + 1] - x[i]) / 3.0;
        int orders = i == 1 || i == POINTS - 2 ? 3 : 2;

        assert_true(fabs(out[4 * i] - y[i]) < 1e-12);
        for (int order = 1; order <= orders; order++) {
            double left = derivative(out + 4 * (i - 1), left_step, order, 1);
            double right = derivative(out + 4 * i, right_step, order, 0);

            assert_true(fabs(left - right) < 1e-9 * (1.0 + fabs(left)));
        }
    }
}

/* One fit by normal equations, on abscissae counted from the point itself. */
static double slow_fit(const double *y, size_t points, size_t neighbours, size_t at)
{
    size_t half = neighbours / 2;
    size_t first = at < half ? 0 : at - half;
    double s0 = 0.0, s1 = 0.0, s2 = 0.0, t0 = 0.0, t1 = 0.0, radius;

    if (first + neighbours > points)
        first = points - neighbours;
    radius = fmax((double)(at - first), (double)(first + neighbours - 1 - at));
    for (size_t i = first; i < first + neighbours; i++) {
        double x = (double)i - (double)at, u = fabs(x) / radius;
        double w = u < 1.0 ? pow(1.0 - u * u * u, 3.0) : 0.0;

        s0 += w;
        s1 += w * x;
        s2 += w * x * x;
        t0 += w * y[i];
        t1 += w * x * y[i];
    }
    return (t0 * s2 - t1 * s1) / (s0 * s2 - s1 * s1);
}

static bool is_fitted(size_t i, size_t points, size_t stride)
{
    return i % stride == 0 || i + 2 >= points;
}

static void lowess_fits_every_eighth_point_and_the_last_two(void **state)
{
    enum { COUNT = 1025, NEIGHBOURS = 61, STRIDE = 8 };
    static double y[COUNT], out[COUNT];
    uint64_t seed = 3;

    (void)state;
    for (size_t i = 0; i < COUNT; i++)
        y[i] = sin((double)i * 0.02) + random_unit(&seed);
    lowess(y, COUNT, NEIGHBOURS, STRIDE, out);
    for (size_t i = 0; i < COUNT; i++) {
        size_t left = i, right = i;

        while (!is_fitted(left, COUNT, STRIDE))
            left--;
        while (!is_fitted(right, COUNT, STRIDE))
            right++;
        double low = slow_fit(y, COUNT, NEIGHBOURS, left);
        double high = slow_fit(y, COUNT, NEIGHBOURS, right);
        double part = right > left ? (double)(i - left) / (double)(right - left) : 0.0;

        assert_true(fabs(out[i] - (low + part * (high - low))) < 1e-11);
    }
}

static void lowess_leaves_a_straight_line_alone(void **state)
{
    double y[500], out[500];

    (void)state;
    for (int i = 0; i < 500; i++)
        y[i] = 3.0 - 0.01 * i;
    lowess(y, 500, 307, 8, out);
    for (int i = 0; i < 500; i++)
        assert_true(fabs(out[i] - y[i]) < 1e-11);
}

static void smoothing_keeps_bin_one_and_empties_bin_zero(void **state)
{
    static double ratio[BINS], out[BINS];
    uint64_t seed = 5;

    (void)state;
    for (int k = 0; k < BINS; k++)
        ratio[k] = 1.0 + 0.5 * random_unit(&seed);
    assert_int_equal(smooth_ratio(ratio, BINS, out), 0);
    assert_true(out[0] == 0.0);
    assert_true(out[1] == ratio[1]);
}

static double roughness(const double *curve, int first, int last)
{
    double sum = 0.0;

    for (int k = first; k < last; k++)
        sum += fabs(curve[k + 1] - curve[k]);
    return sum;
}

/* The window is 3/8 of an octave wide: wide in bins at the top, less than a bin at the bottom. */
static void smoothing_is_as_wide_as_a_part_of_an_octave(void **state)
{
    static double ratio[BINS], out[BINS];
    uint64_t seed = 9;

    (void)state;
    for (int k = 0; k < BINS; k++)
        ratio[k] = 1.0 + 0.5 * random_unit(&seed);
    assert_int_equal(smooth_ratio(ratio, BINS, out), 0);
    assert_true(roughness(out, 1000, 2000) < 0.02 * roughness(ratio, 1000, 2000));
    assert_true(roughness(out, 2, 5) > 0.3 * roughness(ratio, 2, 5));
}

static void a_flat_ratio_stays_flat_at_every_size(void **state)
{
    static const size_t sizes[] = {257, 513, 1025, 2049, 4097, 16385};

    (void)state;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        size_t bins = sizes[i];
        double *ratio = malloc(2 * bins * sizeof(*ratio)), *out = ratio + bins;

        assert_non_null(ratio);
        for (size_t k = 0; k < bins; k++)
            ratio[k] = 0.7;
        assert_int_equal(smooth_ratio(ratio, bins, out), 0);
        for (size_t k = 1; k < bins; k++)
            assert_true(fabs(out[k] - 0.7) < 1e-10);
        free(ratio);
    }
}

/* Twice the transform at twice the rate: the same curve in Hz comes out the same in Hz. */
static void the_same_curve_smooths_the_same_at_twice_the_rate(void **state)
{
    enum { WIDE = 4097 };
    static double narrow[BINS], narrow_out[BINS], wide[WIDE], wide_out[WIDE];

    (void)state;
    for (int k = 0; k < WIDE; k++)
        wide[k] = 1.0 + 0.3 * sin(3.0 * log2(k + 1.0));
    for (int k = 0; k < BINS; k++)
        narrow[k] = wide[k];
    assert_int_equal(smooth_ratio(narrow, BINS, narrow_out), 0);
    assert_int_equal(smooth_ratio(wide, WIDE, wide_out), 0);
    for (int k = 2; k < 1600; k++)
        assert_true(fabs(narrow_out[k] - wide_out[k]) < 1e-3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spline_reproduces_a_cubic_on_uneven_points),
        cmocka_unit_test(spline_is_smooth_at_its_points_and_not_a_knot_at_the_ends),
        cmocka_unit_test(lowess_fits_every_eighth_point_and_the_last_two),
        cmocka_unit_test(lowess_leaves_a_straight_line_alone),
        cmocka_unit_test(smoothing_keeps_bin_one_and_empties_bin_zero),
        cmocka_unit_test(smoothing_is_as_wide_as_a_part_of_an_octave),
        cmocka_unit_test(a_flat_ratio_stays_flat_at_every_size),
        cmocka_unit_test(the_same_curve_smooths_the_same_at_twice_the_rate),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
