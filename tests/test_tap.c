/* test_tap.c - what the meters are shown is what is heard, and the original beside it. */
#include "play_support.h"

#include "output/output.h"
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

enum { PIECE = 90000, FADE = 44100 * 20 / 1000 };

static char piece[128];

struct seen {
    struct stereo before, after;
    int64_t end; /* of what was seen: all from 0 on */
    double lowest_gain;
    bool one_stream;
};

static void see(struct seen *seen, struct output *output)
{
    struct output_tap tap;

    while (output_tap_read(output, &tap)) {
        assert_int_equal(tap.rate_hz, 44100);
        assert_int_equal(tap.position, seen->end); /* nothing twice, nothing left out */
        assert_true(tap.position + tap.frames <= PIECE);
        for (uint32_t c = 0; c < 2; c++) {
            for (uint32_t i = 0; i < tap.frames; i++) {
                seen->before.channel[c][tap.position + i] = (double)tap.before[c][i];
                seen->after.channel[c][tap.position + i] = (double)tap.after[c][i];
            }
        }
        seen->lowest_gain = fmin(seen->lowest_gain, tap.lowest_gain);
        seen->end += tap.frames;
    }
}

static struct seen seen_create(void)
{
    return (struct seen){
        .before = stereo_create(PIECE), .after = stereo_create(PIECE), .lowest_gain = 1};
}

static void seen_destroy(struct seen *seen)
{
    stereo_destroy(&seen->before);
    stereo_destroy(&seen->after);
}

static void watch_to(struct recorder *recorder, struct seen *seen, int64_t position)
{
    struct output *output = player_output(recorder->player);

    while (seen->end < position) {
        see(seen, output);
        usleep(1000);
    }
}

/* Toggled once and paused once on the way. */
static void blocks_are_the_original_and_what_is_heard(void **state)
{
    const char *const paths[] = {piece, NULL};
    struct player_settings settings;
    struct recorder recorder;
    struct seen seen = seen_create();
    struct stereo a, words;
    int64_t n = 0;

    (void)state;
    record_settings(&settings);
    settings.begin_with_original = true;
    a = record_list(&settings, RECORD_ALSA, paths, MASTER);
    settings.begin_with_original = false;
    record_open(&recorder, &settings, RECORD_CLOCK, "tap.raw");
    output_tap_enable(player_output(recorder.player), true);
    record_add(&recorder, piece, MASTER);
    record_play(&recorder);
    watch_to(&recorder, &seen, 20000);
    player_set_original(recorder.player, true);
    watch_to(&recorder, &seen, 40000);
    player_set_paused(recorder.player, true);
    record_until_paused(&recorder, true);
    player_set_paused(recorder.player, false);
    watch_to(&recorder, &seen, PIECE);
    record_until_ended(&recorder);
    record_close(&recorder);
    words = words_read(recorder.path);
    assert_true(words_error(&a, 0, &seen.before, 0, PIECE) == 0.0);
    /* What the device got is what was seen, up to the pause and from its end on. */
    while (n < PIECE && words_error(&words, n, &seen.after, n, 1) == 0.0) {
        n++;
    }
    assert_in_range(n, 40000, PIECE - 2 * FADE);
    assert_true(
        words_error(&words, (int64_t)words.frames - 8000, &seen.after, PIECE - 8000, 8000) == 0.0);
    /* The toggle is in what was seen, too: first B, then A. */
    assert_true(words_error(&seen.after, 1000, &a, 1000, 4000) > 1e-3);
    assert_true(words_error(&seen.after, 39000, &a, 39000, 1000) == 0.0);
    assert_true(seen.lowest_gain < 1.0 && seen.lowest_gain > 0.1);
    record_finish(&recorder);
    stereo_destroy(&a);
    stereo_destroy(&words);
    seen_destroy(&seen);
}

static void check_modules(struct recorder *recorder, const char *first, const char *second)
{
    struct performance_module modules[PERFORMANCE_MODULES];

    performance_modules(output_performance(player_output(recorder->player)), modules);
    assert_string_equal(modules[0].name, first);
    if (second == NULL) {
        assert_null(modules[1].name);
    } else {
        assert_string_equal(modules[1].name, second);
    }
}

/* A is a chain, too: one without a limiter. */
static void the_figures_are_of_the_side_that_is_heard(void **state)
{
    const char *const paths[] = {piece, NULL};
    struct player_settings settings;
    struct recorder recorder;
    struct seen seen = seen_create();
    struct stereo original;
    struct rack rack;

    (void)state;
    record_settings(&settings);
    original = record_list(&settings, RECORD_ALSA, paths, NULL);
    settings.begin_with_original = true;
    record_open(&recorder, &settings, RECORD_CLOCK, "side.raw");
    rack_init_exact(&rack);
    rack_bypass(&rack, 1, true);
    record_set_a(&recorder, &rack);
    output_tap_enable(player_output(recorder.player), true);
    output_time_modules(player_output(recorder.player), true);
    record_add(&recorder, piece, MASTER);
    record_play(&recorder);
    watch_to(&recorder, &seen, 40000);
    assert_true(seen.lowest_gain == 1.0);
    check_modules(&recorder, "match_eq", NULL);
    /* Before the match is the original all the same. */
    assert_true(words_error(&original, 0, &seen.before, 0, 40000) == 0.0);
    assert_true(words_error(&original, 0, &seen.after, 0, 40000) > 1e-3);
    player_set_original(recorder.player, false);
    watch_to(&recorder, &seen, PIECE);
    assert_true(seen.lowest_gain < 1.0);
    check_modules(&recorder, "match_eq", "limiter");
    assert_true(words_error(&original, 0, &seen.before, 0, PIECE) == 0.0);
    record_close(&recorder);
    record_finish(&recorder);
    stereo_destroy(&original);
    seen_destroy(&seen);
}

static void nothing_is_told_that_nobody_asked_for(void **state)
{
    struct performance_module modules[PERFORMANCE_MODULES];
    struct player_settings settings;
    struct recorder recorder;
    struct output_tap tap;
    struct output *output;

    (void)state;
    record_settings(&settings);
    record_open(&recorder, &settings, RECORD_CLOCK, "none.raw");
    output = player_output(recorder.player);
    record_add(&recorder, piece, MASTER);
    record_play(&recorder);
    record_until(&recorder, 8000);
    assert_false(output_tap_read(output, &tap));
    performance_modules(output_performance(output), modules);
    assert_null(modules[0].name);
    output_time_modules(output, true);
    record_until(&recorder, 30000);
    performance_modules(output_performance(output), modules);
    assert_string_equal(modules[0].name, "match_eq");
    assert_string_equal(modules[1].name, "limiter");
    assert_null(modules[2].name);
    assert_true(modules[0].spent_ns > 0 && modules[0].blocks > 10);
    assert_int_equal(modules[0].blocks, modules[1].blocks);
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
        cmocka_unit_test(blocks_are_the_original_and_what_is_heard),
        cmocka_unit_test(the_figures_are_of_the_side_that_is_heard),
        cmocka_unit_test(nothing_is_told_that_nobody_asked_for),
    };

    return cmocka_run_group_tests(tests, make_piece, scratch_end);
}
