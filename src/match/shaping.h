/*
 * shaping.h - what the reference dynamics and the spectral processor of a rack do about a plan, by
 * how much, and where their range stops them.
 *
 * Levels and changes in dB. Bands and parts count from the lowest.
 *
 * Threads: any but the audio thread.
 */
#ifndef MP_MATCH_SHAPING_H
#define MP_MATCH_SHAPING_H

#include "match/plan.h"

/* Of a band's short-term level: 95th less 50th percentile. */
struct shaping_band {
    bool known; /* else there is nothing in the band, here or in the reference */
    double spread_db, reference_db;
    double change_db; /* of the spread, by the dynamics */
    bool at_range;    /* that is all they may */
};

/* Of a part's share of the whole (measure/balance.h): 90th less 10th percentile. */
struct shaping_part {
    bool known;
    double middle_hz;
    double change_db; /* of the share's median */
    double spread_db, reference_db;
    bool at_range; /* the median is to be moved by more than it may */
};

struct shaping {
    bool dynamics, spectral; /* they are in the rack, and follow the reference */
    struct shaping_band band[DYNAMICS_BANDS];
    struct shaping_part part[BALANCE_PARTS];
};

/* rack may be NULL: the exact one, which has neither. */
void shaping_find(const struct plan *plan, const struct rack *rack, struct shaping *shaping);
/* In words: "dynamics -1.3 -0.4 +0.2 0.0 dB, 1 at range; spectral up to 2.1 dB, 2 at range"; what
   is not known is "-". "" where neither does anything. */
void shaping_describe(const struct shaping *shaping, char *text, size_t size);

#endif
