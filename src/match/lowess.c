/* lowess.c - locally weighted linear regression on an even grid. */
#include "match/lowess.h"

#include <math.h>

/* Below this spread of the neighbours a line is no better than their mean. */
static const double LEAST_SPREAD = 1e-12;

static double tricube(double distance)
{
    double rest = 1.0 - distance * distance * distance;

    return distance < 1.0 ? rest * rest * rest : 0.0;
}

/* The line fitted around point `at`, read there. Abscissae are i / (points - 1). */
static double fit(const double *y, size_t points, size_t neighbours, size_t at)
{
    size_t half = neighbours / 2;
    size_t first = at > half ? at - half : 0;
    double unit = 1.0 / (double)(points - 1), mean, spread;
    /* Sums over the neighbours of weight, weight * x, ...; x counts from `at`. */
    double w = 0.0, wx = 0.0, wxx = 0.0, wy = 0.0, wxy = 0.0;

    if (first + neighbours > points)
        first = points - neighbours;
    size_t end = first + neighbours;
    double radius = (double)(at - first > end - 1 - at ? at - first : end - 1 - at);

    for (size_t i = first; i < end; i++) {
        double steps = (double)i - (double)at, x = steps * unit;
        double weight = tricube(fabs(steps) / radius);

        w += weight;
        wx += weight * x;
        wxx += weight * x * x;
        wy += weight * y[i];
        wxy += weight * x * y[i];
    }
    mean = wx / w;
    spread = fmax(wxx / w - mean * mean, LEAST_SPREAD);
    return (wy - mean * (wxy - mean * wy) / spread) / w;
}

/* Where the fit after the one at `last` lands: a stride on, but always on the last two points. */
static size_t next_fit(size_t last, size_t stride, size_t points)
{
    if (last + stride < points - 1)
        return last + stride;
    return last + 2 < points - 1 ? points - 2 : last + 1;
}

void lowess(const double *y, size_t points, size_t neighbours, size_t stride, double *out)
{
    size_t last = 0;

    if (points < 3) {
        for (size_t i = 0; i < points; i++)
            out[i] = y[i];
        return;
    }
    if (neighbours > points)
        neighbours = points;
    out[0] = fit(y, points, neighbours, 0);
    while (last < points - 1) {
        size_t next = next_fit(last, stride, points);
        double gap = (double)(next - last);

        out[next] = fit(y, points, neighbours, next);
        for (size_t i = last + 1; i < next; i++) {
            double part = (double)(i - last) / gap;

            out[i] = part * out[next] + (1.0 - part) * out[last];
        }
        last = next;
    }
}
