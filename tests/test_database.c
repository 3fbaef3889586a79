/* test_database.c - the library on disk: what is kept, and what no accident loses. */
#include "library/database.h"

#include "media_fixtures.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stddef.h>

#include <cmocka.h>

static char message[512];

static struct database *open_in(void **state, const char *name)
{
    char path[FIXTURE_PATH_SIZE];
    struct database *database = NULL;

    if (database_open(&database, fixture_path(path, state, name), NULL, message, sizeof message) !=
        0) {
        fail_msg("%s", message);
    }
    return database;
}

static void put(struct database *database, const char *uri, int64_t size, const char *title)
{
    struct tag_value values[] = {{TAG_ARTIST, "One"}, {TAG_ARTIST, "Other"}, {TAG_TITLE, title}};
    struct tags tags = {.values = values,
                        .count = 3,
                        .duration_s = 63.25,
                        .rate_hz = 44100,
                        .bits = 24,
                        .channels = 2,
                        .codec = "FLAC",
                        .track_gain_db = -7.5,
                        .track_peak = 0.9,
                        .album_gain_db = (double)NAN,
                        .album_peak = (double)NAN};
    struct record record = {uri, 1234567890123456789, size, 77, NULL, &tags};

    assert_int_equal(database_put(database, &record), 0);
}

struct seen {
    size_t count;
    char uris[512], last_title[64], last_error[64];
    struct record last;
    struct tags tags;
    size_t most;
};

static bool see(void *context, const struct record *record)
{
    struct seen *seen = context;

    strcat(strcat(seen->uris, record->uri), "|");
    snprintf(seen->last_title, sizeof seen->last_title, "%s", tags_first(record->tags, TAG_TITLE));
    snprintf(seen->last_error, sizeof seen->last_error, "%s", record->error ? record->error : "");
    seen->last = *record;
    seen->tags = *record->tags;
    return ++seen->count != seen->most;
}

static bool see_stamp(void *context, const char *uri, int64_t modified_ns, int64_t size,
                      int64_t added_s)
{
    struct seen *seen = context;

    strcat(strcat(seen->uris, uri), "|");
    seen->last.modified_ns = modified_ns;
    seen->last.size = size;
    seen->last.added_s = added_s;
    seen->count++;
    return true;
}

static bool pass_over(void *context, const char *uri, int64_t modified_ns, int64_t size,
                      int64_t added_s)
{
    (void)context;
    return uri != NULL && modified_ns > 0 && size >= 0 && added_s > 0;
}

static void keeps_all_that_it_was_told(void **state)
{
    struct database *database = open_in(state, "keeps.db");
    struct seen seen = {0};

    put(database, "b/1.flac", 5, "Wörld");
    database_close(database);
    database = open_in(state, "keeps.db");
    assert_int_equal(database_each(database, see, &seen), 0);
    assert_string_equal(seen.uris, "b/1.flac|");
    assert_int_equal(seen.last.modified_ns, 1234567890123456789);
    assert_int_equal(seen.last.size, 5);
    assert_int_equal(seen.last.added_s, 77);
    assert_string_equal(seen.last_title, "Wörld");
    assert_string_equal(seen.last_error, "");
    assert_int_equal(seen.tags.count, 3);
    assert_int_equal(seen.tags.rate_hz, 44100);
    assert_int_equal(seen.tags.bits, 24);
    assert_int_equal(seen.tags.channels, 2);
    assert_true(seen.tags.duration_s == 63.25);
    assert_true(seen.tags.track_gain_db == -7.5 && seen.tags.track_peak == 0.9);
    assert_true(isnan(seen.tags.album_gain_db) && isnan(seen.tags.album_peak));
    assert_string_equal(seen.tags.codec, "FLAC");
    database_close(database);
}

