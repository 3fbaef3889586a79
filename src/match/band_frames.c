/* band_frames.c - what gains in the bands of the dynamics make of the short-term levels. */
#include "match/band_frames.h"

#include "dsp/crossover.h"
#include "match/frame_power.h"
#include "match/percentile.h"
#include "match/profile.h"
#include "match/short_term.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What comes from the band below, from both, its own, from both, from the band above. */
enum { BELOW, BELOW_OWN, OWN, OWN_ABOVE, ABOVE, TERMS };
/* A row: the terms of each band, and the power of all. */
enum { WHOLE = DYNAMICS_BANDS * TERMS, ROW, FIRST_ROOM = 4096 };

/* Octaves from its borders, where a band is below -70 dB: what lies beyond is left out. */
static const double BEYOND = 8.0;
static const double POWER_FLOOR = 1.0e-15;

struct band_frames {
    struct frame_power *spectrum;
    size_t size, hop, bins;
    float *recent[2]; /* the frame that is being filled */
    size_t filled;
    float *weights; /* DYNAMICS_BANDS * bins * TERMS */
    size_t first_bin[DYNAMICS_BANDS], last_bin[DYNAMICS_BANDS];
    float *rows; /* ROW each */
    size_t count, room;
    size_t *windows, window_count; /* those that count */
    double *uses;                  /* by how many of them each frame is used */
    double *gains[DYNAMICS_BANDS];
    double *powers, *levels; /* scratch: of frames, of windows */
};

static void set_weights(struct band_frames *frames, uint32_t rate_hz)
{
    double bin_hz = (double)rate_hz / (double)frames->size;

    for (size_t k = 0; k < frames->bins; k++) {
        double share[DYNAMICS_BANDS + 2] = {0.0}; /* amplitudes, between two bands of nothing */

        for (size_t band = 0; band < DYNAMICS_BANDS; band++)
            share[band + 1] =
                sqrt(crossover_power(dynamics_borders_hz, rate_hz, band, (double)k * bin_hz));
        for (size_t band = 0; band < DYNAMICS_BANDS; band++) {
            float *weight = frames->weights + (band * frames->bins + k) * TERMS;
            double below = share[band], own = share[band + 1], above = share[band + 2];

            weight[BELOW] = (float)(own * own * below * below);
            weight[BELOW_OWN] = (float)(own * own * 2.0 * below * own);
            weight[OWN] = (float)(own * own * own * own);
            weight[OWN_ABOVE] = (float)(own * own * 2.0 * own * above);
            weight[ABOVE] = (float)(own * own * above * above);
        }
    }
}

static void set_bins(struct band_frames *frames, uint32_t rate_hz)
{
    double bin_hz = (double)rate_hz / (double)frames->size;

    for (size_t band = 0; band < DYNAMICS_BANDS; band++) {
        double low = band > 0 ? dynamics_borders_hz[band - 1] / BEYOND / bin_hz : 0.0;
        double high =
            band + 1 < DYNAMICS_BANDS ? dynamics_borders_hz[band] * BEYOND / bin_hz : HUGE_VAL;

        frames->first_bin[band] = (size_t)low;
        frames->last_bin[band] = (size_t)fmin(high, (double)frames->bins - 1.0);
    }
}

struct band_frames *band_frames_create(uint32_t rate_hz)
{
    struct band_frames *frames = calloc(1, sizeof(*frames));

    if (!frames)
        return NULL;
    frames->size = profile_fft_size(rate_hz);
    frames->hop = short_term_hop(rate_hz);
    frames->bins = frames->size / 2 + 1;
    frames->spectrum = frame_power_create(frames->size);
    frames->recent[0] = calloc(frames->size, sizeof(float));
    frames->recent[1] = calloc(frames->size, sizeof(float));
    frames->weights = calloc(DYNAMICS_BANDS * TERMS * frames->bins, sizeof(*frames->weights));
    frames->room = FIRST_ROOM;
    frames->rows = malloc(frames->room * ROW * sizeof(*frames->rows));
    if (!frames->spectrum || !frames->recent[0] || !frames->recent[1] || !frames->weights ||
        !frames->rows) {
        band_frames_destroy(frames);
        errno = ENOMEM;
        return NULL;
    }
    set_weights(frames, rate_hz);
    set_bins(frames, rate_hz);
    return frames;
}

