/* analyser_work.c - what the analyser measures, block by block. */
#include "measure/analyser_internal.h"

#include <math.h>
#include <string.h>

/* --- beginning and ending ------------------------------------------------------------------ */

static void drop_kind(struct analyser_meters *meters, unsigned kind)
{
    switch (kind) {
    case ANALYSER_LOUDNESS:
        loudness_meter_destroy(meters->loudness);
        meters->loudness = NULL;
        break;
    case ANALYSER_TRUE_PEAK:
        true_peak_destroy(meters->true_peak);
        meters->true_peak = NULL;
        break;
    case ANALYSER_SPECTRUM:
        bands_destroy(meters->bands);
        meters->bands = NULL;
        break;
    default:
        break;
    }
}

/* What cannot be made for want of memory is not measured. */
static void begin_kind(struct analyser_work *work, struct analyser_meters *meters, unsigned kind)
{
    switch (kind) {
    case ANALYSER_LEVELS:
        levels_init(&meters->levels, work->rate_hz);
        break;
    case ANALYSER_LOUDNESS:
        meters->loudness = loudness_meter_create(work->rate_hz);
        break;
    case ANALYSER_TRUE_PEAK:
        meters->true_peak = true_peak_create(work->rate_hz);
        headroom_init(&meters->headroom, work->rate_hz);
        meters->highest_true_peak = 0.0;
        break;
    case ANALYSER_SPECTRUM:
        meters->bands = bands_create(work->rate_hz);
        break;
    case ANALYSER_LIMITER:
        headroom_init(&work->reduction, work->rate_hz);
        work->figures.reduction_db = 0.0;
        break;
    default:
        break;
    }
}

static void change_kinds(struct analyser_work *work, unsigned kinds, bool begin)
{
    for (unsigned i = 0; i < ANALYSER_KINDS; i++) {
        for (size_t s = 0; s < ANALYSER_SIDES && (kinds & 1U << i) != 0; s++) {
            if (begin) {
                begin_kind(work, &work->side[s], 1U << i);
            } else {
                drop_kind(&work->side[s], 1U << i);
            }
        }
        if ((kinds & 1U << i) != 0) {
            work->frames[i] = 0;
        }
    }
}

void analyser_work_want(struct analyser_work *work, unsigned want)
{
    unsigned gone = work->active & ~want;
    unsigned come = want & ~work->active;

    change_kinds(work, gone, false);
    if (work->rate_hz != 0) {
        change_kinds(work, come, true);
    }
    work->active = want;
    work->figures.have &= ~gone;
}

void analyser_work_begin(struct analyser_work *work)
{
    memset(work->frames, 0, sizeof work->frames);
    for (size_t s = 0; s < ANALYSER_SIDES; s++) {
        struct analyser_meters *meters = &work->side[s];

        meters->levels.clipped = 0;
        meters->highest_true_peak = 0.0;
        if (meters->loudness != NULL) {
            loudness_meter_begin(meters->loudness);
        }
    }
}

void analyser_work_finish(struct analyser_work *work)
{
    change_kinds(work, work->active, false);
    *work = (struct analyser_work){0};
}

static void set_rate(struct analyser_work *work, uint32_t rate_hz)
{
    change_kinds(work, work->active, false);
    work->rate_hz = rate_hz;
    work->figures.have = 0;
    change_kinds(work, work->active, true);
}

/* --- measuring ----------------------------------------------------------------------------- */

static void add_side(struct analyser_meters *meters, unsigned active, const float *const audio[2],
                     uint32_t frames)
{
    if ((active & ANALYSER_LEVELS) != 0) {
        levels_add(&meters->levels, audio, frames);
    }
    if (meters->loudness != NULL) {
        loudness_meter_add(meters->loudness, audio, frames);
    }
    if (meters->true_peak != NULL) {
        double peak = true_peak_process_f32(meters->true_peak, audio, frames);

        headroom_add(&meters->headroom, peak, frames);
        meters->highest_true_peak = fmax(meters->highest_true_peak, peak);
    }
    if (meters->bands != NULL) {
        bands_add(meters->bands, audio, frames);
    }
}

void analyser_work_add(struct analyser_work *work, const struct analyser_block *block)
{
    if (block->frames == 0 || block->rate_hz == 0) {
        return;
    }
    if (block->rate_hz != work->rate_hz) {
        set_rate(work, block->rate_hz);
    } else if (block->begins) {
        analyser_work_begin(work);
    }
    for (size_t s = 0; s < ANALYSER_SIDES; s++) {
        add_side(&work->side[s], work->active, block->audio[s], block->frames);
    }
    if ((work->active & ANALYSER_LIMITER) != 0) {
        double gain = fmax(block->lowest_gain, 1e-6);

        work->figures.reduction_db = gain < 1.0 ? -20.0 * log10(gain) : 0.0;
        headroom_add(&work->reduction, work->figures.reduction_db, block->frames);
        for (size_t i = 0; i < ANALYSER_BANDED; i++) {
            work->figures.banded[i] = block->band_gains_db[i] != NULL;
            if (work->figures.banded[i]) {
                memcpy(work->figures.band_gains_db[i], block->band_gains_db[i],
                       sizeof work->figures.band_gains_db[i]);
            }
        }
    }
    for (size_t i = 0; i < ANALYSER_KINDS; i++) {
        work->frames[i] += block->frames;
    }
    work->figures.have = work->active;
}

static double dbtp(double peak)
{
    return peak > 0.0 ? 20.0 * log10(peak) : -HUGE_VAL;
}

static void read_side(struct analyser_work *work, size_t s)
{
    const struct analyser_meters *meters = &work->side[s];
    struct analyser_levels *figures = &work->figures.side[s];

    if ((work->active & ANALYSER_LEVELS) != 0) {
        levels_read(&meters->levels, &figures->levels);
    }
    if (meters->loudness != NULL) {
        figures->momentary_lufs = loudness_meter_momentary(meters->loudness);
        figures->short_term_lufs = loudness_meter_short_term(meters->loudness);
        figures->integrated_lufs = loudness_meter_integrated(meters->loudness);
        figures->range_lu = loudness_meter_range(meters->loudness);
    }
    if (meters->true_peak != NULL) {
        figures->true_peak_dbtp = dbtp(headroom_peak(&meters->headroom));
        figures->highest_true_peak_dbtp = dbtp(meters->highest_true_peak);
    }
    if (meters->bands != NULL) {
        bands_read(meters->bands, figures->bands_dbfs);
    }
    if (meters->bands != NULL && (work->active & ANALYSER_LINES) != 0) {
        bands_read_lines(meters->bands, figures->lines_dbfs);
    }
}

void analyser_work_read(struct analyser_work *work)
{
    if (work->rate_hz == 0) {
        return;
    }
    for (size_t s = 0; s < ANALYSER_SIDES; s++) {
        read_side(work, s);
    }
    work->figures.highest_reduction_db = headroom_peak(&work->reduction);
    for (size_t i = 0; i < ANALYSER_KINDS; i++) {
        work->figures.since_s[i] = (double)work->frames[i] / work->rate_hz;
    }
}
