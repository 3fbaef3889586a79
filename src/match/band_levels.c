/* band_levels.c - what a compressor makes of the course of the power in a band. */
#include "match/band_levels.h"

#include "dsp/crossover.h"
#include "match/band_frames.h"
#include "match/profile.h"
#include "match/short_term.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS_PER_SECOND = 340, FIRST_ROOM = 65536 };

struct band_levels {
    const struct crossover_loops *loops;
    uint32_t rate_hz;
    size_t step_frames;
    size_t filled; /* frames of the step that is being filled */
    double power[DYNAMICS_BANDS];
    float *steps; /* DYNAMICS_BANDS each */
    size_t count, room;
    struct band_frames *frames;
    size_t frame_steps; /* in a frame, the last of them not whole */
    double *hann;       /* of each of them: the frame's window, squared */
    double *gains;      /* scratch of a try: of each step, the mean of the squares */
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
    levels->frame_steps = profile_fft_size(rate_hz) / levels->step_frames + 1;
    levels->hann = calloc(levels->frame_steps, sizeof(*levels->hann));
    levels->frames = band_frames_create(rate_hz);
    levels->loops = crossover_loops_select(kernels->tier);
    levels->lanes = aligned_alloc(64, levels->step_frames * CROSSOVER_LANES * sizeof(double));
    levels->crossover = aligned_alloc(64, (sizeof(*levels->crossover) + 63) / 64 * 64);
    levels->room = FIRST_ROOM;
    levels->steps = malloc(levels->room * DYNAMICS_BANDS * sizeof(*levels->steps));
    if (!levels->hann || !levels->frames || !levels->lanes || !levels->crossover ||
        !levels->steps) {
        band_levels_destroy(levels);
        errno = ENOMEM;
        return NULL;
    }
    crossover_init(levels->crossover, dynamics_borders_hz, rate_hz);
    for (size_t i = 0; i < levels->frame_steps; i++)
        levels->hann[i] = pow(sin(M_PI * ((double)i + 0.5) / (double)levels->frame_steps), 4.0);
    return levels;
}

void band_levels_destroy(struct band_levels *levels)
{
    if (!levels)
        return;
    free(levels->steps);
    band_frames_destroy(levels->frames);
    free(levels->hann);
    free(levels->gains);
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
    return band_frames_add(levels->frames, channel, frames);
}

int band_levels_end(struct band_levels *levels)
{
    levels->gains = malloc((levels->count + 1) * sizeof(*levels->gains));
    return levels->gains ? band_frames_end(levels->frames) : -ENOMEM;
}

size_t band_levels_windows(const struct band_levels *levels)
{
    return band_frames_windows(levels->frames);
}

/* --- trying -------------------------------------------------------------------------------- */

/* The gains of all steps, squared, and the greatest change. Gains go in straight lines, so a step
   has the mean of its two ends. */
static double run_envelope(struct band_levels *levels, size_t band,
                           const struct envelope_shape *shape)
{
    double gain = 1.0, most_db = 0.0;
    const float *step = levels->steps + band;
    struct envelope envelope;

    envelope_init(&envelope, shape, (double)levels->step_frames / levels->rate_hz);
    envelope.makeup_db = 0.0;
    for (size_t i = 0; i < levels->count; i++, step += DYNAMICS_BANDS) {
        double next = envelope_step(&envelope, (double)*step), mean = 0.5 * (gain + next);

        levels->gains[i] = mean * mean;
        gain = next;
        most_db = fmax(most_db, fabs(envelope.change_db));
    }
    return most_db;
}

/* What a frame that begins with a step makes of the steps' gains: those count by their power. */
static double frame_gain(const struct band_levels *levels, size_t band, size_t first)
{
    double before = 0.0, after = 0.0;

    for (size_t i = 0; i < levels->frame_steps && first + i < levels->count; i++) {
        double power = levels->hann[i] * (double)levels->steps[(first + i) * DYNAMICS_BANDS + band];

        before += power;
        after += power * levels->gains[first + i];
    }
    return before > 0.0 ? sqrt(after / before) : 1.0;
}

void band_levels_shape(struct band_levels *levels, size_t band, const struct envelope_shape *shape,
                       struct band_change *change)
{
    size_t count = band_frames_count(levels->frames), hop = short_term_hop(levels->rate_hz);
    double *gains = band_frames_gains(levels->frames, band), makeup;

    *change = (struct band_change){0};
    for (size_t i = 0; i < count; i++)
        gains[i] = 1.0;
    if (!shape)
        return;
    change->most_db = run_envelope(levels, band, shape);
    for (size_t i = 0; i < count; i++)
        gains[i] =
            frame_gain(levels, band, (i * hop + levels->step_frames / 2) / levels->step_frames);
    change->makeup_db = 20.0 * log10(band_frames_makeup(levels->frames, band));
    change->makeup_db = fmin(fmax(change->makeup_db, -shape->range_db), shape->range_db);
    makeup = pow(10.0, change->makeup_db / 20.0);
    for (size_t i = 0; i < count; i++)
        gains[i] *= makeup;
}

struct band_spread band_levels_read(struct band_levels *levels, size_t band)
{
    struct band_spread spread;

    band_frames_read(levels->frames, band, &spread.median_db, &spread.loud_db);
    return spread;
}
