/* test_scanner.c - what a scan finds in a music folder, and what it leaves alone. */
#include "library/scanner.h"

#include "media_fixtures.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <setjmp.h>
#include <stddef.h>

#include <cmocka.h>

enum { FILES_MOST = 2000, PATIENCE_S = 20 };

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

static void wake(void *context)
{
    struct place *place = context;

    sem_post(&place->news);
}

static void note(void *context, const struct scanner_event *event)
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

static void start(struct place *place)
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

/* A shell command in the music folder. */
static void in_music(struct place *place, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void in_music(struct place *place, const char *format, ...)
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

static struct place *open_place(void **state, const char *name)
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
    start(place);
    return place;
}

static void close_place(struct place *place)
{
    scanner_destroy(place->scanner);
    log_close(place->log);
    sem_destroy(&place->news);
    free(place);
}

static void forget(struct place *place)
{
    place->puts = place->removed = place->done = 0;
    place->changed = false;
    place->list[0] = '\0';
}

/* Takes what comes until a job has ended. */
static void wait_done(struct place *place)
{
    struct timespec until;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PATIENCE_S;
    while (place->done == 0) {
        if (sem_timedwait(&place->news, &until) != 0) {
            fail_msg("no job ended within %d s; so far: %s", PATIENCE_S, place->list);
        }
        scanner_take(place->scanner, 0, note, place);
    }
}

static void scan(struct place *place, const char *folder, bool again)
{
    forget(place);
    assert_true(scanner_update(place->scanner, folder, again) > 0);
    wait_done(place);
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

static void assert_told(const struct place *place, const char *uris)
{
    char missing[256];

    if (!was_told(place, uris, missing)) {
        fail_msg("%s is not among: %s", missing, place->list);
    }
}

/* Lets inotify speak until all of these have been told of. */
static void wait_watched(struct place *place, const char *uris)
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
        scanner_take(place->scanner, 0, note, place);
    }
}

static void assert_logged(struct place *place, const char *text, size_t times)
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

static size_t rows_in(const char *path)
{
    struct database *database;
    char message[512];
    size_t rows = 0;

    assert_int_equal(database_open(&database, path, NULL, message, sizeof message), 0);
    assert_int_equal(database_each(database, count_row, &rows), 0);
    database_close(database);
    return rows;
}

static void finds_all_sound_and_nothing_else(void **state)
{
    struct place *place = open_place(state, "finds");

    in_music(place,
             "mkdir -p A/B 'C d' .hidden empty && cp ../seed a.flac && cp ../seed A/b.flac && "
             "cp ../seed A/B/ö.flac && cp ../seed 'C d/x y.FLAC' && cp ../seed .hidden/h.flac "
             "&& cp ../seed .h.flac && echo no > notes.txt && echo no > cover.jpg");
    scan(place, "", false);
    assert_int_equal(place->puts, 4);
    assert_told(place, "+a.flac|+A/b.flac|+A/B/ö.flac|+C d/x y.FLAC");
    assert_true(place->changed);
    assert_string_equal(place->last_title, "Seed");
    assert_int_equal(rows_in(place->database), 4);
    close_place(place);
}

static void touches_only_what_changed(void **state)
{
    struct place *place = open_place(state, "changes");
    struct scanner_status status;

    in_music(place, "mkdir -p A && for i in 1 2 3 4; do cp ../seed A/$i.flac; done");
    scan(place, "", false);
    assert_int_equal(place->puts, 4);
    scan(place, "", false);
    assert_int_equal(place->puts + place->removed, 0);
    assert_false(place->changed);
    scanner_read_status(place->scanner, &status);
    assert_int_equal(status.files, 4);
    assert_int_equal(status.read, 0);
    in_music(place, "touch -d '2001-02-03' A/2.flac && rm A/3.flac && cp ../seed A/5.flac");
    scan(place, "", false);
    assert_int_equal(place->puts, 2);
    assert_int_equal(place->removed, 1);
    assert_told(place, "+A/2.flac|-A/3.flac|+A/5.flac");
    scan(place, "", true); /* again: all of it */
    assert_int_equal(place->puts, 4);
    in_music(place, "rm -r A");
    scan(place, "", false);
    assert_int_equal(place->removed, 0); /* the folder is empty: its disk may be away */
    in_music(place, "mkdir B && cp ../seed B/1.flac");
    scan(place, "", false);
    assert_int_equal(place->removed, 4);
    assert_int_equal(rows_in(place->database), 1);
    close_place(place);
}

