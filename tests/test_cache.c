/* test_cache.c - what was measured stays true, within its limit, and survives damage. */
#include "match/cache.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/match_support.h"

#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LIMIT = 64 << 20 };

struct world {
    char path[128], file[128];
    struct log *log;
    size_t lines;
    char line[512];
};

static bool take_line(void *context, enum log_level level, const char *line)
{
    struct world *world = context;

    (void)level;
    world->lines++;
    snprintf(world->line, sizeof(world->line), "%s", line);
    return true;
}

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static int begin(void **state)
{
    struct world *world = calloc(1, sizeof(*world));

    scratch_path("analysis.db", world->path, sizeof(world->path));
    scratch_path("track.flac", world->file, sizeof(world->file));
    write_text(world->file, "not looked into");
    world->log = log_open(NULL, LOG_NOTICE);
    log_set_hook(world->log, take_line, world);
    *state = world;
    return 0;
}

static int end(void **state)
{
    struct world *world = *state;

    log_close(world->log);
    free(world);
    scratch_remove();
    return 0;
}

static struct cache *open_cache(struct world *world)
{
    struct cache *cache = cache_open(world->path, LIMIT, world->log);

    assert_non_null(cache);
    return cache;
}

static struct profile *get(struct cache *cache, const char *path, uint32_t rate_hz)
{
    struct cache_key key;
    struct profile *profile;

    cache_key_init(&key, &path, 1);
    profile = cache_profile(cache, &key, rate_hz);
    cache_key_finish(&key);
    return profile;
}

static void keep(struct cache *cache, const char *path, const struct profile *profile)
{
    struct cache_key key;

    cache_key_init(&key, &path, 1);
    cache_keep_profile(cache, &key, profile, true);
    cache_key_finish(&key);
}

static bool has(struct cache *cache, const char *path)
{
    struct profile *profile = get(cache, path, 0);

    profile_destroy(profile);
    return profile != NULL;
}

