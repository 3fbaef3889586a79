/* render_analyse.c - profiles made beside one another, one thread a file. */
#include "match/render_internal.h"

#include "match/match.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum { LOOK_MS = 50, STACK_BYTES = 512 << 10 };

/* What the jobs share with the thread that waits for them. */
struct crew {
    pthread_mutex_t lock;
    pthread_cond_t done;
    size_t running;
};

struct job {
    struct render_source *source;
    struct crew *crew;
    struct progress progress;
    struct media_error error;
    pthread_t thread;
    bool started;
};

static void *run_job(void *argument)
{
    struct job *job = argument;

    struct render_source *source = job->source;

    source->profile = profile_create(source->measured ? source->measured : source->programme,
                                     source->depth, &job->progress, &job->error);
    pthread_mutex_lock(&job->crew->lock);
    job->crew->running--;
    pthread_cond_signal(&job->crew->done);
    pthread_mutex_unlock(&job->crew->lock);
    return NULL;
}

static int start_job(struct job *job)
{
    pthread_attr_t attributes;
    int result = pthread_attr_init(&attributes);

    if (result != 0)
        return -result;
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    result = pthread_create(&job->thread, &attributes, run_job, job);
    pthread_attr_destroy(&attributes);
    job->started = result == 0;
    return -result;
}

/* The sum of all jobs for who watches, and the watcher's wish to end for all jobs. */
static void relay(struct job *jobs, size_t count, struct progress *progress)
{
    int64_t done = 0, total = 0;

    if (!progress)
        return;
    for (size_t i = 0; i < count; i++) {
        done += atomic_load(&jobs[i].progress.done_frames);
        total += atomic_load(&jobs[i].progress.total_frames);
        if (atomic_load(&progress->cancel))
            atomic_store(&jobs[i].progress.cancel, true);
    }
    atomic_store(&progress->total_frames, total);
    atomic_store(&progress->done_frames, done);
}

static void wait_for_jobs(struct crew *crew, struct job *jobs, size_t count,
                          struct progress *progress)
{
    pthread_mutex_lock(&crew->lock);
    while (crew->running > 0) {
        struct timespec until;

        relay(jobs, count, progress);
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += LOOK_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        pthread_cond_timedwait(&crew->done, &crew->lock, &until);
    }
    pthread_mutex_unlock(&crew->lock);
}

int render_analyse(struct render_source *sources, size_t count, struct progress *progress,
                   struct media_error *error)
{
    struct crew crew = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, count};
    struct job *jobs = calloc(count, sizeof(*jobs));
    int result = 0;

    if (!jobs)
        return match_fail_memory(error);
    for (size_t i = 0; i < count; i++) {
        jobs[i].source = &sources[i];
        jobs[i].crew = &crew;
        if (sources[i].profile) {
            crew.running--; /* not one is started yet that would count */
            continue;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (sources[i].profile)
            continue;
        if (start_job(&jobs[i]) < 0)
            run_job(&jobs[i]); /* no thread to be had: then one after the other */
    }
    wait_for_jobs(&crew, jobs, count, progress);
    for (size_t i = 0; i < count; i++) {
        if (jobs[i].started)
            pthread_join(jobs[i].thread, NULL);
        if (!sources[i].profile && result == 0) {
            *error = jobs[i].error;
            result = jobs[i].error.code;
        }
    }
    free(jobs);
    return result;
}
