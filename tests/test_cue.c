/* test_cue.c - beginning where it was, what the status says at once, what the owner is told,
 * volume.
 */
#include "play_support.h"

#include "tests/match_support.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MIX "tests/data/mix.flac"

enum {
    RATE_HZ = 44100,
    PATH_SIZE = 128,
    FADE = RATE_HZ * 20 / 1000,
    LONG = 70001,
    SHORT = 20011,
    OTHER = 13007,
    REST = 14000,
};

static char long_piece[PATH_SIZE], short_piece[PATH_SIZE], other[PATH_SIZE], missing[PATH_SIZE];

static void open_list(struct recorder *recorder)
{
    struct player_settings settings;

    record_settings(&settings);
    settings.match = false;
    record_open(recorder, &settings, RECORD_CLOCK, "cue.raw");
}

/* The words end with the last `frames` of the long piece. */
static void assert_ends_with(const struct recorder *recorder, int64_t frames)
{
    struct stereo words = words_read(recorder->path);
    struct stereo piece = sound_read(long_piece);
    int64_t at = (int64_t)words.frames - frames;

    assert_true(at >= 0 && at <= 2 * 512); /* of the fade in */
    assert_true(words_error(&words, at, &piece, LONG - frames, frames) == 0.0);
    stereo_destroy(&words);
    stereo_destroy(&piece);
}

/* --- cue ---------------------------------------------------------------------------------------
 */

static void what_was_cued_begins_at_its_frame(void **state)
{
    const int64_t frame = LONG - REST;
    struct player_status status;
    struct recorder recorder;

    (void)state;
    open_list(&recorder);
    record_add(&recorder, long_piece, NULL);
    player_cue(recorder.player, 1, (double)frame / RATE_HZ);
    player_read_status(recorder.player, &status); /* at once */
    assert_int_equal(status.state, PLAYER_PAUSED);
    assert_int_equal(status.id, 1);
    assert_true(fabs(status.elapsed_s - (double)frame / RATE_HZ) < 1e-9);
    record_until_paused(&recorder, false);
    player_seek(recorder.player, -0.5, true);
    player_seek(recorder.player, 0.5, true);
    do {
        player_read_status(recorder.player, &status);
    } while (status.path[0] == '\0');
    assert_string_equal(status.path, long_piece);
    assert_true(fabs(status.elapsed_s - (double)frame / RATE_HZ) < 1e-9);
    player_set_paused(recorder.player, false);
    record_until_ended(&recorder);
    record_close(&recorder);
    assert_ends_with(&recorder, REST);
    record_finish(&recorder);
}

static void the_status_says_what_was_asked_for_at_once(void **state)
{
    struct player_status status;
    struct recorder recorder;

    (void)state;
    open_list(&recorder);
    record_add(&recorder, long_piece, NULL);
    record_add(&recorder, short_piece, NULL);
    player_play(recorder.player, 1, 1.0);
    player_read_status(recorder.player, &status);
    assert_int_not_equal(status.state, PLAYER_STOPPED);
    assert_int_equal(status.id, 1);
    assert_true(status.elapsed_s >= 1.0 && status.elapsed_s < 1.5);
    player_set_paused(recorder.player, true);
    player_read_status(recorder.player, &status);
    assert_int_equal(status.state, PLAYER_PAUSED);
    player_seek(recorder.player, 0.3, false);
    player_read_status(recorder.player, &status);
    assert_true(fabs(status.elapsed_s - 0.3) < 0.1);
    player_play(recorder.player, 2, 0.0);
    player_read_status(recorder.player, &status);
    assert_int_equal(status.id, 2);
    assert_int_equal(status.state, PLAYER_PAUSED);
    player_stop(recorder.player);
    player_read_status(recorder.player, &status);
    assert_int_equal(status.state, PLAYER_STOPPED);
    record_close(&recorder);
    record_finish(&recorder);
}

/* --- what is told ------------------------------------------------------------------------------
 */

