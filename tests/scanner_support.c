/* scanner_support.c - a music folder with a scanner on it, for tests. */
#include "scanner_support.h"

#include "media_fixtures.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <setjmp.h>
#include <stddef.h>

#include <cmocka.h>

enum { PATIENCE_S = 20 };

static void wake(void *context)
{
    struct place *place = context;

    sem_post(&place->news);
}

void place_note(void *context, const struct scanner_event *event)
{
    struct place *place = context;
    size_t used = strlen(place->list);

    if (event->kind == SCANNER_DONE) {
        place->done++;
        place->changed = event->changed;
        return;
    }
    if (event->kind == SCANNER_PUT) {
        const struct record *record = event->record;

        place->puts++;
        place->last_added_s = record->added_s;
        snprintf(place->last_error, sizeof place->last_error, "%s",
                 record->error != NULL ? record->error : "");
        snprintf(place->last_title, sizeof place->last_title, "%s",
                 tags_first(record->tags, TAG_TITLE));
    } else {
        place->removed++;
    }
    snprintf(place->list + used, sizeof place->list - used, "%c%s|",
             event->kind == SCANNER_PUT ? '+' : '-',
             event->kind == SCANNER_PUT ? event->record->uri : event->uri);
}

void place_start(struct place *place)
{
    struct scanner_settings settings = {.database_path = place->database,
                                        .music_directory = place->music,
                                        .threads = 2,
                                        .quiet_ms = 50,
                                        .log = place->log,
                                        .news = wake,
                                        .context = place};

    place->scanner = scanner_create(&settings);
    assert_non_null(place->scanner);
}

void place_run(struct place *place, const char *format, ...)
{
    char command[2048], whole[3072];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(command, sizeof command, format, arguments);
    va_end(arguments);
    snprintf(whole, sizeof whole, "cd '%s' && %s", place->music, command);
    if (system(whole) != 0) {
        fail_msg("this command failed: %s", whole);
    }
}

struct place *place_open(void **state, const char *name)
{
    struct place *place = calloc(1, sizeof *place);
    char seed[FIXTURE_PATH_SIZE];

    assert_non_null(place);
    fixture_path(place->folder, state, name);
    snprintf(place->music, sizeof place->music, "%.400s/music", place->folder);
    snprintf(place->database, sizeof place->database, "%.400s/library.db", place->folder);
    snprintf(place->log_path, sizeof place->log_path, "%.400s/log", place->folder);
    fixture_run(state, "mkdir -p '%s/music'", name);
    if (access(fixture_path(seed, state, "seed.flac"), F_OK) != 0) {
        fixture_run(state, "ffmpeg -nostdin -v error -f lavfi -i sine=d=0.2 -metadata title=Seed "
                           "-metadata artist=Somebody seed.flac");
    }
    fixture_run(state, "ln -sf ../seed.flac '%s/seed'", name);
    place->log = log_open(place->log_path, LOG_NOTICE);
    assert_non_null(place->log);
    sem_init(&place->news, 0, 0);
    place_start(place);
    return place;
}

void place_close(struct place *place)
{
    scanner_destroy(place->scanner);
    log_close(place->log);
    sem_destroy(&place->news);
    free(place);
}

void place_forget(struct place *place)
{
    place->puts = place->removed = place->done = 0;
    place->changed = false;
    place->list[0] = '\0';
}

/* Takes what comes until a job has ended. */
void place_wait(struct place *place)
{
    struct timespec until;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PATIENCE_S;
    while (place->done == 0) {
        if (sem_timedwait(&place->news, &until) != 0) {
            fail_msg("no job ended within %d s; so far: %s", PATIENCE_S, place->list);
        }
        scanner_take(place->scanner, 0, place_note, place);
    }
}

void place_scan(struct place *place, const char *folder, bool again)
{
    place_forget(place);
    assert_true(scanner_update(place->scanner, folder, again) > 0);
    place_wait(place);
}

/* Have all of these been told of? The first that has not is in `missing`. */
static bool was_told(const struct place *place, const char *uris, char missing[256])
{
    char wanted[512];

    snprintf(wanted, sizeof wanted, "%s", uris);
    for (char *save = NULL, *at = strtok_r(wanted, "|", &save); at != NULL;
         at = strtok_r(NULL, "|", &save)) {
        snprintf(missing, 256, "%s|", at);
        if (strstr(place->list, missing) == NULL) {
            return false;
        }
    }
    return true;
}

void place_assert_told(const struct place *place, const char *uris)
{
    char missing[256];

    if (!was_told(place, uris, missing)) {
        fail_msg("%s is not among: %s", missing, place->list);
    }
}

/* Lets inotify speak until all of these have been told of. */
void place_wait_watched(struct place *place, const char *uris)
{
    struct pollfd watch = {scanner_watch_fd(place->scanner), POLLIN, 0};
    char missing[256];

    for (int i = 0; !was_told(place, uris, missing); i++) {
        if (i > PATIENCE_S * 100) {
            fail_msg("%s was not noticed within %d s: %s", missing, PATIENCE_S, place->list);
        }
        if (poll(&watch, 1, 10) > 0) {
            scanner_watch(place->scanner);
        }
        scanner_take(place->scanner, 0, place_note, place);
    }
}

void place_assert_logged(struct place *place, const char *text, size_t times)
{
    size_t size, found = 0;
    char *log = (char *)fixture_read_bytes(place->log_path, &size);
    char *whole = calloc(1, size + 1);

    assert_non_null(whole);
    memcpy(whole, log, size);
    for (const char *at = whole; (at = strstr(at, text)) != NULL; at++) {
        found++;
    }
    if (found != times) {
        fail_msg("\"%s\" stands %zu times in: %s", text, found, whole);
    }
    free(whole);
    free(log);
}

static bool count_row(void *context, const struct record *record)
{
    size_t *rows = context;

    (*rows)++;
    return record != NULL;
}

size_t place_rows(const char *path)
{
    struct database *database;
    char message[512];
    size_t rows = 0;

    assert_int_equal(database_open(&database, path, NULL, message, sizeof message), 0);
    assert_int_equal(database_each(database, count_row, &rows), 0);
    database_close(database);
    return rows;
}
