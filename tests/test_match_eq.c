/* test_match_eq.c - filter pair and gain of the match against plain convolution. */
#include "chain/match_eq.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "chain_support.h"

enum { TAPS = 256, FRAMES = 5000 };

static void random_taps(double *taps, uint64_t seed)
{
    for (size_t k = 0; k < TAPS; k++) {
        taps[k] = random_unit(&seed) * exp(-fabs((double)k - TAPS / 2.0) / 20);
    }
}

/* out[n] = sum over k of h[k] x[n + T/2-1 - k] */
static void convolve(const double *in, const double *taps, double *out)
{
    for (int64_t n = 0; n < FRAMES; n++) {
        out[n] = 0;
        for (int64_t k = 0; k < TAPS; k++) {
            int64_t at = n + TAPS / 2 - 1 - k;

            out[n] += at >= 0 && at < FRAMES ? taps[k] * in[at] : 0;
        }
    }
}

static struct stereo expected(const struct stereo *in, const double *mid_taps,
                              const double *side_taps, double gain)
{
    struct stereo apart = stereo_create(FRAMES), out = stereo_create(FRAMES);
    struct stereo filtered = stereo_create(FRAMES);

    for (size_t n = 0; n < FRAMES; n++) {
        apart.channel[0][n] = (in->channel[0][n] + in->channel[1][n]) / 2;
        apart.channel[1][n] = (in->channel[0][n] - in->channel[1][n]) / 2;
    }
    convolve(apart.channel[0], mid_taps, filtered.channel[0]);
    convolve(apart.channel[1], side_taps, filtered.channel[1]);
    for (size_t n = 0; n < FRAMES; n++) {
        out.channel[0][n] = gain * (filtered.channel[0][n] + filtered.channel[1][n]);
        out.channel[1][n] = gain * (filtered.channel[0][n] - filtered.channel[1][n]);
    }
    stereo_destroy(&apart);
    stereo_destroy(&filtered);
    return out;
}

static struct module *make(uint32_t block, const struct kernels *kernels,
                           const struct match_eq_design *design)
{
    struct module *eq = match_eq_create(&(struct module_format){44100, block, kernels}, design);

    assert_non_null(eq);
    return eq;
}

static void filters_mid_and_side_one_frame_late(void **state)
{
    double mid[TAPS], side[TAPS];
    struct stereo in = stereo_bursts(FRAMES, 0.4, 1, 3, 1), model;
    const struct kernels *tiers[8];
    size_t count = every_tier(tiers);

    (void)state;
    random_taps(mid, 1);
    random_taps(side, 2);
    model = expected(&in, mid, side, 1.7);
    for (uint32_t block = 64; block <= 4096; block *= 8) {
        for (size_t i = 0; i < 2 * count; i++) {
            enum fft_precision precision = i < count ? FFT_FLOAT64 : FFT_FLOAT32;
            struct match_eq_design design = {TAPS, mid, side, 1.7, precision};
            struct module *eq = make(block, tiers[i % count], &design);
            struct stereo out;

            assert_int_equal(eq->class->latency_frames(eq), TAPS / 2 - 1);
            out = stream_module(eq, block, &in, 0);
            assert_true(worst_difference_db(&out, &model, 0, FRAMES) <
                        (precision == FFT_FLOAT64 ? -240 : -100));
            stereo_destroy(&out);
            eq->class->reset(eq);
            out = stream_module(eq, block, &in, 0);
            assert_true(worst_difference_db(&out, &model, 0, FRAMES) <
                        (precision == FFT_FLOAT64 ? -240 : -100));
            stereo_destroy(&out);
            eq->class->destroy(eq);
        }
    }
    stereo_destroy(&in);
    stereo_destroy(&model);
}

