/* test_pause.c - a pause fades out, resuming goes on where the fade began, and nothing is lost. */
#include "play_support.h"

#include "tests/match_support.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define MASTER "tests/data/master.flac"

enum {
    RATE_HZ = 44100,
    FADE = RATE_HZ * 20 / 1000,
    PIECE = 130000, /* frames of the track */
    LOOK_BACK = 64, /* a fade may begin in digital silence */
    LONG_BLOCK = 4096,
};

static char piece[128];

static void settings_of(bool original, struct player_settings *settings)
{
    record_settings(settings);
    settings->begin_with_original = original;
    settings->match = !original;
}

static struct stereo uninterrupted(const struct player_settings *settings)
{
    const char *const paths[] = {piece, NULL};

    return record_list(settings, RECORD_ALSA, paths, MASTER);
}

static double gain_out(int64_t k)
{
    return k < FADE ? 1.0 - (double)k / FADE : 0.0;
}

static double gain_in(int64_t k)
{
    return k < FADE ? (double)k / FADE : 1.0;
}

/* The highest difference between words from i on and `whole` from n on with that gain. */
static double faded_error(const struct stereo *words, int64_t i, const struct stereo *whole,
                          int64_t n, int64_t frames, double (*gain)(int64_t))
{
    double worst = 0.0;

    for (int64_t k = 0; k < frames; k++) {
        for (int c = 0; c < 2; c++) {
            double wanted = gain(k) * words_at(whole, c, n + k);

            worst = fmax(worst, fabs(words_at(words, c, i + k) - wanted));
        }
    }
    return worst;
}

/* Follows words from i, which is whole[n], to the next pause: its fade's first frame in `whole`.
   -1: there is none, all went on to the end. */
static int64_t next_pause(const struct stereo *words, int64_t i, const struct stereo *whole,
                          int64_t n, double error)
{
    int64_t frames = (int64_t)whole->frames;
    int64_t last = n;

    while (last < frames && words_error(words, i + last - n, whole, last, 1) <= error) {
        last++;
    }
    if (last == frames) {
        return -1;
    }
    for (int64_t at = last; at >= n && at > last - LOOK_BACK; at--) {
        int64_t length = frames - at < FADE ? frames - at : FADE;

        if (faded_error(words, i + at - n, whole, at, length, gain_out) <= 1e-6) {
            return at;
        }
    }
    fail_msg("frame %lld of the track is neither played nor faded", (long long)last);
    return -1;
}

/* The words are the track with `pauses` pauses in it. Fills where[] with their frames. */
static void check_pauses(const struct stereo *words, const struct stereo *whole, double error,
                         size_t pauses, int64_t *where)
{
    int64_t frames = (int64_t)whole->frames;
    int64_t i = 0;
    int64_t n = 0;

    for (size_t p = 0; p < pauses; p++) {
        int64_t at = next_pause(words, i, whole, n, error);
        int64_t length = frames - at < FADE ? frames - at : FADE;

        assert_true(at >= 0);
        i += at - n + length;
        assert_true(faded_error(words, i, whole, at, length, gain_in) <= 1e-6);
        where[p] = at;
        i += length;
        n = at + length;
    }
    assert_int_equal(next_pause(words, i, whole, n, error), -1);
    assert_int_equal(words->frames, i + frames - n);
}

static void pausing_loses_nothing(void **state)
{
    enum { PAUSES = 4 };

    (void)state;
    for (int original = 0; original < 2; original++) {
        uint64_t seed = test_seed(7);
        struct player_settings settings;
        struct recorder recorder;
        struct stereo whole, words;
        int64_t before[PAUSES], after[PAUSES], where[PAUSES];

        settings_of(original != 0, &settings);
        whole = uninterrupted(&settings);
        record_open(&recorder, &settings, RECORD_CLOCK, "pauses.raw");
        record_add(&recorder, piece, MASTER);
        record_play(&recorder);
        for (int p = 0; p < PAUSES; p++) {
            double dice = fabs(random_unit(&seed));

            record_until(&recorder, 12000 + 25000 * p + (int64_t)(dice * 15000.0));
            before[p] = record_position(&recorder);
            player_set_paused(recorder.player, true);
            record_until_paused(&recorder, true);
            after[p] = record_position(&recorder); /* what is heard next */
            usleep((useconds_t)(dice * 30000.0));
            player_set_paused(recorder.player, false);
        }
        record_until_ended(&recorder);
        record_close(&recorder);
        words = words_read(recorder.path);
        check_pauses(&words, &whole, original ? 0.0 : 1e-6, PAUSES, where);
        for (int p = 0; p < PAUSES; p++) {
            assert_true(where[p] >= before[p]);
            assert_int_equal(where[p], after[p]);
        }
        record_finish(&recorder);
        stereo_destroy(&words);
        stereo_destroy(&whole);
    }
}

/* A key that is held down: on and off before the fade is over. */
static void pausing_and_resuming_at_once_loses_nothing(void **state)
{
    enum { PAUSES = 5 };
    struct player_settings settings;
    struct recorder recorder;
    struct stereo whole, words;
    int64_t where[PAUSES];

    (void)state;
    settings_of(false, &settings);
    whole = uninterrupted(&settings);
    record_open(&recorder, &settings, RECORD_CLOCK, "quick.raw");
    record_add(&recorder, piece, MASTER);
    record_play(&recorder);
    record_until(&recorder, 30000);
    for (int p = 0; p < PAUSES; p++) {
        player_set_paused(recorder.player, true);
        player_set_paused(recorder.player, false);
    }
    record_until_ended(&recorder);
    record_close(&recorder);
    words = words_read(recorder.path);
    check_pauses(&words, &whole, 1e-6, PAUSES, where);
    record_finish(&recorder);
    stereo_destroy(&words);
    stereo_destroy(&whole);
}

