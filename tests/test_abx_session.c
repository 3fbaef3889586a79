/* test_abx_session.c - a blind test on a player that plays: what is heard, and what nobody is told.
 */
#include "server/abx_session.h"

#include "play_support.h"
#include "tests/match_support.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define MASTER "tests/data/master.flac"

enum { RATE_HZ = 44100, PART = RATE_HZ * 20 / 1000, PIECE = RATE_HZ * 8 };

static char piece[128];
static const struct abx_slots slots = {"original", "matched"};

/* A and B at equal loudness, each recorded apart. */
struct sides {
    struct stereo a, b;
};

static struct sides record_sides(const char *path)
{
    const char *const paths[] = {path, NULL};
    struct player_settings settings;
    struct sides sides;

    record_settings(&settings);
    settings.equal_loudness = true;
    settings.begin_with_original = true;
    sides.a = record_list(&settings, RECORD_ALSA, paths, MASTER);
    settings.begin_with_original = false;
    sides.b = record_list(&settings, RECORD_ALSA, paths, MASTER);
    return sides;
}

static double gain_at(int64_t k)
{
    if (k < 0 || k >= 3 * PART) {
        return 1.0;
    }
    if (k < PART) {
        return 1.0 - (double)(k + 1) / PART;
    }
    return k < 2 * PART ? 0.0 : (double)(k + 1 - 2 * PART) / PART;
}

/* The first frame of silence of at least PART frames from `from` on; -1: none. */
static int64_t find_silence(const struct stereo *words, int64_t from)
{
    int64_t run = 0;

    for (int64_t n = from; n < (int64_t)words->frames; n++) {
        run = words->channel[0][n] == 0.0 && words->channel[1][n] == 0.0 ? run + 1 : 0;
        if (run == PART) {
            return n - PART + 1;
        }
    }
    return -1;
}

/* Which side the words are of from `n` on: 0 A, 1 B. */
static int side_at(const struct stereo *words, const struct sides *sides, int64_t n)
{
    double a = words_error(words, n, &sides->a, n, 2000);
    double b = words_error(words, n, &sides->b, n, 2000);

    assert_true(fmin(a, b) <= 1e-6 && fmax(a, b) > 1e-3);
    return a < b ? 0 : 1;
}

/* Around the switch whose silence begins at `silence`. The fade's last frame is silent, too. */
static void check_switch(const struct stereo *words, const struct sides *sides, int64_t silence)
{
    int64_t begin = silence - PART + 1;
    const struct stereo *before = side_at(words, sides, begin - 3000) == 0 ? &sides->a : &sides->b;
    const struct stereo *after =
        side_at(words, sides, begin + 3 * PART) == 0 ? &sides->a : &sides->b;

    for (int64_t k = -PART; k < 4 * PART; k++) {
        const struct stereo *heard = k < PART ? before : after;

        for (int c = 0; c < 2; c++) {
            double wanted = gain_at(k) * words_at(heard, c, begin + k);

            assert_true(fabs(words_at(words, c, begin + k) - wanted) <= 1e-6);
        }
    }
}

static void wait_running(struct abx_session *session)
{
    struct abx_status status;

    for (int i = 0; i < 600; i++) {
        abx_session_read(session, &status);
        if (status.state == ABX_RUNNING) {
            return;
        }
        assert_int_equal(status.state, ABX_WAITING);
        usleep(10000);
    }
    fail_msg("the test never began");
}

static void check_hidden(struct recorder *recorder)
{
    struct player_status status;

    player_read_status(recorder->player, &status);
    assert_true(status.blind);
    assert_false(status.original);
    assert_true(status.output.b_weight == 0.5);
    player_set_original(recorder->player, true); /* does nothing now */
}

