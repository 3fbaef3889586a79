/* test_summaries.c - the library is listened through while nothing plays, and only then. */
#include "player/summaries.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/match_support.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { TRACKS = 3, MINUTE_MS = 60000 };

struct world {
    char path[TRACKS][128]; /* the second cannot be understood */
    char cache_path[128];
    struct cache *cache;
    struct log *log;
    struct summaries *summaries;
    size_t at;
    _Atomic size_t begun, asked;
    bool pause_at_first;
};

static bool next(void *context, bool first, char *path, size_t size)
{
    struct world *world = context;

    if (first) {
        world->at = 0;
        world->begun++;
    }
    world->asked++;
    if (world->pause_at_first) {
        world->pause_at_first = false;
        summaries_pause(world->summaries, true);
    }
    if (world->at == TRACKS) {
        return false;
    }
    snprintf(path, size, "%s", world->path[world->at++]);
    return true;
}

static void shell_copy(const char *from, const char *to)
{
    char command[512];

    snprintf(command, sizeof command, "cp '%s' '%s'", from, to);
    assert_int_equal(system(command), 0);
}

static int begin(void **state)
{
    struct world *world = calloc(1, sizeof *world);
    FILE *file;

    scratch_path("one.flac", world->path[0], sizeof world->path[0]);
    scratch_path("two.flac", world->path[1], sizeof world->path[1]);
    scratch_path("three.flac", world->path[2], sizeof world->path[2]);
    shell_copy("tests/data/mono.flac", world->path[0]);
    shell_copy("tests/data/mono.flac", world->path[2]);
    file = fopen(world->path[1], "w");
    fputs("no music", file);
    fclose(file);
    scratch_path("analysis.db", world->cache_path, sizeof world->cache_path);
    world->log = log_open(NULL, LOG_ERROR);
    world->cache = cache_open(world->cache_path, 64 << 20, world->log);

    const struct summaries_settings settings = {
        .cache = world->cache, .log = world->log, .next = next, .context = world, .idle_ms = 1};

    world->summaries = summaries_create(&settings);
    assert_non_null(world->summaries);
    *state = world;
    return 0;
}

static int end(void **state)
{
    struct world *world = *state;

    summaries_destroy(world->summaries);
    cache_close(world->cache);
    log_close(world->log);
    free(world);
    scratch_remove();
    return 0;
}

static enum cache_found found(struct world *world, size_t track, struct summary *summary)
{
    const char *path = world->path[track];
    struct cache_key key;
    enum cache_found result;

    cache_key_init(&key, &path, 1);
    result = cache_summary(world->cache, &key, summary);
    cache_key_finish(&key);
    return result;
}

static void wait_until(struct world *world, bool complete)
{
    struct summaries_status status = {0};

    for (int ms = 0; ms < MINUTE_MS; ms++) {
        summaries_read_status(world->summaries, &status);
        if (complete ? status.complete : world->asked > 0 && !status.working) {
            return;
        }
        nanosleep(&(struct timespec){0, 1000000}, NULL);
    }
    fail();
}

static void every_track_gets_its_summary_and_what_cannot_is_marked(void **state)
{
    struct world *world = *state;
    struct summaries_status status;
    struct summary summary;
    struct profile *profile = profile_of("tests/data/mono.flac", PROFILE_FULL);

    summaries_pause(world->summaries, false);
    wait_until(world, true);
    assert_int_equal(found(world, 0, &summary), CACHE_SUMMARY);
    assert_true(summary.loudness_lufs == profile->loudness_lufs);
    assert_true(summary.true_peak_dbtp == profile->true_peak_dbtp);
    assert_int_equal(summary.frames, profile->frames);
    assert_int_equal(found(world, 1, NULL), CACHE_FAILED);
    assert_int_equal(found(world, 2, NULL), CACHE_SUMMARY);
    summaries_read_status(world->summaries, &status);
    assert_int_equal(status.known, 2);
    assert_int_equal(status.failed, 1);
    assert_int_equal(world->begun, 1);
    profile_destroy(profile);
}

/* Other bytes, of the same size and time. */
static void spoil(const char *path)
{
    struct stat status;
    FILE *file = fopen(path, "r+");

    stat(path, &status);
    fputs("xxxxxxxx", file);
    fclose(file);
    utimensat(AT_FDCWD, path, (struct timespec[]){status.st_atim, status.st_mtim}, 0);
}

static void what_is_known_is_not_read_again_until_it_changes(void **state)
{
    struct world *world = *state;

    summaries_pause(world->summaries, false);
    wait_until(world, true);
    spoil(world->path[0]);
    shell_copy("tests/data/mono.flac", world->path[1]);
    shell_copy("tests/data/ambient.flac", world->path[2]);
    assert_int_equal(found(world, 1, NULL), CACHE_NOTHING);
    world->asked = 0;
    summaries_again(world->summaries);
    for (int ms = 0; ms < MINUTE_MS && world->asked <= TRACKS; ms++) {
        nanosleep(&(struct timespec){0, 1000000}, NULL);
    }
    wait_until(world, true);
    assert_int_equal(found(world, 0, NULL), CACHE_SUMMARY); /* reading it would have failed */
    assert_int_equal(found(world, 1, NULL), CACHE_SUMMARY);
    assert_int_equal(found(world, 2, NULL), CACHE_SUMMARY);
    assert_int_equal(world->begun, 2);
}

static void music_stops_the_work_and_its_end_takes_it_up_again(void **state)
{
    struct world *world = *state;

    world->pause_at_first = true; /* just when the first track is begun */
    summaries_pause(world->summaries, false);
    wait_until(world, false);
    assert_int_equal(found(world, 0, NULL), CACHE_NOTHING);
    assert_int_equal(world->asked, 1);
    summaries_pause(world->summaries, false);
    wait_until(world, true);
    assert_int_equal(found(world, 0, NULL), CACHE_SUMMARY);
    assert_int_equal(found(world, 2, NULL), CACHE_SUMMARY);
}

static void it_can_be_ended_at_any_time(void **state)
{
    struct world *world = *state;

    summaries_pause(world->summaries, false);
    for (int ms = 0; ms < MINUTE_MS && world->asked == 0; ms++) {
        nanosleep(&(struct timespec){0, 1000000}, NULL);
    }
    summaries_destroy(world->summaries);
    world->summaries = NULL;
    summaries_pause(NULL, true);
    summaries_again(NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_track_gets_its_summary_and_what_cannot_is_marked),
        TEST(what_is_known_is_not_read_again_until_it_changes),
        TEST(music_stops_the_work_and_its_end_takes_it_up_again),
        TEST(it_can_be_ended_at_any_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