void band_frames_destroy(struct band_frames *frames)
{
    if (!frames)
        return;
    frame_power_destroy(frames->spectrum);
    free(frames->recent[0]);
    free(frames->recent[1]);
    free(frames->weights);
    free(frames->rows);
    free(frames->windows);
    free(frames->uses);
    for (size_t band = 0; band < DYNAMICS_BANDS; band++)
        free(frames->gains[band]);
    free(frames->powers);
    free(frames->levels);
    free(frames);
}

/* --- listening ----------------------------------------------------------------------------- */

static void take_band(const struct band_frames *frames, const double *power, size_t band,
                      float *row)
{
    const float *weight = frames->weights + (band * frames->bins + frames->first_bin[band]) * TERMS;
    double sum[TERMS] = {0.0};

    for (size_t k = frames->first_bin[band]; k <= frames->last_bin[band]; k++) {
        for (size_t term = 0; term < TERMS; term++)
            sum[term] += (double)*weight++ * power[k];
    }
    for (size_t term = 0; term < TERMS; term++)
        row[band * TERMS + term] = (float)sum[term];
}

static int end_frame(struct band_frames *frames)
{
    const float *const recent[2] = {frames->recent[0], frames->recent[1]};
    const double *power = frame_power_take(frames->spectrum, recent);
    double whole = 0.0;
    float *row;

    if (frames->count == frames->room) {
        size_t room = frames->room + frames->room / 2;
        float *rows = realloc(frames->rows, room * ROW * sizeof(*rows));

        if (!rows)
            return -ENOMEM;
        frames->rows = rows;
        frames->room = room;
    }
    row = frames->rows + frames->count * ROW;
    for (size_t band = 0; band < DYNAMICS_BANDS; band++)
        take_band(frames, power, band, row);
    for (size_t k = 0; k < frames->bins; k++)
        whole += power[k];
    row[WHOLE] = (float)whole;
    frames->count++;
    frames->filled -= frames->hop;
    for (size_t c = 0; c < 2; c++)
        memmove(frames->recent[c], frames->recent[c] + frames->hop, frames->filled * sizeof(float));
    return 0;
}

int band_frames_add(struct band_frames *frames, const double *const channel[2], size_t count)
{
    size_t done = 0;

    while (done < count) {
        size_t part = frames->size - frames->filled;

        if (part > count - done)
            part = count - done;
        for (size_t c = 0; c < 2; c++) {
            for (size_t i = 0; i < part; i++)
                frames->recent[c][frames->filled + i] = (float)channel[c][done + i];
        }
        frames->filled += part;
        done += part;
        if (frames->filled == frames->size && end_frame(frames) < 0)
            return -ENOMEM;
    }
    return 0;
}

/* --- windows ------------------------------------------------------------------------------- */

static double window_power(const double *powers, size_t window)
{
    double sum = 0.0;

    for (size_t i = 0; i < SHORT_TERM_WINDOW_FRAMES; i++)
        sum += powers[window * SHORT_TERM_WINDOW_STEP + i];
    return sum / SHORT_TERM_WINDOW_FRAMES;
}

static void choose_windows(struct band_frames *frames, size_t windows)
{
    for (size_t i = 0; i < frames->count; i++)
        frames->powers[i] = (double)frames->rows[i * ROW + WHOLE];
    for (size_t i = 0; i < windows; i++)
        frames->levels[i] = window_power(frames->powers, i);
    frames->window_count = short_term_gate(frames->levels, windows, frames->windows);
    for (size_t i = 0; i < frames->window_count; i++) {
        for (size_t j = 0; j < SHORT_TERM_WINDOW_FRAMES; j++)
            frames->uses[frames->windows[i] * SHORT_TERM_WINDOW_STEP + j] += 1.0;
    }
}

