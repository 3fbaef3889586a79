/*
 * spline.h - cubic spline through given points, with not-a-knot ends.
 *
 * The first two and the last two pieces are each one cubic, as SciPy's interp1d(kind="cubic") has
 * it. The abscissae rise strictly; outside of them the end pieces are continued.
 * Source: C. de Boor, "A Practical Guide to Splines", 1978, chapter IV.
 *
 * Threads: any but the audio thread; nothing is shared.
 */
#ifndef MP_MATCH_SPLINE_H
#define MP_MATCH_SPLINE_H

#include <stddef.h>

/* Through the points (x[i], y[i]), 0 <= i < points, points >= 4, read at at[0 ... count-1], which
   do not fall, into out. 0 or -ENOMEM. */
int spline_sample(const double *x, const double *y, size_t points, const double *at, size_t count,
                  double *out);

#endif