static void looks_only_where_it_is_told_to(void **state)
{
    struct place *place = open_place(state, "where");

    in_music(place, "mkdir -p A/x B && cp ../seed A/1.flac && cp ../seed A/x/2.flac && cp ../seed "
                    "B/3.flac");
    scan(place, "A", false);
    assert_int_equal(place->puts, 2);
    scan(place, "B/3.flac", false); /* one file */
    assert_int_equal(place->puts, 1);
    in_music(place, "rm -r A/x B");
    scan(place, "A", false);
    assert_int_equal(place->removed, 1);
    assert_told(place, "-A/x/2.flac");
    scan(place, "B", false); /* what is gone */
    assert_told(place, "-B/3.flac");
    scan(place, "../..", false);
    assert_int_equal(place->puts + place->removed, 0);
    scan(place, "nowhere", false);
    assert_int_equal(place->puts + place->removed, 0);
    close_place(place);
}

static void follows_links_and_cuts_circles(void **state)
{
    struct place *place = open_place(state, "links");

    in_music(place,
             "mkdir -p A/B ../elsewhere && cp ../seed A/B/1.flac && cp ../seed "
             "../elsewhere/2.flac && ln -s .. A/B/up && ln -s ../../../elsewhere A/B/there && "
             "ln -s . self && ln -s 1.flac A/B/3.flac && ln -s nowhere A/B/4.flac && ln -s "
             "loop2 loop1 && ln -s loop1 loop2");
    scan(place, "", false);
    assert_told(place, "+A/B/1.flac|+A/B/there/2.flac|+A/B/3.flac");
    assert_int_equal(place->puts, 3);
    scan(place, "A/B", false);
    assert_int_equal(place->puts + place->removed, 0);
    close_place(place);
}

static void keeps_what_a_dangling_link_hides(void **state)
{
    struct place *place = open_place(state, "dangling");

    in_music(place, "mkdir -p ../disk/x && cp ../seed ../disk/x/1.flac && ln -s ../disk usb && cp "
                    "../seed 2.flac");
    scan(place, "", false);
    assert_told(place, "+usb/x/1.flac|+2.flac");
    in_music(place, "mv ../disk ../away");
    scan(place, "", false);
    assert_int_equal(place->puts + place->removed, 0);
    assert_logged(place, "usb leads to what is not there", 1);
    in_music(place, "rm usb");
    scan(place, "", false);
    assert_told(place, "-usb/x/1.flac");
    close_place(place);
}

static void names_what_it_leaves_out(void **state)
{
    struct place *place = open_place(state, "names");
    struct scanner_status status;

    in_music(place,
             "cp ../seed \"$(printf 'bad\\377.flac')\" && cp ../seed \"$(printf 'two\\nlines"
             ".flac')\" && cp ../seed good.flac && mkdir \"$(printf 'd\\351')\" && cp ../seed "
             "\"$(printf 'd\\351')/1.flac\"");
    in_music(place,
             "n=$(printf '%%0200d' 0); p=.; for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 "
             "18 19; do p=$p/$n; done; mkdir -p $p && cp ../seed $p/ok.flac && cd $p && "
             "mkdir $n && cp '%s/seed.flac' $n/long.flac",
             (char *)*state);
    scan(place, "", false);
    assert_int_equal(place->puts, 2);
    assert_told(place, "+good.flac");
    assert_non_null(strstr(place->list, "/ok.flac|"));
    scanner_read_status(place->scanner, &status);
    assert_int_equal(status.left_out, 4);
    assert_logged(place, "as the name is not UTF-8: ", 2);
    assert_logged(place, "as there is a line end in the name: two lines.flac in the music folder",
                  1);
    assert_logged(place, "as the path is too long: ", 1);
    close_place(place);
}

