/*
 * match.h - numbers and small helpers that the parts of the match share.
 *
 * Source: src/README, "The match", the constants.
 * Threads: any but the audio thread.
 */
#ifndef MP_MATCH_MATCH_H
#define MP_MATCH_MATCH_H

#include "match/profile.h"

#define MATCH_THRESHOLD ((32768.0 - 61.0) / 32768.0)
#define MATCH_EPSILON 1e-6

/* Fills *error (which may be NULL) and returns `code`, a negative errno value. */
int match_fail(struct media_error *error, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
int match_fail_memory(struct media_error *error);

/* How many pieces a track of `frames` is cut into: the longest is 15 s. */
size_t match_piece_count(int64_t frames, uint32_t rate_hz);

/* The loud pieces: those whose RMS is at least the RMS of all of them; all of them when rounding
   leaves none. Writes loud[i] and returns their match RMS; *count is how many. */
double match_loud_pieces(const double *rms, size_t pieces, bool *loud, size_t *count);

/* What divides the reference so that its peak stands at the threshold: final_amplitude. */
double match_peak_factor(double peak);

/* All take NULL. -ECANCELED when the work is to end. */
void progress_begin(struct progress *progress, int64_t total_frames);
int progress_advance(struct progress *progress, int64_t frames);
int progress_check(const struct progress *progress);

#endif
