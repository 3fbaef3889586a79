/* summaries.c - summaries of the library's tracks, made while nothing plays. */
#include "player/summaries.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { STACK_BYTES = 512 * 1024, NICE_LEAST = 19 };
enum { IOPRIO_WHO_THREAD = 1, IOPRIO_IDLE = 3 << 13 }; /* linux/ioprio.h */

struct summaries {
    struct summaries_settings settings;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool quit, paused, again, first;
    struct timespec idle_since;
    struct summaries_status status;
    struct progress progress; /* of the track in hand; cancelled by a pause */

    /* Only the thread: */
    char path[SUMMARIES_PATH_SIZE]; /* in hand, "": none */
};

/* --- measuring ----------------------------------------------------------------------------- */

struct measuring {
    struct summaries *summaries;
    struct summary summary;
    int result;
};

/* What it starts inherits this. Where it is refused, it goes without. */
static void take_least_priority(void)
{
    const struct sched_param parameter = {0};

    sched_setscheduler(0, SCHED_IDLE, &parameter);
    setpriority(PRIO_PROCESS, 0, NICE_LEAST);
    syscall(SYS_ioprio_set, IOPRIO_WHO_THREAD, 0, IOPRIO_IDLE);
}

/* In a thread of its own: it takes none of the locks for which somebody might wait. */
static void *measure(void *argument)
{
    struct measuring *measuring = argument;
    struct summaries *summaries = measuring->summaries;
    const char *path = summaries->path;
    struct programme *programme = NULL;
    struct profile *profile = NULL;
    struct media_error error = {0};

    pthread_setname_np(pthread_self(), "mp-summary");
    take_least_priority();
    measuring->result = programme_open(&programme, &path, 1, 0, &error);
    if (measuring->result == 0) {
        profile = profile_create(programme, PROFILE_FULL, &summaries->progress, &error);
        measuring->result = profile != NULL ? 0 : error.code;
    }
    if (profile != NULL && profile->frames > 0) {
        summary_make(&measuring->summary, profile);
    } else if (profile != NULL) {
        measuring->result = -EINVAL;
    }
    profile_destroy(profile);
    programme_close(programme);
    return NULL;
}

static int run_measuring(struct measuring *measuring)
{
    pthread_attr_t attributes;
    pthread_t thread;
    int result;

    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    result = pthread_create(&thread, &attributes, measure, measuring);
    pthread_attr_destroy(&attributes);
    if (result != 0) {
        return -EAGAIN;
    }
    pthread_join(thread, NULL);
    return measuring->result;
}

static void count(struct summaries *summaries, bool failed)
{
    pthread_mutex_lock(&summaries->lock);
    summaries->status.known += !failed;
    summaries->status.failed += failed;
    pthread_mutex_unlock(&summaries->lock);
}

/* Not the file's fault: another pass may do better. */
static bool is_passing(int result)
{
    return result == -EAGAIN || result == -ENOMEM || result == -EMFILE || result == -ENFILE;
}

/* The track in hand; it stays there if a pause comes. */
static void work_on(struct summaries *summaries)
{
    struct cache *cache = summaries->settings.cache;
    struct measuring measuring = {.summaries = summaries};
    const char *path = summaries->path;
    enum cache_found found;
    struct cache_key key;

    cache_key_init(&key, &path, 1);
    found = cache_summary(cache, &key, NULL);
    if (key.gone || key.passable) {
        found = CACHE_FAILED;
    } else if (found == CACHE_NOTHING) {
        int result = run_measuring(&measuring);

        if (result == -ECANCELED) {
            cache_key_finish(&key);
            return;
        }
        found = result == 0 ? CACHE_SUMMARY : CACHE_FAILED;
        if (!is_passing(result)) {
            cache_keep_summary(cache, &key, result == 0 ? &measuring.summary : NULL);
        }
    }
    cache_key_finish(&key);
    count(summaries, found == CACHE_FAILED);
    summaries->path[0] = '\0';
}

/* --- the thread ---------------------------------------------------------------------------- */

static bool is_before(const struct timespec *one, const struct timespec *other)
{
    return one->tv_sec != other->tv_sec ? one->tv_sec < other->tv_sec
                                        : one->tv_nsec < other->tv_nsec;
}

