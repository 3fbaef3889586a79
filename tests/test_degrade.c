/* test_degrade.c - which level is chosen, over made-up loads and time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "chain/degrade.h"

#include <string.h>

enum { STEP_MS = 50, SETTLE_MS = 300 };

/* A computer on which each level costs what stands here. */
struct computer {
    struct degrade degrade;
    double cost[QUALITIES];    /* heard */
    double promise[QUALITIES]; /* tried out */
    double working;            /* share of the load that is the thread's own work */
    bool has_spectral, has_dynamics;
    uint64_t now_ms, settled_ms;
    uint64_t spent_ns, sound_ns, cpu_ns;
    unsigned changes, raises, tries;
};

static double promised(void *context, enum quality_level level)
{
    struct computer *computer = context;

    computer->tries++;
    return computer->promise[level];
}

static bool is_step(void *context, enum quality_level level)
{
    const struct computer *computer = context;

    return (level != QUALITY_NO_SPECTRAL || computer->has_spectral) &&
           (level != QUALITY_NO_DYNAMICS || computer->has_dynamics);
}

static void set_costs(struct computer *computer, const double cost[QUALITIES])
{
    memcpy(computer->cost, cost, sizeof computer->cost);
    memcpy(computer->promise, cost, sizeof computer->promise);
}

static void start(struct computer *computer, const double cost[QUALITIES])
{
    memset(computer, 0, sizeof *computer);
    degrade_init(&computer->degrade, QUALITY_AUTO);
    set_costs(computer, cost);
    computer->working = 1.0;
    computer->has_spectral = computer->has_dynamics = true;
    computer->now_ms = 1000000;
}

/* Sound that costs more than the time there is comes slower. */
static void run(struct computer *computer, uint64_t ms)
{
    const struct degrade_levels levels = {computer, promised, is_step};

    for (uint64_t end = computer->now_ms + ms; computer->now_ms < end;) {
        double load = computer->cost[computer->degrade.level];
        double sound = STEP_MS * 1e6 / (load > 1.0 ? load : 1.0);
        enum quality_level before = computer->degrade.level;
        struct degrade_sight sight;

        computer->now_ms += STEP_MS;
        computer->sound_ns += (uint64_t)sound;
        computer->spent_ns += (uint64_t)(sound * load);
        computer->cpu_ns += (uint64_t)(sound * load * computer->working);
        sight = (struct degrade_sight){.now_ms = computer->now_ms,
                                       .spent_ns = computer->spent_ns,
                                       .sound_ns = computer->sound_ns,
                                       .cpu_ns = computer->cpu_ns,
                                       .settled = computer->now_ms >= computer->settled_ms};
        if (degrade_look(&computer->degrade, &sight, &levels)) {
            computer->changes++;
            computer->raises += computer->degrade.level < before;
            computer->settled_ms = computer->now_ms + SETTLE_MS;
        }
    }
}

static const double slow[QUALITIES] = {1.5, 1.4, 0.9, 0.4, 0.05};
static const double fast[QUALITIES] = {0.01, 0.008, 0.005, 0.003, 0.001};

static void keeps_everything_on_a_fast_computer(void **state)
{
    struct computer computer;

    (void)state;
    start(&computer, fast);
    run(&computer, 60000);
    assert_int_equal(QUALITY_FULL, computer.degrade.level);
    assert_int_equal(0, computer.tries); /* nothing is tried out while all is well */
}

static void reaches_the_first_level_that_is_fast_enough_in_two_seconds(void **state)
{
    struct computer computer;

    (void)state;
    start(&computer, slow);
    run(&computer, 2000);
    assert_int_equal(QUALITY_NO_SPECTRAL, computer.degrade.level);
    assert_int_equal(1, computer.changes); /* at once, not level by level */
    run(&computer, 60000);
    assert_int_equal(QUALITY_NO_SPECTRAL, computer.degrade.level);
    assert_int_equal(1, computer.changes);
}

static void goes_further_down_where_the_trial_promised_too_much(void **state)
{
    struct computer computer;

    (void)state;
    start(&computer, slow);
    computer.promise[QUALITY_FLOAT32] = 0.5;
    computer.promise[QUALITY_NO_SPECTRAL] = 0.5;
    run(&computer, 2000);
    assert_int_equal(QUALITY_NO_SPECTRAL, computer.degrade.level);
    assert_int_equal(2, computer.changes);
}

static void comes_back_within_ten_seconds_once_there_is_time(void **state)
{
    struct computer computer;

    (void)state;
    start(&computer, slow);
    run(&computer, 30000);
    assert_int_equal(QUALITY_NO_SPECTRAL, computer.degrade.level);
    set_costs(&computer, fast);
    run(&computer, 10000);
    assert_int_equal(QUALITY_FULL, computer.degrade.level);
}

