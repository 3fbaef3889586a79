/* gather.c - looks at files from anywhere in a thread of its own. */
#include "library/gather.h"

#include "base/moment.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum {
    STACK_BYTES = 512 * 1024,
    LINES_MAX = 24, /* as many as source_expand tells, and some of the playlists in it */
    END_WAIT_MS = 700,
};

/* A request, and later what was found. */
struct job {
    struct job *next;
    uint32_t ticket; /* 0: tags of paths[0] */
    char **paths;
    size_t count;
    struct source_list *list;
    char *lines[LINES_MAX];
    size_t line_count;
    struct tags tags;
    char *error;
    int64_t modified_ns, size;
};

struct jobs {
    struct job *first, *last;
};

struct gather {
    void (*news)(void *context);
    void *context;
    pthread_t thread;
    bool started;

    pthread_mutex_t lock; /* all of this group */
    pthread_cond_t wake, done;
    bool quit, ended;
    uint32_t next_ticket, finished_ticket;
    struct jobs paths, tags;             /* to do */
    struct jobs found_paths, found_tags; /* done */
};

/* --- jobs ---------------------------------------------------------------------------------- */

static void job_destroy(struct job *job)
{
    for (size_t i = 0; job->paths != NULL && i < job->count; i++) {
        free(job->paths[i]);
    }
    for (size_t i = 0; i < job->line_count; i++) {
        free(job->lines[i]);
    }
    source_list_destroy(job->list);
    tags_finish(&job->tags);
    free(job->error);
    free(job->paths);
    free(job);
}

static struct job *job_create(const char *const paths[], size_t count)
{
    struct job *job = calloc(1, sizeof *job);

    if (job == NULL) {
        return NULL;
    }
    job->paths = calloc(count, sizeof *job->paths);
    for (; job->paths != NULL && job->count < count; job->count++) {
        job->paths[job->count] = strdup(paths[job->count]);
        if (job->paths[job->count] == NULL) {
            break;
        }
    }
    if (job->count < count) {
        job_destroy(job);
        return NULL;
    }
    return job;
}

static void put(struct jobs *jobs, struct job *job)
{
    job->next = NULL;
    if (jobs->last != NULL) {
        jobs->last->next = job;
    } else {
        jobs->first = job;
    }
    jobs->last = job;
}

static struct job *get(struct jobs *jobs)
{
    struct job *job = jobs->first;

    if (job != NULL) {
        jobs->first = job->next;
        jobs->last = jobs->first != NULL ? jobs->last : NULL;
    }
    return job;
}

static void destroy_all(struct jobs *jobs)
{
    struct job *job;

    while ((job = get(jobs)) != NULL) {
        job_destroy(job);
    }
}

/* --- the thread ---------------------------------------------------------------------------- */

static void keep_line(void *context, const char *line)
{
    struct job *job = context;

    if (job->line_count < LINES_MAX && (job->lines[job->line_count] = strdup(line)) != NULL) {
        job->line_count++;
    }
}

/* What is not known is not there, rather than 0. */
static void know_nothing(struct tags *tags)
{
    *tags = (struct tags){.track_gain_db = (double)NAN,
                          .track_peak = (double)NAN,
                          .album_gain_db = (double)NAN,
                          .album_peak = (double)NAN};
}

static void read_tags(struct job *job)
{
    const char *path = job->paths[0];
    struct media_error error = {0};
    struct stat status;

    know_nothing(&job->tags);
    if (playlist_is_address(path)) {
        return; /* it is not asked before it is played */
    }
    if (stat(path, &status) == 0) {
        job->modified_ns =
            (int64_t)status.st_mtim.tv_sec * 1000000000 + (int64_t)status.st_mtim.tv_nsec;
        job->size = (int64_t)status.st_size;
    }
    if (tags_read(&job->tags, path, &error) < 0) {
        know_nothing(&job->tags);
        job->error = strdup(error.message);
    }
}

static void work(struct job *job)
{
    if (job->ticket == 0) {
        read_tags(job);
    } else if (source_expand(&job->list, (const char *const *)job->paths, job->count, keep_line,
                             job) < 0) {
        job->list = NULL;
    }
}

static void *run(void *argument)
{
    struct gather *gather = argument;

    pthread_mutex_lock(&gather->lock);
    while (!gather->quit) {
        struct job *job = get(&gather->paths);

        job = job != NULL ? job : get(&gather->tags);
        if (job == NULL) {
            pthread_cond_wait(&gather->wake, &gather->lock);
            continue;
        }
        pthread_mutex_unlock(&gather->lock);
        work(job);
        pthread_mutex_lock(&gather->lock);
        put(job->ticket != 0 ? &gather->found_paths : &gather->found_tags, job);
        if (job->ticket != 0) {
            gather->finished_ticket = job->ticket;
            pthread_cond_broadcast(&gather->done);
        }
        if (!gather->quit) {
            gather->news(gather->context);
        }
    }
    gather->ended = true;
    pthread_cond_broadcast(&gather->done);
    pthread_mutex_unlock(&gather->lock);
    return NULL;
}

