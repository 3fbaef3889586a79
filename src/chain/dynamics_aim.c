/* dynamics_aim.c - which curve brings a band's spread of levels to the reference's. */
#include "chain/dynamics_internal.h"

#include <math.h>

/* Times over which a band's power is a level: about two periods of its lowest tones. */
static const double rms_ms[DYNAMICS_BANDS] = {30, 12, 4, 2};
static const double SLOPE_LEAST = -0.95; /* a ratio of 20 */
static const double SLOPE_MOST = 3;      /* a ratio of 1/4 */
static const double WORTH_DB = 0.1;      /* what is nearer than that stays as it is */

static double clamp(double value, double least, double most)
{
    return fmin(fmax(value, least), most);
}

static struct envelope_shape shape_of(const double *values, size_t band)
{
    const double *own = values + 1 + band * DYNAMICS_PER_BAND;

    return (struct envelope_shape){
        .threshold_db = own[DYNAMICS_THRESHOLD],
        .ratio = own[DYNAMICS_RATIO],
        .knee_db = own[DYNAMICS_KNEE],
        .range_db = own[DYNAMICS_RANGE],
        .rms_ms = rms_ms[band],
        .attack_ms = own[DYNAMICS_ATTACK],
        .release_ms = own[DYNAMICS_RELEASE],
        .makeup_db = own[DYNAMICS_MAKEUP],
    };
}

/* What the curve with this slope does to the distance between median and 95th percentile. */
static double spread_change(struct envelope_shape *shape, double slope, double spread_db)
{
    struct envelope envelope;

    shape->ratio = 1 / (1 + slope);
    envelope_init(&envelope, shape, 1);
    return envelope_change_db(&envelope, shape->threshold_db + spread_db) -
           envelope_change_db(&envelope, shape->threshold_db);
}

static void aim_at(const struct dynamics_goal_band *goal, struct dynamics_aim *aim)
{
    struct envelope_shape *shape = &aim->shape;
    double wanted = goal->reference_db - goal->spread_db, unit, slope;
    struct envelope envelope;

    if (goal->fitted) {
        shape->threshold_db = goal->threshold_db;
        shape->ratio = goal->ratio;
        shape->makeup_db = goal->makeup_db;
        aim->change_db = goal->after_db - goal->before_db;
        aim->at_range = goal->at_range;
        return;
    }
    shape->threshold_db = goal->median_db + goal->lift_db;
    shape->makeup_db = 0;
    shape->ratio = 1;
    if (!goal->known || fabs(wanted) < WORTH_DB) {
        return;
    }
    /* The curve is linear in its slope as long as the range is not reached. */
    unit = (goal->spread_db > shape->knee_db / 2
                ? goal->spread_db
                : pow(goal->spread_db + shape->knee_db / 2, 2) / (2 * shape->knee_db)) -
           shape->knee_db / 8;
    slope = clamp(wanted / fmax(unit, WORTH_DB), SLOPE_LEAST, SLOPE_MOST);
    aim->change_db = spread_change(shape, slope, goal->spread_db);
    aim->at_range = fabs(wanted - aim->change_db) > WORTH_DB;
    envelope_init(&envelope, shape, 1);
    shape->makeup_db = -envelope_change_db(&envelope, goal->mean_db + goal->lift_db);
}

void dynamics_aim_band(const double *values, const struct dynamics_goal *goal, size_t band,
                       struct dynamics_aim *aim)
{
    *aim = (struct dynamics_aim){.shape = shape_of(values, band)};
    if (!dynamics_is_reference(values)) {
        return;
    }
    if (goal == NULL) {
        aim->shape.ratio = 1;
        aim->shape.makeup_db = 0;
        return;
    }
    aim_at(&goal->band[band], aim);
}

bool dynamics_is_reference(const double *values)
{
    return values[DYNAMICS_MODE] >= 0.5;
}
