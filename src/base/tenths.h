/*
 * tenths.h - a number as "%.1f" shows it, but never "-0.0".
 *
 * Threads: any but the audio thread.
 */
#ifndef MP_BASE_TENTHS_H
#define MP_BASE_TENTHS_H

#include <math.h>

/* Rounded to a tenth; what rounds to nothing has no sign (-0.0 + 0.0 is 0.0). */
static inline double tenths(double value)
{
    return round(value * 10.0) / 10.0 + 0.0;
}

#endif
