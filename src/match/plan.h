/*
 * plan.h - what the chain must do so that a target sounds like its reference.
 *
 * Source: src/README, "The match", steps 3 to 11. All amounts at 100 % with one reference give
 * exactly what the offline matcher gives.
 *
 * Threads: any but the audio thread.
 */
#ifndef MP_MATCH_PLAN_H
#define MP_MATCH_PLAN_H

#include "chain/rack.h"
#include "match/profile.h"

struct amounts {
    double level, eq, width; /* 0 ... 1 */
    bool limiter;
    double max_boost_db; /* the curve goes no higher above its own level; HUGE_VAL: off */
};

extern const struct amounts amounts_exact; /* 1, 1, 1, true, HUGE_VAL */
bool amounts_equal(const struct amounts *one, const struct amounts *other);

struct weighted_reference {
    const struct profile *profile;
    double weight; /* > 0 */
};

struct plan {
    uint32_t rate_hz;
    bool identity;      /* B is A, not even late */
    bool bare;          /* there is no reference, and so no match EQ */
    size_t taps;        /* 0: no FIR */
    double *mid, *side; /* taps each, without the gain */
    double *mid_curve,
        *side_curve;        /* the zero-phase curves, bins = taps/2+1, linear, for display */
    double coefficients[5]; /* c0 and the four corrections */
    double gain;            /* their product */
    double final_amplitude;
    bool limiter;                     /* asked for */
    double target_peak;               /* max |sample| */
    double target_rms, reference_rms; /* match RMS; the reference's divided by its peak factor */
    double wider;       /* side to mid, after over before; 1 where the target has no side */
    bool corrected;     /* the four corrections were computed, not estimated */
    bool characterised; /* all profiles had short-term levels, and so there is: */
    struct dynamics_goal dynamics; /* its lifts without the gain: plan_dynamics_goal adds it */
    struct spectral_design spectral;
};

/* The filters and c0; the four corrections are 1. NULL with *error (a profile that is unfit). */
struct plan *plan_create(const struct profile *target, const struct weighted_reference *references,
                         size_t reference_count, const struct amounts *amounts,
                         struct media_error *error);
/* Step 10: reads the target's programme once (rewound first) and finds the four corrections. */
int plan_correct(struct plan *plan, const struct profile *target, struct programme *programme,
                 struct progress *progress, struct media_error *error);
/* The corrections as they were found when the same plan was made before. False: these are not of
   this plan, and nothing has changed. */
bool plan_recall(struct plan *plan, const double coefficients[5]);
/* One that changes nothing, for a rack that does without a reference. NULL with ENOMEM. */
struct plan *plan_create_bare(uint32_t rate_hz, bool limiter);
/* NULL with ENOMEM. */
struct plan *plan_copy(const struct plan *plan);
void plan_destroy(struct plan *plan);

/* The modules that carry it out. `limiter_idle`: a rehearsal found nothing to limit. */
void plan_eq_design(const struct plan *plan, enum fft_precision precision,
                    struct match_eq_design *design);
void plan_limiter_design(const struct plan *plan, bool limiter_idle, struct limiter_design *design);

/* False: the profiles had no short-term levels. */
bool plan_dynamics_goal(const struct plan *plan, struct dynamics_goal *goal);
/* For plan_create. */
/* What the curves do to the target's power from low_hz to below high_hz, in dB; 0 where there is
   no filter, or nothing. */
double plan_lift_db(const struct plan *plan, const struct profile *target, double low_hz,
                    double high_hz);
void plan_set_dynamics(struct plan *plan, const struct profile *target,
                       const struct weighted_reference *references, size_t reference_count);
/* After that: the short-term balance. */
void plan_set_spectral(struct plan *plan, const struct profile *target,
                       const struct weighted_reference *references, size_t reference_count);

/* All of them, as rack_build takes them: `rack` points at what stands beside it and in the plan. */
struct plan_designs {
    struct match_eq_design match_eq;
    struct limiter_design limiter;
    struct dynamics_goal dynamics;
    struct rack_plan rack;
};
void plan_design(const struct plan *plan, enum fft_precision precision, bool limiter_idle,
                 struct plan_designs *designs);
/* True if B is A: the plan changes nothing, and nothing else in the rack does. */
bool plan_is_identity(const struct plan *plan, const struct rack *rack);

/* What it does, in words: "+3.2 dB, brighter above 4 kHz by 2.1 dB, 12 % wider". */
void plan_describe(const struct plan *plan, char *text, size_t size);

#endif
