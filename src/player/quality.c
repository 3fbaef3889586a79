/* quality.c - the quality control: probes a copy of the chain that is heard, while somebody asks.
 */
#include "player/quality.h"

#include "player/shadow.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

enum { STACK_BYTES = 512 * 1024 };

struct quality {
    struct player *player;
    pthread_t thread;
    atomic_bool quit; /* also ends a measurement */

    pthread_mutex_t lock; /* all of this group */
    pthread_cond_t wake;
    bool asked;    /* `wished` is to be measured */
    bool known;    /* `figures` are of `measured` ... */
    bool measures; /* ... or the worker is at it, or it could not be done */
    struct shadow wished, measured;
    struct probe_figures figures;
};

static int measure(struct quality *quality, const struct shadow *shadow,
                   struct probe_figures *figures)
{
    struct probe_setup setup = {.rate_hz = shadow->format.rate_hz,
                                .block_frames = shadow->format.block_frames,
                                .words = shadow->words,
                                .bits = shadow->bits,
                                .dither = shadow->dither,
                                .programme_peak = shadow_programme_peak(shadow),
                                .leave = &quality->quit};
    int result = shadow_build(shadow, &setup.chain);

    if (result == 0) {
        result = probe_measure(&setup, figures);
    }
    chain_destroy(setup.chain);
    return result;
}

/* Holds the lock; lets it go while it measures. */
static void serve(struct quality *quality)
{
    struct probe_figures figures = {0};
    int result;

    shadow_finish(&quality->measured);
    quality->measured = quality->wished; /* taken */
    quality->wished = (struct shadow){.match = NULL};
    quality->asked = quality->known = false;
    quality->measures = true;
    pthread_mutex_unlock(&quality->lock);
    result = measure(quality, &quality->measured, &figures);
    pthread_mutex_lock(&quality->lock);
    quality->known = result == 0;
    quality->figures = figures;
}

static void *run(void *argument)
{
    struct quality *quality = argument;
    const struct sched_param none = {.sched_priority = 0};

    rt_flush_denormals();
    pthread_setschedparam(pthread_self(), SCHED_IDLE, &none); /* refused: it is short work */
    pthread_mutex_lock(&quality->lock);
    while (!atomic_load(&quality->quit)) {
        if (quality->asked) {
            serve(quality);
        } else {
            pthread_cond_wait(&quality->wake, &quality->lock);
        }
    }
    pthread_mutex_unlock(&quality->lock);
    return NULL;
}

struct quality *quality_create(struct player *player)
{
    struct quality *quality = calloc(1, sizeof *quality);
    pthread_attr_t attributes;
    int result;

    if (quality == NULL) {
        return NULL;
    }
    quality->player = player;
    pthread_mutex_init(&quality->lock, NULL);
    pthread_cond_init(&quality->wake, NULL);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    result = pthread_create(&quality->thread, &attributes, run, quality);
    pthread_attr_destroy(&attributes);
    if (result != 0) {
        pthread_cond_destroy(&quality->wake);
        pthread_mutex_destroy(&quality->lock);
        free(quality);
        errno = result;
        return NULL;
    }
    pthread_setname_np(quality->thread, "mp-quality");
    return quality;
}

void quality_destroy(struct quality *quality)
{
    if (quality == NULL) {
        return;
    }
    pthread_mutex_lock(&quality->lock);
    atomic_store(&quality->quit, true);
    pthread_cond_signal(&quality->wake);
    pthread_mutex_unlock(&quality->lock);
    pthread_join(quality->thread, NULL);
    shadow_finish(&quality->wished);
    shadow_finish(&quality->measured);
    pthread_cond_destroy(&quality->wake);
    pthread_mutex_destroy(&quality->lock);
    free(quality);
}

bool quality_read(struct quality *quality, struct probe_figures *figures)
{
    struct shadow now;
    bool known = false;

    if (!shadow_read(quality->player, &now)) {
        return false;
    }
    pthread_mutex_lock(&quality->lock);
    if (quality->measures && shadow_equal(&now, &quality->measured)) {
        known = quality->known;
        *figures = quality->figures;
        quality->asked = false;
    } else { /* in place of what was wished before */
        struct match *before = quality->wished.match;

        quality->wished = now;
        now.match = before;
        quality->asked = true;
        pthread_cond_signal(&quality->wake);
    }
    pthread_mutex_unlock(&quality->lock);
    shadow_finish(&now);
    return known;
}