static void gives_the_files_of_a_folder_in_order(void **state)
{
    struct database *database = open_in(state, "order.db");
    struct seen all = {0}, some = {0}, first = {.most = 1};

    put(database, "b/c/2.flac", 1, "x");
    put(database, "b/1.flac", 1, "x");
    put(database, "b.flac", 1, "x");
    put(database, "b0.flac", 1, "x");
    put(database, "a.flac", 1, "x");
    put(database, "gone.flac", 1, "x");
    put(database, "a.flac", 9, "once more");
    assert_int_equal(database_remove(database, "gone.flac"), 0);
    assert_int_equal(database_remove(database, "never there.flac"), 0);
    assert_int_equal(database_each_stamp(database, "", see_stamp, &all), 0);
    assert_string_equal(all.uris, "a.flac|b.flac|b/1.flac|b/c/2.flac|b0.flac|");
    assert_int_equal(database_each_stamp(database, "b", see_stamp, &some), 0);
    assert_string_equal(some.uris, "b/1.flac|b/c/2.flac|");
    assert_int_equal(database_each(database, see, &first), 0);
    assert_string_equal(first.uris, "a.flac|");
    assert_int_equal(first.last.size, 9);
    database_close(database);
}

static void keeps_why_a_file_cannot_be_read(void **state)
{
    struct database *database = open_in(state, "why.db");
    struct tags none = {.track_gain_db = (double)NAN};
    struct record record = {"x.mp3", 1, -1, 2, "is no sound file", &none};
    struct seen seen = {0};

    assert_int_equal(database_put(database, &record), 0);
    assert_int_equal(database_each(database, see, &seen), 0);
    assert_string_equal(seen.last_error, "is no sound file");
    assert_int_equal(seen.last.size, -1);
    database_close(database);
}

static void keeps_small_texts(void **state)
{
    struct database *database = open_in(state, "texts.db");
    char *text;

    assert_null(database_get_text(database, "music_directory"));
    assert_int_equal(database_set_text(database, "music_directory", "/a"), 0);
    assert_int_equal(database_set_text(database, "music_directory", "/b"), 0);
    text = database_get_text(database, "music_directory");
    assert_string_equal(text, "/b");
    free(text);
    database_close(database);
}

static size_t count_damaged(void **state, const char *name)
{
    char path[FIXTURE_PATH_SIZE];
    size_t size, lines = 0;
    char *list;

    fixture_run(state, "ls | grep -c '^%s.damaged-[0-9-]*$' > count || true", name);
    list = (char *)fixture_read_bytes(fixture_path(path, state, "count"), &size);
    lines = size > 0 ? (size_t)(list[0] - '0') : 0;
    free(list);
    return lines;
}

static void sets_aside_what_is_no_database(void **state)
{
    struct database *database;
    char path[FIXTURE_PATH_SIZE];
    struct seen seen = {0};
    struct log *log;

    log = log_open(fixture_path(path, state, "aside.log"), LOG_NOTICE);
    fixture_run(state, "head -c 20000 /dev/urandom > noise.db; echo hello > noise.db-wal");
    fixture_path(path, state, "noise.db");
    assert_int_equal(database_open(&database, path, log, message, sizeof message), 0);
    assert_int_equal(count_damaged(state, "noise.db"), 1);
    put(database, "a.flac", 1, "x");
    assert_int_equal(database_each(database, see, &seen), 0);
    assert_int_equal(seen.count, 1);
    database_close(database);
    log_close(log);
    fixture_run(state, "grep -q 'noise.db is damaged.*noise.db.damaged-' aside.log");
}

static void sets_aside_what_is_found_damaged_later(void **state)
{
    struct database *database = open_in(state, "later.db");
    struct seen after = {0};
    char uri[64];

    assert_int_equal(database_begin(database), 0);
    for (int i = 0; i < 3000; i++) {
        snprintf(uri, sizeof uri, "folder/%05d.flac", i);
        put(database, uri, i, "title");
    }
    assert_int_equal(database_commit(database), 0);
    database_close(database);
    fixture_run(state, "dd if=/dev/zero of=later.db bs=4096 seek=3 count=60 conv=notrunc 2>dd.log");
    database = open_in(state, "later.db");
    assert_int_equal(database_each_stamp(database, "", pass_over, NULL), -EUCLEAN);
    assert_int_equal(count_damaged(state, "later.db"), 1);
    put(database, "new.flac", 1, "x");
    assert_int_equal(database_each(database, see, &after), 0);
    assert_string_equal(after.uris, "new.flac|");
    database_close(database);
}

