/*
 * goal.h - what the reference, or several with weights, ask of one target.
 *
 * The spectra are on the target's bins. A reference at another rate is read at the target's bin
 * frequencies; above the lower half rate, and above the cut-off of a lossy codec, its ratio to the
 * target is held as it is just below. One reference at the target's rate is taken exactly, unless
 * the target is a station's sound so far: what its codec left out is not to be brought out.
 * Source: src/README, "The match", steps 3 and 4.
 *
 * Threads: any but the audio thread; nothing is shared.
 */
#ifndef MP_MATCH_GOAL_H
#define MP_MATCH_GOAL_H

#include "match/plan.h"

struct goal {
    double match_rms;       /* of the references, each divided by its peak factor */
    double final_amplitude; /* weighted peak factor */
    double *mid, *side;     /* target->bins each */
};

/* 0, or -ENOMEM. The references are fit (profile_unfit_reference) and count > 0. */
int goal_init(struct goal *goal, const struct profile *target,
              const struct weighted_reference *references, size_t count);
void goal_finish(struct goal *goal);

#endif
