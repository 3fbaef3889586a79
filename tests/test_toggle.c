/* test_toggle.c - A/B while it plays: the words are a mix of A and B that moves as one 20 ms ramp.
 */
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
    RAMP = RATE_HZ * 20 / 1000,
    PIECE = 200000, /* frames of the track */
    TOGGLES_MAX = 64,
};

static char piece[128];

/* A and B, each recorded apart. */
struct sides {
    struct stereo a, b;
};

static struct sides record_sides(const char *path, const struct player_settings *wanted)
{
    const char *const paths[] = {path, NULL};
    struct player_settings settings = *wanted;
    struct sides sides;

    settings.begin_with_original = true;
    sides.a = record_list(&settings, RECORD_ALSA, paths, MASTER);
    settings.begin_with_original = false;
    sides.b = record_list(&settings, RECORD_ALSA, paths, MASTER);
    assert_int_equal(sides.a.frames, sides.b.frames);
    return sides;
}

static void sides_destroy(struct sides *sides)
{
    stereo_destroy(&sides->a);
    stereo_destroy(&sides->b);
}

struct toggle {
    int64_t before, after; /* what was written around the call */
    bool to_original;
};

struct session {
    struct toggle toggles[TOGGLES_MAX];
    size_t count;
    struct stereo words;
};

/* Plays on the clock and toggles `count` times, at least `apart` frames apart and up to twice that.
 */
static void play_session(struct session *session, size_t count, int64_t apart, uint64_t seed)
{
    struct player_settings settings;
    struct recorder recorder;
    int64_t next = 5000;
    bool original = false;

    record_settings(&settings);
    record_open(&recorder, &settings, RECORD_CLOCK, "toggles.raw");
    record_add(&recorder, piece, MASTER);
    record_play(&recorder);
    for (session->count = 0; session->count < count; session->count++) {
        struct toggle *toggle = &session->toggles[session->count];

        record_until(&recorder, next);
        original = !original;
        toggle->to_original = original;
        toggle->before = record_position(&recorder);
        player_set_original(recorder.player, original);
        toggle->after = record_position(&recorder);
        next = toggle->after + apart + (int64_t)(fabs(random_unit(&seed)) * (double)apart);
    }
    record_until_ended(&recorder);
    record_close(&recorder);
    assert_int_equal(recorder.line_count, 0);
    session->words = words_read(recorder.path);
    record_finish(&recorder);
}

/* The highest difference of words in [first, last) to a ramp of w from `from` that begins at
   `begin` (its last frame is the goal). */
static double ramp_error(const struct stereo *words, const struct sides *sides, int64_t first,
                         int64_t last, double from, int64_t begin)
{
    double worst = 0.0;

    for (int64_t n = first; n < last && worst < 1e-5; n++) {
        double done = (double)(n - begin + 1) / RAMP;
        double w = from + (1.0 - 2.0 * from) * (done < 0.0 ? 0.0 : done > 1.0 ? 1.0 : done);

        for (int c = 0; c < 2; c++) {
            double wanted = (1.0 - w) * words_at(&sides->a, c, n) + w * words_at(&sides->b, c, n);

            worst = fmax(worst, fabs(words_at(words, c, n) - wanted));
        }
    }
    return worst;
}

static void each_toggle_is_one_ramp_that_begins_at_once(void **state)
{
    enum { TOGGLES = 22, APART = 4000 };
    struct player_settings settings;
    struct sides sides;
    struct session session;
    int64_t block;
    int64_t done = 0; /* checked up to here */
    double w = 1.0;

    (void)state;
    record_settings(&settings);
    block = settings.output.block_frames;
    sides = record_sides(piece, &settings);
    play_session(&session, TOGGLES, APART, test_seed(99));
    assert_int_equal(session.words.frames, PIECE);
    for (size_t i = 0; i < session.count; i++) {
        const struct toggle *toggle = &session.toggles[i];
        /* The position is told once a block, before it is made. */
        int64_t latest = toggle->after + 2 * block;
        int64_t last = latest + RAMP;
        double best = 1.0;
        int64_t begin = -1;

        assert_true(toggle->before >= done);
        assert_true(last <= PIECE);
        for (int64_t at = toggle->before; at <= latest; at++) {
            double error = ramp_error(&session.words, &sides, done, last, w, at);

            if (error < best) {
                best = error;
                begin = at;
            }
        }
        if (best > 1e-6) {
            fail_msg("toggle %zu at %lld: no ramp fits within %.1f dB (best begins at %lld)", i,
                     (long long)toggle->before, 20.0 * log10(best), (long long)begin);
        }
        done = last;
        w = toggle->to_original ? 0.0 : 1.0;
    }
    assert_true(ramp_error(&session.words, &sides, done, PIECE, w, PIECE) <= 1e-6);
    stereo_destroy(&session.words);
    sides_destroy(&sides);
}

