/* band_levels.c - the course of the power in each band of the dynamics, and its levels. */
#include "match/band_levels.h"

#include "dsp/crossover.h"
#include "match/percentile.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS_PER_SECOND = 340, SLOTS_PER_SECOND = 10, WINDOW_SLOTS = 4, FIRST_ROOM = 65536 };

static const double GATE = 1e-7;          /* -70 dBFS */
static const double GATE_RELATIVE = 0.01; /* 20 dB below the mean power */
static const double POWER_FLOOR = 1e-15;

struct band_levels {
    const struct crossover_loops *loops;
    uint32_t rate_hz;
    size_t step_frames, slot_steps;
    size_t filled; /* frames of the step that is being filled */
    double power[DYNAMICS_BANDS];
    float *steps; /* DYNAMICS_BANDS each */
    size_t count, room;
    size_t *windows, window_count; /* those that count: the slot at which each begins */
    double *slots, *levels;        /* scratch of a try */
    double *lanes;
    struct crossover *crossover;
};

struct band_levels *band_levels_create(uint32_t rate_hz, const struct kernels *kernels)
{
    struct band_levels *levels = calloc(1, sizeof(*levels));

    if (!levels)
        return NULL;
    levels->rate_hz = rate_hz;
    levels->step_frames = rate_hz / STEPS_PER_SECOND > 0 ? rate_hz / STEPS_PER_SECOND : 1;
    levels->slot_steps =
        (size_t)lround((double)rate_hz / SLOTS_PER_SECOND / (double)levels->step_frames);
    levels->loops = crossover_loops_select(kernels->tier);
    levels->lanes = aligned_alloc(64, levels->step_frames * CROSSOVER_LANES * sizeof(double));
    levels->crossover = aligned_alloc(64, (sizeof(*levels->crossover) + 63) / 64 * 64);
    levels->room = FIRST_ROOM;
    levels->steps = malloc(levels->room * DYNAMICS_BANDS * sizeof(*levels->steps));
    if (!levels->lanes || !levels->crossover || !levels->steps) {
        band_levels_destroy(levels);
        errno = ENOMEM;
        return NULL;
    }
    crossover_init(levels->crossover, dynamics_borders_hz, rate_hz);
    return levels;
}

void band_levels_destroy(struct band_levels *levels)
{
    if (!levels)
        return;
    free(levels->steps);
    free(levels->windows);
    free(levels->slots);
    free(levels->levels);
    free(levels->lanes);
    free(levels->crossover);
    free(levels);
}

static int end_step(struct band_levels *levels)
{
    if (levels->count == levels->room) {
        size_t room = levels->room + levels->room / 2;
        float *steps = realloc(levels->steps, room * DYNAMICS_BANDS * sizeof(*steps));

        if (!steps)
            return -ENOMEM;
        levels->steps = steps;
        levels->room = room;
    }
    for (size_t band = 0; band < DYNAMICS_BANDS; band++) {
        levels->steps[levels->count * DYNAMICS_BANDS + band] =
            (float)(levels->power[band] / (2.0 * (double)levels->step_frames));
        levels->power[band] = 0.0;
    }
    levels->count++;
    levels->filled = 0;
    return 0;
}

int band_levels_add(struct band_levels *levels, const double *const channel[2], size_t frames)
{
    double power[CROSSOVER_LANES];
    size_t done = 0;

    while (done < frames) {
        size_t count = levels->step_frames - levels->filled;

        if (count > frames - done)
            count = frames - done;
        levels->loops->split(levels->crossover, channel[0] + done, channel[1] + done, count,
                             levels->lanes, power);
        for (size_t band = 0; band < DYNAMICS_BANDS; band++)
            levels->power[band] += power[2 * band] + power[2 * band + 1];
        levels->filled += count;
        done += count;
        if (levels->filled == levels->step_frames && end_step(levels) < 0)
            return -ENOMEM;
    }
    return 0;
}

/* --- windows ------------------------------------------------------------------------------- */

static double slot_power(const struct band_levels *levels, size_t slot)
{
    const float *step = levels->steps + slot * levels->slot_steps * DYNAMICS_BANDS;
    double sum = 0.0;

    for (size_t i = 0; i < levels->slot_steps * DYNAMICS_BANDS; i++)
        sum += (double)step[i];
    return sum / (double)levels->slot_steps;
}

