/*
 * scanner_support.h - a music folder with a scanner on it, for tests, and what the scanner tells.
 *
 * What goes wrong makes the test fail.
 */
#ifndef MP_TESTS_SCANNER_SUPPORT_H
#define MP_TESTS_SCANNER_SUPPORT_H

#include "library/scanner.h"
#include "media_fixtures.h"

#include <semaphore.h>

/* A music folder of its own, a scanner on it, and what it has told so far. */
struct place {
    char folder[FIXTURE_PATH_SIZE];
    char music[FIXTURE_PATH_SIZE], database[FIXTURE_PATH_SIZE], log_path[FIXTURE_PATH_SIZE];
    struct scanner *scanner;
    struct log *log;
    sem_t news;
    size_t puts, removed, done;
    bool changed;
    char list[65536]; /* "+uri|" and "-uri|" in order of coming */
    char last_error[512], last_title[128];
    int64_t last_added_s;
};

/* In a folder of this name; beside its music stands `seed`, a small sound file. */
struct place *place_open(void **state, const char *name);
void place_close(struct place *place);
void place_start(struct place *place); /* makes the scanner anew */
/* A shell command in the music folder. */
void place_run(struct place *place, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What was told so far counts no more. */
void place_forget(struct place *place);
/* Takes what comes until a job has ended. */
void place_wait(struct place *place);
/* Forgets, asks for a scan, and waits. */
void place_scan(struct place *place, const char *folder, bool again);
/* Lets inotify speak until all of these have been told of: "+put|-removed". */
void place_wait_watched(struct place *place, const char *uris);
/* For scanner_take. */
void place_note(void *context, const struct scanner_event *event);

void place_assert_told(const struct place *place, const char *uris);
void place_assert_logged(struct place *place, const char *text, size_t times);
/* Files in a database. */
size_t place_rows(const char *path);

#endif
