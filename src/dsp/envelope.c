/* envelope.c - what a compressor makes of a level: gain computer and ballistics. */
#include "dsp/envelope.h"

#include <math.h>

static const double POWER_FLOOR = 1e-15;
static const double DB_OF_LOG = 4.342944819032518;    /* 10 / ln 10 */
static const double LOG_OF_DB = 0.115129254649702284; /* ln 10 / 20: of an amplitude */

static double remains(double time_ms, double step_s)
{
    return time_ms > 0 ? exp(-step_s * 1000 / time_ms) : 0;
}

void envelope_init(struct envelope *envelope, const struct envelope_shape *shape, double step_s)
{
    *envelope = (struct envelope){
        .threshold_db = shape->threshold_db,
        .slope = 1 / shape->ratio - 1,
        .knee_db = shape->knee_db,
        .range_db = shape->range_db,
        .makeup_db = shape->makeup_db,
        .rms = remains(shape->rms_ms, step_s),
        .attack = remains(shape->attack_ms, step_s),
        .release = remains(shape->release_ms, step_s),
    };
}

void envelope_reset(struct envelope *envelope)
{
    envelope->power = envelope->change_db = 0;
}

double envelope_change_db(const struct envelope *envelope, double level_db)
{
    double over = level_db - envelope->threshold_db, knee = envelope->knee_db, change;

    if (2 * over <= -knee) {
        return 0;
    }
    if (2 * over < knee) {
        double into = over + knee / 2;

        change = envelope->slope * into * into / (2 * knee);
    } else {
        change = envelope->slope * over;
    }
    change = change > envelope->range_db ? envelope->range_db : change;
    return change < -envelope->range_db ? -envelope->range_db : change;
}

double envelope_step(struct envelope *envelope, double power)
{
    double smoothed = envelope->rms * envelope->power + (1 - envelope->rms) * power;
    double level_db = DB_OF_LOG * log(smoothed > POWER_FLOOR ? smoothed : POWER_FLOOR);
    double change = envelope_change_db(envelope, level_db), last = envelope->change_db;
    double keep = change * change > last * last ? envelope->attack : envelope->release;

    envelope->power = smoothed;
    envelope->change_db = keep * last + (1 - keep) * change;
    return exp(LOG_OF_DB * (envelope->change_db + envelope->makeup_db));
}
