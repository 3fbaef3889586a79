/*
 * analysis.h - level and mean spectrum of the loud pieces of a stream whose length is known.
 *
 * Audio in: float, planar, two channels. Mid is (L+R)/2, side (L-R)/2. The pieces can only be
 * chosen when all levels are known, so each keeps its sums until then; a stream of more than
 * ANALYSIS_PIECES_HELD pieces is fed twice instead (levels first, spectra of the loud ones then).
 * Source: src/README, "The match", steps 1, 2 and 5.
 *
 * Threads: one thread at a time for one analysis; never the audio thread.
 */
#ifndef MP_MATCH_ANALYSIS_H
#define MP_MATCH_ANALYSIS_H

#include "match/profile.h"

/* Four hours at any rate: 64 MiB of sums at 44.1 kHz. */
#ifndef ANALYSIS_PIECES_HELD
#define ANALYSIS_PIECES_HELD 960
#endif

struct analysis;

/* A stream of `frames` > 0 frames. NULL with errno. */
struct analysis *analysis_create(uint32_t rate_hz, int64_t frames);
void analysis_destroy(struct analysis *analysis);

/* What is fed next begins at `frame`, not where the last feeding ended; the fft_size - 1 frames
   before it, which another one is fed, stand in front of channel[c] (silence before the first). */
void analysis_go_to(struct analysis *analysis, int64_t frame,
                    const float *const channel[MEDIA_CHANNELS]);
/* Adds what another one of the same stream was fed. Before analysis_again. */
void analysis_add(struct analysis *analysis, const struct analysis *other);

/* The next frames; those past the promised length are counted and not looked at. */
void analysis_feed(struct analysis *analysis, const float *const channel[MEDIA_CHANNELS],
                   size_t frames);
int64_t analysis_frames(const struct analysis *analysis); /* fed so far */
/* True: feed all of it once more from the start. To be asked after the last frame. */
bool analysis_again(struct analysis *analysis);
/* Fills all of the profile but the loudness; `mid` and `side` have room for its bins. */
void analysis_result(const struct analysis *analysis, struct profile *profile);

#endif
