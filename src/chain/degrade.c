/* degrade.c - what the chain does without while the computer is too slow for all of it. */
#include "chain/degrade.h"

static const struct {
    const char *name, *missing;
} texts[] = {
    [QUALITY_FULL] = {"full", ""},
    [QUALITY_FLOAT32] = {"float32", "in single precision"},
    [QUALITY_NO_SPECTRAL] = {"no-spectral", "without spectral"},
    [QUALITY_NO_DYNAMICS] = {"no-dynamics", "without spectral and dynamics"},
    [QUALITY_ORIGINAL] = {"original", "as the original"},
    [QUALITY_AUTO] = {"auto", ""},
};

const char *quality_level_name(enum quality_level quality)
{
    return texts[quality].name;
}

const char *quality_level_missing(enum quality_level quality)
{
    return texts[quality].missing;
}

void quality_level_spare(enum quality_level quality, struct economy *economy)
{
    economy->float32 = economy->float32 || quality >= QUALITY_FLOAT32;
    economy->no_spectral = economy->no_spectral || quality >= QUALITY_NO_SPECTRAL;
    economy->no_dynamics = economy->no_dynamics || quality >= QUALITY_NO_DYNAMICS;
}

void degrade_init(struct degrade *degrade, enum quality_level wish)
{
    *degrade = (struct degrade){.wish = wish, .load = -1.0};
    degrade->level = wish == QUALITY_AUTO ? QUALITY_FULL : wish;
}

bool degrade_wish(struct degrade *degrade, enum quality_level wish)
{
    enum quality_level before = degrade->level;

    if (wish != degrade->wish) {
        degrade_init(degrade, wish);
    }
    return degrade->level != before;
}

/* --- measuring ----------------------------------------------------------------------------- */

static void begin_window(struct degrade *degrade, const struct degrade_sight *sight)
{
    degrade->measuring = true;
    degrade->begin_ms = sight->now_ms;
    degrade->begin_spent_ns = sight->spent_ns;
    degrade->begin_sound_ns = sight->sound_ns;
    degrade->begin_cpu_ns = sight->cpu_ns;
}

/* True if a window is full; the next one begins then. *overload: it was one. */
static bool end_window(struct degrade *degrade, const struct degrade_sight *sight, bool *overload)
{
    double sound = (double)(sight->sound_ns - degrade->begin_sound_ns);
    double spent = (double)(sight->spent_ns - degrade->begin_spent_ns);
    double cpu = (double)(sight->cpu_ns - degrade->begin_cpu_ns);

    if (!degrade->measuring) {
        begin_window(degrade, sight);
        return false;
    }
    /* What takes too long makes less sound than time passes. */
    if (sight->now_ms - degrade->begin_ms < DEGRADE_WINDOW_MS ||
        sound < DEGRADE_WINDOW_MS * 1e6 / 2) {
        return false;
    }
    degrade->load = spent / sound;
    *overload = degrade->load > DEGRADE_OVERLOAD && cpu > DEGRADE_WORKING * sound;
    begin_window(degrade, sight);
    return true;
}

/* --- changing ------------------------------------------------------------------------------ */

static void change(struct degrade *degrade, const struct degrade_sight *sight,
                   enum quality_level level)
{
    degrade->level = level;
    degrade->changed_ms = sight->now_ms;
    degrade->measuring = false;
    degrade->load = -1.0;
}

/* To the first level below that is expected to be fast enough, or the last. */
static bool go_down(struct degrade *degrade, const struct degrade_sight *sight,
                    const struct degrade_levels *levels)
{
    enum quality_level level = degrade->level;

    while (level < QUALITY_ORIGINAL) {
        level++;
        if (level == QUALITY_ORIGINAL || (levels->is_step(levels->context, level) &&
                                          levels->load(levels->context, level) <=
                                              DEGRADE_OVERLOAD)) { /* not known: it is tried */
            break;
        }
    }
    if (level == degrade->level) {
        return false;
    }
    if (degrade->raised_ms != 0 && sight->now_ms - degrade->raised_ms < DEGRADE_FAILED_MS) {
        uint32_t doubled = degrade->wait_ms == 0 ? DEGRADE_WAIT_MS : 2 * degrade->wait_ms;

        degrade->wait_ms = doubled < DEGRADE_WAIT_MOST_MS ? doubled : DEGRADE_WAIT_MOST_MS;
    }
    degrade->tried_ms = sight->now_ms;
    change(degrade, sight, level);
    return true;
}

/* To the highest level that is expected to leave room. */
static bool go_up(struct degrade *degrade, const struct degrade_sight *sight,
                  const struct degrade_levels *levels)
{
    uint64_t calm = degrade->wait_ms > DEGRADE_CALM_MS ? degrade->wait_ms : DEGRADE_CALM_MS;
    uint64_t since =
        degrade->tried_ms > degrade->changed_ms ? degrade->tried_ms : degrade->changed_ms;
    enum quality_level best = degrade->level, level = degrade->level;

    if (degrade->level == QUALITY_FULL || sight->now_ms - since < calm) {
        return false;
    }
    degrade->tried_ms = sight->now_ms;
    /* From `level` to the one before it is a step if `level` is one. */
    for (; level > QUALITY_FULL; level--) {
        double load = levels->load(levels->context, (enum quality_level)(level - 1));

        if (levels->is_step(levels->context, level) && !(load >= 0.0 && load <= DEGRADE_ROOM)) {
            break;
        }
        best = (enum quality_level)(level - 1);
    }
    if (best == degrade->level) {
        return false;
    }
    degrade->raised_ms = sight->now_ms;
    change(degrade, sight, best);
    return true;
}

bool degrade_look(struct degrade *degrade, const struct degrade_sight *sight,
                  const struct degrade_levels *levels)
{
    bool overload = false;

    if (degrade->wish != QUALITY_AUTO) {
        return false;
    }
    if (!sight->settled) {
        degrade->measuring = false;
        return false;
    }
    if (!end_window(degrade, sight, &overload)) {
        return false;
    }
    if (overload) {
        return go_down(degrade, sight, levels);
    }
    if (degrade->changed_ms == degrade->raised_ms &&
        sight->now_ms - degrade->raised_ms >= DEGRADE_GOOD_MS) { /* the last step up holds */
        degrade->wait_ms = 0;
    }
    return go_up(degrade, sight, levels);
}
