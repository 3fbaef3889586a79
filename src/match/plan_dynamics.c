/* plan_dynamics.c - how the target's bands vary, how the references' do, and what the filter adds.
 */
#include "match/plan.h"

#include <math.h>

static const double NOTHING_DB = -100.0; /* a band whose median is below holds nothing */

static bool is_there(const struct profile *profile, size_t band)
{
    return profile->short_term.windows >= SHORT_TERM_WINDOWS_LEAST &&
           profile->short_term.band[band].median_db > NOTHING_DB;
}

static double spread(const struct profile *profile, size_t band)
{
    return profile->short_term.band[band].loud_db - profile->short_term.band[band].median_db;
}

double plan_lift_db(const struct plan *plan, const struct profile *target, double low_hz,
                    double high_hz)
{
    double bin_hz = (double)target->rate_hz / (double)target->fft_size, before = 0.0, after = 0.0;

    for (size_t k = (size_t)ceil(low_hz / bin_hz);
         plan->taps > 0 && k < target->bins && (double)k * bin_hz < high_hz; k++) {
        double mid = target->mid[k] * target->mid[k], side = target->side[k] * target->side[k];

        before += mid + side;
        after += mid * plan->mid_curve[k] * plan->mid_curve[k] +
                 side * plan->side_curve[k] * plan->side_curve[k];
    }
    return before > 0.0 && after > 0.0 ? 10.0 * log10(after / before) : 0.0;
}

static void set_band(struct plan *plan, const struct profile *target,
                     const struct weighted_reference *references, size_t count, size_t band)
{
    struct dynamics_goal_band *goal = &plan->dynamics.band[band];
    double sum = 0.0, total = 0.0;

    for (size_t i = 0; i < count; i++) {
        if (!is_there(references[i].profile, band))
            continue;
        sum += references[i].weight * spread(references[i].profile, band);
        total += references[i].weight;
    }
    goal->known = total > 0.0 && is_there(target, band);
    if (!goal->known)
        return;
    goal->median_db = target->short_term.band[band].median_db;
    goal->mean_db = target->short_term.band[band].mean_db;
    goal->spread_db = spread(target, band);
    goal->reference_db = sum / total;
    goal->lift_db = plan_lift_db(plan, target, band > 0 ? dynamics_borders_hz[band - 1] : 0.0,
                                 band + 1 < DYNAMICS_BANDS ? dynamics_borders_hz[band] : HUGE_VAL);
}

void plan_set_dynamics(struct plan *plan, const struct profile *target,
                       const struct weighted_reference *references, size_t reference_count)
{
    plan->characterised = target->characterised;
    for (size_t i = 0; i < reference_count; i++)
        plan->characterised = plan->characterised && references[i].profile->characterised;
    for (size_t band = 0; plan->characterised && band < DYNAMICS_BANDS; band++)
        set_band(plan, target, references, reference_count, band);
}

bool plan_dynamics_goal(const struct plan *plan, struct dynamics_goal *goal)
{
    if (!plan->characterised)
        return false;
    *goal = plan->dynamics;
    for (size_t band = 0; band < DYNAMICS_BANDS; band++)
        goal->band[band].lift_db += 20.0 * log10(plan->gain);
    return true;
}
