/* true_peak.c - the peak of the sound between the samples, and the headroom of the last 3 s. */
#include "measure/true_peak.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    TAPS = 48,
    PHASES = 4,            /* lanes of a vector; with 2x the last two stay 0 */
    STEPS_MOST = TAPS / 2, /* taps of one phase: 12 with 4x, 24 with 2x */
    HISTORY = STEPS_MOST - 1,
    CHUNK = 256,
};

typedef float lanes __attribute__((vector_size(PHASES * sizeof(float))));
typedef int32_t lane_bits __attribute__((vector_size(PHASES * sizeof(int32_t))));

struct true_peak {
    uint32_t steps;         /* taps of a phase; 0: no oversampling, the samples' own peak */
    lanes taps[STEPS_MOST]; /* [k]: what x[n-k] adds to each phase */
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
    meter->steps = factor == 1 ? 0 : (uint32_t)(TAPS / factor);
    for (int k = 0; k < (int)meter->steps; k++) {
        for (int phase = 0; phase < factor; phase++) {
            meter->taps[k][phase] = (float)tap(k * factor + phase, factor);
        }
    }
    return meter;
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
MP_RT static float line_peak(const struct true_peak *meter, float *line, size_t frames)
{
    lanes highest = {0};
    float peak = 0;

    for (size_t n = 0; n < frames; n++) {
        lanes sum = {0};
        lane_bits higher;

        for (uint32_t k = 0; k < meter->steps; k++) {
            sum += meter->taps[k] * line[HISTORY + n - k];
        }
        sum = (lanes)((lane_bits)sum & 0x7fffffff);
        higher = sum > highest;
        highest = (lanes)(((lane_bits)sum & higher) | ((lane_bits)highest & ~higher));
    }
    for (size_t i = 0; i < PHASES; i++) {
        peak = highest[i] > peak ? highest[i] : peak;
    }
    for (size_t n = 0; meter->steps == 0 && n < frames; n++) {
        float magnitude = line[HISTORY + n] < 0 ? -line[HISTORY + n] : line[HISTORY + n];

        peak = magnitude > peak ? magnitude : peak;
    }
    memmove(line, line + frames, HISTORY * sizeof *line);
    return peak;
}

MP_RT double true_peak_process_f32(struct true_peak *meter,
                                   const float *const audio[TRUE_PEAK_CHANNELS], size_t frames)
{
    float peak = 0;

    for (size_t at = 0; at < frames; at += CHUNK) {
        size_t count = frames - at < CHUNK ? frames - at : CHUNK;

        for (size_t c = 0; c < TRUE_PEAK_CHANNELS; c++) {
            float high;

            memcpy(meter->line[c] + HISTORY, audio[c] + at, count * sizeof(float));
            high = line_peak(meter, meter->line[c], count);
            peak = high > peak ? high : peak;
        }
    }
    return (double)peak;
}

MP_RT double true_peak_process_f64(struct true_peak *meter,
                                   const double *const audio[TRUE_PEAK_CHANNELS], size_t frames)
{
    float peak = 0;

    for (size_t at = 0; at < frames; at += CHUNK) {
        size_t count = frames - at < CHUNK ? frames - at : CHUNK;

        for (size_t c = 0; c < TRUE_PEAK_CHANNELS; c++) {
            float high;

            for (size_t n = 0; n < count; n++) {
                meter->line[c][HISTORY + n] = (float)audio[c][at + n];
            }
            high = line_peak(meter, meter->line[c], count);
            peak = high > peak ? high : peak;
        }
    }
    return (double)peak;
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
