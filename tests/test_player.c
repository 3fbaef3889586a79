/* test_player.c - lists: what cannot be played, other rates, plans that come late, jumps. */
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
#define MIX "tests/data/mix.flac"

enum {
    RATE_HZ = 44100,
    PATH_SIZE = 128,
    FADE = RATE_HZ * 20 / 1000,
    LATE_FADE = RATE_HZ * 2,
    FIRST = 90001,
    SECOND = 80003,
    LONG = 230000,
    TINY = 100,
    SILENT = 44100,
};

static char first[PATH_SIZE], second[PATH_SIZE], long_piece[PATH_SIZE], tiny[PATH_SIZE],
    silent[PATH_SIZE], text[PATH_SIZE], missing[PATH_SIZE];

static struct stereo joined(const struct stereo *parts, size_t count)
{
    struct stereo sound;
    size_t frames = 0;

    for (size_t i = 0; i < count; i++) {
        frames += parts[i].frames;
    }
    sound = stereo_create(frames);
    frames = 0;
    for (size_t i = 0; i < count; i++) {
        for (int c = 0; c < 2; c++) {
            memcpy(sound.channel[c] + frames, parts[i].channel[c],
                   parts[i].frames * sizeof(double));
        }
        frames += parts[i].frames;
    }
    return sound;
}

/* The files one after the other, as they are. */
static struct stereo joined_files(const char *const *paths, size_t count)
{
    struct stereo parts[8] = {0};
    struct stereo sound;

    for (size_t i = 0; i < count; i++) {
        parts[i] = sound_read(paths[i]);
    }
    sound = joined(parts, count);
    for (size_t i = 0; i < count; i++) {
        stereo_destroy(&parts[i]);
    }
    return sound;
}

static void assert_all_equal(const struct stereo *words, const struct stereo *wanted)
{
    assert_int_equal(words->frames, wanted->frames);
    assert_true(words_error(words, 0, wanted, 0, (int64_t)wanted->frames) == 0.0);
}

/* Plays these with the reference MASTER; the recording is read, the lines are kept. */
static struct stereo play_list(struct recorder *recorder, const struct player_settings *settings,
                               enum record_on device, const char *const *paths, size_t count)
{
    struct stereo words;

    record_open(recorder, settings, device, "list.raw");
    for (size_t i = 0; i < count; i++) {
        record_add(recorder, paths[i], MASTER);
    }
    record_play(recorder);
    record_until_ended(recorder);
    record_close(recorder);
    words = words_read(recorder->path);
    return words;
}

static void assert_one_line_each(const struct recorder *recorder)
{
    assert_int_equal(record_lines_with(recorder, missing), 1);
    assert_int_equal(record_lines_with(recorder, text), 1);
    assert_int_equal(record_lines_with(recorder, tiny), 1);
    assert_int_equal(record_lines_with(recorder, silent), 1);
    assert_int_equal(recorder->line_count, 4);
}

static void what_cannot_be_played_or_matched_does_not_stop_the_music(void **state)
{
    const char *const paths[] = {first, missing, text, tiny, silent, second};
    const char *const there[] = {first, tiny, silent, second};
    const int64_t seams[] = {FIRST, FIRST + TINY + SILENT};
    struct stereo whole = joined_files(there, 4);
    struct stereo streams[2], words;
    struct player_settings settings;
    struct recorder recorder;
    double worst = 0.0;

    (void)state;
    record_settings(&settings);
    streams[0] = chained(first, MASTER, &whole);
    streams[1] = chained(second, MASTER, &whole);
    words = play_list(&recorder, &settings, RECORD_ALSA, paths, 6);
    assert_one_line_each(&recorder);
    record_finish(&recorder);
    assert_int_equal(words.frames, whole.frames);
    for (int64_t n = 0; n < (int64_t)words.frames; n++) {
        double leave = fmin(1.0, fmax(0.0, (double)(n - seams[0]) / FADE + 0.5));
        double come = fmin(1.0, fmax(0.0, (double)(n - seams[1]) / FADE + 0.5));

        for (int c = 0; c < 2; c++) {
            double wanted = (1.0 - leave) * streams[0].channel[c][n] +
                            (leave - come) * whole.channel[c][n] + come * streams[1].channel[c][n];

            worst = fmax(worst, fabs(words.channel[c][n] - wanted));
        }
    }
    assert_true(worst <= 1e-6);
    stereo_destroy(&words);

    settings.begin_with_original = true;
    words = play_list(&recorder, &settings, RECORD_ALSA, paths, 6);
    assert_one_line_each(&recorder);
    record_finish(&recorder);
    assert_all_equal(&words, &whole);
    stereo_destroy(&words);
    stereo_destroy(&whole);
    stereo_destroy(&streams[0]);
    stereo_destroy(&streams[1]);
}

