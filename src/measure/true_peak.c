/* true_peak.c - the peak of the sound between the samples, and the headroom of the last 3 s. */
#include "measure/true_peak.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    TAPS = 48,
    STEPS_MOST = TAPS / 2, /* taps of one phase: 12 with 4x, 24 with 2x */
    HISTORY = STEPS_MOST,
    CHUNK = 512,
};

struct true_peak {
    const struct kernels *kernels;
    uint32_t steps;  /* taps of a phase; 0: no oversampling, the samples' own peak */
    uint32_t phases; /* between the samples: the samples themselves need no taps */
    float taps[TAPS];
    float line[TRUE_PEAK_CHANNELS][HISTORY + CHUNK];
};

/* sinc over a Hann window, 48 steps wide: its zeros fall on the samples, so that these stay. */
static double tap(int index, int factor)
{
    const int middle = TAPS / 2;
    double at = index - middle;
    double x = M_PI * at / factor;
    double window = 0.5 - 0.5 * cos(2 * M_PI * index / TAPS);

    return at == 0 ? 1 : window * sin(x) / x;
}

struct true_peak *true_peak_create(uint32_t rate_hz)
{
    int factor = rate_hz < 96000 ? 4 : rate_hz < 192000 ? 2 : 1;
    struct true_peak *meter;

    if (rate_hz == 0) {
        errno = EINVAL;
        return NULL;
    }
    meter = aligned_alloc(64, (sizeof *meter + 63) / 64 * 64);
    if (meter == NULL) {
        errno = ENOMEM;
        return NULL;
    }
    memset(meter, 0, sizeof *meter);
    meter->kernels = kernels_select(SIMD_AUTO);
    meter->steps = factor == 1 ? 0 : (uint32_t)(TAPS / factor);
    meter->phases = (uint32_t)factor - 1;
    for (int phase = 1; phase < factor; phase++) {
        for (int k = 0; k < (int)meter->steps; k++) { /* what x[n-k] adds to the phase */
            meter->taps[(phase - 1) * (int)meter->steps + k] =
                (float)tap(k * factor + phase, factor);
        }
    }
    return meter;
}

void true_peak_set_kernels(struct true_peak *meter, const struct kernels *kernels)
{
    meter->kernels = kernels;
}

size_t true_peak_bytes(void)
{
    return sizeof(struct true_peak);
}

void true_peak_destroy(struct true_peak *meter)
{
    free(meter);
}

MP_RT void true_peak_reset(struct true_peak *meter)
{
    memset(meter->line, 0, sizeof meter->line);
}

/* Peak of line[HISTORY ...] by interpolation; then the line moves on. */
MP_RT static double line_peak(const struct true_peak *meter, float *line, size_t frames)
{
    double peak =
        meter->kernels->true_peak(line + HISTORY, meter->taps, meter->phases, meter->steps, frames);

    memmove(line, line + frames, HISTORY * sizeof *line);
    return peak;
}

MP_RT double true_peak_process_f32(struct true_peak *meter,
                                   const float *const audio[TRUE_PEAK_CHANNELS], size_t frames)
{
    double peak = 0;

    for (size_t at = 0; at < frames; at += CHUNK) {
        size_t count = frames - at < CHUNK ? frames - at : CHUNK;

        for (size_t c = 0; c < TRUE_PEAK_CHANNELS; c++) {
            double high;

            memcpy(meter->line[c] + HISTORY, audio[c] + at, count * sizeof(float));
            high = line_peak(meter, meter->line[c], count);
            peak = high > peak ? high : peak;
        }
    }
    return peak;
}

MP_RT double true_peak_process_f64(struct true_peak *meter,
                                   const double *const audio[TRUE_PEAK_CHANNELS], size_t frames)
{
    double peak = 0;

    for (size_t at = 0; at < frames; at += CHUNK) {
        size_t count = frames - at < CHUNK ? frames - at : CHUNK;

        for (size_t c = 0; c < TRUE_PEAK_CHANNELS; c++) {
            double high;

            meter->kernels->narrow(meter->line[c] + HISTORY, audio[c] + at, count);
            high = line_peak(meter, meter->line[c], count);
            peak = high > peak ? high : peak;
        }
    }
    return peak;
}

void headroom_init(struct headroom *headroom, uint32_t rate_hz)
{
    *headroom = (struct headroom){.slot_frames = rate_hz / 10 > 0 ? rate_hz / 10 : 1};
}

MP_RT void headroom_add(struct headroom *headroom, double peak, size_t frames)
{
    double *now = &headroom->slots[headroom->slot];

    *now = peak > *now ? peak : *now;
    headroom->filled_frames += (uint32_t)frames;
    /* Where these frames reach into the next slots, their peak may lie there. */
    for (int i = 0; i < HEADROOM_SLOTS && headroom->filled_frames >= headroom->slot_frames; i++) {
        headroom->filled_frames -= headroom->slot_frames;
        headroom->slot = (headroom->slot + 1) % HEADROOM_SLOTS;
        headroom->slots[headroom->slot] = headroom->filled_frames > 0 ? peak : 0;
    }
    headroom->filled_frames %= headroom->slot_frames;
}

MP_RT double headroom_peak(const struct headroom *headroom)
{
    double peak = 0;

    for (size_t i = 0; i < HEADROOM_SLOTS; i++) {
        peak = headroom->slots[i] > peak ? headroom->slots[i] : peak;
    }
    return peak;
}

double headroom_db(const struct headroom *headroom)
{
    return -20 * log10(headroom_peak(headroom)); /* log10(0) is -HUGE_VAL */
}
