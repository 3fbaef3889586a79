/* matcher.c - a worker that prepares matches ahead of the music. */
#include "player/matcher.h"

#include "player/references.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MATCHES_KEPT = 32, TOLD_KEPT = 16, STACK_BYTES = 512 * 1024 };

struct match {
    struct matcher *matcher;
    struct match *next; /* in the order of asking */
    unsigned held;      /* by those who asked */
    bool working;
    _Atomic int state;

    char **paths;
    size_t path_count;
    uint32_t rate_hz;
    char **references;
    double weights[MATCH_REFERENCES_MAX];
    size_t reference_count;
    struct amounts amounts;

    struct profile *target;
    struct plan *plan;
    struct rehearsal *rehearsal;
    double reference_lufs;
};

struct matcher {
    struct matcher_settings settings;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake, news;
    struct match *matches;
    bool quit;
    struct progress progress; /* of the work in hand */

    struct references *references;            /* only the worker and its helper, one at a time */
    char told[TOLD_KEPT][MEDIA_MESSAGE_SIZE]; /* only the worker: what was said last */
    size_t told_next;
};

/* --- matches ------------------------------------------------------------------------------- */

static void free_strings(char **strings, size_t count)
{
    for (size_t i = 0; strings != NULL && i < count; i++) {
        free(strings[i]);
    }
    free(strings);
}

static char **copy_strings(const char *const *strings, size_t count)
{
    char **copies = calloc(count > 0 ? count : 1, sizeof *copies);

    for (size_t i = 0; copies != NULL && i < count; i++) {
        copies[i] = strdup(strings[i]);
        if (copies[i] == NULL) {
            free_strings(copies, i);
            return NULL;
        }
    }
    return copies;
}

static void match_destroy(struct match *match)
{
    if (match == NULL) {
        return;
    }
    free_strings(match->paths, match->path_count);
    free_strings(match->references, match->reference_count);
    profile_destroy(match->target);
    plan_destroy(match->plan);
    rehearsal_destroy(match->rehearsal);
    free(match);
}

static struct match *match_create(struct matcher *matcher, const struct match_wish *wish)
{
    struct match *match = calloc(1, sizeof *match);

    if (match == NULL) {
        return NULL;
    }
    match->matcher = matcher;
    match->rate_hz = wish->rate_hz;
    match->amounts = wish->amounts;
    match->path_count = wish->path_count;
    match->reference_count = wish->reference_count;
    memcpy(match->weights, wish->weights, wish->reference_count * sizeof match->weights[0]);
    match->paths = copy_strings(wish->paths, wish->path_count);
    match->references = copy_strings(wish->references, wish->reference_count);
    if (match->paths == NULL || match->references == NULL) {
        match_destroy(match);
        errno = ENOMEM;
        return NULL;
    }
    return match;
}

static bool same_strings(char *const *one, const char *const *other, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(one[i], other[i]) != 0) {
            return false;
        }
    }
    return true;
}

static bool same_amounts(const struct amounts *one, const struct amounts *other)
{
    return one->level == other->level && one->eq == other->eq && one->width == other->width &&
           one->limiter == other->limiter && one->max_boost_db == other->max_boost_db;
}

static bool fits(const struct match *match, const struct match_wish *wish)
{
    return match->rate_hz == wish->rate_hz && match->path_count == wish->path_count &&
           match->reference_count == wish->reference_count &&
           same_amounts(&match->amounts, &wish->amounts) &&
           memcmp(match->weights, wish->weights,
                  wish->reference_count * sizeof match->weights[0]) == 0 &&
           same_strings(match->paths, wish->paths, wish->path_count) &&
           same_strings(match->references, wish->references, wish->reference_count);
}

/* Drops the oldest matches that nobody holds, and the work on those that nobody wants any more. */
static void forget_old(struct matcher *matcher)
{
    size_t count = 0;

    for (struct match *match = matcher->matches; match != NULL; match = match->next) {
        count++;
    }
    for (struct match **place = &matcher->matches; *place != NULL;) {
        struct match *match = *place;
        bool unfinished = atomic_load(&match->state) == MATCH_WAITING;

        if (match->held == 0 && !match->working && (unfinished || count > MATCHES_KEPT)) {
            *place = match->next;
            match_destroy(match);
            count--;
            continue;
        }
        if (match->held == 0 && match->working && unfinished) {
            atomic_store(&matcher->progress.cancel, true);
        }
        place = &match->next;
    }
}

struct match *matcher_ask(struct matcher *matcher, const struct match_wish *wish)
{
    struct match **place = &matcher->matches;
    struct match *found = NULL;

    if (wish->reference_count == 0 || wish->reference_count > MATCH_REFERENCES_MAX) {
        errno = EINVAL;
        return NULL;
    }
    pthread_mutex_lock(&matcher->lock);
    for (; *place != NULL; place = &(*place)->next) {
        if (fits(*place, wish)) {
            found = *place;
            found->held++;
            break;
        }
    }
    if (found == NULL) {
        found = match_create(matcher, wish);
        if (found != NULL) {
            found->held = 1;
            *place = found;
            pthread_cond_signal(&matcher->wake);
        }
    }
    forget_old(matcher);
    pthread_mutex_unlock(&matcher->lock);
    return found;
}

