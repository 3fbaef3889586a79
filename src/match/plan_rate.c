/* plan_rate.c - a plan made at one rate, carried out at another. */
#include "match/plan_rate.h"

#include "dsp/fft.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The response is read between bins so much closer than the filter needs, and the filter of the
   other rate made with so much room around it. */
enum { CLOSER = 16, ROOM = 4 };

/* Of half the measured rate: above it resampled sound ends, and the response is held. */
static const double MEASURED_PART = 0.9;

struct response {
    double *freq; /* pairs */
    size_t bins;
    double bin_hz, last_hz;
};

/* The response of taps around their middle, taps/2. */
static int response_of(const double *taps, size_t count, uint32_t rate_hz,
                       struct response *response)
{
    size_t size = count * CLOSER;
    struct fft *fft = fft_create(size, FFT_FLOAT64);
    double *time = fft_alloc(size * sizeof(*time));
    int result = -ENOMEM;

    response->freq = fft_alloc((size + 2) * sizeof(*response->freq));
    response->bins = size / 2 + 1;
    response->bin_hz = (double)rate_hz / (double)size;
    response->last_hz = 0.5 * MEASURED_PART * rate_hz;
    if (fft && time && response->freq) {
        memset(time, 0, size * sizeof(*time));
        for (size_t i = 0; i < count; i++)
            time[(i + size - count / 2) % size] = taps[i];
        fft_forward_f64(fft, time, response->freq);
        result = 0;
    }
    free(time);
    fft_destroy(fft);
    return result;
}

/* Cubic through the four bins around; what lies above the last frequency is as there. */
static void read_at(const struct response *response, double hz, double out[2])
{
    double position = fmin(hz, response->last_hz) / response->bin_hz;
    size_t k = (size_t)position;
    double t = position - (double)k;
    const double weight[4] = {-t * (t - 1.0) * (t - 2.0) / 6.0,
                              (t + 1.0) * (t - 1.0) * (t - 2.0) / 2.0,
                              -(t + 1.0) * t * (t - 2.0) / 2.0, (t + 1.0) * t * (t - 1.0) / 6.0};

    out[0] = out[1] = 0.0;
    for (size_t i = 0; i < 4; i++) {
        size_t bin = k + i > 0 ? k + i - 1 : 1; /* mirrored at 0 */

        out[0] += weight[i] * response->freq[2 * bin];
        out[1] += weight[i] * response->freq[2 * bin + 1] * (k + i > 0 ? 1.0 : -1.0);
    }
}

/* Taps of the same response at another rate, the middle at count/2. */
static int taps_at(const struct response *response, uint32_t rate_hz, double *taps, size_t count)
{
    size_t size = count * ROOM;
    struct fft *fft = fft_create(size, FFT_FLOAT64);
    double *freq = fft_alloc((size + 2) * sizeof(*freq));
    double *time = fft_alloc(size * sizeof(*time));
    int result = -ENOMEM;

    if (fft && freq && time) {
        for (size_t k = 0; k <= size / 2; k++)
            read_at(response, (double)k * rate_hz / (double)size, freq + 2 * k);
        freq[1] = freq[size + 1] = 0.0;
        fft_backward_f64(fft, freq, time);
        for (size_t i = 0; i < count; i++)
            taps[i] = time[(i + size - count / 2) % size] / (double)size;
        result = 0;
    }
    free(freq);
    free(time);
    fft_destroy(fft);
    return result;
}

static int move_taps(double **taps, size_t count, uint32_t from_hz, uint32_t to_hz,
                     size_t new_count)
{
    struct response response = {.freq = NULL};
    double *moved = calloc(new_count, sizeof(*moved));
    int result = moved ? response_of(*taps, count, from_hz, &response) : -ENOMEM;

    if (result == 0)
        result = taps_at(&response, to_hz, moved, new_count);
    free(response.freq);
    if (result < 0) {
        free(moved);
        return result;
    }
    free(*taps);
    *taps = moved;
    return 0;
}

static int move_curve(double **curve, size_t bins, double ratio, size_t new_bins)
{
    double *moved = calloc(new_bins, sizeof(*moved));

    if (!moved)
        return -ENOMEM;
    for (size_t k = 0; k < new_bins; k++) {
        double position = fmin((double)k * ratio, MEASURED_PART * (double)(bins - 1));
        size_t bin = (size_t)position;
        double part = position - (double)bin;

        moved[k] = (1.0 - part) * (*curve)[bin] + part * (*curve)[bin + 1];
    }
    free(*curve);
    *curve = moved;
    return 0;
}

int plan_to_rate(struct plan *plan, uint32_t rate_hz)
{
    size_t count = plan->taps, new_count = profile_fft_size(rate_hz);
    double ratio = (double)rate_hz / (double)new_count * (double)count / (double)plan->rate_hz;

    if (count > 0) {
        int result = move_taps(&plan->mid, count, plan->rate_hz, rate_hz, new_count);
        if (result == 0)
            result = move_taps(&plan->side, count, plan->rate_hz, rate_hz, new_count);
        if (result == 0)
            result = move_curve(&plan->mid_curve, count / 2 + 1, ratio, new_count / 2 + 1);
        if (result == 0)
            result = move_curve(&plan->side_curve, count / 2 + 1, ratio, new_count / 2 + 1);
        if (result < 0)
            return result; /* half of it may be done: it must not be used */
        plan->taps = new_count;
    }
    plan->rate_hz = rate_hz;
    return 0;
}
