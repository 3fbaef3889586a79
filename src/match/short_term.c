/* short_term.c - how a track's sound varies from moment to moment, in bands. */
#include "match/short_term.h"

#include "chain/dynamics.h"
#include "dsp/crossover.h"
#include "match/frame_power.h"
#include "match/percentile.h"
#include "match/profile.h"
#include "measure/bands.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

enum {
    FRAMES_PER_SECOND = 20,
    WINDOW_FRAMES = SHORT_TERM_WINDOW_FRAMES,
    WINDOW_STEP = SHORT_TERM_WINDOW_STEP,
};
/* A row of the table: the four bands, the parts, all. */
enum { PARTS = SHORT_TERM_BANDS, WHOLE = PARTS + BALANCE_PARTS, ROW = WHOLE + 1 };

_Static_assert((int)SHORT_TERM_BANDS == (int)DYNAMICS_BANDS, "all bands of the dynamics");

static const double GATE_DB = -70.0;       /* absolute */
static const double GATE_RELATIVE = 0.01;  /* 20 dB below the mean power */
static const double POWER_FLOOR = 1.0e-15; /* SHORT_TERM_FLOOR_DB */

struct short_term_table {
    uint32_t rate_hz;
    size_t fft_size;
    int64_t hop, rows;
    float *powers; /* rows * ROW */
};

struct short_term_listener {
    struct short_term_table *table;
    struct frame_power *frame;
    double *weights; /* of each bin in each of the bands, as the crossovers weigh its power */
};

size_t short_term_hop(uint32_t rate_hz)
{
    return ((size_t)rate_hz + FRAMES_PER_SECOND / 2) / FRAMES_PER_SECOND;
}

struct short_term_table *short_term_table_create(uint32_t rate_hz, int64_t frames)
{
    struct short_term_table *table = calloc(1, sizeof(*table));
    int64_t size;

    if (!table)
        return NULL;
    table->rate_hz = rate_hz;
    table->fft_size = profile_fft_size(rate_hz);
    table->hop = (int64_t)short_term_hop(rate_hz);
    size = (int64_t)table->fft_size;
    table->rows = frames >= size ? (frames - size) / table->hop + 1 : 0;
    table->powers = calloc((size_t)table->rows * ROW + 1, sizeof(*table->powers));
    if (table->powers)
        return table;
    short_term_table_destroy(table);
    errno = ENOMEM;
    return NULL;
}

void short_term_table_destroy(struct short_term_table *table)
{
    if (!table)
        return;
    free(table->powers);
    free(table);
}

static void set_weights(struct short_term_listener *listener)
{
    const struct short_term_table *table = listener->table;
    size_t bins = table->fft_size / 2 + 1;
    double bin_hz = (double)table->rate_hz / (double)table->fft_size;

    for (size_t i = 0; i < SHORT_TERM_BANDS * bins; i++)
        listener->weights[i] = crossover_power(dynamics_borders_hz, table->rate_hz, i / bins,
                                               (double)(i % bins) * bin_hz);
}

struct short_term_listener *short_term_listener_create(struct short_term_table *table)
{
    struct short_term_listener *listener = calloc(1, sizeof(*listener));
    size_t size = table->fft_size;

    if (!listener)
        return NULL;
    listener->table = table;
    listener->frame = frame_power_create(size);
    listener->weights = calloc(SHORT_TERM_BANDS * (size / 2 + 1), sizeof(double));
    if (!listener->frame || !listener->weights) {
        short_term_listener_destroy(listener);
        errno = ENOMEM;
        return NULL;
    }
    set_weights(listener);
    return listener;
}

void short_term_listener_destroy(struct short_term_listener *listener)
{
    if (!listener)
        return;
    frame_power_destroy(listener->frame);
    free(listener->weights);
    free(listener);
}

static double part_power(const double *thirds, size_t part)
{
    double power = 0.0;

    for (size_t i = balance_first_band(part); i < balance_first_band(part + 1); i++)
        power += thirds[i];
    return power;
}

static void take_row(const struct short_term_listener *listener, const double *spectrum, float *row)
{
    const struct short_term_table *table = listener->table;
    size_t bins = table->fft_size / 2 + 1;
    double thirds[BANDS], whole = 0.0;

    for (size_t band = 0; band < SHORT_TERM_BANDS; band++) {
        const double *weight = listener->weights + band * bins;
        double power = 0.0;

        for (size_t k = 0; k < bins; k++)
            power += weight[k] * spectrum[k];
        row[band] = (float)power;
    }
    for (size_t k = 0; k < bins; k++)
        whole += spectrum[k];
    bands_powers(spectrum, table->fft_size, table->rate_hz, thirds);
    for (size_t part = 0; part < BALANCE_PARTS; part++)
        row[PARTS + part] = (float)part_power(thirds, part);
    row[WHOLE] = (float)whole;
}

