/* dynamics_fit.c - finds by trying which curves bring a track's spread to its reference's. */
#include "match/dynamics_fit.h"

#include "match/band_levels.h"
#include "match/match.h"
#include "match/reader.h"
#include "match/stage.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

enum { BLOCK_FRAMES = 4096, SLOPES = 6, REFINEMENTS = 5, THRESHOLDS = 5, ROUNDS = 3 };

static const double WORTH_DB = 0.1; /* what is nearer than that is there */
/* A ratio of 20, and of 1/4; what is tried between, as parts of those. */
static const double SLOPE_LEAST = -0.95, SLOPE_MOST = 3.0;
static const double parts[SLOPES] = {0.08, 0.2, 0.35, 0.55, 0.75, 1.0};
/* Where the threshold stands between median and 95th percentile. */
static const double heights[THRESHOLDS] = {0.0, 0.3, 0.6, 0.9, 1.2};

/* The entry of the dynamics that follow the reference; rack->length: there is none. */
static size_t find_dynamics(const struct rack *rack)
{
    size_t index = rack_sounding(rack, dynamics_class.name);

    return index < rack->length && dynamics_is_reference(rack->entries[index].values)
               ? index
               : rack->length;
}

bool dynamics_fit_is_wanted(const struct plan *plan, const struct rack *rack)
{
    bool wanted = false;

    for (size_t band = 0; plan->characterised && band < DYNAMICS_BANDS; band++)
        wanted = wanted || (plan->dynamics.band[band].known && !plan->dynamics.band[band].fitted);
    return wanted && find_dynamics(rack) < rack->length;
}

/* --- trying curves ------------------------------------------------------------------------- */

struct search {
    struct band_levels *levels;
    size_t band;
    struct envelope_shape shape; /* what is not searched for */
    double goal_db;              /* the spread that shall be, */
    double median_db, before_db; /* what there was in front of all compressors, */
    double flat_db;              /* and the spread without the band's own */
    /* The best so far. */
    double miss_db, threshold_db, slope;
};

static double read_spread(const struct search *search)
{
    struct band_spread spread = band_levels_read(search->levels, search->band);

    return spread.loud_db - spread.median_db;
}

/* How far the spread is from the goal, above 0: it is wider. Keeps the best. */
static double try_curve(struct search *search, double slope)
{
    struct band_change change;
    double miss;

    search->shape.ratio = 1.0 / (1.0 + slope);
    band_levels_shape(search->levels, search->band, &search->shape, &change);
    miss = read_spread(search) - search->goal_db;
    if (fabs(miss) < fabs(search->miss_db)) {
        search->miss_db = miss;
        search->threshold_db = search->shape.threshold_db;
        search->slope = slope;
    }
    return miss;
}

static bool is_there(const struct search *search)
{
    return fabs(search->miss_db) <= WORTH_DB;
}

/* Between a slope that does too little and one that does too much. */
static void refine(struct search *search, double little, double much, double sign)
{
    for (int i = 0; i < REFINEMENTS && !is_there(search); i++) {
        double middle = 0.5 * (little + much);

        if (sign * try_curve(search, middle) > 0.0)
            little = middle;
        else
            much = middle;
    }
}

/* Steeper and steeper, until the goal lies behind: with a range the spread turns back in the end.
 */
static void search_slopes(struct search *search)
{
    double sign = search->flat_db > search->goal_db ? 1.0 : -1.0;
    double end = sign > 0.0 ? SLOPE_LEAST : SLOPE_MOST, last = 0.0;

    for (size_t i = 0; i < SLOPES && !is_there(search); i++) {
        double slope = parts[i] * end;

        if (sign * try_curve(search, slope) < 0.0) {
            refine(search, last, slope, sign);
            return;
        }
        last = slope;
    }
}

static bool has_moved(const struct search *search)
{
    return fabs(read_spread(search) - search->goal_db) > WORTH_DB;
}

static void search_begin(struct search *search, struct band_levels *levels, size_t band,
                         const struct envelope_shape *shape, double goal_db)
{
    struct band_spread spread = band_levels_read(levels, band);

    *search = (struct search){.levels = levels, .band = band, .shape = *shape};
    search->goal_db = goal_db;
    search->median_db = spread.median_db;
    search->before_db = spread.loud_db - spread.median_db;
    search->threshold_db = search->median_db;
}

/* The best curve for one band, while its neighbours stay as they are; again: with the threshold
   that was best. */
