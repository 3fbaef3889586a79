/* test_fault.c - a module whose numbers fail while the music plays: begun anew, then left out. */
#include "play_support.h"
#include "player/recovery.h"
#include "tests/match_support.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define MASTER "tests/data/master.flac"

static char piece[128];

/* A module that does nothing until `to_fail` is set: whichever runs next takes it and gives NaN
   from then on, as a filter does that has once got one. */
static atomic_bool to_fail;

struct fragile {
    struct module module;
    uint32_t block_frames;
    bool broken;
};

static void fragile_destroy(struct module *module)
{
    free(module);
}

MP_RT static void fragile_process(struct module *module, double *const audio[CHAIN_CHANNELS])
{
    struct fragile *fragile = (struct fragile *)module;

    if (atomic_exchange(&to_fail, false)) {
        fragile->broken = true;
    }
    for (uint32_t i = 0; fragile->broken && i < fragile->block_frames; i++) {
        audio[0][i] = audio[1][i] = (double)NAN;
    }
}

static void fragile_reset(struct module *module)
{
    ((struct fragile *)module)->broken = false;
}

MP_RT static uint32_t fragile_latency(const struct module *module)
{
    (void)module;
    return 0;
}

static const struct module_class fragile_class = {
    .name = "fragile",
    .title = "Fragile",
    .destroy = fragile_destroy,
    .process = fragile_process,
    .reset = fragile_reset,
    .latency_frames = fragile_latency,
};

static struct module *fragile_create(const struct module_format *format,
                                     const struct rack_plan *plan, const double *values)
{
    struct fragile *fragile = calloc(1, sizeof *fragile);

    (void)plan;
    (void)values;
    if (fragile == NULL) {
        return NULL;
    }
    *fragile = (struct fragile){{&fragile_class}, format->block_frames, false};
    return &fragile->module;
}

static const struct rack_kind fragile_kind = {
    .class = &fragile_class, .once = true, .create = fragile_create};

/* Match EQ, the fragile one, limiter. */
static void fragile_rack(struct rack *rack)
{
    rack_init_exact(rack);
    rack->entries[2] = rack->entries[1];
    rack->entries[1] = (struct rack_entry){.kind = &fragile_kind};
    rack->length = 3;
}

/* Until the chain was mended `count` times, as the history says. */
static void wait_for_events(struct recorder *recorder, size_t count, const char *text)
{
    struct recovery_event events[RECOVERY_KEPT];
    uint64_t total;

    for (int i = 0; i < 2000; i++) {
        size_t kept =
            recovery_read(player_recovery(recorder->player), events, RECOVERY_KEPT, &total);

        if (kept >= count) {
            assert_int_equal(events[0].kind, RECOVERY_CHAIN);
            assert_non_null(strstr(events[0].text, text));
            return;
        }
        usleep(5000);
    }
    fail_msg("nothing was done about it: %s", text);
}

