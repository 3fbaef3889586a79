/* test_burn.c - a player on a computer that is too slow: it gives up what it must, and takes it
 * back. The chain is compiled into this test with time burnt in each of its modules. */
#define MP_BURN
/* NOLINTNEXTLINE(bugprone-suspicious-include): with the burning in it */
#include "src/chain/chain.c"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/match_support.h"
#include "tests/play_support.h"

#define MASTER "tests/data/master.flac"
#define MIX "tests/data/mix.flac"

enum { MODULES = 5, POLL_MS = 20, PATIENCE_MS = 20000 };

/* What each module costs, in percent of the time that a block lasts. */
struct burning {
    const char *module;
    double percent, percent_float32;
};

/* Read in the audio thread while the test writes. */
static _Atomic(const struct burning *) burnings;

/* The levels of this: 150, 140, 90, 40 and 0 %. */
static const struct burning all_modules[MODULES] = {
    {"match_eq", 45, 35}, {"dynamics", 50, 50}, {"spectral", 50, 50}, {"limiter", 5, 5}};
static const struct burning match_alone[MODULES] = {{"match_eq", 145, 60}, {"limiter", 5, 5}};
static const struct burning too_much[MODULES] = {{"match_eq", 145, 135}, {"limiter", 5, 5}};

/* Processor time of this thread: time in which it was kept from its work does not count. */
MP_RT static uint64_t used_ns(void)
{
    struct timespec used;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return (uint64_t)used.tv_sec * 1000000000U + (uint64_t)used.tv_nsec;
}

MP_RT static void burn_module(const struct module *module, const struct module_format *format)
{
    const struct burning *burning = atomic_load(&burnings);
    uint64_t begin = used_ns();

    for (size_t i = 0; burning != NULL && i < MODULES && burning[i].module != NULL; i++) {
        if (strcmp(burning[i].module, module->class->name) == 0) {
            bool single =
                module->class == &match_eq_class && match_eq_precision(module) == FFT_FLOAT32;
            double percent = single ? burning[i].percent_float32 : burning[i].percent;
            double ns = percent / 100.0 * 1e9 * format->block_frames / format->rate_hz;

            while ((double)(used_ns() - begin) < ns) {
            }
        }
    }
}

struct watch {
    struct recorder recorder;
    uint64_t begin_ns;
    unsigned changes;
    enum quality_level level;
};

static void begin(struct watch *watch, const struct rack *rack, const struct burning *burning)
{
    struct player_settings settings;

    memset(watch, 0, sizeof *watch);
    record_settings(&settings);
    settings.quality = QUALITY_AUTO;
    atomic_store(&burnings, NULL);
    record_open(&watch->recorder, &settings, RECORD_CLOCK, "burn.raw");
    record_set_rack(&watch->recorder, rack);
    for (int i = 0; i < 8; i++) {
        record_add(&watch->recorder, MIX, MASTER);
    }
    record_play(&watch->recorder);
    record_until(&watch->recorder, 8192);
    watch->begin_ns = now_ns();
    atomic_store(&burnings, burning);
}

/* Until the level is `wanted`, if it ever is; how many seconds that took since the burning
   changed. */
static double watch_for(struct watch *watch, enum quality_level wanted)
{
    struct player_status status;

    for (int i = 0; i < PATIENCE_MS / POLL_MS; i++) {
        player_read_status(watch->recorder.player, &status);
        watch->changes += status.quality != watch->level;
        watch->level = status.quality;
        if (watch->level == wanted) {
            break;
        }
        usleep(POLL_MS * 1000);
    }
    return (double)(now_ns() - watch->begin_ns) / 1e9;
}

static double wait_for(struct watch *watch, enum quality_level wanted)
{
    double seconds = watch_for(watch, wanted);

    assert_int_equal(wanted, watch->level);
    return seconds;
}

static void hold_for(struct watch *watch, unsigned ms)
{
    struct player_status status;

    for (unsigned i = 0; i < ms / POLL_MS; i++) {
        player_read_status(watch->recorder.player, &status);
        watch->changes += status.quality != watch->level;
        watch->level = status.quality;
        usleep(POLL_MS * 1000);
    }
}

/* What the log said stays until record_finish. */
static void end(struct watch *watch)
{
    atomic_store(&burnings, NULL);
    record_close(&watch->recorder);
}

/* An ordinary thread shares the processor with whatever else runs, and 90 % of it is then too much:
   it goes further down, and that is right. */