static void keeps_why_a_file_cannot_be_read(void **state)
{
    struct place *place = open_place(state, "unreadable");
    struct scanner_status status;

    in_music(place, "echo rubbish > bad.flac && : > empty.mp3 && mkfifo pipe.mp3");
    scan(place, "", false);
    assert_int_equal(place->puts, 2);
    assert_told(place, "+bad.flac|+empty.mp3");
    assert_true(strlen(place->last_error) > 0);
    assert_null(strstr(place->last_error, place->music)); /* it is said of which file anyway */
    scanner_read_status(place->scanner, &status);
    assert_int_equal(status.errors, 2);
    scan(place, "", false); /* not tried again */
    assert_int_equal(place->puts, 0);
    scanner_read_status(place->scanner, &status);
    assert_int_equal(status.read, 0);
    in_music(place, "cp ../seed bad.flac");
    scan(place, "", false);
    assert_told(place, "+bad.flac");
    assert_string_equal(place->last_error, "");
    close_place(place);
}

static void keeps_the_library_when_the_music_is_away(void **state)
{
    struct place *place = open_place(state, "away");

    in_music(place, "mkdir A && cp ../seed A/1.flac");
    scan(place, "", false);
    fixture_run(state, "mv away/music away/gone");
    scan(place, "", false);
    assert_int_equal(place->removed, 0);
    assert_false(place->changed);
    scan(place, "", false);
    assert_logged(place, "cannot be read (No such file or directory): the library stays", 1);
    fixture_run(state, "mkdir away/music"); /* where a disk is to be mounted */
    scan(place, "", false);
    assert_int_equal(place->removed, 0);
    assert_int_equal(rows_in(place->database), 1);
    fixture_run(state, "rmdir away/music && mv away/gone away/music");
    scan(place, "", false);
    assert_int_equal(place->puts + place->removed, 0);
    close_place(place);
}

static void begins_anew_with_another_folder(void **state)
{
    struct place *place = open_place(state, "another");

    in_music(place, "cp ../seed 1.flac");
    scan(place, "", false);
    scanner_destroy(place->scanner);
    fixture_run(state, "mkdir another/music2");
    snprintf(place->music, sizeof place->music, "%.400s/music2/", place->folder);
    start(place);
    scan(place, "", false); /* empty, but it is not the one that was there */
    assert_told(place, "-1.flac");
    close_place(place);
}

static void keeps_when_a_moved_file_came(void **state)
{
    struct place *place = open_place(state, "moved");
    struct database *database;
    char message[512];
    struct tags none = {.count = 0};
    struct record record = {.uri = "old.flac", .added_s = 12345, .tags = &none};
    struct stat status;
    char path[FIXTURE_PATH_SIZE];

    in_music(place, "cp ../seed new.flac");
    snprintf(path, sizeof path, "%.400s/new.flac", place->music);
    assert_int_equal(stat(path, &status), 0);
    record.size = status.st_size;
    record.modified_ns = (int64_t)status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec;
    assert_int_equal(database_open(&database, place->database, NULL, message, sizeof message), 0);
    assert_int_equal(database_put(database, &record), 0);
    database_close(database);
    scan(place, "", false);
    assert_told(place, "+new.flac|-old.flac");
    assert_int_equal(place->last_added_s, 12345);
    close_place(place);
}

static void merges_jobs_that_wait(void **state)
{
    struct place *place = open_place(state, "merges");
    unsigned first, second, third;
    struct scanner_status status;

    in_music(place, "cp ../seed 1.flac");
    first = scanner_update(place->scanner, "", false);
    second = scanner_update(place->scanner, "", false);
    third = scanner_update(place->scanner, "A", false);
    assert_true(second == first || second == first + 1);
    assert_true(third == second || third == second + 1);
    scanner_read_status(place->scanner, &status);
    assert_true(status.job > 0 || status.files == 1);
    wait_done(place);
    close_place(place);
}

