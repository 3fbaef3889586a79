/* test_meters.c - the meters of a player that plays: the original, the match, the reference. */
#include "player/meters.h"

#include "play_support.h"
#include "tests/match_support.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define MASTER "tests/data/master.flac"

enum { PIECE = 105840 }; /* 2.4 s */

static char piece[128];

static double highest(const struct stereo *sound, size_t frames)
{
    double peak = 0;

    for (size_t i = 0; i < frames; i++) {
        peak = fmax(peak, fmax(fabs(sound->channel[0][i]), fabs(sound->channel[1][i])));
    }
    return peak;
}

/* Reads until so many seconds went into the loudness; the last reading. */
static void watch(struct meters *meters, double seconds, struct analyser_figures *figures)
{
    for (int i = 0; i < 10000; i++) {
        meters_read(meters, ANALYSER_ALL, figures);
        if (figures->have == ANALYSER_ALL && figures->since_s[1] >= seconds) {
            return;
        }
        usleep(2000);
    }
    fail_msg("only %.1f s were measured", figures->since_s[1]);
}

static void original_and_match_are_measured_side_by_side(void **state)
{
    const char *const paths[] = {piece, NULL};
    struct player_settings settings;
    struct recorder recorder;
    struct analyser_figures figures;
    struct meters_module modules[PERFORMANCE_MODULES];
    struct stereo a, b;
    struct meters *meters;
    size_t frames;

    (void)state;
    record_settings(&settings);
    settings.begin_with_original = true;
    a = record_list(&settings, RECORD_ALSA, paths, MASTER);
    settings.begin_with_original = false;
    b = record_list(&settings, RECORD_ALSA, paths, MASTER);
    record_open(&recorder, &settings, RECORD_CLOCK, "meters.raw");
    meters = meters_create(recorder.player, NULL);
    assert_non_null(meters);
    meters_read(meters, ANALYSER_ALL, &figures);
    assert_int_equal(figures.have, 0);
    assert_int_equal(meters_modules(meters, modules), 0);
    record_add(&recorder, piece, MASTER);
    record_play(&recorder);
    watch(meters, 1.5, &figures);
    frames = (size_t)lround(figures.since_s[1] * 44100.0);
    /* Taken in steps of 0.1 s: the sound of a little more may be in since_s. */
    assert_true(fabs(figures.side[ANALYSER_BEFORE].integrated_lufs - words_lufs(&a, frames)) < 0.5);
    assert_true(fabs(figures.side[ANALYSER_AFTER].integrated_lufs - words_lufs(&b, frames)) < 0.5);
    assert_true(fabs(pow(10.0, figures.side[ANALYSER_BEFORE].highest_true_peak_dbtp / 20.0) /
                         highest(&a, frames) -
                     1.0) < 0.1);
    assert_true(figures.side[ANALYSER_AFTER].integrated_lufs >
                figures.side[ANALYSER_BEFORE].integrated_lufs + 3.0);
    assert_true(figures.highest_reduction_db > 0.1);
    assert_true(isfinite(figures.side[ANALYSER_AFTER].bands_dbfs[17]));
    while (meters_modules(meters, modules) != 2) { /* asked for just now: it takes a moment */
        usleep(2000);
    }
    assert_string_equal(modules[0].name, "match_eq");
    assert_true(modules[0].block_us > 0.0);
    assert_true(meters_memory() > 1000000);
    meters_destroy(meters);
    record_close(&recorder);
    record_finish(&recorder);
    stereo_destroy(&a);
    stereo_destroy(&b);
}

/* A block is measured when it is heard, not when it is made. */
static void what_is_measured_has_been_heard(void **state)
{
    struct player_settings settings;
    struct recorder recorder;
    struct analyser_figures figures;
    struct player_status status;
    struct meters *meters;

    (void)state;
    record_settings(&settings);
    settings.output.fill_target_ms = 400;
    record_open(&recorder, &settings, RECORD_CLOCK, "heard.raw");
    meters = meters_create(recorder.player, NULL);
    meters_read(meters, ANALYSER_LEVELS, &figures);
    usleep(50000);
    record_add(&recorder, piece, NULL);
    record_play(&recorder);
    for (int i = 0; i < 60; i++) {
        usleep(10000);
        meters_read(meters, ANALYSER_LEVELS, &figures);
        player_read_status(recorder.player, &status);
        assert_true(figures.since_s[0] <= status.elapsed_s + 0.001);
    }
    assert_true(figures.since_s[0] > 0.1);
    meters_destroy(meters);
    record_close(&recorder);
    record_finish(&recorder);
}

static void the_reference_has_the_spectrum_of_its_loud_pieces(void **state)
{
    struct profile *profile = profile_of(MASTER, PROFILE_MATCH);
    struct meters *meters;
    struct player_settings settings;
    struct recorder recorder;
    struct cache *cache;
    char path[256];
    struct meters_spectrum spectrum;
    const char *const master = MASTER;
    struct cache_key key;
    double power = 0.0, lines = 0.0;

    (void)state;
    scratch_path("analysis.db", path, sizeof path);
    record_settings(&settings);
    record_open(&recorder, &settings, RECORD_CLOCK, "reference.raw");
    cache = cache_open(path, 1 << 24, recorder.log);
    assert_non_null(cache);
    meters = meters_create(recorder.player, cache);
    assert_false(meters_reference(meters, "", &spectrum));
    assert_false(meters_reference(meters, "/nowhere.flac", &spectrum));
    cache_key_init(&key, &master, 1);
    cache_keep_profile(cache, &key, profile, true);
    cache_key_finish(&key);
    assert_true(meters_reference(meters, MASTER, &spectrum));
    for (size_t i = 0; i < BANDS; i++) {
        power += pow(10.0, (double)spectrum.bands_dbfs[i] / 10.0); /* 0 where there is nothing */
    }
    assert_true(spectrum.fine);
    for (size_t i = 0; i < BANDS_LINES; i++) {
        lines += pow(10.0, (double)spectrum.lines_dbfs[i] / 10.0);
    }
    assert_true(fabs(10.0 * log10(lines / power)) < 0.2);
    /* All bands together are about as loud as the loud pieces (match_rms is that of mid). */
    assert_true(fabs(10.0 * log10(power) - 20.0 * log10(profile->match_rms)) < 2.5);
    meters_destroy(meters);
    cache_close(cache);
    profile_destroy(profile);
    record_close(&recorder);
    record_finish(&recorder);
}

static int make_piece(void **state)
{
    (void)state;
    scratch_path("piece.flac", piece, sizeof piece);
    cut_flac("tests/data/mix.flac", 44100 * 2, PIECE, piece);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(original_and_match_are_measured_side_by_side),
        cmocka_unit_test(what_is_measured_has_been_heard),
        cmocka_unit_test(the_reference_has_the_spectrum_of_its_loud_pieces),
    };

    return cmocka_run_group_tests(tests, make_piece, scratch_end);
}
