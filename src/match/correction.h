/*
 * correction.h - the level correction of the match in bounded memory.
 *
 * For each piece the absolute values of the convolved mid are kept as a histogram: counts and sums
 * of squares in 4096 logarithmic bins over +-12 dB around full scale (1024 to the octave), one
 * sum below and one count above. The RMS of the piece after any gain within +-12 dB and clipping at
 * full scale follows to -150 dB; a gain beyond needs a new histogram around it.
 * Source: src/README, "The match", steps 10 and 15.
 *
 * Threads: one thread at a time for one correction; never the audio thread.
 */
#ifndef MP_MATCH_CORRECTION_H
#define MP_MATCH_CORRECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct correction;

/* What is fed later is multiplied by `gain` first. NULL with errno. */
struct correction *correction_create(size_t pieces, int64_t piece_frames, double gain);
void correction_destroy(struct correction *correction);

/* What is fed next begins at this frame of the stream, not where the last feeding ended. */
void correction_go_to(struct correction *correction, int64_t frame);
/* Adds what another one of the same pieces and gain was fed. */
void correction_add(struct correction *correction, const struct correction *other);

/* The next frames of the convolved mid; those past the last piece are not looked at. */
void correction_feed(struct correction *correction, const double *mid, size_t frames);

/* Match RMS (the loud pieces chosen anew) of what was fed, times `gain` and clipped to +-1. */
double correction_match_rms(const struct correction *correction, double gain);
/* True if correction_match_rms is exact for this gain: it lies within +-12 dB. */
bool correction_covers(double gain);

#endif
