/* matcher_work.c - one match made: profiles, plan, rehearsal. */
#include "player/matcher_internal.h"

#include "match/dynamics_fit.h"
#include "match/plan_rate.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One match being worked on. */
struct work {
    struct matcher *matcher;
    struct match *match;
    struct cache_key key;        /* of its target */
    struct programme *programme; /* NULL: not opened (yet) */
    struct programme *measured;  /* the same at the rate at which it is measured; NULL: likewise */
    bool unreadable;             /* it could not be opened, or nothing in it be decoded */
    struct profile *target;
    struct reference_profile references[MATCH_REFERENCES_MAX];
    size_t count;
    struct plan_memory memory;
    struct media_error error, reference_error;
};

/* --- profiles ------------------------------------------------------------------------------ */

/* Only a rack that works on dynamics or spectrum asks for more than the exact match. */
static enum profile_depth depth_of(const struct match *match)
{
    return rack_needs_character(&match->rack) ? PROFILE_CHARACTER : PROFILE_MATCH;
}

/* The references of one match, read beside its target in a thread of their own. */
static void *read_references(void *argument)
{
    struct work *work = argument;
    struct media_error *error = &work->reference_error;

    for (size_t i = 0; i < work->match->reference_count; i++) {
        const char *path = work->match->references[i];
        struct reference_profile *reference = &work->references[i];
        const char *unfit;

        if (reference_profiles_get(work->matcher->references, path, depth_of(work->match),
                                   &work->matcher->progress, reference, error) < 0) {
            return NULL;
        }
        unfit = profile_unfit_reference(reference->profile);
        if (unfit != NULL) {
            error->code = -EINVAL;
            snprintf(error->message, sizeof error->message,
                     "%.800s: %s, so it cannot be a reference; choose another", path, unfit);
            return NULL;
        }
        work->count++;
    }
    return NULL;
}

static int open_programme(struct work *work)
{
    const struct match *match = work->match;

    if (work->programme != NULL) {
        return 0;
    }
    work->unreadable = programme_open(&work->programme, (const char *const *)match->paths,
                                      match->path_count, match->rate_hz, &work->error) < 0;
    return work->unreadable ? work->error.code : 0;
}

/* What is measured; where the rate is not too high for that, it is the one that is heard. */
static struct programme *open_measured(struct work *work)
{
    const struct match *match = work->match;
    uint32_t rate_hz = programme_measured_hz(match->rate_hz);

    if (rate_hz == match->rate_hz) {
        return open_programme(work) < 0 ? NULL : work->programme;
    }
    if (work->measured == NULL) {
        work->unreadable = programme_open(&work->measured, (const char *const *)match->paths,
                                          match->path_count, rate_hz, &work->error) < 0;
    }
    return work->measured;
}

/* From the cache, or from the sound itself. What was damaged when it was read is not kept. */
static void read_target(struct work *work)
{
    char damage[MEDIA_MESSAGE_SIZE];
    struct cache *cache = work->matcher->settings.cache;
    enum profile_depth depth = depth_of(work->match);
    struct programme *measured;

    if (match_is_running(work->match)) {
        work->target = running_profile(work->match->running, &work->error);
        return;
    }
    work->target = cache_profile(cache, &work->key, programme_measured_hz(work->match->rate_hz));
    if (work->target != NULL && (work->key.gone || profile_has(work->target, depth))) {
        return;
    }
    profile_destroy(work->target);
    work->target = NULL;
    measured = open_measured(work);
    if (measured == NULL) {
        return;
    }
    work->target = profile_create(measured, depth, &work->matcher->progress, &work->error);
    if (work->target == NULL) {
        work->unreadable = work->error.code == -EINVAL;
    } else if (work->target->frames == 0) {
        work->unreadable = true;
    } else if (!programme_damage_line(measured, damage, sizeof damage)) {
        cache_keep_profile(cache, &work->key, work->target, programme_is_measured(measured));
    }
}

