/* scanner.c - reads the music folder into the database: what its owner may ask of it. */
#include "library/scanner_internal.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum {
    STACK_BYTES = 512 * 1024,
    DESTROY_WAIT_MS = 300,
    QUIET_MS = 500,
    NICE = 5,
    EVENTS_BYTES_MAX = 4 << 20
};

void scanner_log(struct scanner *scanner, enum log_level level, const char *format, ...)
{
    char line[8192];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    pthread_mutex_lock(&scanner->lock);
    if (!scanner->stopping) { /* the log may be gone */
        log_write(scanner->log, level, "%s", line);
    }
    pthread_mutex_unlock(&scanner->lock);
}

char *scanner_path(const struct scanner *scanner, const char *uri)
{
    char *path = NULL;

    return asprintf(&path, "%s/%s", scanner->root, uri) < 0 ? NULL : path;
}

int64_t scanner_now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int scanner_start_thread(pthread_t *thread, void *(*run)(void *context), void *context)
{
    pthread_attr_t attributes;
    sigset_t all, before;
    int result = pthread_attr_init(&attributes);

    if (result != 0) {
        return -result;
    }
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    result = pthread_create(thread, &attributes, run, context);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    if (result != 0) {
        *thread = 0;
    }
    return -result;
}

void scanner_name_thread(const char *name)
{
    pthread_setname_np(pthread_self(), name);
    setpriority(PRIO_PROCESS, 0, NICE); /* on Linux: of this thread */
}

static void free_batches(struct scanner_batch *batches)
{
    while (batches != NULL) {
        struct scanner_batch *next = batches->next;

        scanner_batch_destroy(batches);
        batches = next;
    }
}

static void free_scanner(struct scanner *scanner)
{
    free_batches(scanner->events);
    while (scanner->jobs != NULL) {
        struct scan_job *next = scanner->jobs->next;

        scan_job_destroy(scanner->jobs);
        scanner->jobs = next;
    }
    scan_job_destroy(scanner->changed);
    scanner_watch_close(scanner);
    pthread_cond_destroy(&scanner->wake);
    pthread_mutex_destroy(&scanner->lock);
    pthread_mutex_destroy(&scanner->watch_lock);
    free(scanner->database_path);
    free(scanner->root);
    free(scanner);
}

static unsigned count_threads(unsigned wish)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    if (wish == 0) {
        wish = cores > 0 ? (unsigned)cores : 1;
    }
    return wish < SCANNER_THREADS_MAX ? wish : SCANNER_THREADS_MAX;
}

struct scanner *scanner_create(const struct scanner_settings *settings)
{
    struct scanner *scanner = calloc(1, sizeof *scanner);
    pthread_condattr_t attributes;
    int error = -ENOMEM;

    if (scanner == NULL) {
        return NULL;
    }
    pthread_mutex_init(&scanner->lock, NULL);
    pthread_mutex_init(&scanner->watch_lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&scanner->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    scanner->database_path = strdup(settings->database_path);
    scanner->root = strdup(settings->music_directory);
    scanner->threads = count_threads(settings->threads);
    scanner->quiet_ns = (settings->quiet_ms > 0 ? settings->quiet_ms : QUIET_MS) * 1000000LL;
    scanner->log = settings->log;
    scanner->news = settings->news;
    scanner->context = settings->context;
    scanner_watch_open(scanner);
    if (scanner->database_path != NULL && scanner->root != NULL) {
        for (size_t end = strlen(scanner->root); end > 0 && scanner->root[end - 1] == '/'; end--) {
            scanner->root[end - 1] = '\0';
        }
        error = scanner_start_thread(&scanner->thread, scanner_run, scanner);
    }
    if (error != 0) {
        free_scanner(scanner);
        errno = -error;
        return NULL;
    }
    return scanner;
}

/* A thread that hangs in a read of a disk that has gone is left to itself, with all it uses. */
void scanner_destroy(struct scanner *scanner)
{
    struct timespec until;
    int result = 0;

    if (scanner == NULL) {
        return;
    }
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += DESTROY_WAIT_MS * 1000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&scanner->lock);
    scanner->stopping = true;
    pthread_cond_broadcast(&scanner->wake);
    while (!scanner->ended && result == 0) {
        result = pthread_cond_timedwait(&scanner->wake, &scanner->lock, &until);
    }
    result = scanner->ended ? 0 : -ETIMEDOUT;
    pthread_mutex_unlock(&scanner->lock);
    if (result != 0) {
        pthread_detach(scanner->thread);
        return;
    }
    pthread_join(scanner->thread, NULL);
    free_scanner(scanner);
}