/* Where one fade is not over when the next track begins, the next fade follows it. */
static void a_track_shorter_than_a_fade_does_not_spoil_the_next_one(void **state)
{
    const char *const paths[] = {first, tiny, second};
    struct stereo whole = joined_files(paths, 3);
    struct stereo match = chained(second, MASTER, &whole);
    struct player_settings settings;
    struct recorder recorder;
    struct stereo words;
    int64_t over = FIRST + FADE / 2 + 512 + FADE;

    (void)state;
    record_settings(&settings);
    words = play_list(&recorder, &settings, RECORD_ALSA, paths, 3);
    assert_int_equal(words.frames, whole.frames);
    assert_true(words_error(&words, over, &match, over, (int64_t)whole.frames - over) <= 1e-6);
    record_finish(&recorder);
    stereo_destroy(&words);
    stereo_destroy(&match);
    stereo_destroy(&whole);
}

static void a_list_of_nothing_to_play_ends(void **state)
{
    struct player_settings settings;
    struct player_status status;
    struct recorder recorder;

    (void)state;
    record_settings(&settings);
    record_open(&recorder, &settings, RECORD_CLOCK, "nothing.raw");
    record_add(&recorder, missing, MASTER);
    record_add(&recorder, text, MASTER);
    record_play(&recorder);
    record_until_ended(&recorder);
    player_read_status(recorder.player, &status);
    assert_int_equal(status.failed, 2);
    assert_int_equal(status.played, 0);
    record_close(&recorder);
    assert_int_equal(recorder.line_count, 2);
    record_finish(&recorder);
}

static void a_device_that_cannot_be_opened_is_told_in_one_line(void **state)
{
    struct player_settings settings;
    struct player_status status;
    struct recorder recorder;

    (void)state;
    record_settings(&settings);
    record_open(&recorder, &settings, RECORD_CLOCK, "there/is/no/such/folder.raw");
    record_add(&recorder, first, NULL);
    record_play(&recorder);
    for (int i = 0; i < 10000 && recorder.line_count == 0; i++) {
        usleep(1000);
    }
    record_until_stopped(&recorder);
    player_read_status(recorder.player, &status);
    assert_false(status.ended);
    record_close(&recorder);
    assert_int_equal(recorder.line_count, 1);
    assert_int_equal(record_lines_with(&recorder, "folder.raw"), 1);
    record_finish(&recorder);
}

static void tracks_of_two_rates_are_both_played_whole(void **state)
{
    char other[PATH_SIZE], third[PATH_SIZE];
    const char *const paths[] = {first, other, third};
    struct player_settings settings;
    struct recorder recorder;
    struct stereo words, wanted;

    (void)state;
    scratch_path("other.flac", other, sizeof other);
    scratch_path("third.flac", third, sizeof third);
    shell("ffmpeg -v error -y -i %s -ar 48000 -sample_fmt s16 %s", second, other);
    cut_flac(MIX, 1000, 30000, third);
    record_settings(&settings);
    settings.begin_with_original = true;
    wanted = joined_files(paths, 3);
    words = play_list(&recorder, &settings, RECORD_CLOCK, paths, 3);
    assert_int_equal(recorder.line_count, 0);
    assert_all_equal(&words, &wanted);
    record_finish(&recorder);
    stereo_destroy(&words);
    stereo_destroy(&wanted);
}

/* All of a file at 48 kHz. */
static struct stereo resampled(const char *path)
{
    enum { STEP = 4096 };
    float left[STEP], right[STEP];
    float *const channel[2] = {left, right};
    struct stereo sound = stereo_create(300000);
    struct decoder *decoder = NULL;
    struct media_error error;
    ssize_t got;

    sound.frames = 0;
    assert_int_equal(decoder_open(&decoder, path, 48000, &error), 0);
    while ((got = decoder_read(decoder, channel, STEP, &error)) > 0) {
        for (ssize_t i = 0; i < got; i++, sound.frames++) {
            sound.channel[0][sound.frames] = (double)left[i];
            sound.channel[1][sound.frames] = (double)right[i];
        }
    }
    decoder_close(decoder);
    return sound;
}

