/* analyser.c - the analyser's thread, and what is asked of it. */
#include "measure/analyser_internal.h"

#include "base/rt.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    STACK_BYTES = 512 * 1024,
    PATIENCE_MS = 2000, /* after the last request for it a figure is measured no more */
    TICK_LEAST_MS = 20,
    TICK_MOST_MS = 250,
    TICK_MOST_RATE_HZ = 48000, /* above it ticks are closer: what waits is counted in frames */
};

struct analyser {
    struct analyser_source source;
    pthread_t thread;

    pthread_mutex_t lock; /* all of this group */
    pthread_cond_t wake;
    bool quit, reset, awake;
    uint64_t asked_ms[ANALYSER_KINDS]; /* when each kind was asked for last; 0: never */
    uint64_t before_ms, last_ms;       /* of the last two requests */
    struct analyser_figures figures;

    struct analyser_work work; /* only the analyser's thread */
};

static uint64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* --- the thread ---------------------------------------------------------------------------- */

/* What somebody still wants. Holds the lock. */
static unsigned wanted(const struct analyser *analyser, uint64_t now)
{
    unsigned want = 0;

    for (unsigned i = 0; i < ANALYSER_KINDS; i++) {
        if (analyser->asked_ms[i] != 0 && now - analyser->asked_ms[i] < PATIENCE_MS) {
            want |= 1U << i;
        }
    }
    return want;
}

/* Twice as often as it is asked. Holds the lock; only the analyser's thread. */
static uint64_t tick_ms(const struct analyser *analyser)
{
    uint64_t apart = (analyser->last_ms - analyser->before_ms) / 2;
    uint32_t rate_hz = analyser->work.rate_hz;
    uint64_t most = rate_hz > TICK_MOST_RATE_HZ
                        ? (uint64_t)TICK_MOST_MS * TICK_MOST_RATE_HZ / rate_hz
                        : (uint64_t)TICK_MOST_MS;

    return apart < TICK_LEAST_MS ? TICK_LEAST_MS : apart > most ? most : apart;
}

/* Waits for the next turn; for ever while nobody wants anything. Holds the lock. */
static void wait_for_turn(struct analyser *analyser, bool idle)
{
    uint64_t until_ms = now_ms() + tick_ms(analyser);
    struct timespec until = {.tv_sec = (time_t)(until_ms / 1000),
                             .tv_nsec = (long)(until_ms % 1000) * 1000000};

    while (!analyser->quit && idle && wanted(analyser, now_ms()) == 0) {
        pthread_cond_wait(&analyser->wake, &analyser->lock);
    }
    while (!analyser->quit && !idle &&
           pthread_cond_timedwait(&analyser->wake, &analyser->lock, &until) == 0) {
    }
}

static void measure(struct analyser *analyser, unsigned want, bool reset)
{
    struct analyser_work *work = &analyser->work;
    struct analyser_block block;

    if (want != work->active) {
        analyser->source.want(analyser->source.context, want);
        analyser_work_want(work, want);
    }
    if (reset) {
        analyser_work_begin(work);
    }
    while (analyser->source.read(analyser->source.context, &block)) {
        analyser_work_add(work, &block);
    }
    analyser_work_read(work);
}

static void fall_asleep(struct analyser *analyser)
{
    struct analyser_block block;

    analyser->source.want(analyser->source.context, 0);
    while (analyser->source.read(analyser->source.context, &block)) {
    }
    analyser_work_finish(&analyser->work);
}

static void *run(void *argument)
{
    struct analyser *analyser = argument;
    bool awake = false;

    rt_flush_denormals();
    pthread_mutex_lock(&analyser->lock);
    while (!analyser->quit) {
        unsigned want = wanted(analyser, now_ms());
        bool reset = analyser->reset;

        analyser->reset = false;
        pthread_mutex_unlock(&analyser->lock);
        if (want != 0) {
            measure(analyser, want, reset);
        } else if (awake) {
            fall_asleep(analyser);
        }
        awake = want != 0;
        pthread_mutex_lock(&analyser->lock);
        analyser->awake = awake;
        analyser->figures = analyser->work.figures;
        wait_for_turn(analyser, !awake);
    }
    pthread_mutex_unlock(&analyser->lock);
    if (awake) {
        fall_asleep(analyser);
    }
    return NULL;
}

/* --- everyone else ------------------------------------------------------------------------- */

struct analyser *analyser_create(const struct analyser_source *source)
{
    struct analyser *analyser = calloc(1, sizeof *analyser);
    pthread_attr_t attributes;
    pthread_condattr_t monotonic;
    int result;

    if (analyser == NULL) {
        return NULL;
    }
    analyser->source = *source;
    pthread_mutex_init(&analyser->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&analyser->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    result = pthread_create(&analyser->thread, &attributes, run, analyser);
    pthread_attr_destroy(&attributes);
    if (result != 0) {
        pthread_cond_destroy(&analyser->wake);
        pthread_mutex_destroy(&analyser->lock);
        free(analyser);
        errno = result;
        return NULL;
    }
    pthread_setname_np(analyser->thread, "mp-analyser");
    return analyser;
}

void analyser_destroy(struct analyser *analyser)
{
    if (analyser == NULL) {
        return;
    }
    pthread_mutex_lock(&analyser->lock);
    analyser->quit = true;
    pthread_cond_signal(&analyser->wake);
    pthread_mutex_unlock(&analyser->lock);
    pthread_join(analyser->thread, NULL);
    pthread_cond_destroy(&analyser->wake);
    pthread_mutex_destroy(&analyser->lock);
    free(analyser);
}

void analyser_read(struct analyser *analyser, unsigned want, struct analyser_figures *figures)
{
    uint64_t now = now_ms();

    pthread_mutex_lock(&analyser->lock);
    for (unsigned i = 0; i < ANALYSER_KINDS; i++) {
        if ((want & 1U << i) != 0) {
            analyser->asked_ms[i] = now;
        }
    }
    analyser->before_ms = analyser->last_ms;
    analyser->last_ms = now;
    if (!analyser->awake) {
        pthread_cond_signal(&analyser->wake);
    }
    *figures = analyser->figures;
    figures->have &= want;
    pthread_mutex_unlock(&analyser->lock);
}

void analyser_reset(struct analyser *analyser)
{
    pthread_mutex_lock(&analyser->lock);
    analyser->reset = true;
    pthread_mutex_unlock(&analyser->lock);
}

bool analyser_is_awake(struct analyser *analyser)
{
    bool awake;

    pthread_mutex_lock(&analyser->lock);
    awake = analyser->awake;
    pthread_mutex_unlock(&analyser->lock);
    return awake;
}
