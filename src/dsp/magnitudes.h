/*
 * magnitudes.h - sums of the magnitudes of many real frames' spectra.
 *
 * Magnitudes alone need half of the bins and no order among them. A frame of P is folded into the
 * sum and the difference of its halves: the sum has the even bins, and the difference, taken as P/4
 * complex numbers, the bins 4k+1; the others are their mirror images. So a frame goes through
 * complex transforms of P/4, P/8, ... points, none of which needs a pass that puts things right.
 * The transforms are the convolver's (spectral.h), in double.
 * Source: H. V. Sorensen, M. T. Heideman, C. S. Burrus, "On computing the split-radix FFT", IEEE
 * Trans. ASSP 34(1), 1986, carried over to right-angle transforms.
 *
 * Threads: one thread at a time for one struct.
 */
#ifndef MP_DSP_MAGNITUDES_H
#define MP_DSP_MAGNITUDES_H

#include "dsp/kernels.h"

enum { MAGNITUDES_SIZE_MIN = 64 };

struct magnitudes;

/* Frames of `size`, a power of two from MAGNITUDES_SIZE_MIN. NULL with errno. */
struct magnitudes *magnitudes_create(size_t size, const struct kernels *kernels);
void magnitudes_destroy(struct magnitudes *magnitudes);

/* sum: size/2 + 1 numbers, in an order of their own. The frame is overwritten. */
void magnitudes_add(struct magnitudes *magnitudes, double *frame, double *sum);
/* bins[k] += sum of |X[k]|, in the usual order. */
void magnitudes_sort(const struct magnitudes *magnitudes, const double *sum, double *bins);

#endif
