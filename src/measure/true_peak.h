/*
 * true_peak.h - the peak of the sound between the samples, and the headroom of the last 3 s.
 *
 * Audio: planar, two channels, float or double. Peaks are linear, 1 is full scale.
 * A polyphase interpolator of 48 taps, 4x below 96 kHz, 2x below 192 kHz, none above.
 * Source: ITU-R BS.1770-4 Annex 2.
 *
 * Threads: one thread at a time; the functions marked MP_RT may run in the audio thread.
 */
#ifndef MP_MEASURE_TRUE_PEAK_H
#define MP_MEASURE_TRUE_PEAK_H

#include "dsp/kernels.h"

enum { TRUE_PEAK_CHANNELS = 2 };

struct true_peak;

struct true_peak *true_peak_create(uint32_t rate_hz); /* NULL with errno */
void true_peak_destroy(struct true_peak *meter);
/* Other kernels than the best that are here; every tier gives the same peaks. */
void true_peak_set_kernels(struct true_peak *meter, const struct kernels *kernels);
size_t true_peak_bytes(void); /* of one, in one piece, for who locks its memory */
MP_RT void true_peak_reset(struct true_peak *meter);
/* The highest true peak of either channel among these frames (the filter runs on from the frames
   before; a peak is seen up to 12 frames late). */
MP_RT double true_peak_process_f32(struct true_peak *meter,
                                   const float *const audio[TRUE_PEAK_CHANNELS], size_t frames);
MP_RT double true_peak_process_f64(struct true_peak *meter,
                                   const double *const audio[TRUE_PEAK_CHANNELS], size_t frames);

/* The highest of the peaks that were put in over the last 3 s, in steps of 0.1 s. */
enum { HEADROOM_SLOTS = 30 };

struct headroom {
    double slots[HEADROOM_SLOTS];
    uint32_t slot, slot_frames, filled_frames;
};

void headroom_init(struct headroom *headroom, uint32_t rate_hz);
MP_RT void headroom_add(struct headroom *headroom, double peak, size_t frames);
MP_RT double headroom_peak(const struct headroom *headroom); /* linear */
/* 0 dBTP - peak; HUGE_VAL for silence. Not in the audio thread. */
double headroom_db(const struct headroom *headroom);

#endif
