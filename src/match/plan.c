/* plan.c - from profiles to filters, gains and the modules that carry them out. */
#include "match/plan.h"

#include "match/curves.h"
#include "match/fir.h"
#include "match/goal.h"
#include "match/match.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A level that is computed again on another machine may differ by rounding. */
static const double SAME_LEVEL = 1e-5;

const struct amounts amounts_exact = {
    .level = 1.0, .eq = 1.0, .width = 1.0, .limiter = true, .max_boost_db = HUGE_VAL};

bool amounts_equal(const struct amounts *one, const struct amounts *other)
{
    return one->level == other->level && one->eq == other->eq && one->width == other->width &&
           one->limiter == other->limiter && one->max_boost_db == other->max_boost_db;
}

static int check_fit(const struct profile *target, const struct weighted_reference *references,
                     size_t count, struct media_error *error)
{
    const char *reason = profile_unfit_target(target);

    if (reason)
        return match_fail(error, -EINVAL, "the target %s: it cannot be matched", reason);
    if (count == 0)
        return match_fail(error, -EINVAL, "there is no reference to match to");
    for (size_t i = 0; i < count; i++) {
        reason = profile_unfit_reference(references[i].profile);
        if (reason)
            return match_fail(error, -EINVAL, "the reference %s: take another", reason);
        if (!(references[i].weight > 0.0) || isinf(references[i].weight))
            return match_fail(error, -EINVAL, "the weight of a reference must be above 0");
    }
    return 0;
}

static int make_filters(struct plan *plan, const struct profile *target, const struct goal *goal,
                        double c0, const struct amounts *amounts)
{
    size_t taps = target->fft_size, bins = target->bins;
    int result;

    plan->mid = calloc(taps, sizeof(double));
    plan->side = calloc(taps, sizeof(double));
    plan->mid_curve = calloc(bins, sizeof(double));
    plan->side_curve = calloc(bins, sizeof(double));
    if (!plan->mid || !plan->side || !plan->mid_curve || !plan->side_curve)
        return -ENOMEM;
    plan->taps = taps;
    result = curves_make(target, goal, c0, amounts, plan->mid_curve, plan->side_curve);
    if (result == 0)
        result = fir_design(plan->mid_curve, taps, plan->mid);
    if (result == 0)
        result = fir_design(plan->side_curve, taps, plan->side);
    if (result == 0)
        plan->wider = curves_widening(target, plan->mid_curve, plan->side_curve);
    return result;
}

/* Steps 3 and 4: the level, as far as the amount of level goes. Returns the whole of it. */
static double set_levels(struct plan *plan, const struct profile *target, const struct goal *goal,
                         double amount)
{
    double c0 = goal->match_rms / fmax(MATCH_EPSILON, target->match_rms);

    plan->target_rms = target->match_rms;
    plan->target_peak = target->peak;
    plan->reference_rms = goal->match_rms;
    plan->final_amplitude =
        amount >= 1.0 ? goal->final_amplitude : pow(goal->final_amplitude, amount);
    plan->coefficients[0] = amount >= 1.0 ? c0 : pow(c0, amount);
    for (size_t i = 1; i < 5; i++)
        plan->coefficients[i] = 1.0;
    plan->gain = plan->coefficients[0];
    return c0;
}

struct plan *plan_create(const struct profile *target, const struct weighted_reference *references,
                         size_t reference_count, const struct amounts *amounts,
                         struct media_error *error)
{
    struct plan *plan = NULL;
    struct goal goal = {0};
    int result = check_fit(target, references, reference_count, error);

    if (result < 0)
        goto fail;
    result = -ENOMEM;
    plan = calloc(1, sizeof(*plan));
    if (!plan || goal_init(&goal, target, references, reference_count) < 0)
        goto fail;
    plan->rate_hz = target->rate_hz;
    plan->wider = 1.0;
    plan->limiter = amounts->limiter;

    double c0 = set_levels(plan, target, &goal, amounts->level);
    bool shaped = amounts->eq > 0.0 || amounts->width > 0.0;

