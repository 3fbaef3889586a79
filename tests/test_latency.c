/* test_latency.c - the latency report adds up. */
#include "chain/latency.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "chain/rack.h"
#include "chain_support.h"

static void adds_up_chain_buffer_and_device(void **state)
{
    double taps[4096] = {0};
    struct match_eq_design match_eq = {4096, taps, taps, 1, FFT_FLOAT64};
    struct rack_plan plan = {.match_eq = &match_eq};
    struct module_format format = {44100, 512, kernels_select(SIMD_AUTO)};
    struct latency_report report;
    struct rack rack;
    struct chain *chain;

    (void)state;
    rack_init_exact(&rack);
    chain = rack_build(&rack, &format, &plan);
    assert_non_null(chain);
    latency_calculate(&report, chain, 44100, 2205, 441);
    assert_int_equal(report.module_count, 2);
    assert_string_equal(report.modules[0].name, "Match EQ");
    assert_int_equal(report.modules[0].frames, 2047);
    assert_string_equal(report.modules[1].name, "Limiter");
    assert_int_equal(report.modules[1].frames, 396);
    assert_int_equal(report.chain.frames, 2443);
    assert_true(fabs(report.chain.ms - 55.397) < 1e-3);
    assert_true(fabs(report.buffer.ms - 50) < 1e-9);
    assert_true(fabs(report.device.ms - 10) < 1e-9);
    assert_int_equal(report.total.frames, 2443 + 2205 + 441);
    assert_true(fabs(report.total.ms - 115.397) < 1e-3);
    chain_destroy(chain);
}

static void counts_no_chain_while_the_original_is_heard(void **state)
{
    struct latency_report report;

    (void)state;
    latency_calculate(&report, NULL, 48000, 480, 0);
    assert_int_equal(report.module_count, 0);
    assert_int_equal(report.chain.frames, 0);
    assert_true(fabs(report.total.ms - 10) < 1e-9);
}

/* A filter, and a rack and format for it at a rate. */
struct live {
    struct module_format format;
    struct rack rack;
    struct match_eq_design match_eq;
    double *taps;
};

static struct rack_plan live_init(struct live *live, uint32_t rate_hz)
{
    size_t taps = rate_hz > 150000 ? 16384 : 4096;

    live->format = (struct module_format){rate_hz, 512, kernels_select(SIMD_AUTO)};
    live->taps = calloc(taps, sizeof *live->taps);
    live->taps[taps / 2] = 1.0;
    live->match_eq = (struct match_eq_design){
        .taps = taps, .mid = live->taps, .side = live->taps, .gain = 1, .precision = FFT_FLOAT64};
    rack_init_exact(&live->rack);
    return (struct rack_plan){.match_eq = &live->match_eq};
}

static void takes_nothing_from_a_chain_that_is_early_enough(void **state)
{
    struct live live;
    struct rack_plan plan = live_init(&live, 44100);
    struct economy economy;

    (void)state;
    assert_int_equal(2443, latency_fit(&live.rack, &live.format, &plan, 2443, &economy));
    assert_false(economy.minimum_phase);
    assert_false(economy.short_lookahead);
    free(live.taps);
}

static void gives_up_the_linear_phase_first_and_the_lookahead_next(void **state)
{
    struct live live;
    struct rack_plan plan = live_init(&live, 44100);
    struct economy economy;

    (void)state;
    assert_int_equal(396, latency_fit(&live.rack, &live.format, &plan, 2048, &economy));
    assert_true(economy.minimum_phase);
    assert_false(economy.short_lookahead);
    assert_false(economy.no_spectral);
    assert_int_equal(88, latency_fit(&live.rack, &live.format, &plan, 395, &economy));
    assert_true(economy.short_lookahead);
    assert_false(economy.no_spectral);
    assert_int_equal(88, latency_fit(&live.rack, &live.format, &plan, 87, &economy)); /* told */
    assert_true(economy.no_spectral);
    free(live.taps);
}

