/* matcher_work.c - the worker that prepares matches ahead of the music. */
#include "player/matcher_internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* --- references ---------------------------------------------------------------------------- */

/* The references of one match, read beside its target in a thread of their own. */
struct reference_work {
    struct matcher *matcher;
    const struct match *match;
    struct weighted_reference references[MATCH_REFERENCES_MAX];
    size_t count;
    struct media_error error;
};

static void *read_references(void *argument)
{
    struct reference_work *work = argument;

    for (size_t i = 0; i < work->match->reference_count; i++) {
        const char *path = work->match->references[i];
        const struct profile *profile = reference_profiles_get(
            work->matcher->references, path, &work->matcher->progress, &work->error);
        const char *unfit;

        if (profile == NULL) {
            return NULL;
        }
        unfit = profile_unfit_reference(profile);
        if (unfit != NULL) {
            work->error.code = -EINVAL;
            snprintf(work->error.message, sizeof work->error.message,
                     "%s: %s, so it cannot be a reference; choose another", path, unfit);
            return NULL;
        }
        work->references[i].profile = profile;
        work->references[i].weight = work->match->weights[i];
        work->count++;
    }
    return NULL;
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

/* Target and references, side by side. */
static int read_profiles(struct match *match, struct programme *programme,
                         struct reference_work *work, struct media_error *error)
{
    pthread_t helper;
    bool helped = pthread_create(&helper, NULL, read_references, work) == 0;
    const char *unfit;

    match->target = profile_create(programme, PROFILE_MATCH, &match->matcher->progress, error);
    if (helped) {
        pthread_join(helper, NULL);
    } else {
        read_references(work);
    }
    if (match->target == NULL) {
        return error->code;
    }
    if (work->count < match->reference_count) {
        *error = work->error;
        return error->code;
    }
    unfit = profile_unfit_target(match->target);
    if (unfit != NULL) {
        error->code = -EINVAL;
        snprintf(error->message, sizeof error->message, "%s: %s, so it plays as it is",
                 match->paths[0], unfit);
    } else if (work->count == 1 && profile_same_sound(match->target, work->references[0].profile)) {
        error->code = -EINVAL; /* it often stands in the playlist that it rules */
        snprintf(error->message, sizeof error->message,
                 "%s: is the same sound as its reference, so it plays as it is", match->paths[0]);
    }
    return error->code;
}

static int make_plan(struct match *match, struct programme *programme, struct media_error *error)
{
    struct reference_work work = {.matcher = match->matcher, .match = match};
    int result = read_profiles(match, programme, &work, error);

    if (result < 0) {
        return result;
    }
    match->plan = plan_create(match->target, work.references, work.count, &match->amounts, error);
    if (match->plan == NULL) {
        return error->code;
    }
    return plan_correct(match->plan, match->target, programme, &match->matcher->progress, error);
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

/* Who plays such a track says so itself: it cannot be opened, or nothing in it be decoded. */
static bool player_tells(const struct match *match, const struct programme *programme, int code)
{
    if (match->path_count > 1) {
        return false; /* the rest of the album suffers */
    }
    return programme == NULL || (match->target == NULL && code == -EINVAL) ||
           (match->target != NULL && match->target->frames == 0);
}

static void work_on(struct match *match)
{
    struct matcher *matcher = match->matcher;
    struct media_error error = {0};
    struct programme *programme = NULL;
    int result = programme_open(&programme, (const char *const *)match->paths, match->path_count,
                                match->rate_hz, &error);

    if (result == 0) {
        result = make_plan(match, programme, &error);
    }
    if (result < 0) {
        if (result != -ECANCELED && !player_tells(match, programme, result)) {
            tell_once(matcher, error.message);
        }
        programme_close(programme);
        if (result != -ECANCELED) {
            announce(match, MATCH_NONE);
        }
        return;
    }
    announce(match, MATCH_PLANNED);
    match->rehearsal = rehearse(match->plan, programme, matcher->settings.precision,
                                matcher->settings.kernels, &matcher->progress, &error);
    programme_close(programme);
    announce(match, MATCH_REHEARSED); /* or as good as: without it estimates serve */
}

/* The next match to work on: the first asked for that has nothing yet. */
static struct match *next_work(struct matcher *matcher)
{
    for (struct match *match = matcher->matches; match != NULL; match = match->next) {
        if (match->held > 0 && atomic_load(&match->state) == MATCH_WAITING) {
            return match;
        }
    }
    return NULL;
}

void *matcher_work(void *argument)
{
    struct matcher *matcher = argument;

    rt_flush_denormals();
    pthread_setname_np(pthread_self(), "mp-matcher");
    pthread_mutex_lock(&matcher->lock);
    while (!matcher->quit) {
        struct match *match = next_work(matcher);

        if (match == NULL) {
            pthread_cond_wait(&matcher->wake, &matcher->lock);
            continue;
        }
        match->working = true;
        atomic_store(&matcher->progress.cancel, false);
        pthread_mutex_unlock(&matcher->lock);
        work_on(match);
        pthread_mutex_lock(&matcher->lock);
        match->working = false;
        if (match_state(match) == MATCH_WAITING) { /* given up half-way: from the start next time */
            profile_destroy(match->target);
            plan_destroy(match->plan);
            match->target = NULL;
            match->plan = NULL;
        }
        matcher_forget_old(matcher);
    }
    pthread_mutex_unlock(&matcher->lock);
    return NULL;
}
