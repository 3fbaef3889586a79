/*
 * convolver.h - long FIR filters on a stream, block by block.
 *
 * Uniformly partitioned convolution: y[n] = sum over k of h[k] x[n-k], causal, no
 * added delay. One or two channels, each with a filter of its own. The signal is double whatever
 * the precision of the transforms. What a block's convolution adds to later blocks is kept as it
 * was made, so a filter that changes between two calls takes over at a block without a gap (but not
 * without a click: cross-fade two convolvers for that).
 * Source: W. G. Gardner, "Efficient Convolution without Input-Output Delay", JAES 43(3), 1995 (the
 * uniform case); F. Wefers, "Partitioned convolution algorithms for real-time auralization", 2014.
 * The transform under it is ours: spectral.h.
 *
 * Calls take turns: one sums for itself and ahead for the next, the next has little left to do. The
 * longer one takes about twice the time of the shorter.
 *
 * Threads: convolver_process in the audio thread; all else in setup threads. A filter is never
 * changed after it was made, so many convolvers may share one.
 */
#ifndef MP_DSP_CONVOLVER_H
#define MP_DSP_CONVOLVER_H

#include "dsp/fft.h"
#include "dsp/kernels.h"

#include <stdint.h>

enum { CONVOLVER_CHANNELS = 2 };

struct convolver_shape {
    uint32_t channels;     /* 1 or 2 */
    uint32_t block_frames; /* frames of each call: a power of two, 16 to 65536 */
    size_t taps;           /* the longest filter */
    enum fft_precision precision;
    const struct kernels *kernels;
};

struct convolver_filter; /* the spectra of a filter's partitions */
struct convolver;

/* taps[c] points to shape->taps doubles for each channel. NULL with errno. */
struct convolver_filter *convolver_filter_create(const struct convolver_shape *shape,
                                                 const double *const taps[]);
void convolver_filter_destroy(struct convolver_filter *filter);

struct convolver *convolver_create(const struct convolver_shape *shape);
void convolver_destroy(struct convolver *convolver);
void convolver_reset(struct convolver *convolver);

/* The memory that convolver_process touches, for mlock. Setup threads. */
void convolver_memory(const struct convolver *convolver, void **address, size_t *bytes);
void convolver_filter_memory(const struct convolver_filter *filter, void **address, size_t *bytes);

/* Filters block_frames frames of each channel in place. The filter is of the same shape. */
MP_RT void convolver_process(struct convolver *convolver, const struct convolver_filter *filter,
                             double *const audio[]);

#endif
