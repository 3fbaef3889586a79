/* test_list.c - the list that is played changes while it plays; borders, repeat, cue, volume. */
#include "play_support.h"

#include "tests/match_support.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MASTER "tests/data/master.flac"
#define AMBIENT "tests/data/ambient.flac"
#define MIX "tests/data/mix.flac"

enum {
    RATE_HZ = 44100,
    PATH_SIZE = 128,
    FADE = RATE_HZ * 20 / 1000,
    LONG = 70001,
    SHORT = 20011,
    OTHER = 13007,
    SETTLE_MS = 400,
    EARLY = 30000, /* so many frames before the join, the next track can still be taken back */
    LATE = 14000,  /* and here not */
};

static char long_piece[PATH_SIZE], short_piece[PATH_SIZE], other[PATH_SIZE], missing[PATH_SIZE];

/* --- words ------------------------------------------------------------------------------------ */

static void open_list(struct recorder *recorder, bool match)
{
    struct player_settings settings;

    record_settings(&settings);
    settings.match = match;
    settings.settle_ms = SETTLE_MS;
    record_open(recorder, &settings, RECORD_CLOCK, "list.raw");
}

/* Plays the long piece, which is the first, from so many frames before its end. */
static void play_from(struct recorder *recorder, int64_t before_end)
{
    player_play(recorder->player, 1, (double)(LONG - before_end) / RATE_HZ);
    record_until(recorder, 600);
}

/* The words end with the last `frames` of the long piece, then all of these files, and nothing
   stands in between. `more` words stand after that. */
static void assert_words(const struct recorder *recorder, int64_t frames, const char *const *paths,
                         int64_t more)
{
    struct stereo words = words_read(recorder->path);
    struct stereo piece = sound_read(long_piece);
    int64_t at = (int64_t)words.frames - frames - more;

    for (const char *const *path = paths; *path != NULL; path++) {
        struct stereo sound = sound_read(*path);

        at -= (int64_t)sound.frames;
        stereo_destroy(&sound);
    }
    assert_true(at >= 0 && at <= 2 * 512); /* of the fade in */
    assert_true(words_error(&words, at, &piece, LONG - frames, frames) == 0.0);
    at += frames;
    for (; *paths != NULL; paths++) {
        struct stereo sound = sound_read(*paths);

        assert_true(words_error(&words, at, &sound, 0, (int64_t)sound.frames) == 0.0);
        at += (int64_t)sound.frames;
        stereo_destroy(&sound);
    }
    stereo_destroy(&words);
    stereo_destroy(&piece);
}

static void end_with(struct recorder *recorder, int64_t frames, const char *const *paths)
{
    record_until_ended(recorder);
    record_close(recorder);
    assert_words(recorder, frames, paths, 0);
    assert_int_equal(recorder->line_count, 0);
    record_finish(recorder);
}

/* --- edits ------------------------------------------------------------------------------------ */

static void what_is_inserted_next_is_heard_next(void **state)
{
    const int64_t places[] = {EARLY, LATE};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct recorder recorder;

        open_list(&recorder, false);
        record_add(&recorder, long_piece, NULL);
        record_add(&recorder, short_piece, NULL);
        play_from(&recorder, places[i]);
        record_insert(&recorder, 1, other, NULL);
        end_with(&recorder, places[i], (const char *const[]){other, short_piece, NULL});
    }
}

static void what_is_taken_out_is_not_heard(void **state)
{
    const int64_t places[] = {EARLY, LATE};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct recorder recorder;

        open_list(&recorder, false);
        record_add(&recorder, long_piece, NULL);
        record_add(&recorder, short_piece, NULL);
        record_add(&recorder, other, NULL);
        play_from(&recorder, places[i]);
        record_remove(&recorder, 1);
        end_with(&recorder, places[i], (const char *const[]){other, NULL});
    }
}

static void what_changes_in_time_joins_without_a_gap(void **state)
{
    enum { IN_TIME = LONG - 1000 };
    struct recorder recorder;
    uint64_t stream;

    (void)state;
    open_list(&recorder, false);
    record_add(&recorder, long_piece, NULL);
    record_add(&recorder, short_piece, NULL);
    play_from(&recorder, IN_TIME);
    stream = record_stream(&recorder);
    record_remove(&recorder, 1);
    record_add(&recorder, other, NULL);
    record_until(&recorder, IN_TIME + OTHER / 2);
    assert_int_equal(record_stream(&recorder), stream);
    end_with(&recorder, IN_TIME, (const char *const[]){other, NULL});
}

static void what_is_heard_plays_on_when_it_is_taken_out(void **state)
{
    struct recorder recorder;

    (void)state;
    open_list(&recorder, false);
    record_add(&recorder, long_piece, NULL);
    record_add(&recorder, short_piece, NULL);
    play_from(&recorder, EARLY);
    record_remove(&recorder, 0);
    end_with(&recorder, EARLY, (const char *const[]){short_piece, NULL});
}