static int fail(struct work *work, const char *why)
{
    if (match_is_running(work->match)) {
        work->unreadable = true; /* silence so far is nothing to tell */
    }
    work->error.code = -EINVAL;
    snprintf(work->error.message, sizeof work->error.message, "%.800s: %s, so it plays as it is",
             work->match->paths[0], why);
    return work->error.code;
}

/* Target and references, side by side. */
static int read_profiles(struct work *work)
{
    pthread_t helper;
    bool helped = pthread_create(&helper, NULL, read_references, work) == 0;
    const char *unfit;

    read_target(work);
    if (helped) {
        pthread_join(helper, NULL);
    } else {
        read_references(work);
    }
    if (work->target == NULL) {
        return work->error.code;
    }
    if (work->count < work->match->reference_count) {
        work->error = work->reference_error;
        return work->error.code;
    }
    unfit = profile_unfit_target(work->target);
    if (unfit != NULL) {
        return fail(work, unfit);
    }
    /* It often stands in the playlist that it rules. */
    if (work->count == 1 && profile_same_sound(work->target, work->references[0].profile)) {
        return fail(work, "is the same sound as its reference");
    }
    return 0;
}

/* --- plans --------------------------------------------------------------------------------- */

/* What the cache knows of such a plan (rack NULL), or of its rehearsal in a rack, or is to keep. */
static bool remember(struct work *work, const struct rack *rack, bool keep)
{
    const struct match *match = work->match;
    const struct cache_key *references[MATCH_REFERENCES_MAX];
    const struct plan_key key = {.target = &work->key,
                                 .references = references,
                                 .weights = match->weights,
                                 .reference_count = work->count,
                                 .amounts = &match->amounts,
                                 .rack = rack,
                                 .rate_hz = match->rate_hz};

    if (match_is_running(match)) {
        return false;
    }
    for (size_t i = 0; i < work->count; i++) {
        references[i] = work->references[i].key;
    }
    if (!keep) {
        return cache_plan(work->matcher->settings.cache, &key, &work->memory);
    }
    cache_keep_plan(work->matcher->settings.cache, &key, &work->memory);
    return true;
}

/* The corrections are those of the plan, whatever the rack; the rehearsal's numbers are not. */
static bool recall_plan(struct work *work)
{
    struct match *match = work->match;

    if (remember(work, &match->rack, false) &&
        plan_recall(match->plan, work->memory.coefficients)) {
        return true;
    }
    memset(&work->memory, 0, sizeof work->memory);
    if (remember(work, NULL, false) && plan_recall(match->plan, work->memory.coefficients)) {
        work->memory.rehearsed = work->memory.rehearsed && rack_is_exact(&match->rack);
        return true;
    }
    memset(&work->memory, 0, sizeof work->memory);
    return false;
}

/* One that was made a moment ago for another rack: an edit of the chain is to be heard at once. */
static bool take_sibling_plan(struct work *work)
{
    struct match *match = work->match;

    match->plan = matcher_sibling_plan(work->matcher, match);
    if (match->plan == NULL) {
        return false;
    }
    read_references(work);
    for (size_t i = 0; i < work->count; i++) {
        match->reference_gone = match->reference_gone || work->references[i].gone;
    }
    if (work->count < match->reference_count) { /* it could not be told what this is of */
        plan_destroy(match->plan);
        match->plan = NULL;
        work->count = 0;
        return false;
    }
    if (!remember(work, &match->rack, false)) {
        memset(&work->memory, 0, sizeof work->memory);
    }
    return true;
}

/* How the dynamics of the rack, if it has such, reach the reference. The match can do without: then
   it is estimated. 0, or -ECANCELED. */
