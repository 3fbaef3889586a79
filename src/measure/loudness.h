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
};

struct loudness;

/* NULL with errno ENOMEM or EINVAL (a rate that libebur128 does not take). */
struct loudness *loudness_create(uint32_t rate_hz, enum loudness_depth depth);
void loudness_destroy(struct loudness *loudness);

/* 0 or -ENOMEM. */
int loudness_add_f32(struct loudness *loudness, const float *const channel[2], size_t frames);
int loudness_add_f64(struct loudness *loudness, const double *const channel[2], size_t frames);

double loudness_lufs(const struct loudness *loudness);           /* -HUGE_VAL for silence */
double loudness_range_lu(const struct loudness *loudness);       /* 0 unless LOUDNESS_FULL */
double loudness_true_peak_dbtp(const struct loudness *loudness); /* -HUGE_VAL for silence */

#endif
