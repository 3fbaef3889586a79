/*
 * ab.h - cross-fades between two sources that run side by side: A/B, and one chain for another.
 *
 * Audio: double, planar, two channels. What leaves is (1-w)*a + w*b with one weight a frame for
 * both channels. Where w is exactly 0 or 1 the words of a or b pass untouched, bit for bit (also
 * when the other side holds NaN). `out` may be `a` or `b`.
 * A ramp of L frames has the weights start + (goal-start)*(k+1)/L, k = 0 ... L-1: its last frame is
 * the goal itself. A fade of L frames has (k+1/2)/L: it is the same seen from both ends.
 *
 * Threads: init in setup; all else in the thread that runs the audio.
 */
#ifndef MP_CHAIN_AB_H
#define MP_CHAIN_AB_H

#include "base/rt.h"

#include <stdbool.h>
#include <stdint.h>

enum { AB_CHANNELS = 2, AB_RAMP_MS = 20 };

/* A toggle between A (w = 0) and B (w = 1). */
struct ab {
    double w;              /* of the frame that was mixed last */
    double target;         /* where w is going, or stands */
    double start;          /* where the ramp began */
    uint32_t done, length; /* frames of the ramp; done == length: w stands */
    uint32_t ramp_frames;  /* 20 ms */
};

/* Stands at w (0 or 1) at once. */
void ab_init(struct ab *ab, uint32_t rate_hz, double w);
/* Begins one linear ramp of 20 ms, with the next frame, from where w is to target. Nothing happens
   when it is already going there. */
MP_RT void ab_set(struct ab *ab, double target);
MP_RT void ab_process(struct ab *ab, const double *const a[AB_CHANNELS],
                      const double *const b[AB_CHANNELS], double *const out[AB_CHANNELS],
                      uint32_t frames);
/* True while w stands: the source that is not heard (w 0: b, w 1: a) need not be computed. */
MP_RT bool ab_is_still(const struct ab *ab);

/* One fade from one source to another, beginning at a given frame. */
struct fade {
    uint64_t wait;         /* frames to go before it begins */
    uint32_t done, length; /* frames of it */
};

/* `wait` frames of `from`, then `length` frames of both (0: a cut), then `to`. */
MP_RT void fade_begin(struct fade *fade, uint64_t wait, uint32_t length);
/* Mixes the next frames. True when it is over: from the next frame on it would be all `to`. */
MP_RT bool fade_process(struct fade *fade, const double *const from[AB_CHANNELS],
                        const double *const to[AB_CHANNELS], double *const out[AB_CHANNELS],
                        uint32_t frames);
MP_RT bool fade_is_over(const struct fade *fade);

#endif
