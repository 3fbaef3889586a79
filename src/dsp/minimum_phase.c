/* minimum_phase.c - a filter of the same magnitude with the least delay. */
#include "dsp/minimum_phase.h"

#include "dsp/fft.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Lengths of the filter that are transformed: the cepstrum is longer than the filter, and what does
   not fit folds back onto it. */
enum { LENGTHS = 8, TAPS_MOST = 1 << 20 };

struct work {
    struct fft *fft;
    double *time, *freq;
};

static int work_init(struct work *work, size_t count)
{
    size_t size = 16;

    while (size < LENGTHS * count) {
        size *= 2;
    }
    work->fft = fft_create(size, FFT_FLOAT64);
    work->time = fft_alloc(size * sizeof(double));
    work->freq = fft_alloc((size + 2) * sizeof(double));
    return work->fft != NULL && work->time != NULL && work->freq != NULL ? 0 : -ENOMEM;
}

static void work_finish(struct work *work)
{
    fft_destroy(work->fft);
    free(work->time);
    free(work->freq);
}

/* The magnitudes' logarithms, floored, in place of the spectrum. False: there is no magnitude. */
static bool take_logarithm(double *freq, size_t size, double floor_db)
{
    double highest = 0.0, floor;

    for (size_t k = 0; k <= size / 2; k++) {
        highest = fmax(highest, hypot(freq[2 * k], freq[2 * k + 1]));
    }
    floor = highest * pow(10.0, floor_db / 20.0);
    if (!(floor > 0.0)) {
        return false;
    }
    for (size_t k = 0; k <= size / 2; k++) {
        freq[2 * k] = log(fmax(hypot(freq[2 * k], freq[2 * k + 1]), floor));
        freq[2 * k + 1] = 0.0;
    }
    return true;
}

/* What lies at negative times is laid onto the positive ones. */
static void fold(double *cepstrum, size_t size)
{
    cepstrum[0] /= (double)size;
    for (size_t n = 1; n < size / 2; n++) {
        cepstrum[n] *= 2.0 / (double)size;
    }
    cepstrum[size / 2] /= (double)size;
    memset(cepstrum + size / 2 + 1, 0, (size / 2 - 1) * sizeof *cepstrum);
}

static void exponentiate(double *freq, size_t size)
{
    for (size_t k = 0; k <= size / 2; k++) {
        double magnitude = exp(freq[2 * k]);
        double phase = freq[2 * k + 1];

        freq[2 * k] = magnitude * cos(phase);
        freq[2 * k + 1] = magnitude * sin(phase);
    }
}

static bool is_finite(const double *taps, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(taps[i])) {
            return false;
        }
    }
    return true;
}

int minimum_phase(const double *taps, size_t count, double floor_db, double *out)
{
    struct work work = {0};
    size_t size;
    int result;

    if (count == 0 || count > TAPS_MOST || !(floor_db < 0.0) || !is_finite(taps, count)) {
        return -EINVAL;
    }
    result = work_init(&work, count);
    if (result < 0) {
        goto done;
    }
    size = fft_size(work.fft);
    memcpy(work.time, taps, count * sizeof *taps);
    fft_forward_f64(work.fft, work.time, work.freq);
    if (!take_logarithm(work.freq, size, floor_db)) {
        memset(out, 0, count * sizeof *out);
        goto done;
    }
    fft_backward_f64(work.fft, work.freq, work.time);
    fold(work.time, size);
    fft_forward_f64(work.fft, work.time, work.freq);
    exponentiate(work.freq, size);
    fft_backward_f64(work.fft, work.freq, work.time);
    for (size_t i = 0; i < count; i++) {
        out[i] = work.time[i] / (double)size;
    }
done:
    work_finish(&work);
    return result;
}
