/*
 * band_levels.h - what compressors make of the bands of the dynamics, and of their levels.
 *
 * What comes in is cut into steps of some 3 ms, each the mean square of its band over both
 * channels, as the dynamics see it: those give the gains. What the gains make of the short-term
 * levels is seen as match/short_term.h will measure it (match/band_frames.h).
 *
 * Threads: one at a time; never the audio thread.
 */
#ifndef MP_MATCH_BAND_LEVELS_H
#define MP_MATCH_BAND_LEVELS_H

#include "chain/dynamics.h"
#include "dsp/kernels.h"

#include <stddef.h>

struct band_levels;

/* NULL with ENOMEM. */
struct band_levels *band_levels_create(uint32_t rate_hz, const struct kernels *kernels);
void band_levels_destroy(struct band_levels *levels);

/* The next frames. 0 or -ENOMEM. */
int band_levels_add(struct band_levels *levels, const double *const channel[2], size_t frames);
/* All is in: chooses the windows that count. 0 or -ENOMEM. */
int band_levels_end(struct band_levels *levels);
size_t band_levels_windows(const struct band_levels *levels);

/* What a compressor does to a band. */
struct band_change {
    double makeup_db; /* what keeps the power of the band */
    double most_db;   /* the greatest change on the way, without sign */
};
/* Gives a band a compressor with this shape, and the make-up that it needs; NULL: none, as at the
   beginning. After band_levels_end. */
void band_levels_shape(struct band_levels *levels, size_t band, const struct envelope_shape *shape,
                       struct band_change *change);

struct band_spread {
    double median_db, loud_db; /* 50th and 95th percentile */
};
/* A band behind the compressors of all. After band_levels_end, with windows. */
struct band_spread band_levels_read(struct band_levels *levels, size_t band);

#endif
