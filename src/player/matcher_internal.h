/*
 * matcher_internal.h - what the parts of the matcher share: matcher.c (asking, holding, making),
 * matcher_thread.c (the worker's thread) and matcher_work.c (what it does).
 *
 * Threads: as said beside each.
 */
#ifndef MP_PLAYER_MATCHER_INTERNAL_H
#define MP_PLAYER_MATCHER_INTERNAL_H

#include "player/matcher.h"
#include "player/reference_profiles.h"

#include <pthread.h>
#include <stdatomic.h>

enum { MATCHER_TOLD_KEPT = 16 };

/* Its place in the list, guarded by the matcher's lock; what was asked for, which never changes;
   what the worker made, there for others once `state` says so. */
struct match {
    struct matcher *matcher;
    struct match *next; /* in the order of asking */
    unsigned held;      /* by those who asked */
    unsigned kept;      /* by those who only remember it: it is not worked on for them */
    unsigned distance;  /* as asked for last; 0 once somebody waits for it */
    bool working;
    _Atomic int state;

    char **paths;
    size_t path_count;
    uint32_t rate_hz;
    char **references;
    double weights[MATCH_REFERENCES_MAX];
    size_t reference_count;
    struct amounts amounts;
    struct rack rack;
    struct running *running; /* the worker's, until the plan is made */
    uint64_t step;           /* 0: it is none of that kind */

    struct plan *plan;
    struct rehearsal *rehearsal;
    bool reference_gone;
    char *failure;
};

struct matcher {
    struct matcher_settings settings;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake, news;
    struct match *matches;
    struct match *in_hand; /* worked on; NULL: none */
    bool quit, lean;
    struct progress progress; /* of the work in hand */

    struct reference_profiles *references; /* only the worker and its helper, one at a time */
    char told[MATCHER_TOLD_KEPT][MEDIA_MESSAGE_SIZE]; /* only the worker: what was said last */
    size_t told_next;
};

/* The worker's thread: makes what is left to be made of a match, and announces it. */
void matcher_work_on(struct match *match);
/* True if there is work left to do on it. */
bool match_is_open(const struct match *match);
/* A copy of the plan that another match has, which differs from this in nothing but its rack; NULL:
   there is none. */
struct plan *matcher_sibling_plan(struct matcher *matcher, const struct match *match);
/* Drops the oldest matches that nobody holds, and the work on those that nobody wants any more.
   Under the lock. */
void matcher_forget_old(struct matcher *matcher);

/* The worker: works on one match after the other until `quit`. argument: the matcher. */
void *matcher_work(void *argument);

#endif
