/* scanner_walk.c - the threads of one walk, and the work that they share. */
#include "library/scanner_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { BATCHES_WAITING = 32 };

struct scan_work *scan_work_create(const char *folder, const char *name)
{
    size_t size = strlen(folder) + strlen(name) + 2;
    struct scan_work *work = calloc(1, sizeof *work + size);

    if (work != NULL) {
        snprintf(work->uri, size, "%s%s%s", folder, folder[0] != '\0' && name[0] != '\0' ? "/" : "",
                 name);
    }
    return work;
}

void scan_work_destroy(struct scan_work *work)
{
    if (work != NULL && work->files != NULL) {
        scan_files_finish(work->files);
        free(work->files);
    }
    free(work);
}

static void fail(struct scan_walk *walk)
{
    pthread_mutex_lock(&walk->lock);
    walk->failed = true;
    pthread_mutex_unlock(&walk->lock);
}

void scan_walk_push(struct scan_walk *walk, struct scan_work *work)
{
    if (work == NULL) {
        fail(walk);
        return;
    }
    pthread_mutex_lock(&walk->lock);
    work->next = walk->work;
    walk->work = work;
    pthread_cond_signal(&walk->work_there);
    pthread_mutex_unlock(&walk->lock);
}

void scan_walk_keep(struct scan_walk *walk, const char *uri)
{
    char *copy = strdup(uri);
    char **grown;

    pthread_mutex_lock(&walk->lock);
    grown = realloc(walk->kept, (walk->kept_count + 1) * sizeof *grown);
    if (grown == NULL || copy == NULL) {
        walk->failed = true;
        free(copy);
    }
    if (grown != NULL) {
        walk->kept = grown;
        if (copy != NULL) {
            grown[walk->kept_count++] = copy;
        }
    }
    pthread_mutex_unlock(&walk->lock);
}

bool scan_walk_kept(const struct scan_walk *walk, const char *uri)
{
    for (size_t i = 0; i < walk->kept_count; i++) {
        if (strcmp(uri, walk->kept[i]) == 0 || scan_uri_is_below(uri, walk->kept[i])) {
            return true;
        }
    }
    return false;
}

void scan_walk_give(struct scan_walk *walk, struct scanner_batch *batch)
{
    pthread_mutex_lock(&walk->lock);
    while (walk->batch_count >= BATCHES_WAITING && !walk->scanner->stopping) {
        pthread_cond_wait(&walk->room_there, &walk->lock);
    }
    batch->next = NULL;
    if (walk->batches == NULL) {
        walk->batches = batch;
    } else {
        walk->batches_end->next = batch;
    }
    walk->batches_end = batch;
    walk->batch_count++;
    pthread_cond_signal(&walk->batch_there);
    pthread_mutex_unlock(&walk->lock);
}

struct scanner_batch *scan_walk_next(struct scan_walk *walk)
{
    struct scanner_batch *batch;

    pthread_mutex_lock(&walk->lock);
    while (walk->batches == NULL && walk->running > 0 && !walk->scanner->stopping) {
        struct timespec until;

        clock_gettime(CLOCK_REALTIME, &until); /* now and then: is it to stop? */
        until.tv_nsec += 100 * 1000 * 1000;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        pthread_cond_timedwait(&walk->batch_there, &walk->lock, &until);
    }
    batch = walk->batches;
    if (batch != NULL) {
        walk->batches = batch->next;
        walk->batch_count--;
        batch->next = NULL;
        pthread_cond_signal(&walk->room_there);
    }
    pthread_mutex_unlock(&walk->lock);
    return batch;
}

/* The thread counts as busy from here until it asks again. NULL: there is no more, and none to
   come. */
static struct scan_work *take_work(struct scan_walk *walk)
{
    struct scan_work *work;

    pthread_mutex_lock(&walk->lock);
    walk->busy--;
    while (walk->work == NULL && walk->busy > 0 && !walk->scanner->stopping) {
        pthread_cond_wait(&walk->work_there, &walk->lock);
    }
    work = walk->scanner->stopping ? NULL : walk->work;
    if (work != NULL) {
        walk->work = work->next;
        walk->busy++;
    } else {
        pthread_cond_broadcast(&walk->work_there);
    }
    pthread_mutex_unlock(&walk->lock);
    return work;
}

