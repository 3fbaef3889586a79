/* limiter_model.c - the offline limiter over a whole file, slow and plain, to test against. */
#include "limiter_model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PAD = 6 };

/* out[n] = the highest of in[n-before ... n+after], where they exist. */
static void sliding_maximum(const double *in, size_t frames, size_t before, size_t after,
                            double *out)
{
    for (size_t n = 0; n < frames; n++) {
        size_t first = n < before ? 0 : n - before;
        size_t last = n + after < frames ? n + after : frames - 1;

        out[n] = 0;
        for (size_t i = first; i <= last; i++) {
            out[n] = fmax(out[n], in[i]);
        }
    }
}

/* Forward and backward one-pole low-pass with odd reflection of the ends and steady state there,
   as scipy.signal.filtfilt with its default padding. */
static int both_ways(const double *in, size_t frames, double pole, double *out)
{
    size_t pad = frames > PAD ? PAD : frames - 1; /* a shorter file has no full reflection */
    size_t total = frames + 2 * pad;
    double *y = malloc(total * sizeof *y);
    double state;

    if (y == NULL) {
        return -1;
    }
    for (size_t i = 0; i < pad; i++) {
        y[i] = 2 * in[0] - in[pad - i];
        y[pad + frames + i] = 2 * in[frames - 1] - in[frames - 2 - i];
    }
    memcpy(y + pad, in, frames * sizeof *y);
    state = y[0];
    for (size_t i = 0; i < total; i++) {
        state = pole * state + (1 - pole) * y[i];
        y[i] = state;
    }
    for (size_t i = total; i-- > 0;) {
        state = pole * state + (1 - pole) * y[i];
        y[i] = state;
    }
    memcpy(out, y + pad, frames * sizeof *y);
    free(y);
    return 0;
}

/* First-order Butterworth low-pass by the bilinear transform, from rest. */
static void butterworth(const double *in, size_t frames, double cutoff_hz, double rate_hz,
                        double *out)
{
    double k = tan(M_PI * cutoff_hz / rate_hz);
    double b = k / (1 + k), a = (k - 1) / (1 + k);
    double x = 0, y = 0;

    for (size_t n = 0; n < frames; n++) {
        double now = in[n];

        y = b * now + b * x - a * y;
        x = now;
        out[n] = y;
    }
}

int limiter_model_gain(const double *left, const double *right, size_t frames, uint32_t rate_hz,
                       double *gain)
{
    const double threshold = (32768.0 - 61) / 32768;
    size_t span = rate_hz / 1000; /* 1 ms */
    double *hard = frames > 0 && frames < SIZE_MAX / 64 ? calloc(frames * 5, sizeof *hard) : NULL;
    double *slid = hard + frames, *attack = slid + frames, *hold = attack + frames;
    double *release = hold + frames;
    int result = -1;

    if (hard == NULL) {
        return -1;
    }
    for (size_t n = 0; n < frames; n++) {
        hard[n] = 1 - 1 / fmax(1, fmax(fabs(left[n]), fabs(right[n])) / threshold);
    }
    sliding_maximum(hard, frames, span, span, slid);
    result = both_ways(slid, frames, exp(-2.0 / (double)span), attack);
    sliding_maximum(slid, frames, span - 1, 0, gain);
    butterworth(gain, frames, 7, rate_hz, hold);
    for (size_t n = 0; n < frames; n++) {
        gain[n] = fmax(gain[n], hold[n]);
    }
    butterworth(gain, frames, 800.0 / 3000, rate_hz, release);
    for (size_t n = 0; n < frames; n++) {
        gain[n] = 1 - fmax(fmax(hard[n], attack[n]), fmax(hold[n], release[n]));
    }
    free(hard);
    return result;
}
