/* goal.c - references brought to the target's bins and averaged in decibels. */
#include "match/goal.h"

#include "match/match.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* How a codec's cut-off, or a resampler's, is found in a mean spectrum. */
static const double BAND_HZ = 250.0;    /* levels are compared in bands of this width */
static const double SEARCH_HZ = 8000.0; /* no codec cuts below */
static const double PASS_PART = 0.95;   /* of half a rate is free of its filters' slopes */
static const double NARROW_PART = 0.9;  /* of a resampler's */
static const double HEARD_PART = 0.965; /* where its slope is half way down */
static const double CUT_RATIO = 0.0316; /* -30 dB ... */
enum {
    CUT_BANDS = 3,
    HOLD_BINS = 32
}; /* ... within so many bands; bins that the held ratio is of */

static double bin_hz(const struct profile *profile)
{
    return (double)profile->rate_hz / (double)profile->fft_size;
}

/* RMS of the bins of one band; negative past the last one. */
static double band_level(const struct profile *profile, size_t band)
{
    double width = BAND_HZ / bin_hz(profile), sum = 0.0;
    size_t first = (size_t)(width * (double)band), end = (size_t)(width * (double)(band + 1));

    if (end > profile->bins)
        return -1.0;
    for (size_t k = first; k < end; k++)
        sum += profile->mid[k] * profile->mid[k];
    return sqrt(sum / (double)(end - first));
}

static bool all_below(const struct profile *profile, size_t band, double level)
{
    for (double here; (here = band_level(profile, band)) >= 0.0; band++) {
        if (here > level)
            return false;
    }
    return true;
}

/* The frequency up to which the profile holds sound; half its rate when nothing cuts it. */
static double cutoff_hz(const struct profile *profile)
{
    for (size_t band = (size_t)(SEARCH_HZ / BAND_HZ); band_level(profile, band) >= 0.0; band++) {
        double limit = CUT_RATIO * band_level(profile, band - CUT_BANDS);

        if (band_level(profile, band) <= limit && all_below(profile, band, limit))
            return BAND_HZ * (double)(band - CUT_BANDS + 1);
    }
    return 0.5 * (double)profile->rate_hz;
}

/* A spectrum at a frequency between its bins. The density of noise, not the level of a tone, is
   kept where the bins of the two are not equally wide: music is nearer to noise. */
static double read_at(const double *spectrum, size_t bins, double position)
{
    size_t k = (size_t)position;
    double part = position - (double)k;

    return k + 1 < bins ? (1.0 - part) * spectrum[k] + part * spectrum[k + 1] : spectrum[bins - 1];
}

/* From `last` on the ratio to the target stays what it is, in the mean of decibels, just below. */
static void hold_ratio(double *spectrum, const double *target, size_t bins, size_t last,
                       double floor)
{
    size_t first = last > HOLD_BINS ? last - HOLD_BINS : 1;
    double sum = 0.0;

    for (size_t k = first; k < last; k++)
        sum += log(fmax(spectrum[k], MATCH_EPSILON * floor) / fmax(target[k], floor));
    double ratio = exp(sum / (double)(last - first));

    for (size_t k = last; k < bins; k++)
        spectrum[k] = ratio * fmax(target[k], floor);
}

/* `floor`: where the target's spectrum counts as empty. */
static void bring_to_bins(const struct profile *reference, const struct profile *target,
                          double floor, double *mid, double *side)
{
    double ratio = bin_hz(target) / bin_hz(reference), density = sqrt(ratio);
    double pass = target->narrow || reference->narrow ? NARROW_PART : PASS_PART;
    double end = fmin(pass * 0.5 * fmin((double)reference->rate_hz, (double)target->rate_hz),
                      fmin(cutoff_hz(reference), cutoff_hz(target)));
    size_t last = (size_t)(end / bin_hz(target));

    for (size_t k = 0; k < target->bins; k++) {
        double position = ratio * (double)k;

        if (position > (double)(reference->bins - 1))
            position = (double)(reference->bins - 1);
        mid[k] = density * read_at(reference->mid, reference->bins, position);
        side[k] = density * read_at(reference->side, reference->bins, position);
    }
    if (last < target->bins) {
        hold_ratio(mid, target->mid, target->bins, last, floor);
        hold_ratio(side, target->side, target->bins, last, floor);
    }
}

