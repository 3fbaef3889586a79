/* test_cache_file.c - the file of the cache: its limit, other versions, damage, several processes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/cache_support.h"
#include "tests/match_support.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void what_was_used_longest_ago_goes_first(void **state)
{
    struct world *world = *state;
    struct cache *cache = cache_open(world->path, 1 << 20, world->log);
    struct profile *profile = example();
    char old[128], path[128];
    struct stat status;

    make_file("old.flac", old);
    keep(cache, world->file, profile);
    keep(cache, old, profile);
    sql(world, "UPDATE profiles SET used = 1000");
    assert_true(has(cache, world->file)); /* used today */
    for (int i = 0; i < 60; i++) {
        char name[32];

        snprintf(name, sizeof(name), "filler-%d.flac", i % 10);
        scratch_path(name, path, sizeof(path));
        write_text(path, i < 10 ? "x" : i < 20 ? "xx" : "xxx");
        keep(cache, path, profile);
    }
    for (int i = 0; i < 80; i++) {
        char name[32];

        snprintf(name, sizeof(name), "more-%d.flac", i);
        make_file(name, path);
        keep(cache, path, profile);
        if (i == 45) /* by now the limit was passed */
            assert_true(has(cache, world->file));
    }
    assert_false(has(cache, old));
    assert_true(has(cache, path));
    cache_close(cache);
    stat(world->path, &status);
    assert_true(status.st_size <= (1 << 20) + 64 * 1024);
    profile_destroy(profile);
}

static void a_lower_limit_makes_a_smaller_file(void **state)
{
    struct world *world = *state;
    struct cache *cache = open_cache(world);
    struct profile *profile = example();
    char path[128];
    struct stat status;

    for (int i = 0; i < 40; i++) {
        char name[32];

        snprintf(name, sizeof(name), "some-%d.flac", i);
        make_file(name, path);
        keep(cache, path, profile);
    }
    cache_close(cache);
    cache_close(cache_open(world->path, 256 << 10, world->log));
    stat(world->path, &status);
    assert_true(status.st_size <= 256 << 10);
    profile_destroy(profile);
}

static void an_older_version_of_the_analysis_is_measured_again(void **state)
{
    struct world *world = *state;
    struct cache *cache = open_cache(world);
    struct profile *profile = example();

    keep(cache, world->file, profile);
    sql(world, "UPDATE profiles SET version = version - 1");
    assert_false(has(cache, world->file));
    keep(cache, world->file, profile);
    assert_true(has(cache, world->file));
    cache_close(cache);
    sql(world, "PRAGMA user_version = 77"); /* tables of another shape */
    cache = open_cache(world);
    assert_false(has(cache, world->file));
    keep(cache, world->file, profile);
    assert_true(has(cache, world->file));
    assert_int_equal(world->lines, 0);
    profile_destroy(profile);
    cache_close(cache);
}

static void a_file_that_is_no_database_is_begun_anew_with_one_line(void **state)
{
    struct world *world = *state;
    struct cache *cache;
    struct profile *profile = example();

    write_text(world->path, "this is no database, and it is long enough to be looked into: "
                            "........................................................");
    cache = open_cache(world);
    assert_int_equal(world->lines, 1);
    assert_non_null(strstr(world->line, world->path));
    keep(cache, world->file, profile);
    assert_true(has(cache, world->file));
    profile_destroy(profile);
    cache_close(cache);
}

static void fill(struct world *world, int count)
{
    struct cache *cache = open_cache(world);
    struct profile *profile = example();

    for (int i = 0; i < count; i++) {
        char name[32], path[128];

        snprintf(name, sizeof(name), "fill-%d.flac", i);
        make_file(name, path);
        keep(cache, path, profile);
    }
    keep(cache, world->file, profile);
    profile_destroy(profile);
    cache_close(cache);
}

