/*
 * percentile.h - percentiles of a list of numbers.
 * Threads: any; nothing is shared.
 */
#ifndef MP_MATCH_PERCENTILE_H
#define MP_MATCH_PERCENTILE_H

#include <stddef.h>

/* Rising, in place; no NaN among them. */
void percentile_sort(double *values, size_t count);
/* Of sorted values, count > 0; part 0 ... 1, with straight lines between. */
double percentile_of(const double *sorted, size_t count, double part);

#endif