    plan->identity = !shaped && !(amounts->level > 0.0);
    plan->corrected = plan->identity;
    if (shaped && make_filters(plan, target, &goal, c0, amounts) < 0)
        goto fail;
    plan_set_dynamics(plan, target, references, reference_count);
    plan_set_spectral(plan, target, references, reference_count);
    goal_finish(&goal);
    return plan;
fail:
    if (result == -ENOMEM)
        match_fail_memory(error);
    goal_finish(&goal);
    plan_destroy(plan);
    errno = -result;
    return NULL;
}

bool plan_recall(struct plan *plan, const double coefficients[5])
{
    if (!(fabs(coefficients[0] / plan->coefficients[0] - 1.0) < SAME_LEVEL))
        return false;
    plan->gain = plan->coefficients[0];
    for (size_t i = 1; i < 5; i++) {
        plan->coefficients[i] = coefficients[i];
        plan->gain *= coefficients[i];
    }
    plan->corrected = true;
    return true;
}

struct plan *plan_create_bare(uint32_t rate_hz, bool limiter)
{
    struct plan *plan = calloc(1, sizeof(*plan));

    if (!plan)
        return NULL;
    plan->rate_hz = rate_hz;
    plan->identity = plan->corrected = plan->bare = true;
    plan->limiter = limiter;
    plan->gain = plan->final_amplitude = plan->wider = 1.0;
    plan->target_rms = plan->reference_rms = 1.0;
    for (size_t i = 0; i < 5; i++)
        plan->coefficients[i] = 1.0;
    return plan;
}

static double *copy_values(const double *values, size_t count, bool *failed)
{
    double *copy = values ? malloc(count * sizeof(*copy)) : NULL;

    if (copy)
        memcpy(copy, values, count * sizeof(*copy));
    *failed = *failed || (values && !copy);
    return copy;
}

struct plan *plan_copy(const struct plan *plan)
{
    struct plan *copy = malloc(sizeof(*copy));
    bool failed = false;

    if (!copy)
        return NULL;
    *copy = *plan;
    copy->mid = copy_values(plan->mid, plan->taps, &failed);
    copy->side = copy_values(plan->side, plan->taps, &failed);
    copy->mid_curve = copy_values(plan->mid_curve, plan->taps / 2 + 1, &failed);
    copy->side_curve = copy_values(plan->side_curve, plan->taps / 2 + 1, &failed);
    if (failed) {
        plan_destroy(copy);
        errno = ENOMEM;
        return NULL;
    }
    return copy;
}

void plan_destroy(struct plan *plan)
{
    if (!plan)
        return;
    free(plan->mid);
    free(plan->side);
    free(plan->mid_curve);
    free(plan->side_curve);
    free(plan);
}

void plan_eq_design(const struct plan *plan, enum fft_precision precision,
                    struct match_eq_design *design)
{
    *design = (struct match_eq_design){
        .taps = plan->taps,
        .mid = plan->mid,
        .side = plan->side,
        .gain = plan->gain,
        .precision = precision,
    };
}

void plan_limiter_design(const struct plan *plan, bool limiter_idle, struct limiter_design *design)
{
    *design = (struct limiter_design){
        .active = plan->limiter && !limiter_idle,
        .idle = plan->limiter && limiter_idle,
        .output_gain = plan->final_amplitude,
    };
}

void plan_design(const struct plan *plan, enum fft_precision precision, bool limiter_idle,
                 struct plan_designs *designs)
{
    plan_eq_design(plan, precision, &designs->match_eq);
    plan_limiter_design(plan, limiter_idle, &designs->limiter);
    designs->rack = (struct rack_plan){.match_eq = plan->bare ? NULL : &designs->match_eq,
                                       .limiter = &designs->limiter};
    if (plan_dynamics_goal(plan, &designs->dynamics))
        designs->rack.dynamics = &designs->dynamics;
    if (plan->characterised)
        designs->rack.spectral = &plan->spectral;
}

bool plan_is_identity(const struct plan *plan, const struct rack *rack)
{
    return plan->identity && !rack_does_more(rack);
}
