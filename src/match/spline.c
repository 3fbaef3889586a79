/* spline.c - not-a-knot cubic spline: slopes by one tridiagonal solution, pieces by Hermite's form.
 */
#include "match/spline.h"

#include <errno.h>
#include <stdlib.h>

/* One row of the tridiagonal system: below * slope[i-1] + middle * slope[i] + above * slope[i+1].
 */
struct row {
    double below, middle, above, right;
};

static double step(const double *x, size_t i)
{
    return x[i + 1] - x[i];
}

static double chord(const double *x, const double *y, size_t i)
{
    return (y[i + 1] - y[i]) / step(x, i);
}

/* The third derivative is continuous at the second point: the end condition of not-a-knot. */
static struct row first_row(const double *x, const double *y)
{
    double near = step(x, 0), far = step(x, 1), both = near + far;
    struct row row = {0.0, far, both, 0.0};

    row.right = ((near + 2.0 * both) * far * chord(x, y, 0) + near * near * chord(x, y, 1)) / both;
    return row;
}

static struct row last_row(const double *x, const double *y, size_t points)
{
    double near = step(x, points - 2), far = step(x, points - 3), both = near + far;
    struct row row = {both, far, 0.0, 0.0};

    row.right = ((near + 2.0 * both) * far * chord(x, y, points - 2) +
                 near * near * chord(x, y, points - 3)) /
                both;
    return row;
}

/* The second derivative is continuous at an inner point. */
static struct row inner_row(const double *x, const double *y, size_t i)
{
    double left = step(x, i - 1), right = step(x, i);
    struct row row = {right, 2.0 * (left + right), left, 0.0};

    row.right = 3.0 * (right * chord(x, y, i - 1) + left * chord(x, y, i));
    return row;
}

/* slope[i] at every point; `above` is scratch of the same length. */
static void solve_slopes(const double *x, const double *y, size_t points, double *slope,
                         double *above)
{
    struct row row = first_row(x, y);

    above[0] = row.above / row.middle;
    slope[0] = row.right / row.middle;
    for (size_t i = 1; i < points; i++) {
        row = i + 1 < points ? inner_row(x, y, i) : last_row(x, y, points);
        double pivot = row.middle - row.below * above[i - 1];

        above[i] = row.above / pivot;
        slope[i] = (row.right - row.below * slope[i - 1]) / pivot;
    }
    for (size_t i = points - 1; i > 0; i--)
        slope[i - 1] -= above[i - 1] * slope[i];
}

int spline_sample(const double *x, const double *y, size_t points, const double *at, size_t count,
                  double *out)
{
    double *slope = malloc(2 * points * sizeof(*slope));
    size_t piece = 0;

    if (!slope)
        return -ENOMEM;
    solve_slopes(x, y, points, slope, slope + points);
    for (size_t i = 0; i < count; i++) {
        while (piece + 2 < points && at[i] >= x[piece + 1])
            piece++;
        double width = step(x, piece), rise = chord(x, y, piece), t = at[i] - x[piece];
        double bend = (slope[piece] + slope[piece + 1] - 2.0 * rise) / width;
        double curve = (rise - slope[piece]) / width - bend;

        out[i] = y[piece] + t * (slope[piece] + t * (curve + t * bend / width));
    }
    free(slope);
    return 0;
}
