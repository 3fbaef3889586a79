/* smoothing.c - linear bins to a logarithmic grid, LOWESS there, and back. */
#include "match/smoothing.h"

#include "match/lowess.h"
#include "match/spline.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* At 4096 points: frac 0.0375 of 8193 points, and delta 0.001 of the axis from 0 to 1. */
enum { FIRST_BIN = 2, NEIGHBOURS = 307, STRIDE = 8 };
static const double STEPS_PER_OCTAVE = 819.2;

static size_t grid_points(size_t bins)
{
    double octaves = log2((double)(bins - 1) / FIRST_BIN);

    return (size_t)lround(octaves * STEPS_PER_OCTAVE) + 1;
}

/* Points spread evenly in the logarithm, from FIRST_BIN to the last bin, in bins. */
static void fill_grid(double *grid, size_t points, size_t bins)
{
    double last = (double)(bins - 1), span = log10(FIRST_BIN / last);

    for (size_t i = 0; i < points; i++)
        grid[i] = last * pow(10.0, span * (double)(points - 1 - i) / (double)(points - 1));
    grid[0] = FIRST_BIN;
    grid[points - 1] = last;
}

int smooth_ratio(const double *ratio, size_t bins, double *out)
{
    size_t points = grid_points(bins);
    double *linear = malloc((bins + 3 * points) * sizeof(*linear)); /* and the three behind it */
    double *grid, *rough, *smooth;
    int result;

    if (!linear)
        return -ENOMEM;
    grid = linear + bins;
    rough = grid + points;
    smooth = rough + points;
    for (size_t k = 0; k < bins; k++)
        linear[k] = (double)k;
    fill_grid(grid, points, bins);
    result = spline_sample(linear, ratio, bins, grid, points, rough);
    if (result < 0)
        goto done;
    lowess(rough, points, NEIGHBOURS, STRIDE, smooth);
    result = spline_sample(grid, smooth, points, linear, bins, out);
    /* Below the grid the spline would only guess. */
    out[0] = 0.0;
    out[1] = ratio[1];
done:
    free(linear);
    return result;
}
