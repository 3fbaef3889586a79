/*
 * plan_rate.h - a plan made at one rate, carried out at another.
 *
 * Sound above 44.1 kHz is measured at that rate (programme_open_measured), so that the same music
 * has the same plan whatever its rate: frames of another length would see its tones in another
 * light. The filters that come of it are given the target's own rate, at which the sound itself
 * stays: the same response up to where the measured sound ends, and held from there on.
 *
 * Threads: any but the audio thread.
 */
#ifndef MP_MATCH_PLAN_RATE_H
#define MP_MATCH_PLAN_RATE_H

#include "match/plan.h"

/* Makes the plan one for rate_hz > plan->rate_hz. 0 or -ENOMEM (it must not be used then). */
int plan_to_rate(struct plan *plan, uint32_t rate_hz);

#endif
