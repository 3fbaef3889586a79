/*
 * stft.h - sound as overlapping spectra, changed there and put together again.
 *
 * Hann frames of `size`, one every size/4, weighted with the same window again on the way back: the
 * squares of four windows add up to 3/2 everywhere, so spectra that are left alone give back the
 * sound (in single precision: to within -120 dB).
 * Two ways to use it:
 * - whole: what comes out is made of the spectra alone;
 * - difference: what comes out is the sound itself, bit for bit, and what the spectra are left
 *   with. Who wants to multiply a bin with g leaves it times g-1; who wants nothing clears it.
 *
 * With `ahead`, a frame is changed only when so many later ones have been listened to.
 *
 * Audio: double, planar, two channels, in place; the transforms are in single precision.
 * Latency: size - min(block_frames, size/4) + ahead * size/4.
 * Source: J. B. Allen, "Short term spectral analysis, synthesis, and modification by discrete
 * Fourier transform", IEEE Trans. ASSP 25(3), 1977; D. W. Griffin, J. S. Lim, IEEE Trans. ASSP
 * 32(2), 1984, for the window on the way back.
 *
 * Threads: stft_process in one thread at a time; all else in setup threads.
 */
#ifndef MP_DSP_STFT_H
#define MP_DSP_STFT_H

#include "dsp/kernels.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { STFT_CHANNELS = 2, STFT_OVERLAP = 4, STFT_SIZE_LEAST = 64 };

/* Spectra are size/2 + 1 bins a channel, interleaved re, im; a sine of amplitude 1 in the middle of
   a bin has size/4 there. There is room for stft_bins_room() bins, and what is past the last is 0.
   Both MP_RT. */
/* The newest frame, to listen to. */
typedef void stft_listen(void *context, const float *const spectrum[STFT_CHANNELS]);
/* After that: the frame that is `ahead` frames older, to be changed. */
typedef void stft_work(void *context, float *const spectrum[STFT_CHANNELS]);

struct stft_shape {
    size_t size;           /* a power of two from STFT_SIZE_LEAST */
    uint32_t block_frames; /* a power of two */
    enum simd_tier tier;
    bool difference;
    size_t ahead;        /* frames */
    stft_listen *listen; /* NULL: nobody does */
    stft_work *work;
    void *context;
};

struct stft;

/* size/2 + 1 and what fills the last vector of any tier (STFT_GROUP). */
size_t stft_bins_room(size_t size);

/* NULL with errno: EINVAL (the shape, or functions that are not marked MP_RT), ENOMEM. */
struct stft *stft_create(const struct stft_shape *shape);
void stft_destroy(struct stft *stft);
void stft_reset(struct stft *stft); /* to silence */
MP_RT uint32_t stft_latency_frames(const struct stft *stft);
/* The memory that stft_process touches, for mlock. */
void stft_memory(const struct stft *stft, void **address, size_t *bytes);

/* block_frames frames in place. Listens and works once for each size/4 frames that have come. */
MP_RT void stft_process(struct stft *stft, double *const audio[STFT_CHANNELS]);

#endif