static void comes_back_only_as_far_as_leaves_room(void **state)
{
    static const double middling[QUALITIES] = {0.94, 0.8, 0.7, 0.4, 0.05};
    struct computer computer;

    (void)state;
    start(&computer, slow);
    computer.cost[QUALITY_NO_SPECTRAL] = computer.promise[QUALITY_NO_SPECTRAL] = 1.1;
    run(&computer, 3000);
    assert_int_equal(QUALITY_NO_DYNAMICS, computer.degrade.level);
    set_costs(&computer, middling);
    run(&computer, 60000);
    assert_int_equal(QUALITY_NO_SPECTRAL, computer.degrade.level);
}

/* A trial that promises what does not hold must not make the sound swing. */
static void does_not_flap_where_trials_promise_too_much(void **state)
{
    static const double promise[QUALITIES] = {0.5, 0.5, 0.5, 0.4, 0.05};
    struct computer computer;
    unsigned before;

    (void)state;
    start(&computer, slow);
    memcpy(computer.promise, promise, sizeof promise);
    run(&computer, 3000);
    for (int tens = 0; tens < 30; tens++) {
        before = computer.raises;
        run(&computer, 10000);
        assert_true(computer.raises - before <= 1); /* and back down, in one step or two */
    }
    before = computer.raises;
    run(&computer, 300000);
    assert_true(computer.raises - before <= 2);
    set_costs(&computer, fast);
    run(&computer, 400000);
    assert_int_equal(QUALITY_FULL, computer.degrade.level);
    run(&computer, 2 * DEGRADE_GOOD_MS);
    assert_int_equal(0, computer.degrade.wait_ms); /* what failed is forgotten */
}

static void passes_over_levels_that_would_change_nothing(void **state)
{
    static const double exact[QUALITIES] = {1.5, 1.4, 1.4, 1.4, 0.05};
    struct computer computer;

    (void)state;
    start(&computer, exact);
    computer.has_spectral = computer.has_dynamics = false;
    run(&computer, 2000);
    assert_int_equal(QUALITY_ORIGINAL, computer.degrade.level);
    set_costs(&computer, fast);
    run(&computer, 10000);
    assert_int_equal(QUALITY_FULL, computer.degrade.level);
}

/* Doing less does not help a thread that gets no processor. */
static void keeps_everything_while_others_hold_the_processor(void **state)
{
    struct computer computer;

    (void)state;
    start(&computer, slow);
    computer.working = 0.01;
    run(&computer, 60000);
    assert_int_equal(QUALITY_FULL, computer.degrade.level);
}

static void holds_the_level_that_is_asked_for(void **state)
{
    struct computer computer;

    (void)state;
    start(&computer, slow);
    assert_false(degrade_wish(&computer.degrade, QUALITY_FULL));
    run(&computer, 10000);
    assert_int_equal(QUALITY_FULL, computer.degrade.level);
    assert_true(degrade_wish(&computer.degrade, QUALITY_NO_DYNAMICS));
    set_costs(&computer, fast);
    run(&computer, 60000);
    assert_int_equal(QUALITY_NO_DYNAMICS, computer.degrade.level);
    assert_true(degrade_wish(&computer.degrade, QUALITY_AUTO));
    assert_int_equal(QUALITY_FULL, computer.degrade.level);
}

static void each_level_does_without_what_those_before_it_did(void **state)
{
    static const struct economy expected[] = {
        [QUALITY_FULL] = {.float32 = false},
        [QUALITY_FLOAT32] = {.float32 = true},
        [QUALITY_NO_SPECTRAL] = {.float32 = true, .no_spectral = true},
        [QUALITY_NO_DYNAMICS] = {.float32 = true, .no_spectral = true, .no_dynamics = true},
    };

    (void)state;
    for (enum quality_level level = QUALITY_FULL; level < QUALITY_ORIGINAL; level++) {
        struct economy economy = {.short_lookahead = true};

        quality_level_spare(level, &economy);
        assert_int_equal(expected[level].float32, economy.float32);
        assert_int_equal(expected[level].no_spectral, economy.no_spectral);
        assert_int_equal(expected[level].no_dynamics, economy.no_dynamics);
        assert_true(economy.short_lookahead);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_everything_on_a_fast_computer),
        cmocka_unit_test(reaches_the_first_level_that_is_fast_enough_in_two_seconds),
        cmocka_unit_test(goes_further_down_where_the_trial_promised_too_much),
        cmocka_unit_test(comes_back_within_ten_seconds_once_there_is_time),
        cmocka_unit_test(comes_back_only_as_far_as_leaves_room),
        cmocka_unit_test(does_not_flap_where_trials_promise_too_much),
        cmocka_unit_test(passes_over_levels_that_would_change_nothing),
        cmocka_unit_test(keeps_everything_while_others_hold_the_processor),
        cmocka_unit_test(holds_the_level_that_is_asked_for),
        cmocka_unit_test(each_level_does_without_what_those_before_it_did),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
