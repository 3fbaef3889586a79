/* amounts.c - how far to match, from presets and from what somebody says. */
#include "match/amounts.h"

#include <math.h>

void amounts_of_preset(const struct preset *preset, struct amounts *amounts, bool *match)
{
    amounts->level = preset->values[PRESET_LEVEL] / 100;
    amounts->eq = preset->values[PRESET_EQ] / 100;
    amounts->width = preset->values[PRESET_WIDTH] / 100;
    amounts->limiter = preset->values[PRESET_LIMITER] > 0;
    amounts->max_boost_db = preset->values[PRESET_MAX_BOOST_DB];
    if (amounts->max_boost_db <= 0) {
        amounts->max_boost_db = HUGE_VAL;
    }
    *match = preset->values[PRESET_MATCH] > 0;
}

void rack_of_preset(const struct preset *preset, struct rack *rack)
{
    if (preset->values[PRESET_MATCH] > 0) {
        *rack = preset->rack;
    } else {
        rack_init_exact(rack);
    }
}

void amounts_take(struct amounts *amounts, const double said[AMOUNTS])
{
    double *const fields[] = {&amounts->level, &amounts->eq, &amounts->width};

    for (int i = AMOUNT_LEVEL; i <= AMOUNT_WIDTH; i++) {
        if (!isnan(said[i])) {
            *fields[i] = said[i] / 100;
        }
    }
    if (!isnan(said[AMOUNT_LIMITER])) {
        amounts->limiter = said[AMOUNT_LIMITER] > 0;
    }
}
