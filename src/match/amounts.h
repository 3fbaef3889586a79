/*
 * amounts.h - how far to match, from presets and from what a playlist, an album or a setting says.
 *
 * Threads: any but the audio thread.
 */
#ifndef MP_MATCH_AMOUNTS_H
#define MP_MATCH_AMOUNTS_H

#include "chain/preset.h"
#include "library/playlist.h"
#include "match/plan.h"

/* What its chain is made of: the exact one where it plays the original. */
void rack_of_preset(const struct preset *preset, struct rack *rack);
/* *match: false when the preset plays the original. */
void amounts_of_preset(const struct preset *preset, struct amounts *amounts, bool *match);
/* The amounts that are said (percent, and limiter 0 or 1; NAN: not said) go over what is there. */
void amounts_take(struct amounts *amounts, const double said[AMOUNTS]);

#endif