static void a_list_that_grows_at_its_end_goes_on_without_a_gap(void **state)
{
    const int64_t places[] = {EARLY, LATE};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct recorder recorder;

        open_list(&recorder, false);
        record_add(&recorder, long_piece, NULL);
        play_from(&recorder, places[i]);
        record_add(&recorder, short_piece, NULL);
        record_add(&recorder, other, NULL);
        end_with(&recorder, places[i], (const char *const[]){short_piece, other, NULL});
    }
}

static void edits_elsewhere_change_nothing(void **state)
{
    struct recorder recorder;

    (void)state;
    open_list(&recorder, false);
    record_add(&recorder, long_piece, NULL);
    record_add(&recorder, missing, NULL);
    record_add(&recorder, short_piece, NULL);
    play_from(&recorder, EARLY);
    for (int i = 0; i < 10; i++) {
        record_add(&recorder, other, NULL);
        record_remove(&recorder, recorder.list.count - 1);
    }
    record_until_ended(&recorder);
    record_close(&recorder);
    assert_words(&recorder, EARLY, (const char *const[]){short_piece, NULL}, 0);
    assert_int_equal(recorder.line_count, 1); /* the one that is missing */
    record_finish(&recorder);
}

/* --- borders and repeat ------------------------------------------------------------------------
 */

static void single_pauses_on_the_first_frame_of_the_next_track(void **state)
{
    const int64_t places[] = {EARLY, LATE};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct player_status status;
        struct recorder recorder;

        open_list(&recorder, false);
        record_add(&recorder, long_piece, NULL);
        record_add(&recorder, short_piece, NULL);
        record_add(&recorder, other, NULL);
        play_from(&recorder, places[i]);
        record_set_modes(&recorder, false, true);
        record_until_paused(&recorder, true);
        player_read_status(recorder.player, &status);
        assert_int_equal(status.id, 2);
        assert_true(status.elapsed_s == 0.0);
        record_set_modes(&recorder, false, false);
        player_set_paused(recorder.player, false);
        end_with(&recorder, places[i], (const char *const[]){short_piece, other, NULL});
    }
}

static void single_that_is_turned_off_in_time_is_not_heard(void **state)
{
    struct recorder recorder;

    (void)state;
    open_list(&recorder, false);
    record_set_modes(&recorder, false, true);
    record_add(&recorder, long_piece, NULL);
    record_add(&recorder, short_piece, NULL);
    play_from(&recorder, EARLY);
    record_set_modes(&recorder, false, false);
    end_with(&recorder, EARLY, (const char *const[]){short_piece, NULL});
}

static void single_stops_where_nothing_follows(void **state)
{
    struct recorder recorder;

    (void)state;
    open_list(&recorder, false);
    record_set_modes(&recorder, false, true);
    record_add(&recorder, long_piece, NULL);
    play_from(&recorder, LATE);
    end_with(&recorder, LATE, (const char *const[]){NULL});
}

static void a_list_that_is_repeated_joins_its_end_to_its_beginning(void **state)
{
    enum { ROUNDS = 4 };
    struct stereo words, one;
    struct recorder recorder;

    (void)state;
    open_list(&recorder, false);
    record_set_modes(&recorder, true, false);
    record_add(&recorder, short_piece, NULL);
    record_play(&recorder);
    record_until(&recorder, (ROUNDS - 1) * SHORT + 5000);
    record_set_modes(&recorder, false, false);
    record_until_ended(&recorder);
    record_close(&recorder);
    words = words_read(recorder.path);
    one = sound_read(short_piece);
    assert_true((int64_t)words.frames >= ROUNDS * SHORT && words.frames % SHORT == 0);
    for (int64_t at = 0; at < (int64_t)words.frames; at += SHORT) {
        assert_true(words_error(&words, at, &one, 0, SHORT) == 0.0);
    }
    record_finish(&recorder);
    stereo_destroy(&words);
    stereo_destroy(&one);
}

static void a_list_that_is_repeated_and_has_nothing_to_play_ends(void **state)
{
    struct player_status status;
    struct recorder recorder;

    (void)state;
    open_list(&recorder, false);
    record_set_modes(&recorder, true, false);
    record_add(&recorder, missing, NULL);
    record_add(&recorder, "tests/data", NULL);
    record_add(&recorder, missing, NULL);
    record_play(&recorder);
    record_until_ended(&recorder);
    player_read_status(recorder.player, &status);
    assert_int_equal(status.played, 0);
    record_close(&recorder);
    record_finish(&recorder);
}

/* --- references --------------------------------------------------------------------------------
 */

/* The words go over from `before` to `after` within a fade, and stay there. What may stand in front
   of them is a fade in. */
