/*
 * fft.h - transforms of real signals, by FFTW.
 *
 * freq is size/2+1 complex bins, interleaved re, im; forward is unnormalised, so backward(forward)
 * is the signal times `size`. Both directions may overwrite their input.
 *
 * Threads: create and destroy anywhere but in the audio thread (plans are made behind one lock;
 * wisdom or ESTIMATE, so that no start waits for a measurement); the transforms anywhere, one
 * struct fft may serve many threads at once. All arrays come from fft_alloc (64-byte aligned).
 */
#ifndef MP_DSP_FFT_H
#define MP_DSP_FFT_H

#include "base/rt.h"

#include <stddef.h>

enum fft_precision { FFT_FLOAT32, FFT_FLOAT64 };

struct fft;

/* size: an even number > 0. NULL with errno. */
struct fft *fft_create(size_t size, enum fft_precision precision);
void fft_destroy(struct fft *fft);
size_t fft_size(const struct fft *fft);

MP_RT void fft_forward_f64(const struct fft *fft, double *time, double *freq);
MP_RT void fft_backward_f64(const struct fft *fft, double *freq, double *time);
MP_RT void fft_forward_f32(const struct fft *fft, float *time, float *freq);
MP_RT void fft_backward_f32(const struct fft *fft, float *freq, float *time);

/* Cleared, 64-byte aligned memory; NULL with ENOMEM. Freed by free(). */
void *fft_alloc(size_t bytes);

/* Plans measured before are kept in a file: load at start, measure sizes when idle, store.
   0 or negative errno; a missing or foreign file is no error (-ENOENT is returned and can be passed
   over). */
int fft_wisdom_load(const char *path);
int fft_wisdom_store(const char *path); /* written to a temporary file and renamed */
int fft_measure(size_t size, enum fft_precision precision); /* may take a second */

#endif