static void is_a_gain_one_frame_late_without_a_filter(void **state)
{
    struct match_eq_design design = {.gain = 0.5};
    struct stereo in = stereo_bursts(FRAMES, 0.4, 1, 3, 1), out;
    struct module *eq = make(128, kernels_select(SIMD_AUTO), &design);

    (void)state;
    assert_int_equal(eq->class->latency_frames(eq), 0);
    out = stream_module(eq, 128, &in, 0);
    for (size_t c = 0; c < 2; c++) {
        assert_true(out.channel[c][0] == 0);
        for (size_t n = 1; n < FRAMES; n++) {
            assert_true(out.channel[c][n] == in.channel[c][n - 1] * 0.5);
        }
    }
    stereo_destroy(&in);
    stereo_destroy(&out);
    eq->class->destroy(eq);
}

static void is_late_by_the_same_frame_with_a_filter_that_does_nothing(void **state)
{
    double taps[TAPS] = {0};
    struct match_eq_design design = {TAPS, taps, taps, 1, FFT_FLOAT64};
    struct stereo in = stereo_bursts(FRAMES, 0.4, 1, 3, 1), out;
    struct module *eq;

    (void)state;
    taps[TAPS / 2] = 1;
    eq = make(128, kernels_select(SIMD_AUTO), &design);
    out = stream_module(eq, 128, &in, 0);
    for (size_t n = 1; n < FRAMES; n++) {
        assert_true(fabs(out.channel[0][n] - in.channel[0][n - 1]) < 1e-12);
    }
    stereo_destroy(&in);
    stereo_destroy(&out);
    eq->class->destroy(eq);
}

static void is_one_frame_late_in_all_with_filters_of_minimum_phase(void **state)
{
    double taps[TAPS] = {0};
    struct match_eq_design design = {TAPS, taps, taps, 0.5, FFT_FLOAT64};
    struct module_format format = {44100, 128, kernels_select(SIMD_AUTO)};
    struct stereo in = stereo_bursts(FRAMES, 0.4, 1, 3, 1), out;
    struct module *eq;

    (void)state;
    taps[TAPS / 2] = 1; /* of the least phase this is a filter that does nothing */
    eq = match_eq_create_minimum_phase(&format, &design);
    assert_non_null(eq);
    assert_int_equal(eq->class->latency_frames(eq), 0);
    out = stream_module(eq, 128, &in, 0);
    for (size_t n = 1; n < FRAMES; n++) {
        assert_true(fabs(out.channel[0][n] - 0.5 * in.channel[0][n - 1]) < 1e-9);
    }
    stereo_destroy(&in);
    stereo_destroy(&out);
    eq->class->destroy(eq);
}

static void shows_the_memory_it_works_on(void **state)
{
    double taps[TAPS] = {0};
    struct match_eq_design design = {TAPS, taps, taps, 1, FFT_FLOAT64};
    struct module *eq = make(128, kernels_select(SIMD_AUTO), &design);
    struct module_memory seen;

    (void)state;
    seen = module_memory(eq);
    assert_true(seen.pieces >= 2 && seen.bytes >= 2 * 2 * TAPS * sizeof(double));
    eq->class->destroy(eq);
}

static void refuses_designs_it_cannot_carry_out(void **state)
{
    double taps[TAPS] = {0};
    struct module_format format = {44100, 512, kernels_select(SIMD_AUTO)};
    struct match_eq_design odd = {TAPS - 1, taps, taps, 1, FFT_FLOAT64};

    (void)state;
    assert_null(match_eq_create(&format, &odd));
    assert_int_equal(errno, EINVAL);
    format.block_frames = 100;
    odd.taps = TAPS;
    assert_null(match_eq_create(&format, &odd));
    assert_int_equal(errno, EINVAL);
    assert_true(module_class_is_rt(&match_eq_class));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(filters_mid_and_side_one_frame_late),
        cmocka_unit_test(is_a_gain_one_frame_late_without_a_filter),
        cmocka_unit_test(is_late_by_the_same_frame_with_a_filter_that_does_nothing),
        cmocka_unit_test(is_one_frame_late_in_all_with_filters_of_minimum_phase),
        cmocka_unit_test(shows_the_memory_it_works_on),
        cmocka_unit_test(refuses_designs_it_cannot_carry_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