static void check_turn(const struct stereo *words, const struct stereo *before,
                       const struct stereo *after)
{
    int64_t frames = (int64_t)before->frames;
    int64_t first = (int64_t)words->frames - frames;
    int64_t turn = 0;

    assert_true(first >= 0 && first <= 2 * 512);
    while (turn < frames && words_error(words, first + turn, before, turn, 1) <= 1e-6) {
        turn++;
    }
    assert_true(turn >= 2000 && turn + FADE < frames);
    assert_true(words_error(words, first + turn + FADE, after, turn + FADE, frames - turn - FADE) <=
                1e-6);
}

static void another_reference_reaches_the_track_that_is_heard(void **state)
{
    static const char *const others[] = {AMBIENT, NULL};
    struct player_settings settings;
    struct stereo before, plain = sound_read(long_piece);

    (void)state;
    record_settings(&settings);
    before = record_matched(&settings, RECORD_ALSA, long_piece, MASTER, &amounts_exact);
    for (size_t i = 0; i < 2; i++) {
        struct stereo words, after;
        struct recorder recorder;

        after = others[i] == NULL
                    ? stereo_part(&plain, 0, plain.frames)
                    : record_matched(&settings, RECORD_ALSA, long_piece, others[i], &amounts_exact);
        open_list(&recorder, true);
        record_add(&recorder, long_piece, AMBIENT);
        player_set_paused(recorder.player, true);
        record_play(&recorder); /* both matches are made before a word is heard */
        record_until_paused(&recorder, true);
        record_set_reference(&recorder, 0, MASTER);
        record_play(&recorder);
        record_until_paused(&recorder, true);
        player_set_paused(recorder.player, false);
        record_until(&recorder, 2000);
        record_set_reference(&recorder, 0, others[i]);
        record_until_ended(&recorder);
        record_close(&recorder);
        words = words_read(recorder.path);
        check_turn(&words, &before, &after);
        record_finish(&recorder);
        stereo_destroy(&words);
        stereo_destroy(&after);
    }
    stereo_destroy(&before);
    stereo_destroy(&plain);
}

static void another_reference_reaches_what_is_queued(void **state)
{
    struct stereo parts[2] = {sound_read(long_piece), sound_read(short_piece)};
    struct stereo whole = stereo_create(LONG + SHORT), matched, words;
    struct recorder recorder;
    int64_t first;

    (void)state;
    for (int c = 0; c < 2; c++) {
        memcpy(whole.channel[c], parts[0].channel[c], LONG * sizeof(double));
        memcpy(whole.channel[c] + LONG, parts[1].channel[c], SHORT * sizeof(double));
    }
    matched = chained(short_piece, AMBIENT, &whole);
    open_list(&recorder, true);
    record_add(&recorder, long_piece, NULL);
    record_add(&recorder, short_piece, MASTER);
    play_from(&recorder, EARLY);
    record_set_reference(&recorder, 1, AMBIENT);
    record_until_ended(&recorder);
    record_close(&recorder);
    words = words_read(recorder.path);
    first = (int64_t)words.frames - (LONG + SHORT); /* of the whole, before what was heard */
    assert_true(words_error(&words, first + LONG - EARLY, &whole, LONG - EARLY, EARLY - FADE) <=
                1e-6);
    assert_true(words_error(&words, first + LONG + FADE, &matched, LONG + FADE, SHORT - FADE) <=
                1e-6);
    record_finish(&recorder);
    stereo_destroy(&parts[0]);
    stereo_destroy(&parts[1]);
    stereo_destroy(&whole);
    stereo_destroy(&matched);
    stereo_destroy(&words);
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
        cmocka_unit_test(what_is_inserted_next_is_heard_next),
        cmocka_unit_test(what_is_taken_out_is_not_heard),
        cmocka_unit_test(what_changes_in_time_joins_without_a_gap),
        cmocka_unit_test(what_is_heard_plays_on_when_it_is_taken_out),
        cmocka_unit_test(a_list_that_grows_at_its_end_goes_on_without_a_gap),
        cmocka_unit_test(edits_elsewhere_change_nothing),
        cmocka_unit_test(single_pauses_on_the_first_frame_of_the_next_track),
        cmocka_unit_test(single_that_is_turned_off_in_time_is_not_heard),
        cmocka_unit_test(single_stops_where_nothing_follows),
        cmocka_unit_test(a_list_that_is_repeated_joins_its_end_to_its_beginning),
        cmocka_unit_test(a_list_that_is_repeated_and_has_nothing_to_play_ends),
        cmocka_unit_test(another_reference_reaches_the_track_that_is_heard),
        cmocka_unit_test(another_reference_reaches_what_is_queued),
    };

    return cmocka_run_group_tests(tests, make_files, scratch_end);
}
