/* renditions.c - what a rendition is made of: the chains of A and B, run in, and their gains. */
#include "player/audition.h"
#include "player/player_internal.h"
#include "player/run_in.h"
#include "player/shadow.h"

#include <errno.h>
#include <math.h>

/* --- sides --------------------------------------------------------------------------------- */

bool match_is_ready(struct match *match)
{
    enum match_state state = match != NULL ? match_state(match) : MATCH_NONE;

    return state == MATCH_PLANNED || state == MATCH_REHEARSED;
}

/* Waits no more: it is ready, or never will be. */
static bool is_settled(struct match *match)
{
    return match == NULL || match_state(match) != MATCH_WAITING;
}

bool sides_are_settled(struct sides sides)
{
    return is_settled(sides.b) && is_settled(sides.a);
}

bool sides_equal(struct sides one, struct sides other)
{
    return one.b == other.b && one.a == other.a;
}

/* What makes something else of the original; NULL: nothing does. */
static const struct match *sounding(struct match *match)
{
    bool sounds = match_is_ready(match) && !plan_is_identity(match_plan(match), match_rack(match));

    return sounds ? match : NULL;
}

bool sides_are_alike(struct sides sides)
{
    return sounding(sides.b) == sounding(sides.a); /* who wishes the same shares one match */
}

struct sides sides_ready(struct sides sides)
{
    return (struct sides){.b = match_is_ready(sides.b) ? sides.b : NULL,
                          .a = match_is_ready(sides.a) ? sides.a : NULL};
}

struct sides sides_hold(struct sides sides)
{
    return (struct sides){.b = sides.b != NULL ? match_hold(sides.b) : NULL,
                          .a = sides.a != NULL ? match_hold(sides.a) : NULL};
}

void sides_release(struct sides sides)
{
    match_release(sides.b);
    match_release(sides.a);
}

/* --- gains --------------------------------------------------------------------------------- */

/* By how many dB a match makes its track louder; 0 where there is none, or it is not known. */
static double rise_of(struct match *match)
{
    const struct rehearsal *rehearsal;
    const struct plan *plan;
    double rise;

    if (!match_is_ready(match)) {
        return 0.0;
    }
    rehearsal = match_rehearsal(match);
    plan = match_plan(match);
    if (rehearsal != NULL) {
        rise = rehearsal->loudness_lufs - rehearsal->original_lufs;
    } else { /* until then: by how much the loud pieces are to rise */
        rise = 20.0 * log10(plan->reference_rms * plan->final_amplitude / plan->target_rms);
    }
    return isfinite(rise) ? rise : 0.0;
}

static bool is_estimated(struct match *match)
{
    return match != NULL && match_state(match) != MATCH_NONE && match_rehearsal(match) == NULL;
}

double sides_rise_db(struct sides sides, bool *estimated)
{
    *estimated = is_estimated(sides.b) || is_estimated(sides.a);
    return fmin(rise_of(sides.b), rise_of(sides.a));
}

/* What makes the original as loud as a match was, as far as its peaks leave room for that. */
static double gain_in_place_of(struct match *match, double rise_db)
{
    double peak = match_is_ready(match) ? match_plan(match)->target_peak : 0.0;
    double room = peak > 0.0 && peak < 1.0 ? 1.0 / peak : 1.0;

    return fmin(pow(10.0, rise_db / 20.0), room);
}

/* The original is heard in place of both. */
static void spared_gains(const struct player *player, struct sides sides, double *gain_a,
                         double *gain_b)
{
    struct match *match = sides.b != NULL ? sides.b : sides.a;
    double quieter = fmin(rise_of(sides.b), rise_of(sides.a));

    if (player->equal_loudness) {
        *gain_a = *gain_b = gain_in_place_of(match, quieter);
    } else {
        *gain_a = match_is_ready(sides.a) ? gain_in_place_of(sides.a, rise_of(sides.a)) : 1.0;
        *gain_b = match_is_ready(sides.b) ? gain_in_place_of(sides.b, rise_of(sides.b)) : 1.0;
    }
}