/* A job that waits and looks at the same, or at all. */
static struct scan_job *find_waiting(const struct scanner *scanner, const char *folder, bool again)
{
    struct scan_job *job = scanner->jobs;

    while (job != NULL &&
           (job->count != 1 || !job->places[0].deep || job->again != again ||
            (job->places[0].uri[0] != '\0' && strcmp(job->places[0].uri, folder) != 0))) {
        job = job->next;
    }
    return job;
}

unsigned scanner_update(struct scanner *scanner, const char *folder, bool again)
{
    struct scan_job *job, **end = &scanner->jobs;
    unsigned number, waiting = 0;

    pthread_mutex_lock(&scanner->lock);
    job = find_waiting(scanner, folder, again);
    for (; job == NULL && *end != NULL; end = &(*end)->next) {
        waiting++;
    }
    if (job == NULL && waiting < SCANNER_JOBS_MAX) {
        job = scan_job_create();
        if (job != NULL && scan_uri_is_fit(folder) && scan_job_add(job, folder, true) != 0) {
            scan_job_destroy(job);
            job = NULL;
        }
        if (job != NULL) {
            job->number = ++scanner->last_number;
            job->again = again;
            *end = job;
            pthread_cond_broadcast(&scanner->wake);
        }
    }
    number = job != NULL ? job->number : 0;
    pthread_mutex_unlock(&scanner->lock);
    return number;
}

void scanner_hand_over(struct scanner *scanner, struct scanner_batch *batch)
{
    bool first;

    pthread_mutex_lock(&scanner->lock);
    while (scanner->events_bytes > EVENTS_BYTES_MAX && !scanner->stopping) {
        pthread_cond_wait(&scanner->wake, &scanner->lock);
    }
    first = scanner->events == NULL;
    batch->next = NULL;
    if (first) {
        scanner->events = batch;
    } else {
        scanner->events_end->next = batch;
    }
    scanner->events_end = batch;
    scanner->events_bytes += batch->bytes.size;
    if (first && scanner->news != NULL && !scanner->stopping) {
        scanner->news(scanner->context);
    }
    pthread_mutex_unlock(&scanner->lock);
}

/* Gives events of one batch, at most `most`; how many. */
static size_t give(struct scanner_batch *batch, size_t most, struct record_view *view,
                   void (*each)(void *context, const struct scanner_event *event), void *context)
{
    struct scanner_item item;
    size_t given = 0;

    while (given < most && scanner_batch_next(batch, &batch->at, &item)) {
        struct scanner_event event = {
            .kind = item.kind, .uri = item.record.uri, .changed = item.changed};

        if (item.kind == SCANNER_PUT) {
            if (record_unpack_tags(view, item.tags, item.tags_size) != 0) {
                continue;
            }
            item.record.tags = &view->tags;
            event.record = &item.record;
        }
        each(context, &event);
        given++;
    }
    return given;
}

size_t scanner_take(struct scanner *scanner, size_t most,
                    void (*each)(void *context, const struct scanner_event *event), void *context)
{
    struct record_view *view = malloc(sizeof *view);
    struct scanner_batch *batch;
    size_t given = 0;

    most = most == 0 ? SIZE_MAX : most;
    while (view != NULL && given < most) {
        bool over;

        pthread_mutex_lock(&scanner->lock);
        batch = scanner->events; /* only this function takes one away: it may be read unlocked */
        pthread_mutex_unlock(&scanner->lock);
        if (batch == NULL) {
            break;
        }
        given += give(batch, most - given, view, each, context);
        over = batch->at >= batch->bytes.size;
        if (over) {
            pthread_mutex_lock(&scanner->lock);
            scanner->events = batch->next;
            scanner->events_bytes -= batch->bytes.size;
            pthread_cond_broadcast(&scanner->wake);
            pthread_mutex_unlock(&scanner->lock);
            scanner_batch_destroy(batch);
        }
    }
    free(view);
    return given;
}

void scanner_read_status(struct scanner *scanner, struct scanner_status *status)
{
    const struct scan_job *job;

    pthread_mutex_lock(&scanner->lock);
    job = scanner->running != NULL ? scanner->running : scanner->jobs;
    *status = (struct scanner_status){
        .job = job != NULL ? job->number : 0,
        .files = scanner->files,
        .read = scanner->read,
        .errors = scanner->errors,
        .left_out = scanner->left_out,
        .watching = scanner->watching,
    };
    pthread_mutex_unlock(&scanner->lock);
}
