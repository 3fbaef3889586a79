/* summary.c - what a track sounds like in a few numbers: levels, width, third octaves. */
#include "match/summary.h"

#include <math.h>
#include <string.h>

enum { BAND_LOWEST = -17 }; /* third octaves below 1 kHz */

double summary_band_hz(size_t band)
{
    return 1000.0 * pow(2.0, ((double)band + BAND_LOWEST) / 3.0);
}

/* A bin belongs to the bands it overlaps, by how much: low bands are narrower than a bin. */
static double band_power(const double *spectrum, size_t bins, double low, double high, bool mean)
{
    double power = 0.0;
    size_t first = (size_t)low, last = (size_t)high;

    for (size_t k = first; k <= last && k < bins; k++) {
        double from = fmax(low, (double)k), to = fmin(high, (double)k + 1.0);

        power += fmax(0.0, to - from) * spectrum[k] * spectrum[k];
    }
    return mean ? power / (high - low) : power;
}

void summary_bands_of(const double *spectrum, size_t bins, double bin_hz, bool mean,
                      float db[SUMMARY_BANDS])
{
    const double half = pow(2.0, 1.0 / 6.0);

    for (size_t band = 0; band < SUMMARY_BANDS; band++) {
        double low = summary_band_hz(band) / half / bin_hz + 0.5;
        double high = summary_band_hz(band) * half / bin_hz + 0.5;
        double power;

        if (low >= (double)bins) {
            db[band] = NAN;
            continue;
        }
        high = fmin(high, (double)bins);
        power = band_power(spectrum, bins, low, high, mean);
        db[band] = power > 0.0 ? (float)(10.0 * log10(power)) : -HUGE_VALF;
    }
}

void summary_make(struct summary *summary, const struct profile *profile)
{
    double bin_hz = (double)profile->rate_hz / (double)profile->fft_size;

    memset(summary, 0, sizeof(*summary)); /* the gaps, too: it is kept as it is */
    summary->rate_hz = profile->rate_hz;
    summary->frames = profile->frames;
    summary->match_rms = profile->match_rms;
    summary->loudness_lufs = profile->loudness_lufs;
    summary->loudness_range_lu = profile->loudness_range_lu;
    summary->true_peak_dbtp = profile->true_peak_dbtp;
    summary->correlation = profile->correlation;
    summary->width = profile->width;
    summary_bands_of(profile->mid, profile->bins, bin_hz, false, summary->mid_db);
    summary_bands_of(profile->side, profile->bins, bin_hz, false, summary->side_db);
}

/* --- distance ------------------------------------------------------------------------------ */

enum { DISTANCE_FIRST = 3, DISTANCE_LAST = 28 }; /* 40 Hz to 12.5 kHz */

/* The mean level of the bands that count, which is taken off. */
static double level_db(const struct summary *summary)
{
    double sum = 0.0;
    size_t count = 0;

    for (size_t i = DISTANCE_FIRST; i <= DISTANCE_LAST; i++) {
        if (isfinite(summary->mid_db[i])) {
            sum += (double)summary->mid_db[i];
            count++;
        }
    }
    return count > 0 ? sum / (double)count : 0.0;
}

void summary_mean_init(struct summary_mean *mean)
{
    memset(mean, 0, sizeof *mean);
}

void summary_mean_add(struct summary_mean *mean, const struct summary *summary)
{
    double level = level_db(summary);

    for (size_t i = DISTANCE_FIRST; i <= DISTANCE_LAST; i++) {
        if (isfinite(summary->mid_db[i])) {
            mean->sum_db[i] += (double)summary->mid_db[i] - level;
            mean->count[i]++;
        }
    }
}

double summary_distance_db(const struct summary_mean *mean, const struct summary *summary)
{
    double level = level_db(summary);
    double sum = 0.0;
    size_t count = 0;

    for (size_t i = DISTANCE_FIRST; i <= DISTANCE_LAST; i++) {
        if (isfinite(summary->mid_db[i]) && mean->count[i] > 0) {
            double differs =
                (double)summary->mid_db[i] - level - mean->sum_db[i] / (double)mean->count[i];

            sum += differs * differs;
            count++;
        }
    }
    return count > 0 ? sqrt(sum / (double)count) : 0.0;
}
