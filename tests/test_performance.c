/* test_performance.c - load and dropouts as a reader sees them. */
#include "measure/performance.h"

#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>

#include <cmocka.h>

static const uint64_t ms = 1000000;

static void gives_mean_and_highest_load_of_the_last_second(void **state)
{
    struct performance *performance = performance_create();
    struct performance_figures figures;
    uint64_t now = 1234567 * ms;

    (void)state;
    assert_non_null(performance);
    performance_read(performance, now, &figures);
    assert_true(figures.load_mean == 0 && figures.load_max == 0 && figures.blocks == 0);
    for (int i = 0; i < 300; i++, now += 10 * ms) {
        performance_block(performance, now, i == 250 ? 8 * ms : 1 * ms, 10 * ms);
    }
    performance_read(performance, now - 10 * ms, &figures);
    assert_int_equal(figures.blocks, 300);
    assert_true(fabs(figures.load_mean - 0.1) < 0.01);
    assert_true(fabs(figures.load_max - 0.8) < 1e-5);
    for (int i = 0; i < 100; i++, now += 10 * ms) {
        performance_block(performance, now, 2 * ms, 10 * ms);
    }
    performance_read(performance, now - 10 * ms, &figures);
    assert_true(fabs(figures.load_mean - 0.2) < 1e-6);
    assert_true(fabs(figures.load_max - 0.2) < 1e-5);
    performance_read(performance, now + 1000 * ms, &figures); /* paused: nothing runs */
    assert_true(figures.load_mean == 0 && figures.load_max == 0);
    performance_destroy(performance);
}

static void keeps_the_last_dropouts_with_time_and_cause(void **state)
{
    struct performance *performance = performance_create();
    struct performance_figures figures;
    struct dropout dropouts[PERFORMANCE_DROPOUTS_KEPT + 1];

    (void)state;
    assert_int_equal(performance_dropouts(performance, dropouts, 4), 0);
    for (uint32_t i = 0; i < 100; i++) {
        performance_dropout(performance, i * ms, i % 4 == 0 ? DROPOUT_STARVATION : DROPOUT_DEVICE,
                            i);
    }
    performance_read(performance, 0, &figures);
    assert_int_equal(figures.dropouts[DROPOUT_DEVICE], 75);
    assert_int_equal(figures.dropouts[DROPOUT_STARVATION], 25);
    assert_int_equal(performance_dropouts(performance, dropouts, 3), 3);
    assert_int_equal(dropouts[2].frames, 97);
    assert_int_equal(performance_dropouts(performance, dropouts, PERFORMANCE_DROPOUTS_KEPT + 1),
                     PERFORMANCE_DROPOUTS_KEPT);
    for (uint32_t i = 0; i < PERFORMANCE_DROPOUTS_KEPT; i++) {
        assert_int_equal(dropouts[i].frames, 99 - i);
        assert_int_equal(dropouts[i].time_ns, (99 - i) * ms);
        assert_int_equal(dropouts[i].cause,
                         (99 - i) % 4 == 0 ? DROPOUT_STARVATION : DROPOUT_DEVICE);
    }
    assert_string_equal(dropout_cause_name(DROPOUT_DEVICE), "device");
    performance_destroy(performance);
}

static void counts_how_late_blocks_were_begun(void **state)
{
    struct performance *performance = performance_create();
    struct performance_figures figures;

    (void)state;
    performance_read(performance, 5000 * ms, &figures);
    assert_true(figures.margin_least == 1.0);
    performance_margin(performance, 5000 * ms, 400, 400);
    performance_margin(performance, 5010 * ms, 500, 400);
    performance_margin(performance, 5020 * ms, 100, 400);
    performance_margin(performance, 5030 * ms, 0, 400);
    performance_read(performance, 5100 * ms, &figures);
    assert_int_equal(figures.margins[9], 2);
    assert_int_equal(figures.margins[2], 1);
    assert_int_equal(figures.margins[0], 1);
    assert_true(figures.margin_least == 0.0);
    performance_margin(performance, 7000 * ms, 300, 400);
    performance_read(performance, 7010 * ms, &figures); /* the late ones are more than 1 s ago */
    assert_true(fabs(figures.margin_least - 0.75) < 1e-9);
    performance_destroy(performance);
}

static void sums_the_time_of_each_module_of_a_chain(void **state)
{
    static const char eq[] = "eq";
    static const char limiter[] = "limiter";
    struct performance *performance = performance_create();
    struct performance_module modules[PERFORMANCE_MODULES];

    (void)state;
    for (int i = 0; i < 5; i++) {
        performance_module(performance, 0, eq, 100);
        performance_module(performance, 1, limiter, 30);
    }
    performance_modules(performance, modules);
    assert_string_equal(modules[0].name, "eq");
    assert_int_equal(modules[0].spent_ns, 500);
    assert_int_equal(modules[1].spent_ns, 150);
    assert_int_equal(modules[1].blocks, 5);
    assert_null(modules[2].name);
    performance_module(performance, 0, limiter, 10); /* another chain: from the beginning */
    performance_module(performance, 1, NULL, 0);
    performance_modules(performance, modules);
    assert_string_equal(modules[0].name, "limiter");
    assert_int_equal(modules[0].spent_ns, 10);
    assert_null(modules[1].name);
    performance_destroy(performance);
}

struct race {
    struct performance *performance;
    atomic_bool stop;
};

static void *write_dropouts(void *context)
{
    struct race *race = context;

    for (uint32_t i = 0; !atomic_load(&race->stop); i++) {
        performance_dropout(race->performance, i, i & 1 ? DROPOUT_DEVICE : DROPOUT_STARVATION, i);
        performance_block(race->performance, i * 1000ULL, 500, 1000);
    }
    return NULL;
}

/* time == frames and the parity of the cause hold in every one that was not torn. */
static void shows_no_torn_dropout_while_one_is_written(void **state)
{
    struct race race = {.performance = performance_create()};
    struct dropout dropouts[PERFORMANCE_DROPOUTS_KEPT];
    struct performance_figures figures;
    pthread_t thread;

    (void)state;
    assert_int_equal(pthread_create(&thread, NULL, write_dropouts, &race), 0);
    for (int i = 0; i < 3000; i++) {
        size_t count = performance_dropouts(race.performance, dropouts, PERFORMANCE_DROPOUTS_KEPT);

        for (size_t k = 0; k < count; k++) {
            assert_int_equal(dropouts[k].time_ns, dropouts[k].frames);
            assert_int_equal(dropouts[k].cause,
                             dropouts[k].frames & 1 ? DROPOUT_DEVICE : DROPOUT_STARVATION);
            assert_true(k == 0 || dropouts[k].frames + 1 == dropouts[k - 1].frames);
        }
        performance_read(race.performance, 0, &figures);
        assert_true(figures.load_max <= 0.5);
    }
    atomic_store(&race.stop, true);
    pthread_join(thread, NULL);
    performance_destroy(race.performance);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_mean_and_highest_load_of_the_last_second),
        cmocka_unit_test(counts_how_late_blocks_were_begun),
        cmocka_unit_test(sums_the_time_of_each_module_of_a_chain),
        cmocka_unit_test(keeps_the_last_dropouts_with_time_and_cause),
        cmocka_unit_test(shows_no_torn_dropout_while_one_is_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
