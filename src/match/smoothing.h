/*
 * smoothing.h - a ratio of spectra made smooth along a logarithmic frequency axis.
 *
 * Curves are linear amplitude ratios on `bins` = fft_size/2 + 1 evenly spaced bins, from 0 to half
 * the rate. 8192 steps of the logarithmic grid span ten octaves (bin 2 to bin 2048 of a 4096-point
 * transform); longer and shorter transforms have as many steps an octave.
 * Source: src/README, "The match", step 7.
 *
 * Threads: any but the audio thread; nothing is shared.
 */
#ifndef MP_MATCH_SMOOTHING_H
#define MP_MATCH_SMOOTHING_H

#include <stddef.h>

/* bins >= 9. Bin 0 becomes 0 and bin 1 stays as it was. 0 or -ENOMEM. */
int smooth_ratio(const double *ratio, size_t bins, double *out);

#endif
