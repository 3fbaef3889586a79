/* plan_spectral.c - what the spectral processor is told: how the balance is spread in the target
 * and in the reference, and what the match EQ does to the target's. */
#include "match/plan.h"

#include <math.h>

static const struct balance nothing = {SHORT_TERM_FLOOR_DB, SHORT_TERM_FLOOR_DB,
                                       SHORT_TERM_FLOOR_DB};

static const struct balance *balance_of(const struct profile *profile, size_t part)
{
    return profile->short_term.windows >= SHORT_TERM_WINDOWS_LEAST ? &profile->short_term.part[part]
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

void plan_set_spectral(struct plan *plan, const struct profile *target,
                       const struct weighted_reference *references, size_t reference_count)
{
    struct spectral_design *design = &plan->spectral;

    for (size_t part = 0; plan->characterised && part < BALANCE_PARTS; part++) {
        design->target[part] = *balance_of(target, part);
        mean_balance(references, reference_count, part, &design->reference[part]);
        design->eq_db[part] =
            plan_lift_db(plan, target, balance_edge_hz(part), balance_edge_hz(part + 1));
    }
}