/* Until there is work, and nobody else has some. False: quit. Under the lock. */
static bool wait_for_work(struct summaries *summaries)
{
    while (!summaries->quit) {
        struct timespec now, begin = summaries->idle_since;

        if (summaries->paused || (summaries->status.complete && !summaries->again)) {
            pthread_cond_wait(&summaries->wake, &summaries->lock);
            continue;
        }
        begin.tv_sec += summaries->settings.idle_ms / 1000;
        begin.tv_nsec += (long)(summaries->settings.idle_ms % 1000) * 1000000;
        begin.tv_sec += begin.tv_nsec / 1000000000;
        begin.tv_nsec %= 1000000000;
        clock_gettime(CLOCK_MONOTONIC, &now);
        if (!is_before(&now, &begin)) {
            return true;
        }
        pthread_cond_timedwait(&summaries->wake, &summaries->lock, &begin);
    }
    return false;
}

/* A new pass, if one is wanted. Under the lock. */
static void begin_pass(struct summaries *summaries)
{
    if (!summaries->again) {
        return;
    }
    summaries->again = false;
    summaries->first = true;
    summaries->path[0] = '\0';
    summaries->status = (struct summaries_status){0};
}

static void *run(void *argument)
{
    struct summaries *summaries = argument;

    rt_flush_denormals();
    pthread_setname_np(pthread_self(), "mp-summaries");
    pthread_mutex_lock(&summaries->lock);
    while (wait_for_work(summaries)) {
        bool first;

        begin_pass(summaries);
        first = summaries->first;
        summaries->status.working = true;
        atomic_store(&summaries->progress.cancel, false);
        pthread_mutex_unlock(&summaries->lock);
        if (summaries->path[0] != '\0' ||
            summaries->settings.next(summaries->settings.context, first, summaries->path,
                                     sizeof summaries->path)) {
            work_on(summaries);
            pthread_mutex_lock(&summaries->lock);
        } else {
            summaries->path[0] = '\0';
            pthread_mutex_lock(&summaries->lock);
            summaries->status.complete = true;
        }
        summaries->first = false;
        summaries->status.working = false;
    }
    pthread_mutex_unlock(&summaries->lock);
    return NULL;
}

/* --- for others ---------------------------------------------------------------------------- */

struct summaries *summaries_create(const struct summaries_settings *settings)
{
    struct summaries *summaries;
    pthread_condattr_t monotonic;
    pthread_attr_t attributes;
    int result;

    if (settings->cache == NULL) {
        errno = EINVAL;
        return NULL;
    }
    summaries = calloc(1, sizeof *summaries);
    if (summaries == NULL) {
        return NULL;
    }
    summaries->settings = *settings;
    summaries->paused = true;
    summaries->again = true;
    pthread_mutex_init(&summaries->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&summaries->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    result = pthread_create(&summaries->thread, &attributes, run, summaries);
    pthread_attr_destroy(&attributes);
    if (result != 0) {
        pthread_cond_destroy(&summaries->wake);
        pthread_mutex_destroy(&summaries->lock);
        free(summaries);
        errno = result;
        return NULL;
    }
    return summaries;
}

void summaries_destroy(struct summaries *summaries)
{
    if (summaries == NULL) {
        return;
    }
    pthread_mutex_lock(&summaries->lock);
    summaries->quit = true;
    summaries->paused = true; /* no new work after this one */
    atomic_store(&summaries->progress.cancel, true);
    pthread_cond_signal(&summaries->wake);
    pthread_mutex_unlock(&summaries->lock);
    pthread_join(summaries->thread, NULL);
    pthread_cond_destroy(&summaries->wake);
    pthread_mutex_destroy(&summaries->lock);
    free(summaries);
}

void summaries_pause(struct summaries *summaries, bool paused)
{
    if (summaries == NULL) {
        return;
    }
    pthread_mutex_lock(&summaries->lock);
    if (paused) {
        atomic_store(&summaries->progress.cancel, true);
    } else if (summaries->paused) {
        clock_gettime(CLOCK_MONOTONIC, &summaries->idle_since);
    }
    summaries->paused = paused;
    pthread_cond_signal(&summaries->wake);
    pthread_mutex_unlock(&summaries->lock);
}

void summaries_again(struct summaries *summaries)
{
    if (summaries == NULL) {
        return;
    }
    pthread_mutex_lock(&summaries->lock);
    summaries->again = true;
    pthread_cond_signal(&summaries->wake);
    pthread_mutex_unlock(&summaries->lock);
}

void summaries_read_status(struct summaries *summaries, struct summaries_status *status)
{
    *status = (struct summaries_status){0};
    if (summaries == NULL) {
        return;
    }
    pthread_mutex_lock(&summaries->lock);
    *status = summaries->status;
    pthread_mutex_unlock(&summaries->lock);
}