/* Hears `sources` one after the other, 0.15 s each, and answers; then what was is back. */
static void every_switch_sounds_alike_and_nobody_is_told(void **state)
{
    static const enum abx_source sources[] = {ABX_A, ABX_B, ABX_B, ABX_X, ABX_A};
    char message[ABX_MESSAGE_SIZE], path[256];
    struct sides sides = record_sides(piece);
    struct player_settings settings;
    struct recorder recorder;
    struct abx_session *session;
    struct abx_status status;
    struct player_status after;
    struct stereo words;
    int64_t silence = -1;
    size_t switches = 0;

    (void)state;
    record_settings(&settings);
    record_open(&recorder, &settings, RECORD_CLOCK, "blind.raw");
    scratch_path("abx.log", path, sizeof path);
    session = abx_session_create(recorder.player, path, recorder.log);
    assert_non_null(session);
    assert_int_equal(abx_session_start(session, 5, &slots, message), -ENOENT); /* nothing plays */
    record_add(&recorder, piece, MASTER);
    record_play(&recorder);
    record_until(&recorder, 1000);
    assert_int_equal(abx_session_start(session, 3, &slots, message), -ERANGE);
    assert_int_equal(abx_session_start(session, 5, &slots, message), 0);
    assert_int_equal(abx_session_hear(session, ABX_A, message), -EAGAIN); /* not equal yet */
    assert_false(abx_session_is_blind(session));
    wait_running(session);
    assert_true(abx_session_is_blind(session));
    for (size_t i = 0; i < 5; i++) {
        usleep(160000);
        check_hidden(&recorder);
        assert_int_equal(abx_session_hear(session, sources[i], message), 0);
    }
    for (int i = 0; i < 5; i++) {
        usleep(160000);
        check_hidden(&recorder);
        assert_int_equal(abx_session_answer(session, ABX_A, message), 0);
    }
    abx_session_read(session, &status);
    assert_int_equal(status.state, ABX_DONE);
    usleep(160000);
    player_read_status(recorder.player, &after);
    assert_false(after.blind);
    assert_false(after.original || after.equal_loudness); /* as it was before */
    assert_true(after.output.b_weight == 1.0);
    record_close(&recorder);
    words = words_read(recorder.path);
    while ((silence = find_silence(&words, silence + 1 + 2 * PART)) >= 0) {
        if (switches < 10) { /* after the last one loudness goes back as well */
            check_switch(&words, &sides, silence);
        }
        switches++;
    }
    assert_int_equal(switches, 1 + 5 + 4 + 1); /* the beginning, hear, answers, the end */
    abx_session_destroy(session);
    record_finish(&recorder);
    stereo_destroy(&words);
    stereo_destroy(&sides.a);
    stereo_destroy(&sides.b);
}

static void a_track_without_a_reference_has_nothing_to_compare(void **state)
{
    char message[ABX_MESSAGE_SIZE], path[256];
    struct player_settings settings;
    struct recorder recorder;
    struct player_status status;
    struct abx_session *session;

    (void)state;
    record_settings(&settings);
    record_open(&recorder, &settings, RECORD_CLOCK, "plain.raw");
    scratch_path("none.log", path, sizeof path);
    session = abx_session_create(recorder.player, path, recorder.log);
    record_add(&recorder, piece, NULL);
    record_play(&recorder);
    record_until(&recorder, 1000);
    do {
        player_read_status(recorder.player, &status);
    } while (status.state == PLAYER_STARTING);
    assert_int_equal(abx_session_start(session, 16, &slots, message), -ENOENT);
    assert_non_null(strstr(message, "no reference"));
    assert_false(abx_session_is_blind(session));
    assert_false(abx_session_is_blind(NULL));
    abx_session_stop(session);
    assert_int_equal(access(path, F_OK), -1); /* there was no test */
    abx_session_destroy(session);
    record_close(&recorder);
    record_finish(&recorder);
}

/* What A of the test begun last is, and B, as they are heard one after the other, 0.3 s each. */
static void hear_both(struct recorder *recorder, struct abx_session *session)
{
    char message[ABX_MESSAGE_SIZE];

    wait_running(session);
    for (int i = 0; i < 2; i++) {
        usleep(160000);
        check_hidden(recorder);
        assert_int_equal(abx_session_hear(session, i == 0 ? ABX_A : ABX_B, message), 0);
    }
    usleep(300000);
    abx_session_stop(session);
}

