/* test_changes.c - what changes while it plays: a plan that comes late, amounts, the track. */
#include "play_support.h"

#include "tests/match_support.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define MASTER "tests/data/master.flac"
#define MIX "tests/data/mix.flac"

enum {
    RATE_HZ = 44100,
    PATH_SIZE = 128,
    FADE = RATE_HZ * 20 / 1000,
    LATE_FADE = RATE_HZ * 2,
    FIRST = 90001,
    SECOND = 80003,
    LONG = 230000,
};

static char first[PATH_SIZE], second[PATH_SIZE], long_piece[PATH_SIZE];

/* Follows `before`, then a straight line of `length` frames to `after`; returns where it begins. */
static int64_t check_change(const struct stereo *words, const struct stereo *before,
                            const struct stereo *after, int64_t length)
{
    int64_t frames = (int64_t)words->frames;
    int64_t change = 0;

    assert_int_equal(words->frames, before->frames);
    assert_int_equal(words->frames, after->frames);
    while (change < frames && words_error(words, change, before, change, 1) <= 1e-6) {
        change++;
    }
    for (int64_t at = change; at >= 0 && at > change - 512; at--) {
        double worst = 0.0;

        for (int64_t n = at; n < frames && worst <= 1e-6; n++) {
            double w = n - at < length ? (double)(n - at) / (double)length : 1.0;

            for (int c = 0; c < 2; c++) {
                double wanted = (1.0 - w) * words_at(before, c, n) + w * words_at(after, c, n);

                worst = fmax(worst, fabs(words_at(words, c, n) - wanted));
            }
        }
        if (worst <= 1e-6) {
            return at;
        }
    }
    fail_msg("the change at frame %lld is no straight line of %lld frames", (long long)change,
             (long long)length);
    return -1;
}

static struct stereo recorded_alone(const struct player_settings *settings, const char *path)
{
    const char *const paths[] = {path, NULL};

    return record_list(settings, RECORD_ALSA, paths, MASTER);
}

static struct stereo on_the_clock(const struct player_settings *settings, const char *path)
{
    const char *const paths[] = {path, NULL};

    return record_list(settings, RECORD_CLOCK, paths, MASTER);
}

static void a_plan_that_comes_late_is_faded_in_over_two_seconds(void **state)
{
    struct player_settings settings;
    struct stereo words, a, b;
    int64_t at;

    (void)state;
    record_settings(&settings);
    a = sound_read(long_piece);
    b = recorded_alone(&settings, long_piece);
    settings.start_wait_ms = 0;
    words = on_the_clock(&settings, long_piece);
    at = check_change(&words, &a, &b, LATE_FADE);
    print_message("           it came in at frame %lld\n", (long long)at);
    stereo_destroy(&words);
    stereo_destroy(&a);
    stereo_destroy(&b);
}

static void a_plan_in_time_is_heard_from_the_first_frame(void **state)
{
    struct player_settings settings;
    struct stereo words, b;

    (void)state;
    record_settings(&settings);
    b = recorded_alone(&settings, first);
    settings.start_wait_ms = 30000;
    words = on_the_clock(&settings, first);
    assert_int_equal(words.frames, b.frames);
    assert_true(words_error(&words, 0, &b, 0, FIRST) <= 1e-6);
    stereo_destroy(&words);
    stereo_destroy(&b);
}

static void other_amounts_come_in_within_20_ms(void **state)
{
    struct player_settings settings;
    struct amounts half = amounts_exact;
    struct recorder recorder;
    struct stereo words, before, after;
    int64_t at;

    (void)state;
    half.eq = 0.5;
    half.width = 0.0;
    record_settings(&settings);
    before = recorded_alone(&settings, long_piece);
    after = record_matched(&settings, RECORD_ALSA, long_piece, MASTER, &half);
    record_open(&recorder, &settings, RECORD_CLOCK, "amounts.raw");
    record_add(&recorder, long_piece, MASTER);
    record_play(&recorder);
    record_until(&recorder, 20000);
    record_set_amounts(&recorder, &half);
    record_until_ended(&recorder);
    record_close(&recorder);
    words = words_read(recorder.path);
    at = check_change(&words, &before, &after, FADE);
    assert_true(at >= 20000);
    record_finish(&recorder);
    stereo_destroy(&words);
    stereo_destroy(&before);
    stereo_destroy(&after);
}

