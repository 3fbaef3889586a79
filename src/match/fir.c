/* fir.c - filter taps from a zero-phase curve. */
#include "match/fir.h"

#include "dsp/fft.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

int fir_design(const double *curve, size_t taps, double *out)
{
    static const double PI = 3.14159265358979323846;
    struct fft *fft = fft_create(taps, FFT_FLOAT64);
    double *freq = fft_alloc((taps + 2) * sizeof(*freq));
    double *time = fft_alloc(taps * sizeof(*time));
    int result = -ENOMEM;

    if (!fft || !freq || !time)
        goto done;
    for (size_t k = 0; k <= taps / 2; k++)
        freq[2 * k] = curve[k];
    fft_backward_f64(fft, freq, time);
    for (size_t i = 0; i < taps; i++) {
        double window = 0.5 - 0.5 * cos(2.0 * PI * (double)i / (double)(taps - 1));

        out[i] = window * time[(i + taps / 2) % taps] / (double)taps;
    }
    result = 0;
done:
    free(time);
    free(freq);
    fft_destroy(fft);
    return result;
}
