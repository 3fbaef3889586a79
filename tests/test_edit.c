/* test_edit.c - modules bypassed, removed, added and moved while the music plays: one linear fade
   of 20 ms from the words of the one chain to those of the other. */
#include "play_support.h"

#include "chain/rack.h"
#include "tests/match_support.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define MASTER "tests/data/master.flac"

enum { RATE_HZ = 44100, FADE = RATE_HZ * 20 / 1000, PIECE = 130000, BLOCK = 512 };

static char piece[128];

/* The words of the whole piece with this rack from the beginning. */
static struct stereo whole_with(const struct rack *rack, const char *reference)
{
    struct player_settings settings;
    struct recorder recorder;
    struct stereo words;

    record_settings(&settings);
    record_open(&recorder, &settings, RECORD_ALSA, "whole.raw");
    record_set_rack(&recorder, rack);
    record_add(&recorder, piece, reference);
    record_play(&recorder);
    record_until_ended(&recorder);
    record_close(&recorder);
    words = words_read(recorder.path);
    record_finish(&recorder);
    assert_int_equal(words.frames, PIECE);
    return words;
}

/* The frame from which on the words leave `before`. */
static int64_t find_change(const struct stereo *words, const struct stereo *before, int64_t from)
{
    for (int64_t i = from; i < (int64_t)words->frames; i++) {
        for (int c = 0; c < 2; c++) {
            if (fabs(words_at(words, c, i) - words_at(before, c, i)) > 1e-6) {
                return i;
            }
        }
    }
    fail_msg("nothing changes after frame %ld", (long)from);
    return 0;
}

/* How far the words are from a straight fade that begins at frame `begin`. */
static double fade_error(const struct stereo *words, const struct stereo *before,
                         const struct stereo *after, int64_t begin)
{
    double worst = 0.0;

    for (int64_t i = begin; i < begin + 4 * FADE; i++) {
        double weight = i < begin + FADE ? (double)(i - begin) / FADE : 1.0;

        for (int c = 0; c < 2; c++) {
            double wanted =
                (1.0 - weight) * words_at(before, c, i) + weight * words_at(after, c, i);

            worst = fmax(worst, fabs(words_at(words, c, i) - wanted));
        }
    }
    return worst;
}

/* The words are those of `before`, then a straight fade that begins on the grid, then `after`.
   Returns where the fade ended. */
static int64_t assert_one_fade(const struct stereo *words, const struct stereo *before,
                               const struct stereo *after, int64_t from)
{
    int64_t seen = find_change(words, before, from) / BLOCK * BLOCK;
    double error = 1.0;

    /* Where both chains sound alike the fade is seen only some blocks after it began. */
    for (int64_t begin = seen; begin > seen - FADE; begin -= BLOCK) {
        error = fade_error(words, before, after, begin);
        if (error < 1e-6) {
            return begin + FADE;
        }
    }
    fail_msg("no straight fade at frame %ld: %g off", (long)seen, error);
    return 0;
}

static void edits_are_faded_over_while_it_plays(void **state)
{
    struct rack racks[3];
    struct stereo wholes[3], words;
    struct player_settings settings;
    struct recorder recorder;
    int64_t at = 0;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        rack_init_exact(&racks[i]);
    }
    assert_int_equal(rack_bypass(&racks[1], 1, true), 0); /* no limiter */
    assert_int_equal(rack_remove(&racks[2], 0), 0);       /* no match */
    for (size_t i = 0; i < 3; i++) {
        wholes[i] = whole_with(&racks[i], MASTER);
    }
    record_settings(&settings);
    record_open(&recorder, &settings, RECORD_CLOCK, "edited.raw");
    record_add(&recorder, piece, MASTER);
    record_play(&recorder);
    for (size_t i = 1; i < 4; i++) {
        record_until(&recorder, (int64_t)i * RATE_HZ / 2);
        record_set_rack(&recorder, &racks[i % 3]);
    }
    record_until_ended(&recorder);
    record_close(&recorder);
    words = words_read(recorder.path);
    record_finish(&recorder);
    for (size_t i = 0; i < 3; i++) {
        at = assert_one_fade(&words, &wholes[i], &wholes[(i + 1) % 3], at);
    }
    assert_true(words_error(&words, at, &wholes[0], at, PIECE - at) < 1e-6);
    stereo_destroy(&words);
    for (size_t i = 0; i < 3; i++) {
        stereo_destroy(&wholes[i]);
    }
}

/* The limiter in front of the match is another sound, and moving it is heard as one fade. */
static void a_module_that_is_moved_is_faded_over_as_well(void **state)
{
    struct player_settings settings;
    struct recorder recorder;
    struct stereo straight, swapped, words;
    struct rack racks[2];
    int64_t at;

    (void)state;
    rack_init_exact(&racks[0]);
    assert_int_equal(rack_add(&racks[0], "conditioner", 0), 0);
    assert_int_equal(rack_set_parameter(&racks[0], 0, "gain", 12), 0);
    racks[1] = racks[0];
    assert_int_equal(rack_move(&racks[1], 2, 0), 0);
    assert_int_equal(rack_find(&racks[1], "limiter"), 0);
    straight = whole_with(&racks[0], MASTER);
    swapped = whole_with(&racks[1], MASTER);
    record_settings(&settings);
    record_open(&recorder, &settings, RECORD_CLOCK, "moved.raw");
    record_set_rack(&recorder, &racks[0]);
    record_add(&recorder, piece, MASTER);
    record_play(&recorder);
    for (int i = 1; i < 3; i++) {
        record_until(&recorder, (int64_t)i * RATE_HZ / 2);
        record_set_rack(&recorder, &racks[i % 2]);
    }
    record_until_ended(&recorder);
    record_close(&recorder);
    words = words_read(recorder.path);
    record_finish(&recorder);
    assert_true(words_error(&straight, RATE_HZ, &swapped, RATE_HZ, RATE_HZ) > 0.01);
    at = assert_one_fade(&words, &straight, &swapped, 0);
    at = assert_one_fade(&words, &swapped, &straight, at);
    assert_true(words_error(&words, at, &straight, at, PIECE - at) < 1e-6);
    stereo_destroy(&words);
    stereo_destroy(&straight);
    stereo_destroy(&swapped);
}

/* Without a reference there is no match, but what else is in the rack is heard. */
static void a_rack_works_without_a_reference(void **state)
{
    struct stereo whole = sound_read(piece), words;
    struct rack rack;

    (void)state;
    rack_init_exact(&rack);
    assert_int_equal(rack_add(&rack, "conditioner", 0), 0);
    assert_int_equal(rack_set_parameter(&rack, 0, "gain", -6), 0);
    words = whole_with(&rack, NULL);
    for (size_t n = 0; n < whole.frames; n++) {
        whole.channel[0][n] *= pow(10, -6.0 / 20);
        whole.channel[1][n] *= pow(10, -6.0 / 20);
    }
    assert_true(words_error(&words, 0, &whole, 0, PIECE) < 1e-6);
    stereo_destroy(&words);
    stereo_destroy(&whole);
}

static int make(void **state)
{
    (void)state;
    scratch_path("piece.flac", piece, sizeof piece);
    cut_flac("tests/data/mix.flac", 300000, PIECE, piece);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edits_are_faded_over_while_it_plays),
        cmocka_unit_test(a_module_that_is_moved_is_faded_over_as_well),
        cmocka_unit_test(a_rack_works_without_a_reference),
    };

    return cmocka_run_group_tests(tests, make, scratch_end);
}