/* The computer is too slow for the match: the original takes its place, and makes way again. */
static void another_quality_comes_in_within_20_ms(void **state)
{
    struct player_settings settings;
    struct recorder recorder;
    struct stereo words, before, after;

    (void)state;
    record_settings(&settings);
    before = recorded_alone(&settings, long_piece);
    settings.quality = QUALITY_ORIGINAL;
    after = recorded_alone(&settings, long_piece);
    settings.quality = QUALITY_FULL;
    record_open(&recorder, &settings, RECORD_CLOCK, "quality.raw");
    record_add(&recorder, long_piece, MASTER);
    record_play(&recorder);
    record_until(&recorder, 20000);
    player_set_quality(recorder.player, QUALITY_ORIGINAL);
    record_until_ended(&recorder);
    record_close(&recorder);
    words = words_read(recorder.path);
    assert_true(check_change(&words, &before, &after, FADE) >= 20000);
    record_finish(&recorder);
    stereo_destroy(&words);
    stereo_destroy(&before);
    stereo_destroy(&after);
}

static double rms_db(const struct stereo *sound)
{
    double sum = 0.0;

    for (size_t n = 0; n < sound->frames; n++) {
        sum += sound->channel[0][n] * sound->channel[0][n] +
               sound->channel[1][n] * sound->channel[1][n];
    }
    return 10.0 * log10(sum / (2.0 * (double)sound->frames));
}

static double peak_of(const struct stereo *sound)
{
    double peak = 0.0;

    for (size_t n = 0; n < sound->frames; n++) {
        peak = fmax(peak, fmax(fabs(sound->channel[0][n]), fabs(sound->channel[1][n])));
    }
    return peak;
}

static void the_original_in_place_of_the_match_is_as_loud_as_its_peaks_allow(void **state)
{
    struct player_settings settings;
    struct stereo a, b, words;
    double gain;

    (void)state;
    record_settings(&settings);
    a = sound_read(long_piece);
    b = recorded_alone(&settings, long_piece);
    settings.quality = QUALITY_ORIGINAL;
    words = recorded_alone(&settings, long_piece);
    gain = peak_of(&words) / peak_of(&a);
    for (size_t n = 0; n < a.frames; n++) {
        assert_true(fabs(words.channel[0][n] - gain * a.channel[0][n]) < 1e-6);
        assert_true(fabs(words.channel[1][n] - gain * a.channel[1][n]) < 1e-6);
    }
    assert_true(peak_of(&words) < 1.0 + 1e-6);
    /* The meter weighs frequencies as the ear does; this does not. */
    assert_true(peak_of(&words) > 0.999 || fabs(rms_db(&words) - rms_db(&b)) < 3.0);
    stereo_destroy(&a);
    stereo_destroy(&b);
    stereo_destroy(&words);
}

static void single_precision_is_not_heard(void **state)
{
    struct player_settings settings;
    struct stereo full, single;
    double error;

    (void)state;
    record_settings(&settings);
    full = recorded_alone(&settings, long_piece);
    settings.quality = QUALITY_FLOAT32;
    single = recorded_alone(&settings, long_piece);
    error = words_error(&single, 0, &full, 0, LONG);
    assert_true(error > 0.0); /* it is another chain */
    assert_true(20.0 * log10(error) < -90.0);
    stereo_destroy(&full);
    stereo_destroy(&single);
}