static void *work_on(void *context)
{
    struct scan_walk *walk = context;
    struct scan_worker worker = {.walk = walk, .reader = tags_reader_create()};
    struct scan_work *work;

    scanner_name_thread("mp-tags");
    while ((work = take_work(walk)) != NULL) {
        if (worker.reader == NULL) {
            scan_walk_push(walk, NULL);
            scan_work_destroy(work);
            continue;
        }
        if (work->files == NULL) {
            scan_list_folder(&worker, work);
        } else {
            scan_read_files(&worker, work->uri, work->files);
        }
        scan_work_destroy(work);
    }
    scan_flush(&worker);
    tags_reader_destroy(worker.reader);
    scan_files_finish(&worker.files);
    record_bytes_finish(&worker.path);
    record_bytes_finish(&worker.folders);
    pthread_mutex_lock(&walk->lock);
    walk->running--;
    pthread_cond_signal(&walk->batch_there);
    pthread_mutex_unlock(&walk->lock);
    return NULL;
}

/* The folders above a place, so that a link back to one of them is known. */
static const struct scan_above *find_above(struct scan_walk *walk, const char *uri)
{
    const struct scan_above *up = NULL;
    char *path = scanner_path(walk->scanner, uri);
    size_t root = strlen(walk->scanner->root);

    for (char *slash = path; slash != NULL && uri[0] != '\0';) {
        struct scan_above *above;
        struct stat status;
        char *end = slash == path ? path + root : slash;

        *end = '\0';
        above = stat(path, &status) == 0 ? calloc(1, sizeof *above) : NULL;
        *end = '/';
        if (above != NULL) {
            *above = (struct scan_above){up, walk->folders, status.st_dev, status.st_ino,
                                         up != NULL ? up->depth + 1 : 1};
            walk->folders = above;
            up = above;
        }
        slash = strchr(end + 1, '/');
    }
    free(path);
    return up;
}

int scan_walk_start(struct scan_walk *walk, struct scanner *scanner, struct stamps *stamps,
                    const struct scan_job *job)
{
    int error = 0;

    walk->scanner = scanner;
    walk->stamps = stamps;
    walk->again = job->again;
    pthread_mutex_init(&walk->lock, NULL);
    pthread_cond_init(&walk->work_there, NULL);
    pthread_cond_init(&walk->batch_there, NULL);
    pthread_cond_init(&walk->room_there, NULL);
    for (size_t i = job->count; i > 0; i--) {
        struct scan_work *work = scan_work_create(job->places[i - 1].uri, "");

        if (work != NULL) {
            work->deep = job->places[i - 1].deep;
            work->above = find_above(walk, work->uri);
        }
        scan_walk_push(walk, work);
    }
    pthread_mutex_lock(&walk->lock); /* nobody finds itself alone before all are there */
    while (error == 0 && walk->running < scanner->threads) {
        error = scanner_start_thread(&walk->threads[walk->running], work_on, walk);
        walk->running += error == 0;
    }
    walk->busy = walk->running;
    error = walk->running > 0 ? 0 : error;
    pthread_mutex_unlock(&walk->lock);
    return error;
}

void scan_walk_finish(struct scan_walk *walk)
{
    struct scan_above *above;

    pthread_mutex_lock(&walk->lock);
    pthread_cond_broadcast(&walk->work_there);
    pthread_cond_broadcast(&walk->room_there);
    pthread_mutex_unlock(&walk->lock);
    for (size_t i = 0; i < SCANNER_THREADS_MAX && walk->threads[i] != 0; i++) {
        pthread_join(walk->threads[i], NULL);
    }
    while (walk->batches != NULL) {
        struct scanner_batch *next = walk->batches->next;

        scanner_batch_destroy(walk->batches);
        walk->batches = next;
    }
    while (walk->work != NULL) {
        struct scan_work *next = walk->work->next;

        scan_work_destroy(walk->work);
        walk->work = next;
    }
    while ((above = walk->folders) != NULL) {
        walk->folders = above->next;
        free(above);
    }
    for (size_t i = 0; i < walk->kept_count; i++) {
        free(walk->kept[i]);
    }
    free(walk->kept);
    free(walk->mounts);
    free(walk->mounts_before);
    pthread_cond_destroy(&walk->work_there);
    pthread_cond_destroy(&walk->batch_there);
    pthread_cond_destroy(&walk->room_there);
    pthread_mutex_destroy(&walk->lock);
}
