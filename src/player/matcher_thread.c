/* matcher_thread.c - the worker that prepares matches ahead of the music. */
#include "player/matcher_internal.h"

bool match_is_open(const struct match *match)
{
    int state = atomic_load(&match->state);

    return state == MATCH_WAITING || state == MATCH_PLANNED;
}

/* The next match to work on: the one needed soonest, plans before rehearsals, then the first asked
   for. */
static struct match *next_work(struct matcher *matcher)
{
    struct match *next = NULL;

    for (struct match *match = matcher->matches; match != NULL; match = match->next) {
        if (match->held > 0 && match_is_open(match) &&
            (next == NULL || match->distance < next->distance ||
             (match->distance == next->distance && match_state(match) < match_state(next)))) {
            next = match;
        }
    }
    return next;
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
        matcher->in_hand = match;
        atomic_store(&matcher->progress.cancel, false);
        pthread_mutex_unlock(&matcher->lock);
        matcher_work_on(match);
        pthread_mutex_lock(&matcher->lock);
        match->working = false;
        matcher->in_hand = NULL;
        matcher_forget_old(matcher);
    }
    pthread_mutex_unlock(&matcher->lock);
    return NULL;
}