static void fit_band(struct search *search, bool again, struct dynamics_goal_band *goal)
{
    struct band_change change;

    band_levels_shape(search->levels, search->band, NULL, &change);
    search->flat_db = read_spread(search);
    search->miss_db = search->flat_db - search->goal_db;
    search->slope = 0.0;
    for (size_t i = 0; i < (again ? 1 : THRESHOLDS) && !is_there(search); i++) {
        search->shape.threshold_db =
            again ? search->threshold_db : search->median_db + heights[i] * search->before_db;
        search_slopes(search);
    }
    search->shape.threshold_db = goal->threshold_db = search->threshold_db;
    search->shape.ratio = goal->ratio = 1.0 / (1.0 + search->slope);
    band_levels_shape(search->levels, search->band, search->slope != 0.0 ? &search->shape : NULL,
                      &change);
    goal->makeup_db = change.makeup_db;
    goal->most_db = change.most_db;
}

/* A band's levels hold some of its neighbours' sound, so what is done to these moves it: after all
   were fitted, those that moved away are fitted again. */
static void fit_bands(struct plan *plan, const struct rack *rack, struct band_levels *levels)
{
    const double *values = rack->entries[find_dynamics(rack)].values;
    struct dynamics_goal_band *goal = plan->dynamics.band;
    struct search search[DYNAMICS_BANDS];

    if (band_levels_windows(levels) < SHORT_TERM_WINDOWS_LEAST)
        return;
    for (size_t band = 0; band < DYNAMICS_BANDS; band++) {
        struct dynamics_aim aim;

        dynamics_aim_band(values, &plan->dynamics, band, &aim);
        search_begin(&search[band], levels, band, &aim.shape, goal[band].reference_db);
    }
    for (size_t i = 0; i < ROUNDS * DYNAMICS_BANDS; i++) {
        size_t band = i % DYNAMICS_BANDS;
        bool again = i >= DYNAMICS_BANDS;

        if (goal[band].known && (!again || has_moved(&search[band])))
            fit_band(&search[band], again, &goal[band]);
    }
    for (size_t band = 0; band < DYNAMICS_BANDS; band++) {
        if (!goal[band].known)
            continue;
        goal[band].fitted = true;
        goal[band].before_db = search[band].before_db;
        goal[band].after_db = read_spread(&search[band]);
        goal[band].at_range = fabs(goal[band].after_db - search[band].goal_db) > WORTH_DB;
    }
}

/* --- listening ----------------------------------------------------------------------------- */

static int take_front(void *context, const double *const channel[CHAIN_CHANNELS], size_t frames)
{
    return band_levels_add(context, channel, frames);
}

static int push_front(void *context, const float *const channel[MEDIA_CHANNELS], size_t frames)
{
    return stage_push_f32(context, channel, frames);
}

/* What stands in front of the dynamics, and behind it the ear. */
static struct stage *make_front(const struct plan *plan, const struct rack *rack,
                                const struct kernels *kernels, struct band_levels *levels)
{
    const struct module_format format = {plan->rate_hz, BLOCK_FRAMES, kernels};
    const struct stage_sink sink = {take_front, levels};
    struct plan_designs designs;

    plan_design(plan, FFT_FLOAT32, false, &designs);
    return stage_create(rack_build_part(rack, 0, find_dynamics(rack), &format, &designs.rack),
                        &sink);
}

int dynamics_fit(struct plan *plan, const struct rack *rack, struct programme *programme,
                 const struct kernels *kernels, struct progress *progress,
                 struct media_error *error)
{
    struct band_levels *levels;
    struct stage *front = NULL;
    struct reader_sink sink = {.take = push_front};
    int result = -ENOMEM;

    if (!dynamics_fit_is_wanted(plan, rack))
        return 0;
    kernels = kernels ? kernels : kernels_select(SIMD_AUTO);
    levels = band_levels_create(plan->rate_hz, kernels);
    if (levels)
        front = make_front(plan, rack, kernels, levels);
    if (!front) {
        match_fail_memory(error);
        goto done;
    }
    sink.context = front;
    result = reader_run(programme, BLOCK_FRAMES, &sink, progress, error);
    if (result == 0 && (stage_flush(front) < 0 || band_levels_end(levels) < 0))
        result = match_fail_memory(error);
    if (result == 0)
        fit_bands(plan, rack, levels);
done:
    stage_destroy(front);
    band_levels_destroy(levels);
    return result;
}
