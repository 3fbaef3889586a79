/* tone_support.c - tones for the tests of filters and dynamics, and where their energy lies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/tone_support.h"

#include "dsp/fft.h"

#include <math.h>
#include <stdlib.h>

struct stereo tone_create(size_t frames, double hz, double amplitude, uint32_t rate_hz)
{
    struct stereo sound = stereo_create(frames);

    for (size_t n = 0; n < frames; n++) {
        double value = amplitude * sin(2 * M_PI * hz * (double)n / rate_hz);

        sound.channel[0][n] = sound.channel[1][n] = value;
    }
    return sound;
}

double energy_above_db(const struct stereo *sound, size_t first, size_t count, double hz,
                       uint32_t rate_hz)
{
    static const double terms[] = {0.35875, -0.48829, 0.14128, -0.01168};
    struct fft *fft = fft_create(count, FFT_FLOAT64);
    double *time = fft_alloc(count * sizeof *time), *freq = fft_alloc((count + 2) * sizeof *freq);
    double weight = 0, power = 0;

    assert_non_null(fft);
    for (size_t n = 0; n < count; n++) {
        double window = 0;

        for (size_t k = 0; k < sizeof terms / sizeof terms[0]; k++) {
            window += terms[k] * cos(2 * M_PI * (double)(k * n) / (double)count);
        }
        time[n] = window * sound->channel[0][first + n];
        weight += window * window;
    }
    fft_forward_f64(fft, time, freq);
    for (size_t k = 0; k <= count / 2; k++) {
        if ((double)k * rate_hz / (double)count > hz) {
            power += freq[2 * k] * freq[2 * k] + freq[2 * k + 1] * freq[2 * k + 1];
        }
    }
    fft_destroy(fft);
    free(time);
    free(freq);
    return 10 * log10(2 * power / (weight * (double)count) + 1e-30);
}

double rms_db(const struct stereo *sound, size_t first, size_t last)
{
    double sum = 0;

    for (size_t n = first; n < last; n++) {
        sum += sound->channel[0][n] * sound->channel[0][n];
    }
    return 10 * log10(sum / (double)(last - first) + 1e-30);
}

struct stereo fade_over(const struct stereo *one, const struct stereo *other, size_t at,
                        size_t frames)
{
    struct stereo result = stereo_create(one->frames);

    for (size_t c = 0; c < 2; c++) {
        for (size_t n = 0; n < one->frames; n++) {
            double part = n < at ? 0 : fmin((double)(n - at) / (double)frames, 1);

            result.channel[c][n] = (1 - part) * one->channel[c][n] + part * other->channel[c][n];
        }
    }
    return result;
}