static void a_device_that_refuses_the_rate_gets_it_resampled(void **state)
{
    const char *const paths[] = {first, second};
    struct player_settings settings;
    struct recorder recorder;
    struct stereo parts[2], words, wanted;

    (void)state;
    record_settings(&settings);
    settings.begin_with_original = true;
    parts[0] = resampled(first);
    parts[1] = resampled(second);
    assert_true(llabs((long long)parts[0].frames * 441 - FIRST * 480LL) <= 480);
    wanted = joined(parts, 2);
    words = play_list(&recorder, &settings, RECORD_ALSA_48, paths, 2);
    assert_int_equal(recorder.line_count, 0);
    assert_all_equal(&words, &wanted);
    record_finish(&recorder);
    stereo_destroy(&words);
    settings.begin_with_original = false;
    words = play_list(&recorder, &settings, RECORD_ALSA_48, paths, 2);
    assert_int_equal(recorder.line_count, 0);
    assert_int_equal(words.frames, wanted.frames);
    assert_true(words_error(&words, 0, &wanted, 0, (int64_t)wanted.frames) > 0.05); /* matched */
    record_finish(&recorder);
    stereo_destroy(&words);
    stereo_destroy(&wanted);
    stereo_destroy(&parts[0]);
    stereo_destroy(&parts[1]);
}

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

static void a_plan_that_comes_late_is_faded_in_over_two_seconds(void **state)
{
    const char *const paths[] = {long_piece};
    struct player_settings settings;
    struct recorder recorder;
    struct stereo words, a, b;
    int64_t at;

    (void)state;
    record_settings(&settings);
    a = sound_read(long_piece);
    b = recorded_alone(&settings, long_piece);
    settings.start_wait_ms = 0;
    words = play_list(&recorder, &settings, RECORD_CLOCK, paths, 1);
    at = check_change(&words, &a, &b, LATE_FADE);
    print_message("           it came in at frame %lld\n", (long long)at);
    record_finish(&recorder);
    stereo_destroy(&words);
    stereo_destroy(&a);
    stereo_destroy(&b);
}

static void a_plan_in_time_is_heard_from_the_first_frame(void **state)
{
    const char *const paths[] = {first};
    struct player_settings settings;
    struct recorder recorder;
    struct stereo words, b;

    (void)state;
    record_settings(&settings);
    b = recorded_alone(&settings, first);
    settings.start_wait_ms = 30000;
    words = play_list(&recorder, &settings, RECORD_CLOCK, paths, 1);
    assert_int_equal(words.frames, b.frames);
    assert_true(words_error(&words, 0, &b, 0, FIRST) <= 1e-6);
    record_finish(&recorder);
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
    settings.amounts = half;
    after = recorded_alone(&settings, long_piece);
    settings.amounts = amounts_exact;
    record_open(&recorder, &settings, RECORD_CLOCK, "amounts.raw");
    record_add(&recorder, long_piece, MASTER);
    record_play(&recorder);
    record_until(&recorder, 20000);
    player_set_amounts(recorder.player, &half);
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
    player_skip(recorder.player, 1);
    record_until_next(&recorder, id, 20000);
    player_read_status(recorder.player, &status);
    assert_int_equal(status.index, 1);
    assert_string_equal(status.path, second);
    player_skip(recorder.player, 1);
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
    scratch_path("tiny.flac", tiny, sizeof tiny);
    scratch_path("silent.flac", silent, sizeof silent);
    scratch_path("text.flac", text, sizeof text);
    scratch_path("missing.flac", missing, sizeof missing);
    cut_flac(MIX, 200000, FIRST, first);
    cut_flac(MIX, 400000, SECOND, second);
    cut_flac(MIX, 500000, LONG, long_piece);
    cut_flac(MIX, 300000, TINY, tiny);
    shell("ffmpeg -v error -y -f lavfi -i anullsrc=r=44100:cl=stereo -af atrim=end_sample=%d "
          "-sample_fmt s16 %s",
          SILENT, silent);
    shell("echo this is no music >%s", text);
    return 0;
}

static int remove_scratch(void **state)
{
    (void)state;
    scratch_remove();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_cannot_be_played_or_matched_does_not_stop_the_music),
        cmocka_unit_test(a_track_shorter_than_a_fade_does_not_spoil_the_next_one),
        cmocka_unit_test(a_list_of_nothing_to_play_ends),
        cmocka_unit_test(a_device_that_cannot_be_opened_is_told_in_one_line),
        cmocka_unit_test(tracks_of_two_rates_are_both_played_whole),
        cmocka_unit_test(a_device_that_refuses_the_rate_gets_it_resampled),
        cmocka_unit_test(a_plan_that_comes_late_is_faded_in_over_two_seconds),
        cmocka_unit_test(a_plan_in_time_is_heard_from_the_first_frame),
        cmocka_unit_test(other_amounts_come_in_within_20_ms),
        cmocka_unit_test(skipping_fades_into_the_next_track_and_past_the_last_one),
    };

    return cmocka_run_group_tests(tests, make_files, remove_scratch);
}
