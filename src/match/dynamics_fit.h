/*
 * dynamics_fit.h - finds by trying which curves bring a track's spread of levels to its
 * reference's.
 *
 * What stands in front of the dynamics in the rack shapes each band, and the music's own movement
 * decides what a compressor with its attack and release makes of it; so the track is run once
 * through what stands in front, the powers of the bands are kept, and curves are tried on those
 * (match/band_levels.h) and judged by the measure that the goal was taken with.
 *
 * Threads: any but the audio thread.
 */
#ifndef MP_MATCH_DYNAMICS_FIT_H
#define MP_MATCH_DYNAMICS_FIT_H

#include "match/plan.h"

/* True if the rack has dynamics in reference mode that sound, and the plan knows their goal but not
   yet how it is reached in this rack. */
bool dynamics_fit_is_wanted(const struct plan *plan, const struct rack *rack);
/* Reads the programme (rewound first) to its end, and puts what it found in plan->dynamics. 0, or
   negative errno and *error. */
int dynamics_fit(struct plan *plan, const struct rack *rack, struct programme *programme,
                 const struct kernels *kernels, struct progress *progress,
                 struct media_error *error);

#endif
