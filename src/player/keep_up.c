/* keep_up.c - how much of the chain the computer is fast enough for, and which chain that makes. */
#include "player/player_internal.h"

enum {
    RUN_IN_MOST_MS = 150, /* a chain that costs much is run in for no longer than this takes */
    RUN_IN_LEAST_MS = 100,
    HURRY_LEAD_MS = 300, /* a change that takes that time is prepared so far ahead */
};

void player_set_quality(struct player *player, enum quality_level quality)
{
    atomic_store(&player->quality_wish, (int)quality);
    player_wake(player);
}

void player_set_monitor(struct player *player, bool monitor)
{
    atomic_store(&player->monitored, monitor);
}

bool player_is_monitored(const struct player *player)
{
    return atomic_load(&player->monitored);
}

/* --- what a level would be -------------------------------------------------------------------- */

/* True if a chain does less at this level than at the one before. */
static bool is_step_for(const struct player *player, struct match *match, enum quality_level level)
{
    const struct rack *rack;

    if (match == NULL) {
        return false;
    }
    rack = match_rack(match);
    switch (level) {
    case QUALITY_FLOAT32:
        return player->settings.precision == FFT_FLOAT64 && match_plan(match)->taps > 0;
    case QUALITY_NO_SPECTRAL:
        return rack_sounding(rack, spectral_class.name) < rack->length;
    case QUALITY_NO_DYNAMICS:
        return rack_sounding(rack, dynamics_class.name) < rack->length;
    default:
        return true;
    }
}

static bool is_step(void *context, enum quality_level level)
{
    const struct player *player = context;

    return is_step_for(player, player->posted.b, level) ||
           is_step_for(player, player->posted.a, level);
}

/* Tries the chain of one side out over what was just played. */
static double try_side(struct player *player, struct match *match, enum quality_level level)
{
    uint32_t block = player->settings.output.block_frames;
    const struct module_format format = {.rate_hz = player->rate_hz,
                                         .block_frames = block,
                                         .kernels = player->settings.output.kernels};
    struct output_status status;
    struct rack rack;
    struct run_in run_in = {.stream = player->stream,
                            .match = match,
                            .rack = &rack,
                            .format = &format,
                            .precision = player->settings.precision};

    if (match == NULL) {
        return 0.0;
    }
    rack = *match_rack(match);
    recovery_apply(&player->recovery, &rack);
    output_read_status(player->output, &status);
    run_in.start = status.position / block * block;
    quality_level_spare(level, &run_in.economy);
    return run_in_load(&run_in);
}

/* The chains of a level; negative: they could not be tried. */
static double try_load(void *context, enum quality_level level)
{
    struct player *player = context;
    double load = 0.0;

    if (level != QUALITY_ORIGINAL) {
        double of_a = try_side(player, player->posted.a, level);
        double of_b = try_side(player, player->posted.b, level);

        load = of_a < 0.0 || of_b < 0.0 ? -1.0 : of_a + of_b;
    }
    player->expected_load[level] = load > 0.0 ? load : 0.0;
    return load;
}

/* A live source's chain is to be late by no more than was asked for. */
static void fit_live(struct player *player, struct run_in *run_in)
{
    uint32_t bound = latency_bound(player->settings.max_latency, player->rate_hz);
    int64_t frames = run_in_fit(run_in, bound);

    if (frames > (int64_t)bound && !player->live.late_told) {
        player->live.late_told = true;
        log_write(player->log, LOG_WARNING,
                  "max_latency: this source's chain is %lld frames late, not %u or less: nothing "
                  "more can be left out",
                  (long long)frames, bound);
    }
}

bool keep_up_spares(struct player *player, struct run_in *run_in, bool live)
{
    double load = player->expected_load[player->degrade.level];

    quality_level_spare(player->degrade.level, &run_in->economy);
    if (load * RUN_IN_SECONDS * 1000 > RUN_IN_MOST_MS) {
        double most_ms = RUN_IN_MOST_MS / load;

        run_in->most_ms = most_ms > RUN_IN_LEAST_MS ? (uint32_t)most_ms : RUN_IN_LEAST_MS;
    }
    if (player->degrade.level == QUALITY_ORIGINAL) {
        return true;
    }
    if (live && run_in->match != NULL && player->settings.max_latency > 0) {
        fit_live(player, run_in);
    }
    return false;
}

/* --- looking ---------------------------------------------------------------------------------- */

static bool has_chain(struct match *match)
{
    return match != NULL && !plan_is_identity(match_plan(match), match_rack(match));
}

/* True while a chain is heard, the one that was posted last and no other, on a device that keeps
   time. Not in a blind test: what is compared stays what it is until it is over. */
static bool is_settled(const struct player *player, const struct output_status *output)
{
    return player->stream != NULL && !player->paused && !player_is_blind(player) &&
           output->stream_id == player->stream_id &&
           (output->state == OUTPUT_PLAYING || output->state == OUTPUT_RECOVERING) &&
           !output->unpaced && !player->posted_refused && !player->changed_by_hand &&
           output->rendition_id == player->posted_id && output->position >= player->posted_end &&
           (has_chain(player->posted.b) || has_chain(player->posted.a));
}

static void tell(struct player *player, enum quality_level before, double load)
{
    enum quality_level now = player->degrade.level;

    if (player->degrade.wish != QUALITY_AUTO) {
        log_write(player->log, LOG_NOTICE, "quality: %s, as it is set", quality_level_name(now));
    } else if (now > before) {
        log_write(player->log, LOG_WARNING,
                  "quality: %s: the computer is too slow for all of the match, the sound takes "
                  "%.0f %% of the time there is; it is %s now",
                  quality_level_name(now), 100.0 * load, quality_level_missing(now));
    } else {
        log_write(player->log, LOG_NOTICE, "quality: %s: the computer is fast enough again",
                  quality_level_name(now));
    }
}

void keep_up_serve(struct player *player, const struct output_status *output)
{
    const struct degrade_levels levels = {player, try_load, is_step};
    const struct degrade_sight sight = {.now_ms = player_now_ms(),
                                        .spent_ns = output->performance.spent_ns,
                                        .sound_ns = output->performance.sound_ns,
                                        .cpu_ns = output_cpu_ns(player->output),
                                        .settled = is_settled(player, output)};
    enum quality_level before = player->degrade.level;
    double load = player->degrade.load;
    bool changed =
        degrade_wish(&player->degrade, (enum quality_level)atomic_load(&player->quality_wish));

    if (!changed) {
        changed = degrade_look(&player->degrade, &sight, &levels);
    }
    if (!changed) {
        return;
    }
    load = output->performance.load_mean > load ? output->performance.load_mean : load;
    tell(player, before, load);
    player->changed_by_hand =
        player->changed_by_hand || player->posted.b != NULL || player->posted.a != NULL;
    if (player->degrade.level > before && player->lead_ms < HURRY_LEAD_MS) {
        player->lead_ms = HURRY_LEAD_MS;
    }
    pthread_mutex_lock(&player->lock);
    player->quality = player->degrade.level;
    pthread_mutex_unlock(&player->lock);
}