static int fit_dynamics(struct work *work)
{
    struct match *match = work->match;
    struct plan *plan = match->plan;
    int result;

    if (match_is_running(match) || !dynamics_fit_is_wanted(plan, &match->rack)) {
        return 0;
    }
    if (work->memory.fitted) {
        plan->dynamics = work->memory.dynamics;
        return 0;
    }
    if (open_programme(work) < 0) {
        return 0;
    }
    result = dynamics_fit(plan, &match->rack, work->programme, work->matcher->settings.kernels,
                          &work->matcher->progress, &work->error);
    if (result == 0) {
        work->memory = (struct plan_memory){.fitted = true, .dynamics = plan->dynamics};
        memcpy(work->memory.coefficients, plan->coefficients, sizeof work->memory.coefficients);
        remember(work, &match->rack, true);
    }
    return result == -ECANCELED ? result : 0;
}

/* Without a reference nothing of the track need be known. */
static int make_bare_plan(struct work *work)
{
    struct match *match = work->match;

    match->plan = plan_create_bare(match->rate_hz, match->amounts.limiter);
    if (match->plan == NULL) {
        work->error.code = -ENOMEM;
        snprintf(work->error.message, sizeof work->error.message, "out of memory");
        return -ENOMEM;
    }
    if (!remember(work, &match->rack, false)) {
        memset(&work->memory, 0, sizeof work->memory);
    }
    return 0;
}

static int correct_plan(struct work *work)
{
    struct match *match = work->match;
    struct programme *measured = open_measured(work);
    int result;

    if (measured == NULL) {
        return work->error.code;
    }
    result =
        plan_correct(match->plan, work->target, measured, &work->matcher->progress, &work->error);
    if (result == 0) {
        memcpy(work->memory.coefficients, match->plan->coefficients,
               sizeof work->memory.coefficients);
        remember(work, NULL, true);
    }
    return result;
}

static int find_plan(struct work *work)
{
    struct weighted_reference references[MATCH_REFERENCES_MAX];
    struct match *match = work->match;
    int result;

    if (match->reference_count == 0) {
        return make_bare_plan(work);
    }
    if (take_sibling_plan(work)) {
        return 0;
    }
    result = read_profiles(work);
    if (result < 0) {
        return result;
    }
    for (size_t i = 0; i < work->count; i++) {
        references[i] = (struct weighted_reference){work->references[i].profile, match->weights[i]};
        match->reference_gone = match->reference_gone || work->references[i].gone;
    }
    match->plan = plan_create(work->target, references, work->count, &match->amounts, &work->error);
    if (match->plan == NULL) {
        return work->error.code;
    }
    if (match_is_running(match)) {
        return running_correct(match->running, match->plan, &work->error);
    }
    result = recall_plan(work) ? 0 : correct_plan(work);
    if (result == 0 && match->plan->rate_hz != match->rate_hz) {
        result = plan_to_rate(match->plan, match->rate_hz);
        if (result < 0) {
            return fail(work, strerror(-result));
        }
    }
    return result;
}

static int make_plan(struct work *work)
{
    int result = find_plan(work);

    return result < 0 ? result : fit_dynamics(work);
}

/* --- rehearsals ---------------------------------------------------------------------------- */

static struct rehearsal *recall_rehearsal(const struct plan_memory *memory)
{
    struct rehearsal *rehearsal = calloc(1, sizeof *rehearsal);

    if (rehearsal != NULL) {
        rehearsal->loudness_lufs = memory->loudness_lufs;
        rehearsal->original_lufs = memory->original_lufs;
        rehearsal->true_peak_dbtp = memory->true_peak_dbtp;
        rehearsal->limiter_idle = memory->limiter_idle;
        rehearsal->work = memory->work;
    }
    return rehearsal;
}

static void note_rehearsal(struct work *work, const struct rehearsal *rehearsal)
{
    struct plan_memory *memory = &work->memory;

    memcpy(memory->coefficients, work->match->plan->coefficients, sizeof memory->coefficients);
    memory->rehearsed = true;
    memory->loudness_lufs = rehearsal->loudness_lufs;
    memory->original_lufs = rehearsal->original_lufs;
    memory->true_peak_dbtp = rehearsal->true_peak_dbtp;
    memory->limiter_idle = rehearsal->limiter_idle;
    memory->work = rehearsal->work;
    remember(work, &work->match->rack, true);
}