/* A holds a preset and B the original: the other way round than as a rule. */
static void what_the_slots_hold_is_compared(void **state)
{
    const struct abx_slots held = {"preset half", "original"};
    struct sides sides = record_sides(piece);
    struct sides swapped = {.a = sides.b, .b = sides.a};
    char message[ABX_MESSAGE_SIZE], path[256], text[2048] = "";
    struct player_settings settings;
    struct recorder recorder;
    struct abx_session *session;
    struct stereo words;
    int64_t silence;
    struct rack rack;
    FILE *file;

    (void)state;
    record_settings(&settings);
    record_open(&recorder, &settings, RECORD_CLOCK, "slots.raw");
    scratch_path("slots.log", path, sizeof path);
    session = abx_session_create(recorder.player, path, recorder.log);
    rack_init_exact(&rack);
    record_set_a(&recorder, &rack);
    recorder.list.b_is_original = true;
    record_add(&recorder, piece, MASTER);
    record_play(&recorder);
    record_until(&recorder, 1000);
    assert_int_equal(abx_session_start(session, 5, &held, message), 0);
    hear_both(&recorder, session);
    record_close(&recorder);
    words = words_read(recorder.path);
    silence = find_silence(&words, 0);
    silence = find_silence(&words, silence + 2 * PART); /* from X to A */
    check_switch(&words, &swapped, silence);
    assert_int_equal(side_at(&words, &swapped, silence + 3 * PART), 0);
    silence = find_silence(&words, silence + 2 * PART); /* and to B */
    check_switch(&words, &swapped, silence);
    assert_int_equal(side_at(&words, &swapped, silence + 3 * PART), 1);
    file = fopen(path, "r");
    assert_non_null(file);
    assert_true(fread(text, 1, sizeof text - 1, file) > 0);
    fclose(file);
    assert_non_null(strstr(text, "  A: preset half  B: original  reference: " MASTER "\n"));
    abx_session_destroy(session);
    record_finish(&recorder);
    stereo_destroy(&words);
    stereo_destroy(&sides.a);
    stereo_destroy(&sides.b);
}

static void two_slots_with_the_same_in_them_are_not_compared(void **state)
{
    const struct abx_slots same = {"matched", "matched"};
    char message[ABX_MESSAGE_SIZE], path[256];
    struct player_settings settings;
    struct player_status status;
    struct recorder recorder;
    struct abx_session *session;
    struct rack rack;

    (void)state;
    record_settings(&settings);
    record_open(&recorder, &settings, RECORD_CLOCK, "same.raw");
    scratch_path("same.log", path, sizeof path);
    session = abx_session_create(recorder.player, path, recorder.log);
    rack_init_exact(&rack);
    record_set_a(&recorder, &rack);
    record_add(&recorder, piece, MASTER);
    record_play(&recorder);
    record_until(&recorder, 1000);
    do {
        player_read_status(recorder.player, &status);
    } while (status.state != PLAYER_PLAYING || status.match != PLAYER_MATCH_READY ||
             status.match_a != PLAYER_MATCH_READY);
    assert_int_equal(abx_session_start(session, 5, &same, message), -ENOENT);
    assert_non_null(strstr(message, "both matched"));
    assert_int_equal(access(path, F_OK), -1);
    abx_session_destroy(session);
    record_close(&recorder);
    record_finish(&recorder);
}

static int make_piece(void **state)
{
    (void)state;
    scratch_path("piece.flac", piece, sizeof piece);
    cut_flac("tests/data/mix.flac", RATE_HZ, PIECE, piece);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_switch_sounds_alike_and_nobody_is_told),
        cmocka_unit_test(a_track_without_a_reference_has_nothing_to_compare),
        cmocka_unit_test(what_the_slots_hold_is_compared),
        cmocka_unit_test(two_slots_with_the_same_in_them_are_not_compared),
    };

    return cmocka_run_group_tests(tests, make_piece, scratch_end);
}
