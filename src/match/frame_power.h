/*
 * frame_power.h - the power spectrum of Hann frames of two channels.
 *
 * Power: bin k's part of the frame's mean square, mean of both channels; all bins together are
 * the frame's level.
 *
 * Threads: one at a time; never the audio thread.
 */
#ifndef MP_MATCH_FRAME_POWER_H
#define MP_MATCH_FRAME_POWER_H

#include <stddef.h>

struct frame_power;

/* size: frames of audio, even. NULL with errno. */
struct frame_power *frame_power_create(size_t size);
void frame_power_destroy(struct frame_power *frame);
/* Of the `size` frames at channel[c]: size/2 + 1 bins, good until the next. */
const double *frame_power_take(struct frame_power *frame, const float *const channel[2]);

#endif