static void copy_divided(const double *from, size_t bins, double factor, double *to)
{
    for (size_t k = 0; k < bins; k++)
        to[k] = from[k] / factor;
}

/* One reference on the target's bins, divided by its peak factor. */
static void read_reference(const struct profile *reference, const struct profile *target,
                           double floor, double *mid, double *side)
{
    double factor = match_peak_factor(reference->peak);

    if (reference->rate_hz == target->rate_hz && reference->bins == target->bins &&
        !target->narrow && !reference->narrow) {
        copy_divided(reference->mid, target->bins, factor, mid);
        copy_divided(reference->side, target->bins, factor, side);
        return;
    }
    bring_to_bins(reference, target, floor * factor, mid, side);
    copy_divided(mid, target->bins, factor, mid);
    copy_divided(side, target->bins, factor, side);
}

static double log_floored(double value)
{
    return log(fmax(value, MATCH_EPSILON));
}

/* The part of the reference's level that lies where a narrow target has sound; 1 for others. What
   it lacks would count in its level at full width. */
static double part_heard(const struct profile *reference, const struct profile *target)
{
    double end = fmin(0.5 * HEARD_PART * (double)target->rate_hz, cutoff_hz(target));
    double heard = 0.0, all = 0.0;

    if (!target->narrow)
        return 1.0;
    for (size_t k = 1; k < reference->bins; k++) {
        double power = reference->mid[k] * reference->mid[k];

        all += power;
        heard += (double)k * bin_hz(reference) < end ? power : 0.0;
    }
    return heard > 0.0 ? sqrt(heard / all) : 1.0;
}

/* Level and final amplitude: weighted means in decibels. */
static void mean_levels(struct goal *goal, const struct profile *target,
                        const struct weighted_reference *references, size_t count)
{
    double rms = 0.0, amplitude = 0.0, total = 0.0;

    if (count == 1) {
        goal->final_amplitude = match_peak_factor(references[0].profile->peak);
        goal->match_rms = part_heard(references[0].profile, target) *
                          references[0].profile->match_rms / goal->final_amplitude;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        double factor = match_peak_factor(references[i].profile->peak);

        rms += references[i].weight * log_floored(part_heard(references[i].profile, target) *
                                                  references[i].profile->match_rms / factor);
        amplitude += references[i].weight * log_floored(factor);
        total += references[i].weight;
    }
    goal->match_rms = exp(rms / total);
    goal->final_amplitude = exp(amplitude / total);
}

static int mean_spectra(struct goal *goal, const struct profile *target, double floor,
                        const struct weighted_reference *references, size_t count)
{
    size_t bins = target->bins;
    double *mid = malloc(2 * bins * sizeof(*mid)), total = 0.0;

    if (!mid)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++) {
        read_reference(references[i].profile, target, floor, mid, mid + bins);
        for (size_t k = 0; k < bins; k++) {
            goal->mid[k] += references[i].weight * log_floored(mid[k]);
            goal->side[k] += references[i].weight * log_floored(mid[bins + k]);
        }
        total += references[i].weight;
    }
    for (size_t k = 0; k < bins; k++) {
        goal->mid[k] = exp(goal->mid[k] / total);
        goal->side[k] = exp(goal->side[k] / total);
    }
    free(mid);
    return 0;
}

int goal_init(struct goal *goal, const struct profile *target,
              const struct weighted_reference *references, size_t count)
{
    int result = -ENOMEM;

    *goal = (struct goal){0};
    goal->mid = calloc(target->bins, sizeof(*goal->mid));
    goal->side = calloc(target->bins, sizeof(*goal->side));
    if (!goal->mid || !goal->side)
        goto fail;
    mean_levels(goal, target, references, count);

    /* The ratio's floor of EPSILON stands behind the level gain. */
    double floor = MATCH_EPSILON * fmax(MATCH_EPSILON, target->match_rms) / goal->match_rms;

    result = 0;
    if (count == 1)
        read_reference(references[0].profile, target, floor, goal->mid, goal->side);
    else
        result = mean_spectra(goal, target, floor, references, count);
    if (result == 0)
        return 0;
fail:
    goal_finish(goal);
    return result;
}

void goal_finish(struct goal *goal)
{
    free(goal->mid);
    free(goal->side);
    goal->mid = goal->side = NULL;
}
