/* test_quality.c - the quality control measures the chain that plays, once, and only when asked. */
#include "player/quality.h"

#include "play_support.h"
#include "tests/match_support.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define MASTER "tests/data/master.flac"

static char piece[128];

static void read_figures(struct quality *quality, struct probe_figures *figures)
{
    for (int i = 0; i < 14000; i++) {
        if (quality_read(quality, figures)) {
            return;
        }
        usleep(5000);
    }
    fail_msg("nothing was measured");
}

static void play_at(struct recorder *recorder, uint32_t bits, const char *reference)
{
    struct player_settings settings;

    record_settings(&settings);
    settings.output.bits = bits;
    settings.output.dither = true;
    record_open(recorder, &settings, RECORD_CLOCK, "quality.raw");
    record_add(recorder, piece, reference);
    record_set_modes(recorder, true, false); /* the worker may need longer than it lasts */
}

static void a_match_adds_nothing_but_the_words_noise(void **state)
{
    const struct {
        uint32_t bits;
        double thdn_db, snr_db;
    } words[] = {{16, -92.8, 93.8}, {24, -140.9, 141.9}};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct recorder recorder;
        struct probe_figures figures;
        struct quality *quality;

        play_at(&recorder, words[i].bits, MASTER);
        quality = quality_create(recorder.player);
        assert_non_null(quality);
        assert_false(quality_read(quality, &figures)); /* nothing plays */
        record_play(&recorder);
        record_until(&recorder, 2000);
        read_figures(quality, &figures);
        assert_true(fabs(figures.thdn_db - words[i].thdn_db) < 1.0);
        assert_true(fabs(figures.snr_db - words[i].snr_db) < 1.0);
        assert_true(fabs(figures.level_dbfs + 1.0) < 0.05);
        /* The limiter works hard on this one, and that is to be seen. */
        assert_true(figures.imd_db > -80.0);
        quality_destroy(quality);
        record_close(&recorder);
        record_finish(&recorder);
    }
}

static void another_chain_is_measured_anew(void **state)
{
    struct recorder recorder;
    struct probe_figures with, without;
    struct quality *quality;
    struct rack rack;

    (void)state;
    play_at(&recorder, 24, MASTER);
    quality = quality_create(recorder.player);
    record_play(&recorder);
    record_until(&recorder, 2000);
    read_figures(quality, &with);
    assert_true(quality_read(quality, &with)); /* it is kept */
    rack_init_exact(&rack);
    rack_bypass(&rack, 1, true);
    record_set_rack(&recorder, &rack);
    for (int i = 0; i < 1000 && quality_read(quality, &without); i++) {
        usleep(5000);
    }
    read_figures(quality, &without);
    assert_true(without.imd_db > with.imd_db + 10.0); /* the words clip in its place */
    quality_destroy(quality);
    record_close(&recorder);
    record_finish(&recorder);
}

/* A is a chain, too: one without a limiter, in whose place the words clip. */
static void the_side_that_is_heard_is_measured(void **state)
{
    struct recorder recorder;
    struct probe_figures a, b;
    struct quality *quality;
    struct rack rack;

    (void)state;
    play_at(&recorder, 24, MASTER);
    rack_init_exact(&rack);
    rack_bypass(&rack, 1, true);
    record_set_a(&recorder, &rack);
    player_set_original(recorder.player, true);
    quality = quality_create(recorder.player);
    record_play(&recorder);
    record_until(&recorder, 2000);
    read_figures(quality, &a);
    player_set_original(recorder.player, false);
    for (int i = 0; i < 1000 && quality_read(quality, &b); i++) {
        usleep(5000);
    }
    read_figures(quality, &b);
    assert_true(a.imd_db > b.imd_db + 10.0);
    quality_destroy(quality);
    record_close(&recorder);
    record_finish(&recorder);
}

static void the_original_is_measured_as_the_device_gets_it(void **state)
{
    struct recorder recorder;
    struct probe_figures figures;
    struct quality *quality;

    (void)state;
    play_at(&recorder, 16, NULL);
    quality = quality_create(recorder.player);
    record_play(&recorder);
    record_until(&recorder, 2000);
    read_figures(quality, &figures);
    assert_true(fabs(figures.thdn_db + 92.8) < 1.0);
    quality_destroy(quality);
    record_close(&recorder);
    record_finish(&recorder);
}

static void ending_does_not_wait_for_a_measurement(void **state)
{
    struct recorder recorder;
    struct probe_figures figures;
    struct quality *quality;

    (void)state;
    play_at(&recorder, 16, MASTER);
    quality = quality_create(recorder.player);
    record_play(&recorder);
    record_until(&recorder, 2000);
    quality_read(quality, &figures);
    quality_destroy(quality);
    quality_destroy(NULL);
    record_close(&recorder);
    record_finish(&recorder);
}

static int make_piece(void **state)
{
    (void)state;
    scratch_path("piece.flac", piece, sizeof piece);
    cut_flac("tests/data/mix.flac", 44100 * 2, 3 * 44100, piece);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_match_adds_nothing_but_the_words_noise),
        cmocka_unit_test(another_chain_is_measured_anew),
        cmocka_unit_test(the_side_that_is_heard_is_measured),
        cmocka_unit_test(the_original_is_measured_as_the_device_gets_it),
        cmocka_unit_test(ending_does_not_wait_for_a_measurement),
    };

    return cmocka_run_group_tests(tests, make_piece, scratch_end);
}
