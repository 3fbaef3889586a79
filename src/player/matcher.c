/* matcher.c - matches that are asked for, held and let go; the matcher itself. */
#include "player/matcher_internal.h"

#include "base/moment.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Matches that nobody holds: some 0.2 MB each for a song, and quickly made again from the cache. */
enum { MATCHES_KEPT = 8, STACK_BYTES = 512 * 1024 };

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
    running_release(match->running);
    free_strings(match->paths, match->path_count);
    free_strings(match->references, match->reference_count);
    plan_destroy(match->plan);
    rehearsal_destroy(match->rehearsal);
    free(match->failure);
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
    if (wish->rack != NULL) {
        match->rack = *wish->rack;
    } else {
        rack_init_exact(&match->rack);
    }
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
    match->step = wish->step;
    match->running = wish->running != NULL ? running_hold(wish->running) : NULL;
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

/* In all that a plan follows from. */
static bool same_plan(const struct match *match, const struct match_wish *wish)
{
    return match->rate_hz == wish->rate_hz && match->step == wish->step &&
           match->path_count == wish->path_count &&
           match->reference_count == wish->reference_count &&
           amounts_equal(&match->amounts, &wish->amounts) &&
           memcmp(match->weights, wish->weights,
                  wish->reference_count * sizeof match->weights[0]) == 0 &&
           same_strings(match->paths, wish->paths, wish->path_count) &&
           same_strings(match->references, wish->references, wish->reference_count);
}

static bool fits(const struct match *match, const struct match_wish *wish)
{
    return same_plan(match, wish) && (wish->rack != NULL ? rack_equal(&match->rack, wish->rack)
                                                         : rack_is_exact(&match->rack));
}

struct plan *matcher_sibling_plan(struct matcher *matcher, const struct match *match)
{
    const struct match_wish wish = {.paths = (const char *const *)match->paths,
                                    .path_count = match->path_count,
                                    .rate_hz = match->rate_hz,
                                    .references = (const char *const *)match->references,
                                    .weights = match->weights,
                                    .reference_count = match->reference_count,
                                    .amounts = match->amounts,
                                    .step = match->step};
    struct plan *copy = NULL;

    pthread_mutex_lock(&matcher->lock);
    for (struct match *other = matcher->matches; other != NULL && copy == NULL;
         other = other->next) {
        int state = atomic_load(&other->state);

        if (other != match && (state == MATCH_PLANNED || state == MATCH_REHEARSED) &&
            same_plan(other, &wish)) {
            copy = other->plan->characterised || !rack_needs_character(&match->rack)
                       ? plan_copy(other->plan)
                       : NULL;
            for (size_t band = 0; copy != NULL && band < DYNAMICS_BANDS; band++) {
                copy->dynamics.band[band].fitted = false; /* it was for the other rack */
            }
        }
    }
    pthread_mutex_unlock(&matcher->lock);
    return copy;
}

void matcher_forget_old(struct matcher *matcher)
{
    size_t count = 0;

    for (struct match *match = matcher->matches; match != NULL; match = match->next) {
        count += match->held == 0 && match->kept == 0;
    }
    for (struct match **place = &matcher->matches; *place != NULL;) {
        struct match *match = *place;
        bool unfinished = atomic_load(&match->state) == MATCH_WAITING;

        if (match->held == 0 && match->kept == 0 && !match->working &&
            (unfinished || count > (matcher->lean ? 0 : MATCHES_KEPT))) {
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

void matcher_set_lean(struct matcher *matcher, bool lean)
{
    pthread_mutex_lock(&matcher->lock);
    matcher->lean = lean;
    matcher_forget_old(matcher);
    pthread_mutex_unlock(&matcher->lock);
}

/* Work on what is needed later gives way to what is needed now. Under the lock. */
static void hurry(struct matcher *matcher, const struct match *match)
{
    const struct match *in_hand = matcher->in_hand;

    if (in_hand != NULL && in_hand != match && match_is_open(match) &&
        (in_hand->held == 0 || match->distance < in_hand->distance)) {
        atomic_store(&matcher->progress.cancel, true);
    }
    pthread_cond_signal(&matcher->wake);
}

struct match *matcher_ask(struct matcher *matcher, const struct match_wish *wish)
{
    struct match **place = &matcher->matches;
    struct match *found = NULL;

    if (wish->reference_count > MATCH_REFERENCES_MAX) {
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
        }
    }
    if (found != NULL) {
        found->distance = wish->distance;
        hurry(matcher, found);
    }
    matcher_forget_old(matcher);
    pthread_mutex_unlock(&matcher->lock);
    return found;
}

struct match *match_hold(struct match *match)
{
    pthread_mutex_lock(&match->matcher->lock);
    match->held++;
    pthread_mutex_unlock(&match->matcher->lock);
    return match;
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
    matcher_forget_old(matcher);
    pthread_mutex_unlock(&matcher->lock);
}

struct match *match_keep(struct match *match)
{
    pthread_mutex_lock(&match->matcher->lock);
    match->kept++;
    pthread_mutex_unlock(&match->matcher->lock);
    return match;
}

void match_let_go(struct match *match)
{
    struct matcher *matcher;

    if (match == NULL) {
        return;
    }
    matcher = match->matcher; /* the match itself may be gone after this */
    pthread_mutex_lock(&matcher->lock);
    match->kept--;
    matcher_forget_old(matcher);
    pthread_mutex_unlock(&matcher->lock);
}

enum match_state match_state(struct match *match)
{
    return (enum match_state)atomic_load(&match->state);
}

enum match_state match_wait(struct match *match, enum match_state state, int timeout_ms)
{
    struct matcher *matcher = match->matcher;
    struct timespec until = moment_in(timeout_ms);

    pthread_mutex_lock(&matcher->lock);
    if (match->distance > 0) {
        match->distance = 0;
        hurry(matcher, match);
    }
    while (match_state(match) < state &&
           pthread_cond_timedwait(&matcher->news, &matcher->lock, &until) == 0) {
    }
    pthread_mutex_unlock(&matcher->lock);
    return match_state(match);
}

bool match_is_running(const struct match *match)
{
    return match->step != 0;
}

size_t match_path_count(const struct match *match)
{
    return match->path_count;
}

const struct rack *match_rack(const struct match *match)
{
    return &match->rack;
}

const struct plan *match_plan(const struct match *match)
{
    return match->plan;
}

const struct rehearsal *match_rehearsal(const struct match *match)
{
    return atomic_load(&match->state) == MATCH_REHEARSED ? match->rehearsal : NULL;
}

bool match_reference_gone(const struct match *match)
{
    return match->reference_gone;
}

const char *match_failure(const struct match *match)
{
    return atomic_load(&match->state) == MATCH_NONE ? match->failure : NULL;
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
    matcher->references = reference_profiles_create(settings->cache);
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
    result = pthread_create(&matcher->thread, &attributes, matcher_work, matcher);
    pthread_attr_destroy(&attributes);
    if (result != 0) {
        reference_profiles_destroy(matcher->references);
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
    reference_profiles_destroy(matcher->references);
    pthread_cond_destroy(&matcher->wake);
    pthread_cond_destroy(&matcher->news);
    pthread_mutex_destroy(&matcher->lock);
    free(matcher);
}
