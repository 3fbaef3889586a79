/*
 * loudness_meter.h - momentary, short-term and integrated loudness and its range, as sound goes by.
 *
 * For meters: a tenth of what libebur128 takes, in bounded memory, within 0.1 LU of it. The windows
 * of the first two slide by 10 ms, what is gated by 100 ms. -HUGE_VAL for silence.
 * Sources: ITU-R BS.1770-4 (K-weighting, gates), EBU Tech 3341 (momentary 400 ms, short-term 3 s),
 * EBU Tech 3342 (range: 10th to 95th percentile of short-term loudness, once a second).
 *
 * Audio: float, planar, two channels, full scale +-1.
 * Threads: one at a time, never the audio thread. Denormals are best flushed (base/rt.h).
 */
#ifndef MP_MEASURE_LOUDNESS_METER_H
#define MP_MEASURE_LOUDNESS_METER_H

#include <stdint.h>

struct loudness_meter;

struct loudness_meter *loudness_meter_create(uint32_t rate_hz); /* NULL with errno */
void loudness_meter_destroy(struct loudness_meter *meter);
/* Integrated loudness and range begin anew; the others go on. */
void loudness_meter_begin(struct loudness_meter *meter);
void loudness_meter_add(struct loudness_meter *meter, const float *const audio[2], uint32_t frames);

double loudness_meter_momentary(const struct loudness_meter *meter);
double loudness_meter_short_term(const struct loudness_meter *meter);
double loudness_meter_integrated(const struct loudness_meter *meter);
double loudness_meter_range(const struct loudness_meter *meter); /* LU; 0: too short */

#endif
