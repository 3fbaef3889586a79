/* shaping.c - what dynamics and spectral processor do about a plan, in numbers and in words. */
#include "match/shaping.h"

#include "base/tenths.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void find_dynamics(const struct plan *plan, const double *values, struct shaping *shaping)
{
    struct dynamics_goal goal;

    if (!dynamics_is_reference(values) || !plan_dynamics_goal(plan, &goal))
        return;
    shaping->dynamics = true;
    for (size_t i = 0; i < DYNAMICS_BANDS; i++) {
        const struct dynamics_goal_band *of = &goal.band[i];
        struct dynamics_aim aim;

        dynamics_aim_band(values, &goal, i, &aim);
        shaping->band[i] = (struct shaping_band){
            .known = of->known,
            .spread_db = of->fitted ? of->before_db : of->spread_db,
            .reference_db = of->reference_db,
            .change_db = aim.change_db,
            .at_range = aim.at_range,
        };
    }
}

static void find_spectral(const struct plan *plan, const double *values, struct shaping *shaping)
{
    double range_db = values[SPECTRAL_RANGE_DB], amount = 0.01 * values[SPECTRAL_AMOUNT_PERCENT];
    double held_db[BALANCE_PARTS], wanted_db[BALANCE_PARTS];

    if (!plan->characterised || !(range_db > 0.0) || !(amount > 0.0))
        return;
    shaping->spectral = true;
    spectral_static_gains(&plan->spectral, values, held_db);
    spectral_static_gains(&plan->spectral, NULL, wanted_db);
    for (size_t i = 0; i < BALANCE_PARTS; i++) {
        const struct balance *target = &plan->spectral.target[i];
        const struct balance *reference = &plan->spectral.reference[i];

        shaping->part[i] = (struct shaping_part){
            .known = !isnan(held_db[i]),
            .middle_hz = balance_middle_hz(i),
            .change_db = held_db[i],
            .spread_db = target->high_db - target->low_db,
            .reference_db = reference->high_db - reference->low_db,
            .at_range = fabs(amount * wanted_db[i]) > range_db,
        };
    }
}

void shaping_find(const struct plan *plan, const struct rack *rack, struct shaping *shaping)
{
    size_t dynamics, spectral;

    memset(shaping, 0, sizeof *shaping);
    if (rack == NULL)
        return;
    dynamics = rack_sounding(rack, dynamics_class.name);
    spectral = rack_sounding(rack, spectral_class.name);
    if (dynamics < rack->length)
        find_dynamics(plan, rack->entries[dynamics].values, shaping);
    if (spectral < rack->length)
        find_spectral(plan, rack->entries[spectral].values, shaping);
}

/* --- words --------------------------------------------------------------------------------- */

/* Behind what there is, as far as there is room. */
static void add(char *text, size_t size, const char *more)
{
    size_t used = strlen(text);

    if (used + 1 < size)
        snprintf(text + used, size - used, "%s", more);
}

static void describe_range(size_t count, char *text, size_t size)
{
    char words[32];

    if (count > 0) {
        snprintf(words, sizeof words, ", %zu at range", count);
        add(text, size, words);
    }
}

static void describe_dynamics(const struct shaping *shaping, char *text, size_t size)
{
    size_t at_range = 0;

    add(text, size, "dynamics");
    for (size_t i = 0; i < DYNAMICS_BANDS; i++) {
        double change_db = tenths(shaping->band[i].change_db);
        char word[32];

        snprintf(word, sizeof word, change_db == 0.0 ? " %.1f" : " %+.1f", change_db);
        add(text, size, shaping->band[i].known ? word : " -");
        at_range += shaping->band[i].known && shaping->band[i].at_range;
    }
    add(text, size, " dB");
    describe_range(at_range, text, size);
}

static void describe_spectral(const struct shaping *shaping, char *text, size_t size)
{
    size_t at_range = 0;
    double most_db = 0.0;
    char words[64];

    for (size_t i = 0; i < BALANCE_PARTS; i++) {
        if (shaping->part[i].known) {
            most_db = fmax(most_db, fabs(shaping->part[i].change_db));
            at_range += shaping->part[i].at_range;
        }
    }
    snprintf(words, sizeof words, "%sspectral up to %.1f dB", text[0] != '\0' ? "; " : "", most_db);
    add(text, size, words);
    describe_range(at_range, text, size);
}

void shaping_describe(const struct shaping *shaping, char *text, size_t size)
{
    text[0] = '\0';
    if (shaping->dynamics)
        describe_dynamics(shaping, text, size);
    if (shaping->spectral)
        describe_spectral(shaping, text, size);
}
