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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(adds_up_chain_buffer_and_device),
        cmocka_unit_test(counts_no_chain_while_the_original_is_heard),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