int band_frames_end(struct band_frames *frames)
{
    size_t count = frames->count, windows = 0;

    if (count >= SHORT_TERM_WINDOW_FRAMES)
        windows = (count - SHORT_TERM_WINDOW_FRAMES) / SHORT_TERM_WINDOW_STEP + 1;
    frames->windows = malloc((windows + 1) * sizeof(*frames->windows));
    frames->levels = malloc((windows + 1) * sizeof(*frames->levels));
    frames->powers = malloc((count + 1) * sizeof(*frames->powers));
    frames->uses = calloc(count + 1, sizeof(*frames->uses));
    if (!frames->windows || !frames->levels || !frames->powers || !frames->uses)
        return -ENOMEM;
    for (size_t band = 0; band < DYNAMICS_BANDS; band++) {
        frames->gains[band] = malloc((count + 1) * sizeof(double));
        if (!frames->gains[band])
            return -ENOMEM;
        for (size_t i = 0; i < count; i++)
            frames->gains[band][i] = 1.0;
    }
    choose_windows(frames, windows);
    return 0;
}

size_t band_frames_windows(const struct band_frames *frames)
{
    return frames->window_count;
}

size_t band_frames_count(const struct band_frames *frames)
{
    return frames->count;
}

double *band_frames_gains(struct band_frames *frames, size_t band)
{
    return frames->gains[band];
}

/* With own gains times m the band's power is a m^2 + b m + c: m is what makes it what it was. */
double band_frames_makeup(const struct band_frames *frames, size_t band)
{
    const double *own = frames->gains[band];
    const double *below = frames->gains[band > 0 ? band - 1 : band];
    const double *above = frames->gains[band + 1 < DYNAMICS_BANDS ? band + 1 : band];
    double a = 0.0, b = 0.0, c = 0.0, before = 0.0;

    for (size_t i = 0; i < frames->count; i++) {
        const float *term = frames->rows + i * ROW + band * TERMS;
        double from_below = (double)term[BELOW] * below[i] * below[i];
        double from_above = (double)term[ABOVE] * above[i] * above[i];

        a += frames->uses[i] * (double)term[OWN] * own[i] * own[i];
        b += frames->uses[i] * own[i] *
             ((double)term[BELOW_OWN] * below[i] + (double)term[OWN_ABOVE] * above[i]);
        before += frames->uses[i] * (double)term[OWN];
        c += frames->uses[i] * (from_below + from_above);
        for (size_t t = 0; t < TERMS; t++)
            c -= frames->uses[i] * (double)term[t];
    }
    if (a <= 0.0)
        return 1.0;
    /* Where the neighbours alone are louder than the band was, its own sound keeps its power. */
    return c < 0.0 ? (sqrt(b * b - 4.0 * a * c) - b) / (2.0 * a) : sqrt(before / a);
}

void band_frames_read(struct band_frames *frames, size_t band, double *median_db, double *loud_db)
{
    const double *own = frames->gains[band];
    /* Beyond the last band there is nothing, whatever its gain. */
    const double *below = frames->gains[band > 0 ? band - 1 : band];
    const double *above = frames->gains[band + 1 < DYNAMICS_BANDS ? band + 1 : band];

    for (size_t i = 0; i < frames->count; i++) {
        const float *term = frames->rows + i * ROW + band * TERMS;

        frames->powers[i] =
            ((double)term[BELOW] * below[i] + (double)term[BELOW_OWN] * own[i]) * below[i] +
            ((double)term[OWN] * own[i] + (double)term[OWN_ABOVE] * above[i]) * own[i] +
            (double)term[ABOVE] * above[i] * above[i];
    }
    for (size_t i = 0; i < frames->window_count; i++)
        frames->levels[i] =
            10.0 * log10(fmax(window_power(frames->powers, frames->windows[i]), POWER_FLOOR));
    percentile_sort(frames->levels, frames->window_count);
    *median_db = percentile_of(frames->levels, frames->window_count, 0.50);
    *loud_db = percentile_of(frames->levels, frames->window_count, 0.95);
}
