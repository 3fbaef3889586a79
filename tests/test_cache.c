/* test_cache.c - what was measured is found again, as long as it is true. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/cache_support.h"
#include "tests/match_support.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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
        make_file(name, path);
        keep(cache, path, profile);
    }
    cache_close(cache);
    stat(world->path, &after);
    assert_true(after.st_size - before.st_size <= (off_t)50 * 20 * 1024 + 16 * 1024);
    profile_destroy(profile);
}

static void a_plan_from_cached_profiles_is_the_same_to_the_last_bit(void **state)
{
    const struct golden *golden = &goldens[0];
    struct world *world = *state;
    struct cache *cache = open_cache(world);
    struct profile *fresh[2] = {profile_of(golden->target, PROFILE_MATCH),
                                profile_of(golden->reference, PROFILE_MATCH)};
    struct profile *kept[2];

    keep(cache, golden->target, fresh[0]);
    keep(cache, golden->reference, fresh[1]);
    kept[0] = get(cache, golden->target, 44100);
    kept[1] = get(cache, golden->reference, 0);
    assert_true(kept[0] && kept[1]);
    struct plan *one = plan_for(fresh[0], fresh[1], &amounts_exact);
    struct plan *other = plan_for(kept[0], kept[1], &amounts_exact);

    assert_memory_equal(one->mid, other->mid, one->taps * sizeof(double));
    assert_memory_equal(one->side, other->side, one->taps * sizeof(double));
    assert_true(one->gain == other->gain && one->final_amplitude == other->final_amplitude);
    plan_destroy(one);
    plan_destroy(other);
    for (int i = 0; i < 2; i++) {
        profile_destroy(fresh[i]);
        profile_destroy(kept[i]);
    }
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

static void short_term_levels_are_kept_beside_a_profile_and_outlive_one_without(void **state)
{
    struct world *world = *state;
    struct cache *cache = open_cache(world);
    struct profile *profile = example();

    keep(cache, world->file, profile);
    profile->measured = false;
    profile->characterised = true;
    profile->short_term.windows = 17;
    profile->short_term.band[2].loud_db = -21.5;
    profile->short_term.part[19].high_db = -47.25;
    keep(cache, world->file, profile);
    profile->characterised = false;
    keep(cache, world->file, profile);

    struct profile *found = get(cache, world->file, 0);

    assert_true(found->measured);
    assert_true(found->characterised);
    assert_memory_equal(&found->short_term, &profile->short_term, sizeof(found->short_term));
    profile_destroy(found);
    write_text(world->file, "another file by now");
    keep(cache, world->file, profile);
    found = get(cache, world->file, 0);
    assert_false(found->characterised);
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
    pair->key = (struct plan_key){
        &pair->target, pair->references, pair->weights, 1, &pair->amounts, NULL, 44100};
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_begin, world_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_profile_comes_back_after_the_cache_was_closed),
        TEST(a_profile_takes_no_more_than_20_kilobytes),
        TEST(a_plan_from_cached_profiles_is_the_same_to_the_last_bit),
        TEST(a_file_that_has_changed_is_not_found),
        TEST(a_file_that_changes_while_it_is_measured_is_not_taken_for_the_new_one),
        TEST(a_file_that_is_gone_is_found_as_it_was),
        TEST(a_relative_path_is_the_same_file),
        TEST(each_rate_has_its_profile_and_0_is_the_own_one),
        TEST(loudness_that_was_measured_is_not_lost_to_a_profile_without),
        TEST(short_term_levels_are_kept_beside_a_profile_and_outlive_one_without),
        TEST(a_summary_is_small_and_a_failure_is_remembered_until_the_file_changes),
        TEST(third_octaves_hold_all_of_the_power),
        TEST(a_plan_is_known_by_all_that_it_follows_from),
        TEST(a_joined_album_is_known_by_its_files_and_their_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