static void gives_few_events_at_a_time(void **state)
{
    struct place *place = open_place(state, "few");
    size_t taken = 0, all = 0;

    in_music(place, "for i in 1 2 3 4 5 6 7; do cp ../seed $i.flac; done");
    assert_true(scanner_update(place->scanner, "", false) > 0);
    for (int i = 0; place->done == 0 && i < PATIENCE_S * 1000; i++) {
        taken = scanner_take(place->scanner, 2, note, place);
        assert_true(taken <= 2);
        all += taken;
        if (taken == 0) {
            usleep(1000);
        }
    }
    assert_int_equal(place->puts, 7);
    assert_int_equal(all, 8);
    close_place(place);
}

static void stops_in_the_middle_and_keeps_what_it_read(void **state)
{
    struct place *place = open_place(state, "stops");

    in_music(place, "mkdir A && cp ../seed A/0.flac && for i in $(seq 300); do ln A/0.flac "
                    "A/$i.flac; done");
    assert_true(scanner_update(place->scanner, "", false) > 0);
    for (int i = 0; place->puts == 0 && i < PATIENCE_S * 1000; i++) {
        usleep(1000);
        scanner_take(place->scanner, 0, note, place);
    }
    scanner_destroy(place->scanner);
    assert_true(rows_in(place->database) >= place->puts);
    start(place);
    scan(place, "", false);
    assert_int_equal(rows_in(place->database), 301);
    close_place(place);
}

/* --- inotify --- */

static void notices_changes_by_itself(void **state)
{
    struct place *place = open_place(state, "watch");

    in_music(place, "mkdir A B && cp ../seed A/1.flac");
    scan(place, "", false);
    forget(place);
    in_music(place, "cp ../seed A/2.flac && rm A/1.flac");
    wait_watched(place, "+A/2.flac|-A/1.flac");
    forget(place);
    in_music(place, "mkdir -p N/M && cp ../seed N/M/3.flac && mv A/2.flac B/2.flac");
    wait_watched(place, "+N/M/3.flac|-A/2.flac|+B/2.flac");
    forget(place);
    in_music(place, "cp ../seed N/M/4.flac"); /* the new folder is watched, too */
    wait_watched(place, "+N/M/4.flac");
    forget(place);
    in_music(place, "mv N O");
    wait_watched(place, "-N/M/3.flac|-N/M/4.flac|+O/M/3.flac|+O/M/4.flac");
    forget(place);
    in_music(place, "rm O/M/3.flac"); /* under its new name */
    wait_watched(place, "-O/M/3.flac");
    assert_int_equal(place->removed, 1);
    forget(place);
    in_music(place,
             "rm -r O && ln -s ../seed l.flac && mkdir ../far && cp ../seed ../far/f.flac && "
             "ln -s ../far far");
    wait_watched(place, "-O/M/4.flac|+l.flac|+far/f.flac");
    close_place(place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_all_sound_and_nothing_else),
        cmocka_unit_test(touches_only_what_changed),
        cmocka_unit_test(looks_only_where_it_is_told_to),
        cmocka_unit_test(follows_links_and_cuts_circles),
        cmocka_unit_test(keeps_what_a_dangling_link_hides),
        cmocka_unit_test(names_what_it_leaves_out),
        cmocka_unit_test(keeps_why_a_file_cannot_be_read),
        cmocka_unit_test(keeps_the_library_when_the_music_is_away),
        cmocka_unit_test(begins_anew_with_another_folder),
        cmocka_unit_test(keeps_when_a_moved_file_came),
        cmocka_unit_test(merges_jobs_that_wait),
        cmocka_unit_test(gives_few_events_at_a_time),
        cmocka_unit_test(stops_in_the_middle_and_keeps_what_it_read),
        cmocka_unit_test(notices_changes_by_itself),
    };

    return cmocka_run_group_tests(tests, fixtures_make_folder, fixtures_remove_folder);
}