/* The louder one comes down. */
void rendition_gains(struct player *player, struct sides sides, double *gain_a, double *gain_b)
{
    double difference;

    *gain_a = *gain_b = player->equal_loudness ? audition_gain(player) : 1.0;
    if (!match_is_ready(sides.a) && !match_is_ready(sides.b)) {
        return;
    }
    if (player->posted_spared) {
        spared_gains(player, sides, gain_a, gain_b);
        return;
    }
    if (!player->equal_loudness) {
        return;
    }
    difference = rise_of(sides.b) - rise_of(sides.a);
    if (difference > 0.0) {
        *gain_b = pow(10.0, -difference / 20.0);
    } else {
        *gain_a = pow(10.0, difference / 20.0);
    }
}

void rendition_show_gains(struct player *player, struct sides sides, double gain_a, double gain_b)
{
    pthread_mutex_lock(&player->lock);
    player->gain_a_db = 20.0 * log10(gain_a);
    player->gain_b_db = 20.0 * log10(gain_b);
    player->gains_estimated =
        player->equal_loudness && (is_estimated(sides.b) || is_estimated(sides.a));
    pthread_mutex_unlock(&player->lock);
}

/* --- making -------------------------------------------------------------------------------- */

/* Of a match as it is asked for, without the modules that have failed. */
static void take_rack(struct player *player, struct run_in *side, struct rack *rack)
{
    rack_init(rack);
    if (side->match != NULL) {
        *rack = *match_rack(side->match);
        recovery_apply(&player->recovery, rack);
    }
    side->rack = rack;
}

/* A chain that fails while it is run in is begun anew, then built without the module that does. */
static struct rendition *run_in(struct player *player, const struct run_in *of_a,
                                const struct run_in *of_b)
{
    struct run_in a = *of_a, b = *of_b;
    struct rendition *rendition = NULL;
    const char *fault = NULL;
    struct rack racks[2];

    a.fault = b.fault = &fault;
    errno = EDOM;
    for (int i = 0; i < 2 * RECOVERY_MODULES_MAX && rendition == NULL && errno == EDOM; i++) {
        if (i > 0) {
            trouble_module(player, fault);
        }
        take_rack(player, &a, &racks[0]);
        take_rack(player, &b, &racks[1]);
        rendition = run_in_rendition(++player->next_id, &a, &b);
    }
    if (rendition != NULL) {
        shadow_note(player, rendition->id, &a, &b);
    }
    return rendition;
}

/* What B does without, or A where there is no B. */
static struct economy economy_of(const struct run_in *of_a, const struct run_in *of_b)
{
    static const struct economy nothing;
    const struct run_in *side = of_b->match != NULL ? of_b : of_a;

    return side->match != NULL ? rack_economy(match_rack(side->match), &side->economy) : nothing;
}

/* Of the longer chain: that is how far ahead is read. */
static void show_latency(struct player *player, const struct rendition *rendition,
                         struct economy economy)
{
    const struct chain *a = rendition->a.chain, *b = rendition->b.chain;
    bool of_a = a != NULL && (b == NULL || chain_latency_frames(a) > chain_latency_frames(b));

    pthread_mutex_lock(&player->lock);
    latency_calculate(&player->latency, of_a ? a : b, player->rate_hz, 0, 0);
    player->economy = economy;
    pthread_mutex_unlock(&player->lock);
}

struct rendition *rendition_make(struct player *player, size_t mark, struct sides sides,
                                 int64_t start)
{
    const struct module_format format = {.rate_hz = player->rate_hz,
                                         .block_frames = player->settings.output.block_frames,
                                         .kernels = player->settings.output.kernels};
    struct run_in b = {.stream = player->stream,
                       .format = &format,
                       .precision = player->settings.precision,
                       .start = start,
                       .track_frame =
                           player->marks[mark].entry_frame - player->marks[mark].position};
    bool live = player->marks[mark].info.remote;
    struct rendition *rendition;
    struct run_in a;

    a = b;
    a.match = sides.a;
    b.match = sides.b;
    player->posted_spared = keep_up_spares(player, &a, live);
    if (keep_up_spares(player, &b, live)) {
        a.match = b.match = NULL;
    }
    rendition = run_in(player, &a, &b);
    if (rendition == NULL) {
        return NULL;
    }
    rendition_gains(player, sides, &rendition->gain_a, &rendition->gain_b);
    rendition->stream_id = player->stream_id;
    rendition->start = start;
    rendition_show_gains(player, sides, rendition->gain_a, rendition->gain_b);
    show_latency(player, rendition, economy_of(&a, &b));
    return rendition;
}
