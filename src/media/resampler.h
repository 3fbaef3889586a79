/*
 * resampler.h - one rate to another, by libswresample's soxr engine, at exact places.
 *
 * Private to src/media. Audio: float, planar, two channels. Output frame m is the sound at input
 * time m * in / out: the filter's delay is compensated, before the first and behind the last input
 * frame there is silence. N input frames give ceil(N * out / in).
 *
 * Threads: one at a time for one resampler.
 */
#ifndef MP_MEDIA_RESAMPLER_H
#define MP_MEDIA_RESAMPLER_H

#include "media/decoder.h"

enum { RESAMPLER_PUSH_MAX = 2048 };

struct resampler;

struct resampler *resampler_create(uint32_t in_hz, uint32_t out_hz); /* NULL with errno */
void resampler_destroy(struct resampler *resampler);

int64_t resampler_length(const struct resampler *resampler, int64_t in_frames);
/* Where the input has to begin for an output that begins at `out_frame`: far enough before it for
   the filters, and at a place that both rates share. The resampler is empty then, and gives from
   out_frame on. Negative errno. */
int64_t resampler_seek(struct resampler *resampler, int64_t out_frame);

/* Takes all `frames` (at most RESAMPLER_PUSH_MAX) of the input; only when nothing is left to pull.
   0 or negative errno. */
int resampler_push(struct resampler *resampler, const float *const channel[MEDIA_CHANNELS],
                   size_t frames);
/* Up to `frames` of the output; 0: push more. */
size_t resampler_pull(struct resampler *resampler, float *const channel[MEDIA_CHANNELS],
                      size_t frames);

#endif