void short_term_listen(struct short_term_listener *listener, int64_t start,
                       const float *const channel[2], size_t frames)
{
    const struct short_term_table *table = listener->table;
    int64_t size = (int64_t)table->fft_size;
    /* The rows whose last frame lies in this chunk. */
    int64_t row = start < size ? 0 : (start - size) / table->hop + 1;

    for (; row < table->rows && row * table->hop + size <= start + (int64_t)frames; row++) {
        int64_t at = row * table->hop - start;
        const float *const frame[2] = {channel[0] + at, channel[1] + at};

        take_row(listener, frame_power_take(listener->frame, frame), table->powers + row * ROW);
    }
}

/* --- what it comes to ---------------------------------------------------------------------- */

static double window_power(const struct short_term_table *table, size_t window, size_t column)
{
    const float *row = table->powers + window * WINDOW_STEP * ROW + column;
    double sum = 0.0;

    for (size_t i = 0; i < WINDOW_FRAMES; i++)
        sum += (double)row[i * ROW];
    return sum / WINDOW_FRAMES;
}

static double decibels(double power)
{
    return 10.0 * log10(fmax(power, POWER_FLOOR));
}

size_t short_term_gate(const double *powers, size_t count, size_t *windows)
{
    double absolute = pow(10.0, GATE_DB / 10.0), sum = 0.0;
    size_t loud = 0, kept = 0;

    for (size_t i = 0; i < count; i++) {
        if (powers[i] < absolute)
            continue;
        sum += powers[i];
        windows[loud++] = i;
    }
    for (size_t i = 0; i < loud; i++) {
        if (powers[windows[i]] >= GATE_RELATIVE * sum / (double)loud)
            windows[kept++] = windows[i];
    }
    return kept;
}

static void read_band(const struct short_term_table *table, const size_t *windows, size_t count,
                      double *levels, size_t column, struct short_term_band *band)
{
    double sum = 0.0;

    for (size_t i = 0; i < count; i++) {
        double power = window_power(table, windows[i], column);

        levels[i] = decibels(power);
        sum += power;
    }
    percentile_sort(levels, count);
    band->median_db = percentile_of(levels, count, 0.50);
    band->loud_db = percentile_of(levels, count, 0.95);
    band->mean_db = decibels(sum / (double)count);
}

/* Behind the levels' room stand those of all parts together in each window. */
static void read_part(const struct short_term_table *table, const size_t *windows, size_t count,
                      double *levels, size_t part, struct balance *balance)
{
    const double *whole_db = levels + count;

    for (size_t i = 0; i < count; i++)
        levels[i] = decibels(window_power(table, windows[i], PARTS + part)) - whole_db[i];
    percentile_sort(levels, count);
    balance->low_db = percentile_of(levels, count, 0.10);
    balance->middle_db = percentile_of(levels, count, 0.50);
    balance->high_db = percentile_of(levels, count, 0.90);
}

static double parts_power(const struct short_term_table *table, size_t window)
{
    double sum = 0.0;

    for (size_t part = 0; part < BALANCE_PARTS; part++)
        sum += window_power(table, window, PARTS + part);
    return sum;
}

static void read_parts(const struct short_term_table *table, const size_t *windows, size_t count,
                       double *levels, struct balance *parts)
{
    double *whole_db = levels + count;

    for (size_t i = 0; i < count; i++)
        whole_db[i] = decibels(parts_power(table, windows[i]));
    for (size_t i = 0; i < BALANCE_PARTS && count > 0; i++)
        read_part(table, windows, count, levels, i, &parts[i]);
}

int short_term_read(const struct short_term_table *table, struct short_term *result)
{
    size_t count =
        table->rows >= WINDOW_FRAMES ? (size_t)(table->rows - WINDOW_FRAMES) / WINDOW_STEP + 1 : 0;
    size_t *windows = malloc((count + 1) * sizeof(*windows));
    double *levels = malloc((2 * count + 1) * sizeof(*levels));
    int status = -ENOMEM;

    *result = (struct short_term){0};
    if (windows && levels) {
        size_t kept;

        for (size_t i = 0; i < count; i++)
            levels[i] = window_power(table, i, WHOLE);
        kept = short_term_gate(levels, count, windows);

        result->windows = kept;
        for (size_t i = 0; i < SHORT_TERM_BANDS && kept > 0; i++)
            read_band(table, windows, kept, levels, i, &result->band[i]);
        read_parts(table, windows, kept, levels, result->part);
        status = 0;
    }
    free(windows);
    free(levels);
    return status;
}
