/* scanner_job.c - the scanner's thread: one job after another, and what they find written down. */
#include "library/scanner_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { ROWS_AT_ONCE = 2000 };
static const int64_t PATIENCE_NS = 5000LL * 1000 * 1000; /* with a folder that is never quiet */

struct writing {
    struct scanner *scanner;
    struct database *database; /* NULL: it cannot be had, and what is found is only handed on */
    size_t rows;               /* in this transaction */
    bool changed, told;
};

static void fail(struct writing *writing, int error)
{
    if (error != 0 && !writing->told) {
        scanner_log(writing->scanner, LOG_ERROR,
                    "%s: cannot be written (%s): what is found is not kept; see that there is room",
                    writing->scanner->database_path, strerror(-error));
        writing->told = true;
    }
}

static void commit(struct writing *writing)
{
    if (writing->rows > 0) {
        fail(writing, database_commit(writing->database));
        writing->rows = 0;
    }
}

static void write_item(struct writing *writing, const struct scanner_item *item)
{
    int error = 0;

    writing->changed = true;
    if (writing->database == NULL || writing->told) {
        return;
    }
    if (writing->rows == 0) {
        error = database_begin(writing->database);
    }
    if (error == 0) {
        writing->rows++;
        error = item->kind == SCANNER_PUT ? database_put_packed(writing->database, &item->record,
                                                                item->tags, item->tags_size)
                                          : database_remove(writing->database, item->record.uri);
    }
    fail(writing, error);
    if (writing->rows >= ROWS_AT_ONCE) {
        commit(writing);
    }
}

/* Writes all that is in the batch and hands it on. */
static void write_batch(struct writing *writing, struct scanner_batch *batch)
{
    struct scanner_item item;
    size_t at = 0;

    while (scanner_batch_next(batch, &at, &item)) {
        write_item(writing, &item);
    }
    scanner_hand_over(writing->scanner, batch);
}

/* Files that the walk has not met where it looked. */
static void remove_gone(struct writing *writing, const struct scan_walk *walk)
{
    const struct stamps *stamps = walk->stamps;
    struct scanner_batch *batch = scanner_batch_create();
    char *uri = malloc(RECORD_URI_LIMIT + 2);

    for (size_t i = 0; batch != NULL && uri != NULL && i < stamps->folder_count; i++) {
        const struct stamp_folder *folder = &stamps->folders[i];

        if (scan_walk_kept(walk, stamps_path(stamps, folder))) {
            continue;
        }
        for (size_t k = folder->first; k < (size_t)folder->first + folder->count; k++) {
            if (!stamps->list[k].seen &&
                !scan_walk_kept(walk, stamps_uri(stamps, &stamps->list[k], uri))) {
                scanner_batch_remove(batch, uri);
            }
        }
    }
    free(uri);
    if (batch != NULL && batch->count > 0) {
        write_batch(writing, batch);
    } else {
        scanner_batch_destroy(batch);
    }
}

static int load_stamps(struct stamps *stamps, struct database *database, const struct scan_job *job)
{
    int error = 0;

    for (size_t i = 0; error == 0 && database != NULL && i < job->count; i++) {
        error = stamps_load(stamps, database, job->places[i].uri, job->places[i].deep);
    }
    return error == 0 ? stamps_sort(stamps) : error;
}

/* A job may name files, and what is gone: then the folder around it is looked at as well. */
static void add_folders_around(const struct scanner *scanner, struct scan_job *job)
{
    size_t count = job->count;

    for (size_t i = 0; i < count; i++) {
        char *path = scanner_path(scanner, job->places[i].uri);
        struct stat status;

        if (path != NULL && job->places[i].uri[0] != '\0' &&
            (stat(path, &status) != 0 || !S_ISDIR(status.st_mode))) {
            char *folder = strdup(job->places[i].uri);
            char *slash = folder == NULL ? NULL : strrchr(folder, '/');

            if (folder != NULL) {
                folder[slash == NULL ? 0 : slash - folder] = '\0';
                scan_job_add(job, folder, false);
            }
            free(folder);
        }
        free(path);
    }
    scan_job_tidy(job);
}

/* Is the music there at all? A disk that is not mounted must not empty the library. */
static bool root_is_there(struct scanner *scanner)
{
    int fd = open(scanner->root[0] == '\0' ? "/" : scanner->root,
                  O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK);
    int code = errno;

    if (fd >= 0) {
        close(fd);
        return true;
    }
    if (!scanner->root_missing) {
        scanner_log(scanner, LOG_WARNING,
                    "%s, the music folder, cannot be read (%s): the library stays as it is; see "
                    "whether its disk is mounted, or set music_directory",
                    scanner->root, strerror(code));
    }
    scanner->root_missing = true;
    scanner->watching = false;
    return false;
}

static bool root_was_other(struct scanner *scanner, struct database *database)
{
    char *text = database == NULL ? NULL : database_get_text(database, DATABASE_MUSIC_DIRECTORY);
    bool other = text != NULL && strcmp(text, scanner->root) != 0;

    free(text);
    return other;
}

static void end_walk(struct writing *writing, struct scan_walk *walk, bool moved)
{
    struct scanner *scanner = writing->scanner;

    if (scanner->stopping || walk->failed) {
        return;
    }
    if (walk->root_empty && walk->stamps->count > 0 && !moved) {
        if (!scanner->root_missing) {
            scanner_log(scanner, LOG_WARNING,
                        "%s, the music folder, is empty: the library stays as it is; see whether "
                        "its disk is mounted",
                        scanner->root);
        }
        scanner->root_missing = true;
        scanner->watching = false;
        return;
    }
    scanner->root_missing = false;
    remove_gone(writing, walk);
}

