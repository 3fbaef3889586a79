/* plan_spectral.c - what the spectral processor is told: how the balance is spread in the target
 * and in the reference, and what the match EQ does to the target's. */
#include "match/plan.h"

#include <math.h>

enum { WINDOWS_LEAST = 20 }; /* two seconds: fewer make no percentiles */

static const struct balance nothing = {SHORT_TERM_FLOOR_DB, SHORT_TERM_FLOOR_DB,
                                       SHORT_TERM_FLOOR_DB};

static const struct balance *balance_of(const struct profile *profile, size_t part)
{
    return profile->short_term.windows >= WINDOWS_LEAST ? &profile->short_term.part[part]
                                                        : &nothing;
}

/* Weighted means in decibels, over the references that have something there. */
static void mean_balance(const struct weighted_reference *references, size_t count, size_t part,
                         struct balance *mean)
{
    double total = 0.0;

    *mean = (struct balance){0.0, 0.0, 0.0};
    for (size_t i = 0; i < count; i++) {
        const struct balance *balance = balance_of(references[i].profile, part);

        if (!(balance->middle_db > BALANCE_NOTHING_DB))
            continue;
        mean->low_db += references[i].weight * balance->low_db;
        mean->middle_db += references[i].weight * balance->middle_db;
        mean->high_db += references[i].weight * balance->high_db;
        total += references[i].weight;
    }
    if (!(total > 0.0)) {
        *mean = nothing;
        return;
    }
    mean->low_db /= total;
    mean->middle_db /= total;
    mean->high_db /= total;
}

static double power_of(double mid, double side)
{
    return mid * mid + side * side;
}

/* What the curves make of the target's power in a part, in dB; 0 where it has none. */
static double equalised_db(const struct plan *plan, const struct profile *target, size_t part)
{
    double bin_hz = (double)target->rate_hz / (double)target->fft_size;
    size_t first = (size_t)ceil(balance_edge_hz(part) / bin_hz);
    size_t end = (size_t)ceil(balance_edge_hz(part + 1) / bin_hz);
    double before = 0.0, after = 0.0;

    for (size_t k = first; k < end && k < target->bins; k++) {
        before += power_of(target->mid[k], target->side[k]);
        after +=
            power_of(target->mid[k] * plan->mid_curve[k], target->side[k] * plan->side_curve[k]);
    }
    return before > 0.0 && after > 0.0 ? 10.0 * log10(after / before) : 0.0;
}

void plan_set_spectral(struct plan *plan, const struct profile *target,
                       const struct weighted_reference *references, size_t reference_count)
{
    struct spectral_design *design = &plan->spectral;

    for (size_t part = 0; plan->characterised && part < BALANCE_PARTS; part++) {
        design->target[part] = *balance_of(target, part);
        mean_balance(references, reference_count, part, &design->reference[part]);
        design->eq_db[part] = plan->taps > 0 ? equalised_db(plan, target, part) : 0.0;
    }
}