static void the_owner_is_told_which_track_is_heard(void **state)
{
    struct recorder recorder;

    (void)state;
    open_list(&recorder);
    record_add(&recorder, short_piece, NULL);
    record_add(&recorder, other, NULL);
    record_add(&recorder, short_piece, NULL);
    record_play(&recorder);
    record_until_ended(&recorder);
    record_close(&recorder);
    assert_int_equal(recorder.list.heard_count, 3);
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(recorder.list.heard[i], i + 1);
    }
    record_finish(&recorder);
}

static void what_went_wrong_stands_in_the_status_until_all_is_well(void **state)
{
    struct player_status status;
    struct recorder recorder;

    (void)state;
    open_list(&recorder);
    record_add(&recorder, missing, NULL);
    record_add(&recorder, long_piece, NULL);
    record_play(&recorder);
    record_until(&recorder, 1000);
    player_read_status(recorder.player, &status);
    assert_int_equal(status.id, 2);
    assert_non_null(strstr(status.error, missing));
    player_play(recorder.player, 2, 0.0);
    record_until_next(&recorder, record_stream(&recorder), 1000);
    player_read_status(recorder.player, &status);
    assert_string_equal(status.error, "");
    record_close(&recorder);
    record_finish(&recorder);
}

/* --- volume ------------------------------------------------------------------------------------
 */

static void the_volume_changes_without_a_step(void **state)
{
    struct stereo words, piece = sound_read(long_piece);
    struct recorder recorder;
    int64_t down = 0, up;

    (void)state;
    open_list(&recorder);
    record_add(&recorder, long_piece, NULL);
    record_play(&recorder);
    record_until(&recorder, 5000);
    player_set_volume(recorder.player, 0.25);
    record_until(&recorder, 20000);
    player_set_volume(recorder.player, 1.0);
    record_until(&recorder, 35000);
    player_stop(recorder.player);
    record_until_stopped(&recorder);
    record_close(&recorder);
    words = words_read(recorder.path);
    while (words_error(&words, down, &piece, down, 1) == 0.0) {
        down++;
    }
    assert_true(down >= 5000 && down < 20000);
    for (int64_t n = down; n < 20000; n++) {
        double ramp = fmin(1.0, (double)(n - down + 1) / FADE);

        assert_true(fabs(words_at(&words, 0, n) - words_at(&piece, 0, n) * (1.0 - 0.75 * ramp)) <=
                    2e-3);
        if (n > down + FADE + 8) { /* the first words of a ramp may be silence */
            assert_true(fabs(words_at(&words, 0, n) - 0.25 * words_at(&piece, 0, n)) <= 1e-7);
        }
    }
    for (up = (int64_t)words.frames - 2 * FADE; up > 0; up--) {
        if (words_error(&words, up, &piece, up, 1) != 0.0) {
            break;
        }
    }
    assert_true(up >= 20000 && up < 35000); /* and from there on, word for word */
    record_finish(&recorder);
    stereo_destroy(&words);
    stereo_destroy(&piece);
}

static int make_files(void **state)
{
    (void)state;
    scratch_path("long.flac", long_piece, sizeof long_piece);
    scratch_path("short.flac", short_piece, sizeof short_piece);
    scratch_path("other.flac", other, sizeof other);
    scratch_path("missing.flac", missing, sizeof missing);
    cut_flac(MIX, 500000, LONG, long_piece);
    cut_flac(MIX, 200000, SHORT, short_piece);
    cut_flac(MIX, 400000, OTHER, other);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_cued_begins_at_its_frame),
        cmocka_unit_test(the_status_says_what_was_asked_for_at_once),
        cmocka_unit_test(the_owner_is_told_which_track_is_heard),
        cmocka_unit_test(what_went_wrong_stands_in_the_status_until_all_is_well),
        cmocka_unit_test(the_volume_changes_without_a_step),
    };

    return cmocka_run_group_tests(tests, make_files, scratch_end);
}