static double window_power(const double *slots, size_t window)
{
    double sum = 0.0;

    for (size_t i = 0; i < WINDOW_SLOTS; i++)
        sum += slots[window + i];
    return sum / WINDOW_SLOTS;
}

int band_levels_end(struct band_levels *levels)
{
    size_t slots = levels->count / levels->slot_steps;
    size_t windows = slots >= WINDOW_SLOTS ? slots - WINDOW_SLOTS + 1 : 0, loud = 0;
    double sum = 0.0;

    levels->windows = malloc((windows + 1) * sizeof(*levels->windows));
    levels->levels = malloc((windows + 1) * sizeof(*levels->levels));
    levels->slots = malloc((slots + 1) * sizeof(*levels->slots));
    if (!levels->windows || !levels->levels || !levels->slots)
        return -ENOMEM;
    for (size_t i = 0; i < slots; i++)
        levels->slots[i] = slot_power(levels, i);
    for (size_t i = 0; i < windows; i++) {
        if (window_power(levels->slots, i) < GATE)
            continue;
        sum += window_power(levels->slots, i);
        levels->windows[loud++] = i;
    }
    for (size_t i = 0; i < loud; i++) {
        size_t window = levels->windows[i];

        if (window_power(levels->slots, window) >= GATE_RELATIVE * sum / (double)loud)
            levels->windows[levels->window_count++] = window;
    }
    return 0;
}

size_t band_levels_windows(const struct band_levels *levels)
{
    return levels->window_count;
}

/* --- trying -------------------------------------------------------------------------------- */

/* The powers behind the compressor, slot by slot, and what it did at most. Gains go in straight
   lines, so a step has the mean of its two ends. */
static void run_envelope(struct band_levels *levels, size_t band,
                         const struct envelope_shape *shape, double *most_db)
{
    double step_s = (double)levels->step_frames / levels->rate_hz, gain = 1.0;
    size_t slots = levels->count / levels->slot_steps;
    const float *step = levels->steps + band;
    struct envelope envelope;

    envelope_init(&envelope, shape, step_s);
    envelope.makeup_db = 0.0;
    for (size_t slot = 0; slot < slots; slot++) {
        double sum = 0.0;

        for (size_t i = 0; i < levels->slot_steps; i++, step += DYNAMICS_BANDS) {
            double power = (double)*step, next = envelope_step(&envelope, power);
            double mean = 0.5 * (gain + next);

            sum += power * mean * mean;
            gain = next;
        }
        levels->slots[slot] = sum / (double)levels->slot_steps;
        *most_db = fmax(*most_db, fabs(envelope.change_db));
    }
}

static double mean_power(const struct band_levels *levels)
{
    double sum = 0.0;

    for (size_t i = 0; i < levels->window_count; i++)
        sum += window_power(levels->slots, levels->windows[i]);
    return sum / (double)levels->window_count;
}

static void take_plain(struct band_levels *levels, size_t band)
{
    const float *step = levels->steps + band;

    for (size_t slot = 0; slot < levels->count / levels->slot_steps; slot++) {
        double sum = 0.0;

        for (size_t i = 0; i < levels->slot_steps; i++, step += DYNAMICS_BANDS)
            sum += (double)*step;
        levels->slots[slot] = sum / (double)levels->slot_steps;
    }
}

void band_levels_try(struct band_levels *levels, size_t band, const struct envelope_shape *shape,
                     struct band_outcome *outcome)
{
    double before;

    *outcome = (struct band_outcome){0};
    take_plain(levels, band);
    before = mean_power(levels);
    if (shape)
        run_envelope(levels, band, shape, &outcome->most_db);
    for (size_t i = 0; i < levels->window_count; i++)
        levels->levels[i] =
            10.0 * log10(fmax(window_power(levels->slots, levels->windows[i]), POWER_FLOOR));
    percentile_sort(levels->levels, levels->window_count);
    outcome->median_db = percentile_of(levels->levels, levels->window_count, 0.50);
    outcome->loud_db = percentile_of(levels->levels, levels->window_count, 0.95);
    outcome->power_db =
        10.0 * log10(fmax(mean_power(levels), POWER_FLOOR) / fmax(before, POWER_FLOOR));
}