static void is_begun_anew_then_left_out_and_the_music_goes_on(void **state)
{
    struct player_settings settings;
    struct recorder recorder;
    struct stereo words, wanted;
    struct rack rack;
    char without[64];
    size_t right = 0, last;

    (void)state;
    record_settings(&settings);
    record_open(&recorder, &settings, RECORD_CLOCK, "fault.raw");
    fragile_rack(&rack);
    record_add(&recorder, piece, MASTER);
    record_set_rack(&recorder, &rack);
    record_play(&recorder);
    record_until(&recorder, 22050);
    atomic_store(&to_fail, true);
    wait_for_events(&recorder, 1, "fragile gave what is no number: it was begun anew");
    recovery_without(player_recovery(recorder.player), without, sizeof without);
    assert_string_equal(without, "");
    record_until(&recorder, 3 * 22050);
    atomic_store(&to_fail, true);
    wait_for_events(&recorder, 2, "fragile gave what is no number: it is left out");
    recovery_without(player_recovery(recorder.player), without, sizeof without);
    assert_string_equal(without, "fragile");
    record_until(&recorder, 5 * 22050);
    atomic_store(&to_fail, true); /* nobody is there to take it */
    record_until_ended(&recorder);
    recovery_without(player_recovery(recorder.player), without, sizeof without);
    assert_string_equal(without, ""); /* it gets another chance */
    record_close(&recorder);
    assert_true(atomic_exchange(&to_fail, false));
    assert_int_equal(record_lines_with(&recorder, "fragile gave what is no number"), 2);
    words = words_read(recorder.path);
    wanted = record_matched(&settings, RECORD_ALSA, piece, MASTER, &amounts_exact);
    assert_int_equal(words.frames, wanted.frames);
    last = words.frames - 22050;
    for (size_t i = 0; i < words.frames; i++) {
        assert_true(isfinite(words.channel[0][i]) && isfinite(words.channel[1][i]));
        right += fabs(words.channel[0][i] - wanted.channel[0][i]) < 1e-6;
        assert_true(i < last || fabs(words.channel[0][i] - wanted.channel[0][i]) < 1e-6);
    }
    /* Half a second or so each time is heard as it is. */
    assert_true(right > words.frames - 2 * 22050);
    assert_true(right < words.frames - 1000);
    stereo_destroy(&words);
    stereo_destroy(&wanted);
    record_finish(&recorder);
}

static void what_fails_again_within_a_minute_is_left_out(void **state)
{
    struct recovery recovery;
    struct rack rack;
    char text[64];

    (void)state;
    recovery_init(&recovery);
    fragile_rack(&rack);
    recovery_apply(&recovery, &rack);
    assert_false(rack.entries[1].bypassed);
    assert_false(recovery_fault(&recovery, "fragile", 1000));
    assert_false(recovery_fault(&recovery, "limiter", 1500));  /* another one */
    assert_false(recovery_fault(&recovery, "fragile", 70000)); /* long after */
    assert_true(recovery_fault(&recovery, "fragile", 71000));
    recovery_apply(&recovery, &rack);
    assert_true(rack.entries[1].bypassed);
    assert_false(rack.entries[0].bypassed || rack.entries[2].bypassed);
    assert_false(recovery_fault(&recovery, NULL, 71000)); /* not known which: all of it */
    assert_true(recovery_fault(&recovery, NULL, 72000));
    recovery_apply(&recovery, &rack);
    assert_true(rack.entries[0].bypassed && rack.entries[2].bypassed);
    recovery_without(&recovery, text, sizeof text);
    assert_string_equal(text, "the chain");
    recovery_forgive(&recovery);
    recovery_without(&recovery, text, sizeof text);
    assert_string_equal(text, "");
    recovery_finish(&recovery);
}

static void the_history_keeps_the_last_events(void **state)
{
    struct recovery recovery;
    struct recovery_event events[RECOVERY_KEPT];
    uint64_t count;

    (void)state;
    recovery_init(&recovery);
    assert_int_equal(recovery_read(&recovery, events, RECOVERY_KEPT, &count), 0);
    for (int i = 0; i < RECOVERY_KEPT + 5; i++) {
        recovery_note(&recovery, RECOVERY_FILE, 0, "%d:\n%s", i, "lost");
    }
    assert_int_equal(recovery_read(&recovery, events, 3, &count), 3);
    assert_int_equal(count, RECOVERY_KEPT + 5);
    assert_string_equal(events[0].text, "36:?lost");
    assert_string_equal(events[2].text, "34:?lost");
    assert_int_equal(recovery_read(&recovery, events, 99, &count), RECOVERY_KEPT);
    assert_string_equal(events[RECOVERY_KEPT - 1].text, "5:?lost");
    recovery_finish(&recovery);
}

static int make_piece(void **state)
{
    (void)state;
    scratch_path("piece.flac", piece, sizeof piece);
    cut_flac("tests/data/mix.flac", 44100 * 2, 4 * 44100, piece);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_begun_anew_then_left_out_and_the_music_goes_on),
        cmocka_unit_test(what_fails_again_within_a_minute_is_left_out),
        cmocka_unit_test(the_history_keeps_the_last_events),
    };

    return cmocka_run_group_tests(tests, make_piece, scratch_end);
}