static void leaves_the_library_of_a_newer_version_alone(void **state)
{
    struct database *database = open_in(state, "newer.db");
    char path[FIXTURE_PATH_SIZE];
    sqlite3 *raw;

    put(database, "a.flac", 1, "x");
    database_close(database);
    fixture_path(path, state, "newer.db");
    assert_int_equal(sqlite3_open(path, &raw), SQLITE_OK);
    assert_int_equal(sqlite3_exec(raw, "PRAGMA user_version = 1000", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(raw);
    assert_int_equal(database_open(&database, path, NULL, message, sizeof message), -ENOTSUP);
    assert_null(database);
    assert_non_null(strstr(message, "newer.db: "));
    assert_int_equal(count_damaged(state, "newer.db"), 0);
}

static void sets_aside_a_database_of_something_else(void **state)
{
    char path[FIXTURE_PATH_SIZE];
    sqlite3 *raw;

    fixture_path(path, state, "other.db");
    assert_int_equal(sqlite3_open(path, &raw), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(raw, "CREATE TABLE files (x); INSERT INTO files VALUES (1)", NULL, NULL, NULL),
        SQLITE_OK);
    sqlite3_close(raw);
    database_close(open_in(state, "other.db"));
    assert_int_equal(count_damaged(state, "other.db"), 1);
}

static void says_where_it_cannot_be_opened(void **state)
{
    struct database *database;
    char path[FIXTURE_PATH_SIZE];

    assert_true(database_open(&database, fixture_path(path, state, "no/such/folder.db"), NULL,
                              message, sizeof message) < 0);
    assert_null(database);
    assert_non_null(strstr(message, "no/such/folder.db: "));
}

/* The one value that a query gives. */
static const char *ask(const char *path, const char *query)
{
    static char answer[64];
    sqlite3_stmt *rows;
    sqlite3 *raw;

    assert_int_equal(sqlite3_open(path, &raw), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(raw, query, -1, &rows, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(rows), SQLITE_ROW);
    snprintf(answer, sizeof answer, "%s", (const char *)sqlite3_column_text(rows, 0));
    sqlite3_finalize(rows);
    sqlite3_close(raw);
    return answer;
}

/* Writes until it is killed; whole transactions of 100 files each. */
static void write_on(const char *path)
{
    struct database *database;
    char uri[64];

    if (database_open(&database, path, NULL, message, sizeof message) != 0) {
        _exit(1);
    }
    for (int batch = 0;; batch++) {
        database_begin(database);
        for (int i = 0; i < 100; i++) {
            snprintf(uri, sizeof uri, "%06d/%03d.flac", batch, i);
            put(database, uri, batch, "title");
        }
        database_commit(database);
    }
}

static void is_sound_after_a_kill_at_any_moment(void **state)
{
    char path[FIXTURE_PATH_SIZE];
    size_t before = 0;

    fixture_path(path, state, "killed.db");
    for (int round = 0; round < 8; round++) {
        struct database *database;
        size_t count;
        int status;
        pid_t child = fork();

        assert_true(child >= 0);
        if (child == 0) {
            write_on(path);
        }
        usleep((useconds_t)(5000 + round * 7919));
        kill(child, SIGKILL);
        waitpid(child, &status, 0);
        assert_true(WIFSIGNALED(status));
        database = open_in(state, "killed.db");
        assert_string_equal(ask(path, "PRAGMA integrity_check"), "ok");
        count = strtoul(ask(path, "SELECT count(*) FROM files"), NULL, 10);
        assert_int_equal(count % 100, 0);
        assert_true(count >= before);
        before = count;
        database_close(database);
    }
    assert_true(before > 0);
    assert_int_equal(count_damaged(state, "killed.db"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_all_that_it_was_told),
        cmocka_unit_test(gives_the_files_of_a_folder_in_order),
        cmocka_unit_test(keeps_why_a_file_cannot_be_read),
        cmocka_unit_test(keeps_small_texts),
        cmocka_unit_test(sets_aside_what_is_no_database),
        cmocka_unit_test(sets_aside_what_is_found_damaged_later),
        cmocka_unit_test(leaves_the_library_of_a_newer_version_alone),
        cmocka_unit_test(sets_aside_a_database_of_something_else),
        cmocka_unit_test(says_where_it_cannot_be_opened),
        cmocka_unit_test(is_sound_after_a_kill_at_any_moment),
    };

    return cmocka_run_group_tests(tests, fixtures_make_folder, fixtures_remove_folder);
}
