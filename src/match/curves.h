/*
 * curves.h - the zero-phase curves of mid and side, from spectra and amounts.
 *
 * Source: src/README, "The match", steps 6 and 7, and "Amounts".
 * Threads: any but the audio thread; nothing is shared.
 */
#ifndef MP_MATCH_CURVES_H
#define MP_MATCH_CURVES_H

#include "match/goal.h"

/* mid, side: target->bins each. c0: the whole level gain, whatever the amount of level. 0 or
   -ENOMEM. */
int curves_make(const struct profile *target, const struct goal *goal, double c0,
                const struct amounts *amounts, double *mid, double *side);
/* Side to mid that the curves make of the target, over what it was. */
double curves_widening(const struct profile *target, const double *mid, const double *side);

#endif