void match_release(struct match *match)
{
    struct matcher *matcher;

    if (match == NULL) {
        return;
    }
    matcher = match->matcher; /* the match itself may be gone after this */
    pthread_mutex_lock(&matcher->lock);
    match->held--;
    forget_old(matcher);
    pthread_mutex_unlock(&matcher->lock);
}

enum match_state match_state(struct match *match)
{
    return (enum match_state)atomic_load(&match->state);
}

enum match_state match_wait(struct match *match, enum match_state state, int timeout_ms)
{
    struct matcher *matcher = match->matcher;
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += timeout_ms / 1000;
    until.tv_nsec += (long)(timeout_ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&matcher->lock);
    while (match_state(match) < state &&
           pthread_cond_timedwait(&matcher->news, &matcher->lock, &until) == 0) {
    }
    pthread_mutex_unlock(&matcher->lock);
    return match_state(match);
}

size_t match_path_count(const struct match *match)
{
    return match->path_count;
}

const struct plan *match_plan(const struct match *match)
{
    return match->plan;
}

const struct profile *match_target(const struct match *match)
{
    return match->target;
}

double match_reference_lufs(const struct match *match)
{
    return match->reference_lufs;
}

const struct rehearsal *match_rehearsal(const struct match *match)
{
    return atomic_load(&match->state) == MATCH_REHEARSED ? match->rehearsal : NULL;
}

/* --- references ---------------------------------------------------------------------------- */

/* The references of one match, read beside its target in a thread of their own. */
struct reference_work {
    struct matcher *matcher;
    const struct match *match;
    struct weighted_reference references[MATCH_REFERENCES_MAX];
    size_t count;
    struct media_error error;
    double lufs;
};

static void *read_references(void *argument)
{
    struct reference_work *work = argument;
    double weights = 0.0;

    for (size_t i = 0; i < work->match->reference_count; i++) {
        const char *path = work->match->references[i];
        const struct profile *profile = references_profile(work->matcher->references, path,
                                                           &work->matcher->progress, &work->error);
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
        work->lufs += work->match->weights[i] * profile->loudness_lufs;
        weights += work->match->weights[i];
        work->count++;
    }
    work->lufs /= weights;
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

    match->target = profile_create(programme, PROFILE_FULL, &match->matcher->progress, error);
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
    match->reference_lufs = work->lufs;
    unfit = profile_unfit_target(match->target);
    if (unfit != NULL) {
        error->code = -EINVAL;
        snprintf(error->message, sizeof error->message, "%s: %s, so it plays as it is",
                 match->paths[0], unfit);
    }
    return unfit != NULL ? -EINVAL : 0;
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
    for (size_t i = 0; i < TOLD_KEPT; i++) {
        if (strcmp(matcher->told[i], message) == 0) {
            return;
        }
    }
    snprintf(matcher->told[matcher->told_next], MEDIA_MESSAGE_SIZE, "%s", message);
    matcher->told_next = (matcher->told_next + 1) % TOLD_KEPT;
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

static void *matcher_thread(void *argument)
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
        forget_old(matcher);
    }
    pthread_mutex_unlock(&matcher->lock);
    return NULL;
}

/* --- making -------------------------------------------------------------------------------- */

struct matcher *matcher_create(const struct matcher_settings *settings)
{
    struct matcher *matcher = calloc(1, sizeof *matcher);
    pthread_condattr_t monotonic;
    pthread_attr_t attributes;
    int result;

    if (matcher == NULL) {
        return NULL;
    }
    matcher->settings = *settings;
    matcher->references = references_create();
    if (matcher->references == NULL) {
        free(matcher);
        return NULL;
    }
    pthread_mutex_init(&matcher->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&matcher->wake, NULL);
    pthread_cond_init(&matcher->news, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    result = pthread_create(&matcher->thread, &attributes, matcher_thread, matcher);
    pthread_attr_destroy(&attributes);
    if (result != 0) {
        references_destroy(matcher->references);
        free(matcher);
        errno = result;
        return NULL;
    }
    return matcher;
}

void matcher_destroy(struct matcher *matcher)
{
    if (matcher == NULL) {
        return;
    }
    pthread_mutex_lock(&matcher->lock);
    matcher->quit = true;
    atomic_store(&matcher->progress.cancel, true);
    pthread_cond_signal(&matcher->wake);
    pthread_mutex_unlock(&matcher->lock);
    pthread_join(matcher->thread, NULL);
    while (matcher->matches != NULL) {
        struct match *match = matcher->matches;

        matcher->matches = match->next;
        match_destroy(match);
    }
    references_destroy(matcher->references);
    pthread_cond_destroy(&matcher->wake);
    pthread_cond_destroy(&matcher->news);
    pthread_mutex_destroy(&matcher->lock);
    free(matcher);
}