static void a_file_cut_short_serves_or_is_begun_anew(void **state)
{
    struct world *world = *state;
    struct profile *profile = example();
    struct stat status;

    fill(world, 20);
    stat(world->path, &status);
    for (int i = 0; i < 8; i++) {
        struct cache *cache;

        assert_int_equal(truncate(world->path, status.st_size * (8 - i) / 9), 0);
        world->lines = 0;
        cache = open_cache(world);
        has(cache, world->file);
        keep(cache, world->file, profile);
        keep(cache, world->file, profile);
        assert_true(has(cache, world->file));
        assert_true(world->lines <= 1);
        cache_close(cache);
    }
    profile_destroy(profile);
}

static void a_profile_whose_bytes_were_lost_is_not_used(void **state)
{
    struct world *world = *state;
    struct cache *cache;
    char zeros[4096] = {0};
    struct stat status;
    int file;

    fill(world, 20);
    stat(world->path, &status);
    file = open(world->path, O_WRONLY);
    for (off_t at = 16 * 4096; at < status.st_size; at += 4096)
        assert_int_equal(pwrite(file, zeros, sizeof(zeros), at), sizeof(zeros));
    close(file);
    cache = open_cache(world);
    for (int i = 0; i < 20; i++) {
        char name[32], path[128];
        struct profile *found;

        snprintf(name, sizeof(name), "fill-%d.flac", i);
        scratch_path(name, path, sizeof(path));
        found = get(cache, path, 0);
        if (found)
            assert_true(found->mid[2048] > 0.0 && found->side[2048] > 0.0);
        profile_destroy(found);
    }
    cache_close(cache);
}

static void a_cache_that_cannot_be_had_is_told_once_and_done_without(void **state)
{
    struct world *world = *state;
    struct profile *profile = example();
    struct summary summary;
    struct cache_key key;
    const char *path = world->file;

    assert_null(cache_open("/dev/null/analysis.db", LIMIT, world->log));
    assert_int_equal(world->lines, 1);
    cache_key_init(&key, &path, 1);
    cache_keep_profile(NULL, &key, profile, true);
    assert_null(cache_profile(NULL, &key, 0));
    cache_keep_summary(NULL, &key, NULL);
    assert_int_equal(cache_summary(NULL, &key, &summary), CACHE_NOTHING);
    cache_close(NULL);
    cache_key_finish(&key);
    profile_destroy(profile);
}

static void two_processes_share_it_and_one_that_is_killed_leaves_it_sound(void **state)
{
    struct world *world = *state;
    struct cache *cache;
    struct profile *profile = example();
    pid_t child[2];

    for (int i = 0; i < 2; i++) {
        child[i] = fork();
        if (child[i] == 0) {
            cache = cache_open(world->path, LIMIT, world->log);
            for (int j = 0; cache != NULL && j < INT32_MAX; j++) {
                struct cache_key key = {.name = world->file, .size = j, .modified_ns = i};

                cache_keep_profile(cache, &key, profile, true);
            }
            _exit(1);
        }
    }
    cache = open_cache(world); /* all three at once */
    for (int i = 0; i < 100; i++) {
        keep(cache, world->file, profile);
        usleep(1000);
    }
    for (int i = 0; i < 2; i++) {
        int status;

        kill(child[i], SIGKILL);
        waitpid(child[i], &status, 0);
        assert_true(WIFSIGNALED(status)); /* it was still at work */
    }
    keep(cache, world->file, profile);
    assert_true(has(cache, world->file));
    cache_close(cache);
    cache = open_cache(world);
    assert_true(has(cache, world->file));
    assert_int_equal(world->lines, 0);
    profile_destroy(profile);
    cache_close(cache);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_begin, world_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_used_longest_ago_goes_first),
        TEST(a_lower_limit_makes_a_smaller_file),
        TEST(an_older_version_of_the_analysis_is_measured_again),
        TEST(a_file_that_is_no_database_is_begun_anew_with_one_line),
        TEST(a_file_cut_short_serves_or_is_begun_anew),
        TEST(a_profile_whose_bytes_were_lost_is_not_used),
        TEST(a_cache_that_cannot_be_had_is_told_once_and_done_without),
        TEST(two_processes_share_it_and_one_that_is_killed_leaves_it_sound),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
