/*
 * bands.h - the spectrum in third octaves, as it goes by.
 *
 * 31 bands around 1000 * 10^(n/10) Hz, n = -17 ... 13 (20 Hz to 20 kHz). A band's level is the mean
 * square of what lies in it, mean of both channels, in dBFS: a full-scale sine has -3.01, and
 * the powers of all bands add up to the sound's.
 * Up to 500 Hz from frames of 16384 (at 44.1 kHz; longer at higher rates), above from frames of
 * 2048, Hann window, smoothed with 150 ms. The three lowest bands are hardly wider than what that
 * tells apart: a sine in them reads up to 1.2 dB low.
 * And in lines, as the long frames tell them apart: 120 of a twelfth of an octave from 20 Hz up,
 * each with the mean square in it, of the last frame alone. Source: IEC 61260-1 for the bands'
 * middles and edges.
 *
 * Audio: float, planar, two channels.
 * Threads: one at a time, never the audio thread.
 */
#ifndef MP_MEASURE_BANDS_H
#define MP_MEASURE_BANDS_H

#include <stddef.h>
#include <stdint.h>

enum { BANDS = 31, BANDS_LINES = 120 };

struct bands;

struct bands *bands_create(uint32_t rate_hz); /* NULL with errno */
void bands_destroy(struct bands *bands);
/* Forgets what it heard. */
void bands_reset(struct bands *bands);
void bands_add(struct bands *bands, const float *const audio[2], uint32_t frames);
/* -HUGE_VAL: nothing in it (or beyond half the rate). */
void bands_read(const struct bands *bands, float dbfs[BANDS]);

/* The same of a spectrum: the mean square in each of fft_size/2 + 1 bins. */
void bands_of_spectrum(const double *power, size_t fft_size, uint32_t rate_hz, float dbfs[BANDS]);
double bands_middle_hz(size_t band);
/* The lines of the last long frame, and of a spectrum. */
void bands_read_lines(const struct bands *bands, float dbfs[BANDS_LINES]);
void bands_lines_of_spectrum(const double *power, size_t fft_size, uint32_t rate_hz,
                             float dbfs[BANDS_LINES]);
/* The mean square between two frequencies of such a spectrum, linear; a bin reaches half a bin to
   either side. */
double bands_power_between(const double *power, size_t fft_size, uint32_t rate_hz, double low_hz,
                           double high_hz);
/* Of the third octaves, linear. */
void bands_powers(const double *power, size_t fft_size, uint32_t rate_hz, double powers[BANDS]);

#endif
