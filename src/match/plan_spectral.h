/*
 * plan_spectral.h - what the spectral processor is told: how the balance is spread in the target
 * and in the reference, and what the match EQ does to the target's.
 *
 * Threads: any but the audio thread; nothing is shared.
 */
#ifndef MP_MATCH_PLAN_SPECTRAL_H
#define MP_MATCH_PLAN_SPECTRAL_H

#include "match/plan.h"

/* False, and an empty design: a profile is not PROFILE_CHARACTER, or too short or silent for it.
   The plan's curves are there; several references count by weight, in decibels. */
bool plan_spectral_design(const struct plan *plan, const struct profile *target,
                          const struct weighted_reference *references, size_t count,
                          struct spectral_design *design);

#endif