/* SQL from outside, as another process would. */
static void sql(const struct world *world, const char *text)
{
    sqlite3 *db = NULL;

    assert_int_equal(sqlite3_open(world->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

/* --- what is kept -------------------------------------------------------------------------- */

static struct profile *example(void)
{
    struct profile *profile = profile_made(44100, 0.1, -0.5, 0.3);

    profile->measured = true;
    profile->loudness_lufs = -14.25;
    profile->loudness_range_lu = 6.5;
    profile->true_peak_dbtp = -0.75;
    profile->full_scale_samples = 7;
    return profile;
}

static void a_profile_comes_back_after_the_cache_was_closed(void **state)
{
    struct world *world = *state;
    struct cache *cache = open_cache(world);
    struct profile *kept = example(), *found;

    keep(cache, world->file, kept);
    cache_close(cache);
    cache = open_cache(world);
    found = get(cache, world->file, 0);
    assert_non_null(found);
    assert_int_equal(found->rate_hz, kept->rate_hz);
    assert_int_equal(found->frames, kept->frames);
    assert_int_equal(found->full_scale_samples, 7);
    assert_true(found->match_rms == kept->match_rms && found->peak == kept->peak);
    assert_true(found->measured && found->loudness_lufs == -14.25);
    for (size_t k = 0; k < kept->bins; k++) {
        assert_true(fabs(found->mid[k] - kept->mid[k]) <= 1e-7 * kept->mid[k]);
        assert_true(fabs(found->side[k] - kept->side[k]) <= 1e-7 * kept->side[k]);
    }
    profile_destroy(found);
    profile_destroy(kept);
    cache_close(cache);
    assert_int_equal(world->lines, 0);
}

static void a_profile_takes_no_more_than_20_kilobytes(void **state)
{
    struct world *world = *state;
    struct cache *cache = open_cache(world);
    struct profile *profile = example();
    char path[128];
    struct stat before, after;

    keep(cache, world->file, profile);
    cache_close(cache);
    stat(world->path, &before);
    cache = open_cache(world);
    for (int i = 0; i < 50; i++) {
        char name[32];

        snprintf(name, sizeof(name), "other-%d.flac", i);
        scratch_path(name, path, sizeof(path));
        write_text(path, "x");
        keep(cache, path, profile);
    }
    cache_close(cache);
    stat(world->path, &after);
    assert_true(after.st_size - before.st_size <= (off_t)50 * 20 * 1024 + 16 * 1024);
    profile_destroy(profile);
}

/* The loudest that one second of the sound comes out through what differs between two filters. */
static double heard_difference(const struct stereo *sound, const struct plan *one,
                               const struct plan *other)
{
    size_t taps = one->taps, first = sound->frames / 2;
    double *mid = calloc(2 * taps, sizeof(double)), *side = mid + taps, worst = 0.0;

    for (size_t k = 0; k < taps; k++) {
        mid[k] = one->mid[k] * one->gain - other->mid[k] * other->gain;
        side[k] = one->side[k] * one->gain - other->side[k] * other->gain;
    }
    for (size_t n = first; n < first + 44100 / 2; n++) {
        double m = 0.0, s = 0.0;

        for (size_t k = 0; k < taps; k++) {
            double left = sound->channel[0][n - k], right = sound->channel[1][n - k];

            m += mid[k] * 0.5 * (left + right);
            s += side[k] * 0.5 * (left - right);
        }
        worst = fmax(worst, fmax(fabs(m + s), fabs(m - s)));
    }
    free(mid);
    return worst;
}

static void a_plan_from_cached_profiles_sounds_the_same_below_120_db(void **state)
{
    const struct golden *golden = &goldens[0];
    struct world *world = *state;
    struct cache *cache = open_cache(world);
    struct stereo sound = sound_read(golden->target);
    struct profile *fresh[2] = {profile_of(golden->target, PROFILE_MATCH),
                                profile_of(golden->reference, PROFILE_MATCH)};
    struct profile *kept[2];
    double worst;

    keep(cache, golden->target, fresh[0]);
    keep(cache, golden->reference, fresh[1]);
    kept[0] = get(cache, golden->target, 44100);
    kept[1] = get(cache, golden->reference, 0);
    assert_true(kept[0] && kept[1]);
    struct plan *one = plan_for(fresh[0], fresh[1], &amounts_exact);
    struct plan *other = plan_for(kept[0], kept[1], &amounts_exact);

    worst = heard_difference(&sound, one, other);
    print_message("               apart by %.1f dBFS\n", 20.0 * log10(worst));
    assert_true(worst < 1e-6 && worst > 0.0);
    plan_destroy(one);
    plan_destroy(other);
    for (int i = 0; i < 2; i++) {
        profile_destroy(fresh[i]);
        profile_destroy(kept[i]);
    }
    stereo_destroy(&sound);
    cache_close(cache);
}

static void a_file_that_has_changed_is_not_found(void **state)
{
    struct world *world = *state;
    struct cache *cache = open_cache(world);
    struct profile *profile = example();

    keep(cache, world->file, profile);
    assert_true(has(cache, world->file));
    write_text(world->file, "longer than it was before");
    assert_false(has(cache, world->file));
    keep(cache, world->file, profile);
    assert_true(has(cache, world->file));

    const struct timespec times[2] = {{1000000000, 0}, {1000000000, 1}};

    utimensat(AT_FDCWD, world->file, times, 0);
    assert_false(has(cache, world->file));
    profile_destroy(profile);
    cache_close(cache);
}

static void a_file_that_changes_while_it_is_measured_is_not_taken_for_the_new_one(void **state)
{
    struct world *world = *state;
    struct cache *cache = open_cache(world);
    struct profile *profile = example();
    const char *path = world->file;
    struct cache_key key;

    cache_key_init(&key, &path, 1);
    write_text(world->file, "changed while it was read");
    cache_keep_profile(cache, &key, profile, true);
    assert_false(has(cache, world->file));
    cache_key_finish(&key);
    profile_destroy(profile);
    cache_close(cache);
}

static void a_file_that_is_gone_is_found_as_it_was(void **state)
{
    struct world *world = *state;
    struct cache *cache = open_cache(world);
    struct profile *profile = example();
    const char *path = world->file;
    struct cache_key key;

    keep(cache, world->file, profile);
    unlink(world->file);
    cache_key_init(&key, &path, 1);
    assert_true(key.gone);

    struct profile *found = cache_profile(cache, &key, 0);

    assert_non_null(found);
    assert_int_equal(key.size, strlen("not looked into"));
    profile_destroy(found);
    cache_key_finish(&key);
    profile_destroy(profile);
    cache_close(cache);
}

static void a_relative_path_is_the_same_file(void **state)
{
    struct world *world = *state;
    struct cache *cache = open_cache(world);
    struct profile *profile = example();
    char *folder = getcwd(NULL, 0);

    keep(cache, world->file, profile);
    *strrchr(world->file, '/') = '\0';
    assert_int_equal(chdir(world->file), 0);
    assert_true(has(cache, "track.flac"));
    assert_true(has(cache, "./track.flac"));
    assert_int_equal(chdir(folder), 0);
    free(folder);
    profile_destroy(profile);
    cache_close(cache);
}

static void each_rate_has_its_profile_and_0_is_the_own_one(void **state)
{
    struct world *world = *state;
    struct cache *cache = open_cache(world);
    struct profile *own = profile_made(44100, 0.1, 0.0, 0.3);
    struct profile *other = profile_made(48000, 0.1, 0.0, 0.3);
    const char *path = world->file;
    struct cache_key key;

    cache_key_init(&key, &path, 1);
    cache_keep_profile(cache, &key, other, false);
    assert_null(cache_profile(cache, &key, 0));
    cache_keep_profile(cache, &key, own, true);

    struct profile *found = cache_profile(cache, &key, 0);

    assert_int_equal(found->rate_hz, 44100);
    profile_destroy(found);
    found = cache_profile(cache, &key, 48000);
    assert_int_equal(found->rate_hz, 48000);
    profile_destroy(found);
    assert_null(cache_profile(cache, &key, 96000));
    cache_key_finish(&key);
    profile_destroy(own);
    profile_destroy(other);
    cache_close(cache);
}

static void loudness_that_was_measured_is_not_lost_to_a_profile_without(void **state)
{
    struct world *world = *state;
    struct cache *cache = open_cache(world);
    struct profile *profile = example(), *found;

    keep(cache, world->file, profile);
    profile->measured = false;
    keep(cache, world->file, profile);
    found = get(cache, world->file, 0);
    assert_true(found->measured && found->loudness_lufs == -14.25);
    profile_destroy(found);
    profile_destroy(profile);
    cache_close(cache);
}

static void a_summary_is_small_and_a_failure_is_remembered_until_the_file_changes(void **state)
{
    struct world *world = *state;
    struct cache *cache = open_cache(world);
    struct profile *profile = example();
    const char *path = world->file;
    struct summary summary, found;
    struct cache_key key;

    assert_true(sizeof(summary) < 1024);
    cache_key_init(&key, &path, 1);
    assert_int_equal(cache_summary(cache, &key, NULL), CACHE_NOTHING);
    cache_keep_summary(cache, &key, NULL);
    assert_int_equal(cache_summary(cache, &key, NULL), CACHE_FAILED);
    cache_key_finish(&key);
    write_text(world->file, "mended");
    cache_key_init(&key, &path, 1);
    assert_int_equal(cache_summary(cache, &key, NULL), CACHE_NOTHING);
    summary_make(&summary, profile);
    cache_keep_summary(cache, &key, &summary);
    assert_int_equal(cache_summary(cache, &key, &found), CACHE_SUMMARY);
    assert_memory_equal(&summary, &found, sizeof(summary));
    assert_true(found.loudness_lufs == -14.25);
    cache_key_finish(&key);
    profile_destroy(profile);
    cache_close(cache);
}

static void third_octaves_hold_all_of_the_power(void **state)
{
    struct profile *profile = profile_made(44100, 0.1, -0.5, 0.3);
    struct summary summary;
    double all = 0.0, sum = 0.0, flat[2049];
    float db[SUMMARY_BANDS];

    (void)state;
    summary_make(&summary, profile);
    for (size_t k = 2; k < profile->bins; k++)
        all += profile->mid[k] * profile->mid[k];
    for (size_t i = 0; i < SUMMARY_BANDS; i++)
        sum += pow(10.0, (double)summary.mid_db[i] / 10.0);
    assert_true(fabs(10.0 * log10(sum / all)) < 0.5);
    assert_true(fabs(summary_band_hz(17) - 1000.0) < 1e-9);
    for (size_t k = 0; k < 2049; k++)
        flat[k] = 2.0;
    summary_bands_of(flat, 2049, 44100.0 / 4096.0, true, db);
    for (size_t i = 0; i < SUMMARY_BANDS; i++)
        assert_true(fabs((double)db[i] - 20.0 * log10(2.0)) < 1e-5);
    profile_destroy(profile);
}

/* --- plans --------------------------------------------------------------------------------- */

struct pair {
    struct cache_key target, reference;
    const struct cache_key *references[1];
    double weights[1];
    struct amounts amounts;
    struct plan_key key;
};

static void pair_init(struct pair *pair, const char *target, const char *reference)
{
    cache_key_init(&pair->target, &target, 1);
    cache_key_init(&pair->reference, &reference, 1);
    pair->references[0] = &pair->reference;
    pair->weights[0] = 1.0;
    pair->amounts = amounts_exact;
    pair->key =
        (struct plan_key){&pair->target, pair->references, pair->weights, 1, &pair->amounts, 44100};
}

static void pair_finish(struct pair *pair)
{
    cache_key_finish(&pair->target);
    cache_key_finish(&pair->reference);
}

static void a_plan_is_known_by_all_that_it_follows_from(void **state)
{
    struct world *world = *state;
    struct cache *cache = open_cache(world);
    struct plan_memory memory = {.coefficients = {2.0, 1.5, 1.25, 1.125, 1.0}, .rehearsed = true};
    struct plan_memory found;
    struct pair pair;
    char other[128];

    scratch_path("reference.flac", other, sizeof(other));
    write_text(other, "a reference");
    pair_init(&pair, world->file, other);
    assert_false(cache_plan(cache, &pair.key, &found));
    cache_keep_plan(cache, &pair.key, &memory);
    assert_true(cache_plan(cache, &pair.key, &found));
    assert_true(found.coefficients[1] == 1.5 && found.rehearsed);
    pair.amounts.level = 0.5;
    assert_false(cache_plan(cache, &pair.key, &found));
    pair.amounts = amounts_exact;
    pair.key.rate_hz = 48000;
    assert_false(cache_plan(cache, &pair.key, &found));
    pair.key.rate_hz = 44100;
    pair.weights[0] = 0.3; /* of a single reference means nothing */
    assert_true(cache_plan(cache, &pair.key, &found));
    pair_finish(&pair);
    write_text(other, "another sound");
    pair_init(&pair, world->file, other);
    assert_false(cache_plan(cache, &pair.key, &found));
    pair_finish(&pair);
    pair_init(&pair, other, world->file);
    assert_false(cache_plan(cache, &pair.key, &found));
    pair_finish(&pair);
    cache_close(cache);
}

static void a_joined_album_is_known_by_its_files_and_their_order(void **state)
{
    struct world *world = *state;
    char other[128];
    struct cache_key one, two, turned;

    scratch_path("second.flac", other, sizeof(other));
    write_text(other, "two");
    cache_key_init(&one, (const char *const[]){world->file, other}, 2);
    cache_key_init(&turned, (const char *const[]){other, world->file}, 2);
    assert_string_not_equal(one.name, turned.name);
    write_text(other, "three");
    cache_key_init(&two, (const char *const[]){world->file, other}, 2);
    assert_string_not_equal(one.name, two.name);
    cache_key_finish(&one);
    cache_key_finish(&two);
    cache_key_finish(&turned);
}

/* --- the file ------------------------------------------------------------------------------ */

static void what_was_used_longest_ago_goes_first(void **state)
{
    struct world *world = *state;
    struct cache *cache = cache_open(world->path, 1 << 20, world->log);
    struct profile *profile = example();
    char old[128], path[128];
    struct stat status;

    scratch_path("old.flac", old, sizeof(old));
    write_text(old, "x");
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
        scratch_path(name, path, sizeof(path));
        write_text(path, "x");
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
        scratch_path(name, path, sizeof(path));
        write_text(path, "x");
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
        scratch_path(name, path, sizeof(path));
        write_text(path, "x");
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
            for (int j = 0; cache; j++) {
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_profile_comes_back_after_the_cache_was_closed),
        TEST(a_profile_takes_no_more_than_20_kilobytes),
        TEST(a_plan_from_cached_profiles_sounds_the_same_below_120_db),
        TEST(a_file_that_has_changed_is_not_found),
        TEST(a_file_that_changes_while_it_is_measured_is_not_taken_for_the_new_one),
        TEST(a_file_that_is_gone_is_found_as_it_was),
        TEST(a_relative_path_is_the_same_file),
        TEST(each_rate_has_its_profile_and_0_is_the_own_one),
        TEST(loudness_that_was_measured_is_not_lost_to_a_profile_without),
        TEST(a_summary_is_small_and_a_failure_is_remembered_until_the_file_changes),
        TEST(third_octaves_hold_all_of_the_power),
        TEST(a_plan_is_known_by_all_that_it_follows_from),
        TEST(a_joined_album_is_known_by_its_files_and_their_order),
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
