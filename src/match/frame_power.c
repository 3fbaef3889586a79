/* frame_power.c - the power spectrum of Hann frames of two channels. */
#include "match/frame_power.h"

#include "dsp/fft.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct frame_power {
    size_t size;
    struct fft *fft;
    float *window, *time, *freq;
    double *power; /* size/2 + 1 */
};

struct frame_power *frame_power_create(size_t size)
{
    struct frame_power *frame = calloc(1, sizeof(*frame));

    if (!frame)
        return NULL;
    frame->size = size;
    frame->fft = fft_create(size, FFT_FLOAT32);
    frame->window = fft_alloc(size * sizeof(float));
    frame->time = fft_alloc(size * sizeof(float));
    frame->freq = fft_alloc((size + 2) * sizeof(float));
    frame->power = calloc(size / 2 + 1, sizeof(double));
    if (!frame->fft || !frame->window || !frame->time || !frame->freq || !frame->power) {
        frame_power_destroy(frame);
        errno = ENOMEM;
        return NULL;
    }
    for (size_t i = 0; i < size; i++)
        frame->window[i] = (float)(0.5 - 0.5 * cos(2.0 * M_PI * (double)i / (double)size));
    return frame;
}

void frame_power_destroy(struct frame_power *frame)
{
    if (!frame)
        return;
    fft_destroy(frame->fft);
    free(frame->window);
    free(frame->time);
    free(frame->freq);
    free(frame->power);
    free(frame);
}

const double *frame_power_take(struct frame_power *frame, const float *const channel[2])
{
    size_t size = frame->size;
    /* Both sides of the spectrum, over the window's energy 3/8 * size; the mean of two channels. */
    double scale = 1.0 / ((double)size * 0.375 * (double)size);

    memset(frame->power, 0, (size / 2 + 1) * sizeof(double));
    for (int c = 0; c < 2; c++) {
        const float *audio = channel[c];

        for (size_t i = 0; i < size; i++)
            frame->time[i] = audio[i] * frame->window[i];
        fft_forward_f32(frame->fft, frame->time, frame->freq);
        for (size_t k = 0; k <= size / 2; k++) {
            float re = frame->freq[2 * k], im = frame->freq[2 * k + 1];

            frame->power[k] += scale * (double)(re * re + im * im);
        }
    }
    return frame->power;
}