static int start(struct gather *gather)
{
    pthread_attr_t attributes;
    int result;

    if (gather->started) {
        return 0;
    }
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    result = pthread_create(&gather->thread, &attributes, run, gather);
    pthread_attr_destroy(&attributes);
    if (result == 0) {
        pthread_setname_np(gather->thread, "mp-gather");
        gather->started = true;
    }
    return -result;
}

/* --- making -------------------------------------------------------------------------------- */

struct gather *gather_create(void (*news)(void *context), void *context)
{
    struct gather *gather = calloc(1, sizeof *gather);
    pthread_condattr_t monotonic;

    if (gather == NULL) {
        return NULL;
    }
    gather->news = news;
    gather->context = context;
    pthread_mutex_init(&gather->lock, NULL);
    pthread_cond_init(&gather->wake, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&gather->done, &monotonic);
    pthread_condattr_destroy(&monotonic);
    return gather;
}

void gather_destroy(struct gather *gather)
{
    struct timespec until = moment_in(END_WAIT_MS);
    bool ended;

    if (gather == NULL) {
        return;
    }
    pthread_mutex_lock(&gather->lock);
    gather->quit = true;
    pthread_cond_signal(&gather->wake);
    while (gather->started && !gather->ended &&
           pthread_cond_timedwait(&gather->done, &gather->lock, &until) == 0) {
    }
    ended = gather->ended || !gather->started;
    pthread_mutex_unlock(&gather->lock);
    if (!ended) { /* the disk hangs, and the thread with it: both end with the process */
        pthread_detach(gather->thread);
        return;
    }
    if (gather->started) {
        pthread_join(gather->thread, NULL);
    }
    destroy_all(&gather->paths);
    destroy_all(&gather->tags);
    destroy_all(&gather->found_paths);
    destroy_all(&gather->found_tags);
    pthread_cond_destroy(&gather->wake);
    pthread_cond_destroy(&gather->done);
    pthread_mutex_destroy(&gather->lock);
    free(gather);
}

/* --- use ----------------------------------------------------------------------------------- */

uint32_t gather_paths(struct gather *gather, const char *const paths[], size_t count)
{
    struct job *job = job_create(paths, count);
    uint32_t ticket;

    if (job == NULL || start(gather) < 0) {
        if (job != NULL) {
            job_destroy(job);
        }
        return 0;
    }
    pthread_mutex_lock(&gather->lock);
    gather->next_ticket = gather->next_ticket == UINT32_MAX ? 1 : gather->next_ticket + 1;
    ticket = job->ticket = gather->next_ticket;
    put(&gather->paths, job);
    pthread_cond_signal(&gather->wake);
    pthread_mutex_unlock(&gather->lock);
    return ticket;
}

bool gather_wait(struct gather *gather, uint32_t ticket, int timeout_ms)
{
    struct timespec until = moment_in(timeout_ms);
    bool done;

    pthread_mutex_lock(&gather->lock);
    while (gather->finished_ticket != ticket &&
           pthread_cond_timedwait(&gather->done, &gather->lock, &until) == 0) {
    }
    done = gather->finished_ticket == ticket; /* nobody asks for another one meanwhile */
    pthread_mutex_unlock(&gather->lock);
    return done;
}

int gather_tags(struct gather *gather, const char *path)
{
    struct job *job = job_create(&path, 1);

    if (job == NULL || start(gather) < 0) {
        if (job != NULL) {
            job_destroy(job);
        }
        return -ENOMEM;
    }
    pthread_mutex_lock(&gather->lock);
    put(&gather->tags, job);
    pthread_cond_signal(&gather->wake);
    pthread_mutex_unlock(&gather->lock);
    return 0;
}

static void show(const struct job *job, void (*take)(void *context, const struct gather_find *find),
                 void *context)
{
    struct record record = {.uri = job->paths[0],
                            .modified_ns = job->modified_ns,
                            .size = job->size,
                            .added_s = (int64_t)time(NULL),
                            .error = job->error,
                            .tags = &job->tags};
    const struct gather_find find = {.ticket = job->ticket,
                                     .list = job->list,
                                     .lines = (const char *const *)job->lines,
                                     .line_count = job->line_count,
                                     .record = job->ticket == 0 ? &record : NULL};

    take(context, &find);
}

size_t gather_take(struct gather *gather, size_t most,
                   void (*take)(void *context, const struct gather_find *find), void *context)
{
    size_t count = 0;

    for (; count < most; count++) {
        struct job *job;

        pthread_mutex_lock(&gather->lock);
        job = get(&gather->found_paths);
        job = job != NULL ? job : get(&gather->found_tags);
        pthread_mutex_unlock(&gather->lock);
        if (job == NULL) {
            break;
        }
        show(job, take, context);
        job_destroy(job);
    }
    return count;
}
