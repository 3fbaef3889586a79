/*
 * smooth.h - a number that goes to its target in a straight line instead of a jump.
 *
 * For gains and cross-fades. Frame i of a ramp of n frames has from + (to - from) * i / n: the
 * first frame is still `from`, the frame after the last is `to`. Each value is computed from the
 * ramp's beginning, so it does not depend on how the frames were cut into calls, and nothing adds
 * up.
 *
 * Threads: one thread at a time for one struct smooth; all of it may be the audio thread.
 */
#ifndef MP_DSP_SMOOTH_H
#define MP_DSP_SMOOTH_H

#include "base/rt.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct smooth {
    double from, to;
    uint64_t done, length; /* frames of the ramp; done == length: settled at `to` */
};

/* Settled at value. */
MP_RT void smooth_init(struct smooth *smooth, double value);
/* From where it is now to `target` within `frames` frames; 0: at once. */
MP_RT void smooth_set(struct smooth *smooth, double target, uint64_t frames);
/* The value of the next frame. */
MP_RT double smooth_value(const struct smooth *smooth);
MP_RT bool smooth_is_settled(const struct smooth *smooth);

/* The next stretch of one straight line, at most `frames` (> 0) long: frame i of it has
   *start + *step * i (what kernels' mix_ramp takes). Returns its length, at least 1, and moves on
   past it. A block has at most two: the rest of a ramp, then what is settled (step 0). */
MP_RT size_t smooth_take(struct smooth *smooth, size_t frames, double *start, double *step);

#endif
