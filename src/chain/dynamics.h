/*
 * dynamics.h - a compressor in each of four bands, as a module.
 *
 * Bands: dsp/crossover.h, borders 120, 1000 and 6000 Hz. Levels and gains: dsp/envelope.h; both
 * channels of a band share one gain, which is found anew every 16 frames (at 44.1 kHz) of the
 * stream, and goes in a straight line over the next 16. Levels in dBFS are mean squares: a
 * full-scale sine has -3.01.
 *
 * Mode 0, manual: threshold, ratio, knee, attack, release, make-up and range of each band are the
 * parameters. Mode 1, reference: the spread of each band's short-term level (95th minus 50th
 * percentile, match/short_term.h) is brought to the reference's. The threshold stands at the
 * median (or higher, where the spread is far too wide for the range); the ratio is the one that
 * makes the spread what it shall be: above 1 where the track varies more than its reference, below
 * 1 (upward expansion) where it varies less; the make-up keeps the band's mean power. Knee, attack,
 * release and range remain parameters.
 * With nothing to do in any band there is no module.
 *
 * Latency: none (the bands' sum is all-passed).
 * Threads: as module.h.
 */
#ifndef MP_CHAIN_DYNAMICS_H
#define MP_CHAIN_DYNAMICS_H

#include "chain/module.h"
#include "dsp/envelope.h"

#include <stdbool.h>

enum { DYNAMICS_BANDS = 4 };

extern const struct module_class dynamics_class;

/* Between the bands. */
extern const double dynamics_borders_hz[DYNAMICS_BANDS - 1];

/* What a plan knows of one band: how the target's level spreads, and how the reference's. */
struct dynamics_goal_band {
    bool known;                /* false: one of them has nothing there */
    double median_db, mean_db; /* of the target, as it comes; dBFS */
    double lift_db;            /* what the match EQ adds; taken as 0 where the rack has none */
    double spread_db;          /* 95th minus 50th percentile of the target's */
    double reference_db;       /* of the reference's */
    /* Found by trying (match/dynamics_fit.h), for one rack; else it follows from the above. */
    bool fitted;
    bool at_range; /* the reference's spread is out of reach */
    double threshold_db, ratio, makeup_db;
    double before_db, after_db; /* the spread in front of the dynamics and behind */
    double most_db;             /* the greatest change on the way, without sign */
};
struct dynamics_goal {
    struct dynamics_goal_band band[DYNAMICS_BANDS];
};

/* What the parameters `values` make of the goal in one band; goal NULL: not known. */
struct dynamics_aim {
    struct envelope_shape shape;
    double change_db; /* of the spread; 0 in manual mode */
    bool at_range;    /* the range, or the ratio's, stops it before the reference's spread */
};
void dynamics_aim_band(const double *values, const struct dynamics_goal *goal, size_t band,
                       struct dynamics_aim *aim);
/* True in mode 1: the profiles' short-term levels are needed. */
bool dynamics_is_reference(const double *values);

/* values[i] belongs to dynamics_class.parameters[i]. NULL with errno; errno 0: it has nothing to
   do. */
struct module *dynamics_create(const struct module_format *format, const struct dynamics_goal *goal,
                               const double *values);
#endif
