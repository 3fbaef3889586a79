/*
 * summary.h - what a track sounds like in a few numbers, less than 1 KB: levels, width, third
 * octaves (IEC 61260-1, base two).
 *
 * Threads: any; nothing is shared.
 */
#ifndef MP_MATCH_SUMMARY_H
#define MP_MATCH_SUMMARY_H

#include "match/profile.h"

enum { SUMMARY_BANDS = 31 }; /* third octaves around 1 kHz, from 20 Hz to 20 kHz */

struct summary {
    uint32_t rate_hz;
    int64_t frames;
    double match_rms, loudness_lufs, loudness_range_lu, true_peak_dbtp, correlation, width;
    /* Level in each band of the mean spectrum of the loud pieces; -HUGE_VALF: nothing there. */
    float mid_db[SUMMARY_BANDS], side_db[SUMMARY_BANDS];
};

void summary_make(struct summary *summary, const struct profile *profile); /* PROFILE_FULL */

/* The mean balance of several tracks, and how far a track is from it: the RMS over the third
   octaves from 40 Hz to 12.5 kHz of what their middle channels differ by, levels aside. */
struct summary_mean {
    double sum_db[SUMMARY_BANDS];
    size_t count[SUMMARY_BANDS];
};
void summary_mean_init(struct summary_mean *mean);
void summary_mean_add(struct summary_mean *mean, const struct summary *summary);
double summary_distance_db(const struct summary_mean *mean, const struct summary *summary);

double summary_band_hz(size_t band);
/* Power of a spectrum in each third octave, in dB; `mean`: by bin, which for a curve is its height
   there. NAN: the band lies above the last bin. */
void summary_bands_of(const double *spectrum, size_t bins, double bin_hz, bool mean,
                      float db[SUMMARY_BANDS]);

#endif