/* w of a frame and what it leaves unexplained; false where A and B are too close to tell. */
static bool recover_weight(const struct stereo *words, const struct sides *sides, int64_t n,
                           double *w, double *rest)
{
    double x[2], d[2], square = 0.0, along = 0.0;

    for (int c = 0; c < 2; c++) {
        x[c] = words_at(words, c, n) - words_at(&sides->a, c, n);
        d[c] = words_at(&sides->b, c, n) - words_at(&sides->a, c, n);
        square += d[c] * d[c];
        along += x[c] * d[c];
    }
    *w = square > 0.0 ? along / square : 0.0;
    *rest = fmax(fabs(x[0] - *w * d[0]), fabs(x[1] - *w * d[1]));
    return square > 1e-2 * 1e-2;
}

static void toggling_faster_than_the_ramp_never_jumps(void **state)
{
    struct player_settings settings;
    struct sides sides;
    struct session session;
    double before = 1.0;
    int64_t known = -1; /* the last frame whose w is known */
    size_t turns = 0;
    double direction = 0.0;

    (void)state;
    record_settings(&settings);
    sides = record_sides(piece, &settings);
    play_session(&session, TOGGLES_MAX, 300, test_seed(5));
    assert_int_equal(session.words.frames, PIECE);
    for (int64_t n = 0; n < PIECE; n++) {
        double w, rest;

        if (!recover_weight(&session.words, &sides, n, &w, &rest)) {
            continue;
        }
        assert_true(rest <= 1e-6);
        assert_true(w > -1e-4 && w < 1.0 + 1e-4);
        if (known >= 0) { /* a ramp from anywhere takes 20 ms, so it is never steeper than that */
            assert_true(fabs(w - before) <= (double)(n - known) / RAMP + 1e-4);
            if (fabs(w - before) > 5e-4 && (w - before) * direction <= 0.0) {
                direction = w - before;
                turns++;
            }
        }
        before = w;
        known = n;
    }
    assert_true(turns > 10 && turns <= TOGGLES_MAX);
    stereo_destroy(&session.words);
    sides_destroy(&sides);
}

static void both_sides_are_equally_loud_when_asked(void **state)
{
    (void)state;
    for (int i = 0; i < GOLDENS; i++) {
        struct player_settings settings;
        struct sides equal, level;
        double a, b;

        record_settings(&settings);
        level = record_sides(goldens[i].target, &settings);
        settings.equal_loudness = true;
        equal = record_sides(goldens[i].target, &settings);
        a = words_lufs(&equal.a, equal.a.frames);
        b = words_lufs(&equal.b, equal.b.frames);
        print_message("           %s: A %.3f, B %.3f LUFS; at their own level %.2f and %.2f\n",
                      goldens[i].name, a, b, words_lufs(&level.a, level.a.frames),
                      words_lufs(&level.b, level.b.frames));
        assert_true(fabs(a - b) <= 0.1);
        /* The louder one comes down, the other stays as it is. */
        assert_true(words_error(&equal.a, 0, &level.a, 0, (int64_t)level.a.frames) == 0.0 ||
                    words_lufs(&level.a, level.a.frames) > words_lufs(&level.b, level.b.frames));
        sides_destroy(&equal);
        sides_destroy(&level);
    }
}

/* The key that evens out the loudness, while B is heard: 20 ms from the one gain to the other. */
static void equal_loudness_comes_in_without_a_click(void **state)
{
    struct player_settings settings;
    struct recorder recorder;
    struct player_status status;
    struct sides sides;
    struct stereo words;
    int64_t first = -1;
    double gain;

    (void)state;
    record_settings(&settings);
    sides = record_sides(piece, &settings);
    record_open(&recorder, &settings, RECORD_CLOCK, "equal.raw");
    record_add(&recorder, piece, MASTER);
    record_play(&recorder);
    record_until(&recorder, 20000);
    player_set_equal_loudness(recorder.player, true);
    record_until(&recorder, 60000);
    player_read_status(recorder.player, &status);
    assert_false(status.gains_estimated);
    gain = pow(10.0, status.gain_b_db / 20.0);
    assert_true(gain < 0.9);
    record_until_ended(&recorder);
    record_close(&recorder);
    words = words_read(recorder.path);
    assert_int_equal(words.frames, PIECE);
    for (int64_t n = 0; n < PIECE && first < 0; n++) {
        first = words_error(&words, n, &sides.b, n, 1) > 1e-6 ? n : -1;
    }
    assert_true(first >= 20000 && first < 60000);
    for (int64_t n = first - 8; n < PIECE; n++) {
        for (int c = 0; c < 2; c++) {
            double b = words_at(&sides.b, c, n);
            double x = words_at(&words, c, n);

            if (n >= first + RAMP) {
                assert_true(fabs(x - gain * b) <= 1e-6);
            } else { /* in between, and near the straight line */
                double line = 1.0 + (gain - 1.0) * (double)(n - first) / RAMP;

                assert_true(fabs(x - line * b) <= 10.0 / RAMP * fabs(b) + 1e-6);
            }
        }
    }
    record_finish(&recorder);
    stereo_destroy(&words);
    sides_destroy(&sides);
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
        cmocka_unit_test(each_toggle_is_one_ramp_that_begins_at_once),
        cmocka_unit_test(toggling_faster_than_the_ramp_never_jumps),
        cmocka_unit_test(both_sides_are_equally_loud_when_asked),
        cmocka_unit_test(equal_loudness_comes_in_without_a_click),
    };

    return cmocka_run_group_tests(tests, make_piece, scratch_end);
}
