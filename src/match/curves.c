/* curves.c - ratios of spectra, smoothed, scaled by the amounts and capped. */
#include "match/curves.h"

#include "match/match.h"
#include "match/smoothing.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* A side below this part of the mid (-80 dB) is no side: no width is told of it. */
static const double LEAST_SIDE = 1e-4;

static int smooth_ratio_of(const double *reference, const double *target, size_t bins, double c0,
                           double *curve)
{
    double *ratio = malloc(bins * sizeof(*ratio));
    int result;

    if (!ratio)
        return -ENOMEM;
    for (size_t k = 0; k < bins; k++)
        ratio[k] = reference[k] / fmax(MATCH_EPSILON, c0 * target[k]);
    result = smooth_ratio(ratio, bins, curve);
    free(ratio);
    return result;
}

/* In decibels: mid = eq * M, side = eq * M + width * (S - M). At 100 % the curves stay as they are,
   dips of the smoothing below zero included. */
static void apply_amounts(double *mid, double *side, size_t bins, const struct amounts *amounts)
{
    double eq = amounts->eq, width = amounts->width;

    if (eq >= 1.0 && width >= 1.0)
        return;
    for (size_t k = 1; k < bins; k++) {
        double m = log(fmax(mid[k], MATCH_EPSILON)), s = log(fmax(side[k], MATCH_EPSILON));

        mid[k] = eq >= 1.0 ? mid[k] : exp(eq * m);
        side[k] = exp(eq * m + width * (s - m));
    }
    mid[0] = eq > 0.0 ? 0.0 : 1.0;
    side[0] = eq > 0.0 ? 0.0 : side[1];
}

static double weighted_power(const double *curve, const double *spectrum, size_t bins)
{
    double sum = 0.0;

    for (size_t k = 1; k < bins; k++) {
        double level = curve ? curve[k] * spectrum[k] : spectrum[k];

        sum += level * level;
    }
    return sum;
}

static void cap(double *curve, size_t bins, double highest)
{
    for (size_t k = 0; k < bins; k++)
        curve[k] = fmin(curve[k], highest);
}

/* The curve's own level is what it does to the level of the target's mid. */
static void cap_boost(const struct profile *target, double *mid, double *side, double boost_db)
{
    double before = weighted_power(NULL, target->mid, target->bins);
    double after = weighted_power(mid, target->mid, target->bins);

    if (isinf(boost_db) || !(before > 0.0))
        return;
    double highest = sqrt(after / before) * pow(10.0, boost_db / 20.0);

    cap(mid, target->bins, highest);
    cap(side, target->bins, highest);
}

int curves_make(const struct profile *target, const struct goal *goal, double c0,
                const struct amounts *amounts, double *mid, double *side)
{
    int result = smooth_ratio_of(goal->mid, target->mid, target->bins, c0, mid);

    if (result == 0)
        result = smooth_ratio_of(goal->side, target->side, target->bins, c0, side);
    if (result < 0)
        return result;
    apply_amounts(mid, side, target->bins, amounts);
    cap_boost(target, mid, side, amounts->max_boost_db);
    return 0;
}

double curves_widening(const struct profile *target, const double *mid, const double *side)
{
    double mid_before = weighted_power(NULL, target->mid, target->bins);
    double side_before = weighted_power(NULL, target->side, target->bins);
    double mid_after = weighted_power(mid, target->mid, target->bins);
    double side_after = weighted_power(side, target->side, target->bins);

    if (side_before <= LEAST_SIDE * LEAST_SIDE * mid_before || !(mid_after > 0.0))
        return 1.0;
    return sqrt(side_after / side_before * mid_before / mid_after);
}
