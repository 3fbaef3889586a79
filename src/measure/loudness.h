/*
 * loudness.h - integrated loudness, loudness range and true peak of a stream.
 *
 * Audio in: planar, two channels, full scale +-1.
 * Source: ITU-R BS.1770-4, EBU R 128 and Tech 3342, by libebur128.
 *
 * Threads: one thread at a time for one object; never the audio thread (it allocates).
 */
#ifndef MP_MEASURE_LOUDNESS_H
#define MP_MEASURE_LOUDNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum loudness_depth {
    LOUDNESS_INTEGRATED, /* integrated loudness alone */
    LOUDNESS_FULL,       /* with loudness range and true peak: several times the work */
    LOUDNESS_LIVE,       /* momentary and short-term alone */
    LOUDNESS_ENDLESS,    /* integrated and range in bounded memory, to 0.1 LU */
};

struct loudness;

/* NULL with errno ENOMEM or EINVAL (a rate that libebur128 does not take). */
struct loudness *loudness_create(uint32_t rate_hz, enum loudness_depth depth);
void loudness_destroy(struct loudness *loudness);

/* 0 or -ENOMEM. */
int loudness_add_f32(struct loudness *loudness, const float *const channel[2], size_t frames);
int loudness_add_f64(struct loudness *loudness, const double *const channel[2], size_t frames);

double loudness_lufs(const struct loudness *loudness); /* -HUGE_VAL for silence */
/* 0 unless LOUDNESS_FULL or LOUDNESS_ENDLESS */
double loudness_range_lu(const struct loudness *loudness);
/* Of the last 400 ms and of the last 3 s (of less, before there is so much); LOUDNESS_LIVE. */
double loudness_momentary_lufs(const struct loudness *loudness);
double loudness_short_term_lufs(const struct loudness *loudness);
double loudness_true_peak_dbtp(const struct loudness *loudness); /* -HUGE_VAL for silence */

#endif