static bool has_processor(struct watch *watch)
{
    struct player_status status;

    player_read_status(watch->recorder.player, &status);
    return status.output.fifo;
}

static bool chain_has(struct watch *watch, const char *title)
{
    struct player_status status;

    player_read_status(watch->recorder.player, &status);
    for (size_t i = 0; i < status.latency.module_count; i++) {
        if (strcmp(status.latency.modules[i].name, title) == 0) {
            return true;
        }
    }
    return false;
}

static void full_rack(struct rack *rack)
{
    static const char *const names[] = {"match_eq", "dynamics", "spectral", "limiter"};

    rack_init(rack);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (rack_kind_named(names[i]) != NULL) {
            assert_int_equal(0, rack_add(rack, names[i], rack->length));
        }
    }
}

/* Whether it went to the level at which 90 % of the time is taken, and stayed there and went back.
   Where others take part of the processor that level really is too slow, and it goes on down. */
static bool gives_up_and_takes_back(bool *skipped)
{
    struct rack rack;
    struct watch watch;
    double down, up;
    bool held;

    full_rack(&rack);
    begin(&watch, &rack, all_modules);
    assert_true(chain_has(&watch, "Spectral") && chain_has(&watch, "Dynamics"));
    *skipped = !has_processor(&watch);
    down = *skipped ? 0.0 : watch_for(&watch, QUALITY_NO_SPECTRAL);
    hold_for(&watch, *skipped ? 0 : 2000);
    held = watch.level == QUALITY_NO_SPECTRAL;
    if (held) {
        watch.begin_ns = now_ns();
        atomic_store(&burnings, NULL);
        up = wait_for(&watch, QUALITY_FULL);
        print_message("           down after %.2f s, up after %.2f s, %u changes\n", down, up,
                      watch.changes);
        assert_true(watch.changes <= 3);
    }
    end(&watch);
    assert_true(*skipped || record_lines_with(&watch.recorder, "too slow") > 0);
    record_finish(&watch.recorder);
    return held;
}

static void gives_up_what_it_must_and_takes_it_back(void **state)
{
    bool held = false, skipped = false;

    (void)state;
    for (int i = 0; i < 4 && !held && !skipped; i++) {
        held = gives_up_and_takes_back(&skipped);
    }
    if (skipped) {
        skip();
    }
    assert_true(held);
}

static void single_precision_is_given_up_alone_where_that_is_enough(void **state)
{
    struct rack rack;
    struct watch watch;

    (void)state;
    rack_init_exact(&rack);
    begin(&watch, &rack, match_alone);
    print_message("           down after %.2f s\n", wait_for(&watch, QUALITY_FLOAT32));
    hold_for(&watch, 1000);
    assert_int_equal(QUALITY_FLOAT32, watch.level);
    watch.begin_ns = now_ns();
    atomic_store(&burnings, NULL);
    print_message("           up after %.2f s\n", wait_for(&watch, QUALITY_FULL));
    assert_int_equal(2, watch.changes);
    end(&watch);
    assert_int_equal(1, record_lines_with(&watch.recorder, "too slow"));
    record_finish(&watch.recorder);
}

static void plays_the_original_where_nothing_else_is_fast_enough(void **state)
{
    struct rack rack;
    struct watch watch;

    (void)state;
    rack_init_exact(&rack);
    begin(&watch, &rack, too_much);
    print_message("           down after %.2f s\n", wait_for(&watch, QUALITY_ORIGINAL));
    end(&watch);
    record_finish(&watch.recorder);
}

/* What is compared is not to change before it was answered. */
static void a_blind_test_keeps_the_level_until_it_is_over(void **state)
{
    struct rack rack;
    struct watch watch;

    (void)state;
    rack_init_exact(&rack);
    begin(&watch, &rack, NULL);
    player_set_blind(watch.recorder.player, true);
    atomic_store(&burnings, too_much);
    hold_for(&watch, 2000);
    assert_int_equal(0, watch.changes);
    player_set_blind(watch.recorder.player, false);
    wait_for(&watch, QUALITY_ORIGINAL);
    end(&watch);
    record_finish(&watch.recorder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_blind_test_keeps_the_level_until_it_is_over),
        cmocka_unit_test(single_precision_is_given_up_alone_where_that_is_enough),
        cmocka_unit_test(plays_the_original_where_nothing_else_is_fast_enough),
        cmocka_unit_test(gives_up_what_it_must_and_takes_it_back),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    scratch_remove();
    return failed;
}
