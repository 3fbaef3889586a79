/* unfit.c - which sound cannot be matched, or matched to, and why; which is the same sound. */
#include "match/match.h"

#include <math.h>

/* Relative difference of levels and spectra up to which two profiles are of the same sound. */
static const double SAME = 1e-3;

static const char *too_short(size_t fft_size)
{
    switch (fft_size) {
    case 512:
        return "is shorter than 512 samples";
    case 1024:
        return "is shorter than 1024 samples";
    case 2048:
        return "is shorter than 2048 samples";
    case 4096:
        return "is shorter than 4096 samples";
    case 8192:
        return "is shorter than 8192 samples";
    case 16384:
        return "is shorter than 16384 samples";
    case 32768:
        return "is shorter than 32768 samples";
    default:
        return "is too short";
    }
}

/* What the mid spectrum holds beside DC, as an amplitude. */
static double alternating(const struct profile *profile)
{
    double power = 0.0;

    for (size_t k = 1; k < profile->bins; k++)
        power += profile->mid[k] * profile->mid[k];
    return sqrt(2.0 * power);
}

static const char *unfit(const struct profile *profile)
{
    if (profile->frames == 0)
        return "holds no sound";
    if (profile->frames < (int64_t)profile->fft_size)
        return too_short(profile->fft_size);
    if (profile->peak < MATCH_EPSILON)
        return "is silent";
    if (profile->match_rms < MATCH_EPSILON)
        return profile->width > 1.0 ? "has no middle: left and right cancel each other"
                                    : "is silent";
    if (alternating(profile) < MATCH_EPSILON)
        return "holds a constant level (DC) and no sound";
    return NULL;
}

const char *profile_unfit_target(const struct profile *profile)
{
    return unfit(profile);
}

const char *profile_unfit_reference(const struct profile *profile)
{
    return unfit(profile);
}

static bool same_spectrum(const double *one, const double *other, size_t bins, double level)
{
    double difference = 0.0;

    for (size_t k = 0; k < bins; k++)
        difference += (one[k] - other[k]) * (one[k] - other[k]);
    return sqrt(difference) <= SAME * level;
}

bool profile_same_sound(const struct profile *one, const struct profile *other)
{
    double level = 0.0;

    if (one->rate_hz != other->rate_hz || one->frames != other->frames ||
        one->bins != other->bins || fabs(one->match_rms - other->match_rms) > SAME * one->match_rms)
        return false;
    for (size_t k = 0; k < one->bins; k++)
        level += one->mid[k] * one->mid[k];
    level = sqrt(level);
    return same_spectrum(one->mid, other->mid, one->bins, level) &&
           same_spectrum(one->side, other->side, one->bins, level);
}
