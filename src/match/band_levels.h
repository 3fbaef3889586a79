/*
 * band_levels.h - the course of the power in each band of the dynamics, and its short-term levels.
 *
 * What comes in is cut into steps of some 3 ms, each the mean square of its band over both
 * channels, as the dynamics see it. Windows of 400 ms every 100 ms give the percentiles, with the
 * gates of match/short_term.h.
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

/* What a compressor with this shape (its make-up left out) makes of a band. */
struct band_outcome {
    double median_db, loud_db; /* 50th and 95th percentile behind it */
    double power_db;           /* what it adds to the mean power of the band */
    double most_db;            /* the greatest change, without sign */
};
/* shape NULL: as it is. After band_levels_end, with windows. */
void band_levels_try(struct band_levels *levels, size_t band, const struct envelope_shape *shape,
                     struct band_outcome *outcome);

#endif
