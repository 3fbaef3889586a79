/*
 * matcher.h - prepares matches ahead of the music: profiles, plans and rehearsals, in a worker.
 *
 * A match is what one programme (a track, or an album joined) needs to sound like its reference.
 * It is asked for once, and shared: whoever asked holds it until match_release. What is needed
 * soonest is worked on first, then in the order of asking. Its plan is there first, its rehearsal
 * later; each change is announced by the `changed` function that the matcher was made with. What
 * the cache knows is not measured again: then no file is opened, and both are there at once (the
 * rehearsal without states for a seek to start from). Matches that differ in nothing but their rack
 * have one plan. A match by what was heard so far has no rehearsal.
 *
 * Threads: any but the audio thread. `changed` is called in the worker and must not block.
 */
#ifndef MP_PLAYER_MATCHER_H
#define MP_PLAYER_MATCHER_H

#include "base/log.h"
#include "match/cache.h"
#include "match/running.h"

enum { MATCH_REFERENCES_MAX = 16 };

enum match_state {
    MATCH_WAITING,   /* nothing yet */
    MATCH_PLANNED,   /* match_plan is there */
    MATCH_REHEARSED, /* and match_rehearsal */
    MATCH_NONE,      /* it cannot be matched; it plays as it is (the log said why) */
};

struct match;
struct matcher;

struct match_wish {
    const char *const *paths; /* the programme, in order */
    size_t path_count;
    uint32_t rate_hz; /* of the stream it is for */
    const char *const *references;
    const double *weights;
    size_t reference_count; /* 0: there is no match, only what else is in the rack */
    struct amounts amounts;
    const struct rack *rack; /* NULL: the exact one */
    unsigned distance;       /* tracks until it is heard: 0 now, 1 next, ... */
    /* What has no end is matched by what was heard of it so far; then the path is but a name. It is
       held until it is done with. */
    struct running *running; /* NULL: a programme that is read */
    uint64_t step;           /* another one each time that there is more to go by; never 0 */
};

struct matcher_settings {
    struct cache *cache; /* NULL: nothing is kept */
    enum fft_precision precision;
    const struct kernels *kernels;
    struct log *log;
    void (*changed)(void *context);
    void *context;
};

struct matcher *matcher_create(const struct matcher_settings *settings);
void matcher_destroy(
    struct matcher *matcher); /* ends its work and frees every match: release them first */

/* Lean: a match that nobody holds is not kept for whoever may ask for it again. */
void matcher_set_lean(struct matcher *matcher, bool lean);

/* The match for this wish, begun if it is new. NULL with ENOMEM. */
struct match *matcher_ask(struct matcher *matcher, const struct match_wish *wish);
void match_release(struct match *match);

enum match_state match_state(struct match *match);
/* Waits until it is at `state` or beyond, at most timeout_ms. */
enum match_state match_wait(struct match *match, enum match_state state, int timeout_ms);

/* By what was heard so far. */
bool match_is_running(const struct match *match);
size_t match_path_count(const struct match *match); /* tracks in its programme */
const struct rack *match_rack(const struct match *match);

/* One more holder, who releases it. */
struct match *match_hold(struct match *match);
/* It stays as it is, and is not worked on, for who only keeps it, until match_let_go. */
struct match *match_keep(struct match *match);
void match_let_go(struct match *match); /* NULL is none */

/* From MATCH_PLANNED on, for as long as the match is held: */
const struct plan *match_plan(const struct match *match);
/* True: a reference's file is gone, and what was measured of it before serves. */
bool match_reference_gone(const struct match *match);
/* From MATCH_REHEARSED on; NULL before, or when the rehearsal failed: */
const struct rehearsal *match_rehearsal(const struct match *match);
/* Why it is MATCH_NONE, one line; NULL before, or when who plays the track tells. */
const char *match_failure(const struct match *match);

#endif