/* Given up and taken back while it plays, each chain run in to where it comes in. */
static void nor_is_going_to_it_and_back(void **state)
{
    struct player_settings settings;
    struct recorder recorder;
    struct stereo words, full;
    double error;

    (void)state;
    record_settings(&settings);
    full = recorded_alone(&settings, long_piece);
    settings.quality = QUALITY_FULL;
    record_open(&recorder, &settings, RECORD_CLOCK, "single.raw");
    record_add(&recorder, long_piece, MASTER);
    record_play(&recorder);
    record_until(&recorder, 60000);
    player_set_quality(recorder.player, QUALITY_FLOAT32);
    record_until(&recorder, 130000);
    player_set_quality(recorder.player, QUALITY_FULL);
    record_until_ended(&recorder);
    record_close(&recorder);
    words = words_read(recorder.path);
    assert_int_equal(words.frames, full.frames);
    error = words_error(&words, 0, &full, 0, LONG);
    print_message("           %.1f dB from what it would have been\n", 20.0 * log10(error));
    assert_true(error > 0.0 && 20.0 * log10(error) < -90.0);
    record_finish(&recorder);
    stereo_destroy(&words);
    stereo_destroy(&full);
}

static void skipping_fades_into_the_next_track_and_past_the_last_one(void **state)
{
    struct player_settings settings;
    struct player_status status;
    struct recorder recorder;
    struct stereo words, one, two;
    int64_t begin, end;
    uint64_t id;

    (void)state;
    record_settings(&settings);
    settings.match = false;
    one = sound_read(first);
    two = sound_read(second);
    record_open(&recorder, &settings, RECORD_CLOCK, "skip.raw");
    record_add(&recorder, first, NULL);
    record_play(&recorder);
    record_until(&recorder, 20000);
    record_add(&recorder, second, NULL); /* the list may grow while it plays */
    id = record_stream(&recorder);
    record_skip(&recorder, 1);
    record_until_next(&recorder, id, 20000);
    player_read_status(recorder.player, &status);
    assert_int_equal(status.id, 2);
    assert_string_equal(status.path, second);
    record_skip(&recorder, 1);
    record_until_ended(&recorder);
    record_close(&recorder);
    words = words_read(recorder.path);
    begin = words_find(&words, 20000, &two, 0, 1000, 0.0);
    for (int64_t k = 0; k < FADE; k++) {
        int64_t n = begin - FADE + k;

        for (int c = 0; c < 2; c++) {
            assert_true(fabs(words_at(&words, c, n) -
                             words_at(&one, c, n) * (1.0 - (double)k / FADE)) <= 1e-6);
        }
    }
    assert_true(words_error(&words, 0, &one, 0, begin - FADE) == 0.0);
    end = (int64_t)words.frames - FADE;
    assert_true(end - begin >= 20000 && end - begin < SECOND - FADE);
    assert_true(words_error(&words, begin, &two, 0, end - begin) == 0.0);
    for (int64_t k = 0; k < FADE; k++) {
        assert_true(fabs(words_at(&words, 0, end + k) -
                         words_at(&two, 0, end - begin + k) * (1.0 - (double)k / FADE)) <= 1e-6);
    }
    record_finish(&recorder);
    stereo_destroy(&words);
    stereo_destroy(&one);
    stereo_destroy(&two);
}

static int make_files(void **state)
{
    (void)state;
    scratch_path("first.flac", first, sizeof first);
    scratch_path("second.flac", second, sizeof second);
    scratch_path("long.flac", long_piece, sizeof long_piece);
    cut_flac(MIX, 200000, FIRST, first);
    cut_flac(MIX, 400000, SECOND, second);
    cut_flac(MIX, 500000, LONG, long_piece);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_that_comes_late_is_faded_in_over_two_seconds),
        cmocka_unit_test(a_plan_in_time_is_heard_from_the_first_frame),
        cmocka_unit_test(other_amounts_come_in_within_20_ms),
        cmocka_unit_test(another_quality_comes_in_within_20_ms),
        cmocka_unit_test(the_original_in_place_of_the_match_is_as_loud_as_its_peaks_allow),
        cmocka_unit_test(single_precision_is_not_heard),
        cmocka_unit_test(nor_is_going_to_it_and_back),
        cmocka_unit_test(skipping_fades_into_the_next_track_and_past_the_last_one),
    };

    return cmocka_run_group_tests(tests, make_files, scratch_end);
}
