/*
 * spectral.h - the transform under the convolver, and how its numbers lie in memory.
 *
 * The product of polynomials modulo t^N = -i (the "right-angle" convolution): N real frames are
 * weighted by e^(-i pi n / 2N) and go through a complex transform of N points. Of the product of
 * two such spectra, the way back gives the first N frames of the linear convolution as real part
 * and the N frames of its tail as negative imaginary part. So a block needs no zeros added, and a
 * spectrum is N complex bins with none of a special kind.
 * Bins are in no order but the same for all spectra of one struct spectral; the way back takes them
 * in that order. This saves every reordering.
 *
 * A delay line or a filter has `slots` spectra. They lie group by group: a group is SPECTRAL_GROUP
 * bytes of real parts, then as many of imaginary parts; first group 0 of every slot, then group 1
 * of every slot. So multiplying a whole line with a whole filter reads two streams in order.
 *
 * Source: H. J. Nussbaumer, "Fast Fourier Transform and Convolution Algorithms", 1982; R. Crandall,
 * B. Fagin, "Discrete weighted transforms and large-integer arithmetic", Math. Comp. 62, 1994.
 *
 * Threads: init in setup threads; never changed after that.
 */
#ifndef MP_DSP_SPECTRAL_H
#define MP_DSP_SPECTRAL_H

#include "dsp/fft.h"
#include "dsp/kernels.h"

enum { SPECTRAL_GROUP = 64, SPECTRAL_PASSES_MAX = 16, SPECTRAL_SIZE_MIN = 16 };

/* Forward: a radix-4 pass over the real frames, `passes` radix-4 passes, then one that ends in
   registers: radix 2 or 4 down to blocks of one vector, and the transform inside the vector. */
struct spectral {
    size_t size;  /* N, a power of two from SPECTRAL_SIZE_MIN */
    size_t slots; /* spectra in a line or a filter */
    const struct spectral_kernels *kernels;
    /* Twiddles, vector by vector in the order of use. */
    const void *first;
    size_t passes;
    struct {
        size_t length; /* of a block in this pass */
        const void *twiddles;
    } pass[SPECTRAL_PASSES_MAX];
    unsigned int last_radix; /* 2 or 4 */
    const void *last;
    const void *inside; /* of the transform inside a vector */
};

/* The bytes of memory that spectral_init fills with twiddles. */
size_t spectral_twiddle_bytes(size_t size, enum fft_precision precision,
                              const struct kernels *kernels);
/* `memory` (64-byte aligned) stays the caller's and must outlive the spectral. The kernels used are
   those given or, for sizes too small for them, narrower ones. */
void spectral_init(struct spectral *spectral, size_t size, size_t slots,
                   enum fft_precision precision, const struct kernels *kernels, void *memory);

#endif
