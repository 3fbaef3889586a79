/*
 * abx.h - a blind test: is X what slot A holds, or what slot B does?
 *
 * The number of trials is fixed before it begins. In each, X is A or B by the throw of a coin that
 * nobody sees; A, B and X may be heard as often as wished, and X must be heard before it is named.
 * How many were right is told when all have been answered, not before. The p-value is the chance to
 * get at least so many right by guessing (one-sided, binomial, 1/2).
 * Source: ITU-R BS.1116-3 for the switching; D. Clark, "High-Resolution Subjective Testing Using a
 * Double-Blind Comparator", JAES 30(5), 1982.
 *
 * This is the bookkeeping alone; nothing sounds here.
 * Threads: one at a time.
 */
#ifndef MP_PLAYER_ABX_H
#define MP_PLAYER_ABX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ABX_TRIALS_LEAST = 5, ABX_TRIALS_MOST = 50 };

enum abx_state {
    ABX_NONE,    /* there was no test yet */
    ABX_WAITING, /* asked for; loudness is not exactly equal yet */
    ABX_RUNNING,
    ABX_DONE,    /* all answered */
    ABX_STOPPED, /* given up before the end: no result */
};
enum abx_source { ABX_A, ABX_B, ABX_X };

struct abx;

struct abx *abx_create(void); /* NULL with ENOMEM */
void abx_destroy(struct abx *abx);

/* A new test, in state ABX_WAITING. -ERANGE: not that many trials; -EBUSY: one is going on. */
int abx_start(struct abx *abx, unsigned trials);
/* Loudness is equal: the first trial begins, and X is to be heard. Harmless when not waiting. */
void abx_begin(struct abx *abx);
/* What is to be heard from now on: *original. 0, or -EAGAIN (waiting), -EINVAL (no test). */
int abx_hear(struct abx *abx, enum abx_source source, bool *original);
/* X is `source` (A or B). Then X of the next trial is to be heard, if there is one: *original.
   0, -EAGAIN (waiting), -ENODATA (X was not heard in this trial), -EINVAL (no test, or `source` is
   X). */
int abx_answer(struct abx *abx, enum abx_source source, bool *original);
/* Gives up; a test that is done stays done. */
void abx_stop(struct abx *abx);

struct abx_status {
    enum abx_state state;
    unsigned trials, answered;
    enum abx_source hearing; /* while running: as what, not which */
    bool x_heard;            /* in this trial */
    unsigned correct;        /* when done, else 0 */
    double p_value;          /* when done, else 1 */
};
void abx_read(const struct abx *abx, struct abx_status *status);
bool abx_goes_on(const struct abx *abx); /* waiting or running */

/* The chance of at least `correct` right guesses in `trials`. */
double abx_p_value(unsigned correct, unsigned trials);
const char *abx_state_name(enum abx_state state);

/* What was compared: what the slots held, on which track. */
struct abx_subject {
    const char *track, *a, *b, *reference;
};

/* Appends a line to the log of tests: when, how it went, with what. 0 or negative errno. */
int abx_log(const struct abx *abx, const char *path, const struct abx_subject *subject);

#endif
