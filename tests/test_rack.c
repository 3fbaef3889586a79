/* test_rack.c - editing a description of a chain, and building it. */
#include "chain/rack.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "chain/latency.h"
#include "chain_support.h"

enum { TAPS = 64, FRAMES = 3000 };

static void is_match_eq_and_limiter_when_exact(void **state)
{
    struct rack rack;

    (void)state;
    rack_init_exact(&rack);
    assert_int_equal(rack.length, 2);
    assert_int_equal(rack_find(&rack, "match_eq"), 0);
    assert_int_equal(rack_find(&rack, "limiter"), 1);
    assert_int_equal(rack_find(&rack, "reverb"), -1);
    assert_false(rack.entries[0].bypassed || rack.entries[1].bypassed);
}

static void adds_moves_removes_and_bypasses(void **state)
{
    struct rack rack, exact;

    (void)state;
    rack_init_exact(&exact);
    rack_init(&rack);
    assert_false(rack_equal(&rack, &exact));
    assert_int_equal(rack_add(&rack, "limiter", 0), 0);
    assert_int_equal(rack_add(&rack, "match_eq", 1), 0);
    assert_int_equal(rack_move(&rack, 0, 1), 0);
    assert_true(rack_equal(&rack, &exact));
    assert_int_equal(rack_move(&rack, 1, 0), 0);
    assert_int_equal(rack_find(&rack, "limiter"), 0);
    assert_int_equal(rack_move(&rack, 1, 0), 0);
    assert_int_equal(rack_bypass(&rack, 1, true), 0);
    assert_false(rack_equal(&rack, &exact));
    assert_int_equal(rack_bypass(&rack, 1, false), 0);
    assert_true(rack_equal(&rack, &exact));
    assert_int_equal(rack_remove(&rack, 0), 0);
    assert_int_equal(rack_find(&rack, "limiter"), 0);
    assert_int_equal(rack.length, 1);
}

static void refuses_what_cannot_be_and_changes_nothing(void **state)
{
    struct rack rack, exact;

    (void)state;
    rack_init_exact(&rack);
    rack_init_exact(&exact);
    assert_int_equal(rack_add(&rack, "reverb", 0), -ENOENT);
    assert_int_equal(rack_add(&rack, "limiter", 3), -EINVAL);
    assert_int_equal(rack_add(&rack, "limiter", 2), -EEXIST);
    assert_int_equal(rack_remove(&rack, 2), -EINVAL);
    assert_int_equal(rack_move(&rack, 0, 2), -EINVAL);
    assert_int_equal(rack_bypass(&rack, 2, true), -EINVAL);
    assert_int_equal(rack_set_parameter(&rack, 0, "colour", 1), -ENOENT);
    assert_int_equal(rack_set_parameter(&rack, 9, "gain", 1), -EINVAL);
    assert_true(rack_equal(&rack, &exact));
}

static void knows_every_kind_by_its_name(void **state)
{
    size_t count;
    const struct rack_kind *kinds = rack_kinds(&count);

    (void)state;
    for (size_t i = 0; i < count; i++) {
        assert_ptr_equal(rack_kind_named(kinds[i].class->name), &kinds[i]);
        assert_true(module_class_is_rt(kinds[i].class));
        assert_true(kinds[i].class->parameter_count <= RACK_PARAMETERS_MAX);
    }
}

static const double *unit_taps(void)
{
    static double taps[TAPS]; /* all 0 but the peak */

    taps[TAPS / 2] = 1;
    return taps;
}

/* What the chain of a rack makes of a quiet stream, in units of the stream one frame late. */
static double gain_of(const struct rack *rack, const struct rack_plan *plan, size_t length,
                      uint32_t latency)
{
    struct module_format format = {44100, 64, kernels_select(SIMD_AUTO)};
    struct chain *chain = rack_build(rack, &format, plan);
    struct stereo in = stereo_bursts(FRAMES, 0.1, 0.2, 1, 0), out;
    size_t late = plan->match_eq != NULL && length > 0 &&
                  strcmp(chain_module(chain, 0)->class->name, "match_eq") == 0;
    double gain;

    assert_non_null(chain);
    assert_int_equal(chain_length(chain), length);
    assert_int_equal(chain_latency_frames(chain), latency);
    out = stream_chain(chain, &in, 1);
    gain = out.channel[0][1500] / in.channel[0][1500 - late];
    for (size_t n = 1; n < FRAMES; n++) {
        assert_true(fabs(out.channel[1][n] - gain * in.channel[1][n - late]) < 1e-12);
    }
    stereo_destroy(&in);
    stereo_destroy(&out);
    chain_destroy(chain);
    return gain;
}

static void builds_what_it_describes_and_leaves_out_what_is_bypassed(void **state)
{
    struct match_eq_design match_eq = {TAPS, unit_taps(), unit_taps(), 2, FFT_FLOAT64};
    struct limiter_design limiter = {.active = true, .output_gain = 0.75};
    struct rack_plan plan = {.match_eq = &match_eq, .limiter = &limiter};
    struct rack_plan none = {.limiter = &limiter};
    struct rack rack;

    (void)state;
    rack_init_exact(&rack);
    assert_true(fabs(gain_of(&rack, &plan, 2, TAPS / 2 - 1 + 396) - 1.5) < 1e-9);
    /* Without a match there is no gain of it either. */
    assert_true(fabs(gain_of(&rack, &none, 1, 396) - 1) < 1e-9);
    rack_bypass(&rack, 0, true);
    assert_true(fabs(gain_of(&rack, &plan, 1, 396) - 1) < 1e-9);
    /* Without its limiter the match keeps its level. */
    rack_bypass(&rack, 0, false);
    rack_bypass(&rack, 1, true);
    assert_true(fabs(gain_of(&rack, &plan, 1, TAPS / 2 - 1) - 1.5) < 1e-9);
    rack_bypass(&rack, 0, true);
    assert_true(fabs(gain_of(&rack, &plan, 0, 0) - 1) < 1e-9);
    assert_true(match_eq.gain == 2 && limiter.output_gain == 0.75);
}

static void says_why_it_could_not_build(void **state)
{
    struct match_eq_design odd = {TAPS - 1, unit_taps(), unit_taps(), 2, FFT_FLOAT64};
    struct rack_plan plan = {.match_eq = &odd};
    struct module_format format = {44100, 64, kernels_select(SIMD_AUTO)};
    struct rack rack;

    (void)state;
    rack_init_exact(&rack);
    assert_null(rack_build(&rack, &format, &plan));
    assert_int_equal(errno, EINVAL);
    format.block_frames = 65;
    assert_null(rack_build(&rack, &format, &plan));
    assert_int_equal(errno, EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_match_eq_and_limiter_when_exact),
        cmocka_unit_test(adds_moves_removes_and_bypasses),
        cmocka_unit_test(refuses_what_cannot_be_and_changes_nothing),
        cmocka_unit_test(knows_every_kind_by_its_name),
        cmocka_unit_test(builds_what_it_describes_and_leaves_out_what_is_bypassed),
        cmocka_unit_test(says_why_it_could_not_build),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