/* 0, or -ECANCELED: to be done again. Other failures leave it without: estimates serve. */
static int make_rehearsal(struct work *work)
{
    struct match *match = work->match;
    const struct matcher_settings *settings = &work->matcher->settings;
    const struct rehearsed_chain chain = {.plan = match->plan,
                                          .rack = &match->rack,
                                          .precision = settings->precision,
                                          .kernels = settings->kernels};

    if (match_is_running(match)) {
        return 0; /* it is gone by */
    }
    if (work->memory.rehearsed) {
        match->rehearsal = recall_rehearsal(&work->memory);
        return 0;
    }
    if (open_programme(work) < 0) {
        return 0;
    }
    match->rehearsal = rehearse(&chain, work->programme, &work->matcher->progress, &work->error);
    if (match->rehearsal == NULL) {
        return work->error.code == -ECANCELED ? -ECANCELED : 0;
    }
    if (work->count == match->reference_count) {
        note_rehearsal(work, match->rehearsal);
    }
    return 0;
}

/* --- work ---------------------------------------------------------------------------------- */

static void announce(struct match *match, enum match_state state)
{
    struct matcher *matcher = match->matcher;

    pthread_mutex_lock(&matcher->lock);
    atomic_store(&match->state, (int)state);
    pthread_cond_broadcast(&matcher->news);
    pthread_mutex_unlock(&matcher->lock);
    if (matcher->settings.changed != NULL) {
        matcher->settings.changed(matcher->settings.context);
    }
}

/* A reference that is missing fails the match of every track in the list: that is said once. */
static void tell_once(struct matcher *matcher, const char *message)
{
    for (size_t i = 0; i < MATCHER_TOLD_KEPT; i++) {
        if (strcmp(matcher->told[i], message) == 0) {
            return;
        }
    }
    snprintf(matcher->told[matcher->told_next], MEDIA_MESSAGE_SIZE, "%s", message);
    matcher->told_next = (matcher->told_next + 1) % MATCHER_TOLD_KEPT;
    log_write(matcher->settings.log, LOG_WARNING, "%s", message);
}

static void tell_gone(const struct work *work)
{
    for (size_t i = 0; i < work->count; i++) {
        char message[MEDIA_MESSAGE_SIZE];

        if (work->references[i].gone) {
            snprintf(message, sizeof message,
                     "%.800s: is gone; what was measured of it before serves as the reference",
                     work->match->references[i]);
            tell_once(work->matcher, message);
        }
    }
}

static void give_up(struct work *work, int result)
{
    struct match *match = work->match;

    if (result == -ECANCELED) { /* from the start next time */
        plan_destroy(match->plan);
        match->plan = NULL;
        return;
    }
    /* Who plays such a track says so itself; of an album the rest suffers. */
    if (!work->unreadable || match->path_count > 1) {
        tell_once(work->matcher, work->error.message);
        match->failure = strdup(work->error.message);
    }
    announce(match, MATCH_NONE);
}

void matcher_work_on(struct match *match)
{
    struct work work = {.matcher = match->matcher, .match = match};
    int result = 0;

    cache_key_init(&work.key, (const char *const *)match->paths, match->path_count);
    if (match_state(match) == MATCH_PLANNED) { /* its rehearsal gave way to other work */
        read_references(&work);
    } else {
        result = make_plan(&work);
        profile_destroy(work.target);
        if (result < 0) {
            give_up(&work, result);
        } else {
            tell_gone(&work);
            announce(match, MATCH_PLANNED);
        }
    }
    if (result == 0 && make_rehearsal(&work) == 0) {
        announce(match, MATCH_REHEARSED); /* or as good as */
    }
    if (!match_is_open(match)) {
        running_release(match->running);
        match->running = NULL;
    }
    programme_close(work.programme);
    programme_close(work.measured);
    cache_key_finish(&work.key);
}
