/* percentile.c - percentiles of a list of numbers. */
#include "match/percentile.h"

#include <stdlib.h>

static int compare(const void *one, const void *other)
{
    double a = *(const double *)one, b = *(const double *)other;

    return (a > b) - (a < b);
}

void percentile_sort(double *values, size_t count)
{
    qsort(values, count, sizeof(*values), compare);
}

double percentile_of(const double *sorted, size_t count, double part)
{
    double position = part * (double)(count - 1);
    size_t below = (size_t)position;
    size_t above = below + 1 < count ? below + 1 : below;

    return sorted[below] + (position - (double)below) * (sorted[above] - sorted[below]);
}