static void does_without_spectral_last(void **state)
{
    static const struct spectral_design spectral; /* of nothing that is known */
    struct live live;
    struct rack_plan plan = live_init(&live, 44100);
    struct economy economy;
    int64_t with, without;

    (void)state;
    plan.spectral = &spectral;
    assert_int_equal(0, rack_add(&live.rack, "spectral", 1));
    with = latency_fit(&live.rack, &live.format, &plan, 2048, &economy);
    assert_true(with > 396 && with <= 2048);
    assert_true(economy.short_spectral);
    assert_true(economy.minimum_phase);
    assert_false(economy.no_spectral);
    without = latency_fit(&live.rack, &live.format, &plan, 200, &economy);
    assert_int_equal(88, without);
    assert_true(economy.no_spectral);
    free(live.taps);
}

static void bounds_the_same_time_at_every_rate(void **state)
{
    struct live live;
    struct rack_plan plan = live_init(&live, 192000);
    struct economy economy;

    (void)state;
    assert_int_equal(2048, latency_bound(2048, 44100));
    assert_int_equal(4096, latency_bound(2048, 88200));
    assert_int_equal(8916, latency_bound(2048, 192000));
    assert_int_equal(192 * 9, latency_fit(&live.rack, &live.format, &plan,
                                          latency_bound(2048, 192000), &economy));
    assert_true(economy.minimum_phase);
    free(live.taps);
}

static void fills_the_device_as_far_as_it_turns_out_to_be_needed(void **state)
{
    uint32_t target = 2205;

    (void)state;
    target = latency_optimise(target, 2205, 22050, true);
    assert_int_equal(3307, target);
    for (int i = 0; i < 20; i++) {
        target = latency_optimise(target, 2205, 22050, true);
    }
    assert_int_equal(22050, target); /* there is no more room */
    for (int i = 0; i < 100; i++) {
        uint32_t lower = latency_optimise(target, 2205, 22050, false);

        assert_true(lower < target || target == 2205);
        target = lower;
    }
    assert_int_equal(2205, target);
    assert_int_equal(1000, latency_optimise(1000, 2205, 22050, false)); /* as it was set */
}

static void says_what_a_rack_does_without(void **state)
{
    const struct economy all = {true, true, true, true, true, true};
    const struct economy live = {.minimum_phase = true, .short_spectral = true};
    const struct economy nothing = {.float32 = false};
    struct economy economy;
    char text[ECONOMY_TEXT_SIZE];
    struct rack rack;

    (void)state;
    rack_init_exact(&rack);
    economy = rack_economy(&rack, &all);
    economy_write(&economy, text, sizeof text);
    assert_string_equal(text, "minimum-phase short-lookahead float32");
    economy = rack_economy(&rack, &live);
    economy_write(&economy, text, sizeof text);
    assert_string_equal(text, "minimum-phase"); /* there is no spectral to shorten */
    assert_int_equal(0, rack_add(&rack, "spectral", 1));
    assert_int_equal(0, rack_add(&rack, "dynamics", 1));
    economy = rack_economy(&rack, &live);
    economy_write(&economy, text, sizeof text);
    assert_string_equal(text, "minimum-phase short-spectral");
    economy = rack_economy(&rack, &all);
    economy_write(&economy, text, sizeof text);
    assert_string_equal(text, "minimum-phase short-lookahead no-spectral no-dynamics float32");
    economy_write(&nothing, text, sizeof text);
    assert_string_equal(text, "");
}

static void keeps_what_else_is_spared(void **state)
{
    struct live live;
    struct rack_plan plan = live_init(&live, 44100);
    struct economy economy;

    (void)state;
    plan.economy.float32 = plan.economy.no_dynamics = true;
    assert_int_equal(396, latency_fit(&live.rack, &live.format, &plan, 2048, &economy));
    assert_true(economy.float32);
    assert_true(economy.no_dynamics);
    free(live.taps);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(adds_up_chain_buffer_and_device),
        cmocka_unit_test(counts_no_chain_while_the_original_is_heard),
        cmocka_unit_test(takes_nothing_from_a_chain_that_is_early_enough),
        cmocka_unit_test(gives_up_the_linear_phase_first_and_the_lookahead_next),
        cmocka_unit_test(does_without_spectral_last),
        cmocka_unit_test(bounds_the_same_time_at_every_rate),
        cmocka_unit_test(fills_the_device_as_far_as_it_turns_out_to_be_needed),
        cmocka_unit_test(keeps_what_else_is_spared),
        cmocka_unit_test(says_what_a_rack_does_without),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
