/*
 * levels.h - peak, RMS, correlation, width and clipped samples of what goes by.
 *
 * Audio: float, planar, two channels, full scale +-1. Levels in dBFS (a full-scale sine has an RMS
 * of -3.01).
 * Peak: rises at once, falls 20 dB in 1.7 s (IEC 60268-10, type I). RMS, correlation and width: the
 * past counts with exp(-t / 300 ms). A sample is clipped that has 16-bit full scale, 32767/32768,
 * or more.
 *
 * Threads: one at a time.
 */
#ifndef MP_MEASURE_LEVELS_H
#define MP_MEASURE_LEVELS_H

#include <stdint.h>

enum { LEVELS_CHANNELS = 2 };

struct levels {
    uint32_t rate_hz;
    double peak[LEVELS_CHANNELS];   /* linear */
    double square[LEVELS_CHANNELS]; /* mean of x^2 */
    double product;                 /* mean of left * right */
    double weight;                  /* of all that went into the means, 0 ... 1 */
    uint64_t clipped;               /* samples, both channels */
};

struct levels_figures {
    double peak_dbfs[LEVELS_CHANNELS], rms_dbfs[LEVELS_CHANNELS]; /* -HUGE_VAL: silence */
    double correlation;                                           /* -1 ... 1; 1 for silence */
    double width; /* RMS of side / RMS of mid; 0 for silence, HUGE_VAL where there is no mid */
    uint64_t clipped;
};

void levels_init(struct levels *levels, uint32_t rate_hz);
void levels_add(struct levels *levels, const float *const audio[LEVELS_CHANNELS], uint32_t frames);
void levels_read(const struct levels *levels, struct levels_figures *figures);

#endif
