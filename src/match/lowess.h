/*
 * lowess.h - locally weighted straight lines through evenly spaced points.
 *
 * Degree 1, tricube weights, no robustness passes. A line is fitted at every `stride`-th point, at
 * the last but one and at the last; between fits the result is interpolated linearly.
 * Source: W. S. Cleveland, "Robust Locally Weighted Regression and Smoothing Scatterplots",
 * JASA 74, 1979; the choice of fitted points as in statsmodels' lowess with `delta`.
 *
 * Threads: any but the audio thread; nothing is shared.
 */
#ifndef MP_MATCH_LOWESS_H
#define MP_MATCH_LOWESS_H

#include <stddef.h>

/* y and out: `points` values each, not the same memory. neighbours: points in each fit, at least 3
   (cut to `points`); stride > 0. */
void lowess(const double *y, size_t points, size_t neighbours, size_t stride, double *out);

#endif
