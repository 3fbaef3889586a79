/* levels.c - peak, RMS, correlation, width and clipped samples of what goes by. */
#include "measure/levels.h"

#include <math.h>

static const double fall_db_per_s = 20.0 / 1.7;
static const double memory_s = 0.3;
static const float clip_level = 32767.0F / 32768.0F;

void levels_init(struct levels *levels, uint32_t rate_hz)
{
    *levels = (struct levels){.rate_hz = rate_hz};
}

/* What one stretch of sound adds up to. */
struct sums {
    float peak[LEVELS_CHANNELS];
    double square[LEVELS_CHANNELS], product;
    uint64_t clipped;
};

static void add_up(struct sums *sums, const float *const audio[LEVELS_CHANNELS], uint32_t frames)
{
    for (uint32_t c = 0; c < LEVELS_CHANNELS; c++) {
        for (uint32_t i = 0; i < frames; i++) {
            float magnitude = fabsf(audio[c][i]);

            sums->peak[c] = magnitude > sums->peak[c] ? magnitude : sums->peak[c];
            sums->square[c] += (double)magnitude * (double)magnitude;
            sums->clipped += magnitude >= clip_level;
        }
    }
    for (uint32_t i = 0; i < frames; i++) {
        sums->product += (double)audio[0][i] * (double)audio[1][i];
    }
}

void levels_add(struct levels *levels, const float *const audio[LEVELS_CHANNELS], uint32_t frames)
{
    double seconds = (double)frames / levels->rate_hz;
    double keep = exp(-seconds / memory_s);
    double fall = pow(10.0, -fall_db_per_s * seconds / 20.0);
    double share = frames > 0 ? (1.0 - keep) / frames : 0.0;
    struct sums sums = {{0}, {0}, 0, 0};

    add_up(&sums, audio, frames);
    for (uint32_t c = 0; c < LEVELS_CHANNELS; c++) {
        double fallen = levels->peak[c] * fall;

        levels->peak[c] = fmax(fallen, (double)sums.peak[c]);
        levels->square[c] = keep * levels->square[c] + share * sums.square[c];
    }
    levels->product = keep * levels->product + share * sums.product;
    levels->weight = keep * levels->weight + 1.0 - keep;
    levels->clipped += sums.clipped;
}

static double db_of_power(double power)
{
    return power > 1e-20 ? 10.0 * log10(power) : -HUGE_VAL;
}

void levels_read(const struct levels *levels, struct levels_figures *figures)
{
    double scale = levels->weight > 0.0 ? 1.0 / levels->weight : 0.0;
    double left = scale * levels->square[0];
    double right = scale * levels->square[1];
    double product = scale * levels->product;
    double mid = (left + right + 2.0 * product) / 4.0;
    double side = (left + right - 2.0 * product) / 4.0;
    double both = sqrt(left * right);

    for (uint32_t c = 0; c < LEVELS_CHANNELS; c++) {
        figures->peak_dbfs[c] = db_of_power(levels->peak[c] * levels->peak[c]);
        figures->rms_dbfs[c] = db_of_power(scale * levels->square[c]);
    }
    figures->correlation = both > 1e-20 ? product / both : 1.0;
    if (mid > 1e-20) {
        figures->width = sqrt(fmax(side, 0.0) / mid);
    } else {
        figures->width = side > 1e-20 ? HUGE_VAL : 0.0;
    }
    figures->clipped = levels->clipped;
}