/* Pauses when all but the last, short block of the track was written. False: that came too late. */
static bool pause_last(const char *path, int64_t position, struct stereo *words)
{
    struct player_settings settings;
    struct recorder recorder;
    bool paused;

    settings_of(true, &settings);
    settings.output.block_frames = LONG_BLOCK;
    record_open(&recorder, &settings, RECORD_CLOCK, "end.raw");
    record_add(&recorder, path, NULL);
    record_play(&recorder);
    record_until(&recorder, position);
    player_set_paused(recorder.player, true);
    paused = record_until_paused_or_ended(&recorder);
    player_set_paused(recorder.player, false);
    record_until_ended(&recorder);
    record_close(&recorder);
    *words = words_read(recorder.path);
    record_finish(&recorder);
    return paused;
}

/* The last block may be shorter than the fade: what is left of the track fades, and comes again. */
static void a_pause_in_the_last_frames_loses_nothing(void **state)
{
    enum { TRIES = 5, AT = LONG_BLOCK * 6 };
    static const int64_t rests[] = {300, FADE, 1500};

    (void)state;
    for (size_t i = 0; i < sizeof rests / sizeof rests[0]; i++) {
        struct stereo whole, words = {0};
        bool paused = false;
        int64_t where = -1;
        char path[128];

        scratch_path("short.flac", path, sizeof path);
        cut_flac(piece, 0, AT + rests[i], path);
        whole = sound_read(path);
        for (int try = 0; try < TRIES && !paused; try++) { /* a busy machine may be late */
            stereo_destroy(&words);
            paused = pause_last(path, AT, &words);
        }
        assert_true(paused);
        check_pauses(&words, &whole, 0.0, 1, &where);
        assert_int_equal(where, AT);
        stereo_destroy(&words);
        stereo_destroy(&whole);
    }
}

static void a_long_pause_gives_the_device_back_and_goes_on_at_the_same_frame(void **state)
{
    (void)state;
    for (int original = 0; original < 2; original++) {
        struct player_settings settings;
        struct recorder recorder;
        struct stereo whole, words;
        int64_t where[2];

        settings_of(original != 0, &settings);
        settings.release_after_seconds = 1;
        whole = uninterrupted(&settings);
        record_open(&recorder, &settings, RECORD_CLOCK, "long.raw");
        record_add(&recorder, piece, MASTER);
        record_play(&recorder);
        for (int p = 0; p < 2; p++) {
            record_until(&recorder, 20000 + 40000 * p);
            player_set_paused(recorder.player, true);
            record_until_paused(&recorder, false);
            player_set_paused(recorder.player, false);
        }
        record_until_ended(&recorder);
        record_close(&recorder);
        words = words_read(recorder.path);
        check_pauses(&words, &whole, original ? 0.0 : 1e-6, 2, where);
        record_finish(&recorder);
        stereo_destroy(&words);
        stereo_destroy(&whole);
    }
}

static void stopping_fades_out_and_plays_no_more(void **state)
{
    struct player_settings settings;
    struct recorder recorder;
    struct stereo whole, words;
    int64_t before, at;

    (void)state;
    settings_of(false, &settings);
    whole = uninterrupted(&settings);
    record_open(&recorder, &settings, RECORD_CLOCK, "stop.raw");
    record_add(&recorder, piece, MASTER);
    record_play(&recorder);
    record_until(&recorder, 33333);
    before = record_position(&recorder);
    player_stop(recorder.player);
    record_until_stopped(&recorder);
    record_close(&recorder);
    words = words_read(recorder.path);
    at = next_pause(&words, 0, &whole, 0, 1e-6);
    assert_true(at >= before);
    assert_int_equal(words.frames, at + FADE);
    record_finish(&recorder);
    stereo_destroy(&words);
    stereo_destroy(&whole);
}

/* Paused before anything plays: not a word is heard until it is resumed, then all is. */
static void a_player_that_begins_paused_is_silent(void **state)
{
    struct player_settings settings;
    struct recorder recorder;
    struct stereo whole, words;

    (void)state;
    settings_of(true, &settings);
    whole = uninterrupted(&settings);
    record_open(&recorder, &settings, RECORD_CLOCK, "silent.raw");
    record_add(&recorder, piece, NULL);
    player_set_paused(recorder.player, true);
    record_play(&recorder);
    record_until_paused(&recorder, true);
    usleep(100000);
    assert_int_equal(record_position(&recorder), 0);
    player_set_paused(recorder.player, false);
    record_until_ended(&recorder);
    record_close(&recorder);
    words = words_read(recorder.path);
    assert_int_equal(words.frames, whole.frames);
    assert_true(words_error(&words, 0, &whole, 0, PIECE) == 0.0);
    record_finish(&recorder);
    stereo_destroy(&words);
    stereo_destroy(&whole);
}

static int make_piece(void **state)
{
    (void)state;
    scratch_path("piece.flac", piece, sizeof piece);
    cut_flac("tests/data/mix.flac", 44100 * 5, PIECE, piece);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pausing_loses_nothing),
        cmocka_unit_test(pausing_and_resuming_at_once_loses_nothing),
        cmocka_unit_test(a_pause_in_the_last_frames_loses_nothing),
        cmocka_unit_test(a_long_pause_gives_the_device_back_and_goes_on_at_the_same_frame),
        cmocka_unit_test(stopping_fades_out_and_plays_no_more),
        cmocka_unit_test(a_player_that_begins_paused_is_silent),
    };

    return cmocka_run_group_tests(tests, make_piece, scratch_end);
}