/* 0, or negative errno when nothing could be looked at. */
static int walk_places(struct writing *writing, struct scan_job *job, bool moved)
{
    struct stamps *stamps = stamps_create();
    struct scan_walk walk = {0};
    int error = stamps == NULL ? -ENOMEM : load_stamps(stamps, writing->database, job);

    if (error == -EUCLEAN) { /* it is empty now */
        stamps_destroy(stamps);
        stamps = stamps_create();
        error = stamps == NULL ? -ENOMEM : stamps_sort(stamps);
    }
    if (error == 0) {
        struct scanner_batch *batch;

        scan_mounts_load(&walk, writing->database);
        error = scan_walk_start(&walk, writing->scanner, stamps, job);
        while (error == 0 && (batch = scan_walk_next(&walk)) != NULL) {
            write_batch(writing, batch);
        }
        if (error == 0 && !writing->scanner->stopping) {
            end_walk(writing, &walk, moved);
        }
        if (writing->database != NULL) {
            commit(writing);
            fail(writing, scan_mounts_save(&walk, writing->database));
        }
        scan_walk_finish(&walk);
    }
    stamps_destroy(stamps);
    return error;
}

static void note_end(struct writing *writing)
{
    char text[32];

    if (writing->database == NULL || writing->told || writing->scanner->stopping) {
        return;
    }
    snprintf(text, sizeof text, "%" PRId64, (int64_t)time(NULL));
    fail(writing,
         database_set_text(writing->database, DATABASE_MUSIC_DIRECTORY, writing->scanner->root));
    if (writing->changed) {
        fail(writing, database_set_text(writing->database, DATABASE_UPDATED, text));
    }
}

static void tell_left_out(struct scanner *scanner)
{
    size_t left_out = scanner->left_out;

    if (left_out > SCANNER_LEFT_OUT_TOLD) {
        scanner_log(scanner, LOG_WARNING, "%zu more names are left out for reasons like these",
                    left_out - SCANNER_LEFT_OUT_TOLD);
    }
}

static void run_job(struct scanner *scanner, struct scan_job *job)
{
    struct writing writing = {.scanner = scanner};
    struct scanner_batch *end = scanner_batch_create();
    char message[1024];
    bool moved;
    int error;

    scanner->files = scanner->read = scanner->errors = scanner->left_out = 0;
    if (root_is_there(scanner)) {
        error = database_open(&writing.database, scanner->database_path, scanner->log, message,
                              sizeof message);
        if (error != 0) {
            scanner_log(scanner, LOG_ERROR, "%s", message);
        }
        moved = root_was_other(scanner, writing.database);
        if (moved && scan_job_add(job, "", true) != 0) {
            moved = false; /* the next job will do it */
        }
        add_folders_around(scanner, job);
        if (job->count > 0 && job->places[0].deep && job->places[0].uri[0] == '\0') {
            scanner->watching = scanner->watch_fd >= 0; /* now all watches are set anew */
        }
        error = walk_places(&writing, job, moved);
        if (error != 0) {
            scanner_log(scanner, LOG_ERROR, "the music could not be read: %s", strerror(-error));
        } else if (!scanner->root_missing) {
            note_end(&writing);
        }
        tell_left_out(scanner);
        database_close(writing.database);
    }
    if (end != NULL && scanner_batch_done(end, writing.changed) == 0) {
        pthread_mutex_lock(&scanner->lock);
        scanner->running = NULL; /* it is over before anybody is told so */
        pthread_mutex_unlock(&scanner->lock);
        scanner_hand_over(scanner, end);
    } else {
        scanner_batch_destroy(end);
    }
}

/* What inotify told of, once it is quiet, or has not been for long: as a job. */
static void take_changes(struct scanner *scanner)
{
    int64_t now = scanner_now_ns();

    if (scanner->changed != NULL && scanner->jobs == NULL &&
        (now - scanner->changed_last_ns >= scanner->quiet_ns ||
         now - scanner->changed_first_ns >= PATIENCE_NS)) {
        scanner->changed->number = ++scanner->last_number;
        scanner->jobs = scanner->changed;
        scanner->changed = NULL;
    }
}

/* With the lock held: the next job, or NULL when the scanner stops. */
static struct scan_job *wait_for_job(struct scanner *scanner)
{
    while (!scanner->stopping) {
        take_changes(scanner);
        if (scanner->jobs != NULL) {
            break;
        }
        if (scanner->changed == NULL) {
            pthread_cond_wait(&scanner->wake, &scanner->lock);
        } else {
            int64_t until = scanner->changed_last_ns + scanner->quiet_ns;
            int64_t latest = scanner->changed_first_ns + PATIENCE_NS;
            struct timespec time;

            until = until < latest ? until : latest;
            time = (struct timespec){until / 1000000000, until % 1000000000};
            pthread_cond_timedwait(&scanner->wake, &scanner->lock, &time);
        }
    }
    return scanner->stopping ? NULL : scanner->jobs;
}

void *scanner_run(void *context)
{
    struct scanner *scanner = context;
    struct scan_job *job;

    scanner_name_thread("mp-scan");
    pthread_mutex_lock(&scanner->lock);
    while ((job = wait_for_job(scanner)) != NULL) {
        scanner->jobs = job->next;
        scanner->running = job;
        pthread_mutex_unlock(&scanner->lock);
        run_job(scanner, job);
        pthread_mutex_lock(&scanner->lock);
        scanner->running = NULL;
        scan_job_destroy(job);
    }
    scanner->ended = true;
    pthread_cond_broadcast(&scanner->wake);
    pthread_mutex_unlock(&scanner->lock);
    return NULL;
}
