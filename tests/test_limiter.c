/* test_limiter.c - the streaming limiter against the offline one. */
#include "chain/limiter.h"

#include "chain_support.h"
#include "limiter_model.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { FRAMES = 40000 };

static const double threshold = (32768.0 - 61) / 32768;
static const double bound_db = -140;

static struct module *make(uint32_t rate_hz, uint32_t block, const struct kernels *kernels,
                           bool active, double gain)
{
    struct module_format format = {rate_hz, block, kernels};
    struct limiter_design design = {.active = active, .output_gain = gain};
    struct module *limiter = limiter_create(&format, &design);

    assert_non_null(limiter);
    return limiter;
}

static struct stereo expected(const struct stereo *in, uint32_t rate_hz, double output_gain)
{
    struct stereo out = stereo_create(in->frames);
    double *gain = calloc(in->frames, sizeof *gain);

    assert_non_null(gain);
    assert_int_equal(limiter_model_gain(in->channel[0], in->channel[1], in->frames, rate_hz, gain),
                     0);
    for (size_t n = 0; n < in->frames; n++) {
        out.channel[0][n] = in->channel[0][n] * gain[n] * output_gain;
        out.channel[1][n] = in->channel[1][n] * gain[n] * output_gain;
    }
    free(gain);
    return out;
}

/* One stream, with told ends, against the model. */
static void check(const struct stereo *in, uint32_t rate_hz, uint32_t block,
                  const struct kernels *kernels, const struct stereo *model)
{
    struct module *limiter = make(rate_hz, block, kernels, true, 0.75);
    struct stereo out = stream_module(limiter, block, in, 1);
    double worst = worst_difference_db(&out, model, 0, in->frames);

    if (worst > bound_db) {
        print_message("%u Hz, blocks of %u, %s: %.1f dBFS\n", rate_hz, block,
                      kernels == NULL ? "no kernels" : kernels->name, worst);
    }
    assert_true(worst < bound_db);
    stereo_destroy(&out);
    limiter->class->destroy(limiter);
}

static void equals_the_offline_limiter_at_every_block_size_and_tier(void **state)
{
    struct stereo in = stereo_bursts(FRAMES, 0.9, 2.6, 1, 1);
    struct stereo model = expected(&in, 44100, 0.75);
    const struct kernels *tiers[8];
    size_t count = every_tier(tiers);

    (void)state;
    for (uint32_t block = 64; block <= 4096; block *= 2) {
        for (size_t i = 0; i < count; i++) {
            check(&in, 44100, block, tiers[i], &model);
        }
    }
    stereo_destroy(&in);
    stereo_destroy(&model);
}

static void equals_the_offline_limiter_at_other_rates(void **state)
{
    /* 61 kHz: the maximum's first block holds less than the reflection needs. */
    static const uint32_t rates[] = {8000, 22050, 48000, 61000, 63999, 96000, 192000, 384000};

    (void)state;
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        struct stereo in = stereo_bursts(FRAMES, 0.9, 2.0, 7 + i, 1);
        struct stereo model = expected(&in, rates[i], 0.75);

        check(&in, rates[i], 64, NULL, &model);
        check(&in, rates[i], 512, NULL, &model);
        stereo_destroy(&in);
        stereo_destroy(&model);
    }
}

/* The hardest for the cut of the backward pass: peaks that come out of silence. */
static void equals_the_offline_limiter_on_lone_peaks(void **state)
{
    struct stereo in = stereo_bursts(FRAMES, 0.99, 0.99, 3, 0);
    struct stereo model;

    (void)state;
    for (size_t n = 700; n < FRAMES; n += 9001) {
        in.channel[n & 1][n] = n & 2 ? 2 : -2;
    }
    model = expected(&in, 44100, 0.75);
    for (uint32_t block = 64; block <= 4096; block *= 8) {
        check(&in, 44100, block, NULL, &model);
    }
    stereo_destroy(&in);
    stereo_destroy(&model);
}

static void treats_streams_of_every_length_as_files(void **state)
{
    (void)state;
    for (size_t frames = 7; frames < 700; frames += frames < 140 ? 1 : 37) {
        struct stereo in = stereo_bursts(frames, 0.9, 2.0, frames, 1);
        struct stereo model = expected(&in, 44100, 0.75);

        check(&in, 44100, 64, NULL, &model);
        stereo_destroy(&in);
        stereo_destroy(&model);
    }
}

static void differs_only_in_the_last_frames_when_the_end_is_not_told(void **state)
{
    struct stereo in = stereo_bursts(FRAMES, 0.9, 2.0, 5, 1);
    struct stereo model = expected(&in, 44100, 1);
    struct module *limiter = make(44100, 512, NULL, true, 1);
    struct stereo out = stream_module(limiter, 512, &in, 0);

    (void)state;
    assert_true(worst_difference_db(&out, &model, 0, FRAMES - 396) < bound_db);
    assert_true(worst_difference_db(&out, &model, FRAMES - 396, FRAMES) > -120);
    stereo_destroy(&in);
    stereo_destroy(&model);
    stereo_destroy(&out);
    limiter->class->destroy(limiter);
}

/* What the modules in front sound before the first and after the last frame is no part of it. */
static void passes_over_what_lies_outside_the_stream(void **state)
{
    enum { LEAD = 2047, TRAIL = 1000 };
    struct stereo whole = stereo_bursts(LEAD + FRAMES + TRAIL, 0.9, 2.6, 11, 1);
    struct stereo part = {FRAMES, {whole.channel[0] + LEAD, whole.channel[1] + LEAD}};
    struct stereo model = expected(&part, 44100, 1);
    double buffer[2][512];
    double *audio[2] = {buffer[0], buffer[1]};
    struct module *limiter = make(44100, 512, NULL, true, 1);
    struct stereo out = stereo_create(whole.frames + 512);
    struct stereo heard = {FRAMES, {out.channel[0] + LEAD + 396, out.channel[1] + LEAD + 396}};

    (void)state;
    limiter->class->begin(limiter, LEAD);
    limiter->class->end(limiter, LEAD + FRAMES);
    for (size_t at = 0; at + 512 <= whole.frames; at += 512) {
        for (size_t c = 0; c < 2; c++) {
            memcpy(buffer[c], whole.channel[c] + at, sizeof buffer[c]);
        }
        limiter->class->process(limiter, audio);
        for (size_t c = 0; c < 2; c++) {
            memcpy(out.channel[c] + at, buffer[c], sizeof buffer[c]);
        }
    }
    assert_true(worst_difference_db(&heard, &model, 0, FRAMES) < bound_db);
    stereo_destroy(&whole);
    stereo_destroy(&model);
    stereo_destroy(&out);
    limiter->class->destroy(limiter);
}

static void comes_to_rest_and_wakes_again(void **state)
{
    const size_t frames = 8000 * 30;
    struct stereo in = stereo_bursts(frames, 0.9, 0.9, 13, 0);
    struct stereo model;

    (void)state;
    in.channel[0][5000] = 2.5;
    in.channel[1][frames - 2000] = 1.7;
    model = expected(&in, 8000, 0.75);
    check(&in, 8000, 256, NULL, &model);
    stereo_destroy(&in);
    stereo_destroy(&model);
}

static void is_an_exact_delay_below_the_threshold(void **state)
{
    struct stereo in = stereo_bursts(FRAMES, threshold, threshold, 17, 0);

    (void)state;
    for (int active = 0; active < 2; active++) {
        struct module *limiter = make(44100, 256, NULL, active == 1, 1);
        struct stereo out = stream_module(limiter, 256, &in, 1);

        assert_memory_equal(out.channel[0], in.channel[0], FRAMES * sizeof(double));
        assert_memory_equal(out.channel[1], in.channel[1], FRAMES * sizeof(double));
        stereo_destroy(&out);
        limiter->class->destroy(limiter);
    }
    stereo_destroy(&in);
}

static void only_applies_the_output_gain_when_inactive(void **state)
{
    struct stereo in = stereo_bursts(FRAMES, 0.9, 2.6, 19, 1);
    struct module *limiter = make(44100, 128, NULL, false, 0.5);
    struct stereo out = stream_module(limiter, 128, &in, 1);

    (void)state;
    assert_int_equal(limiter->class->latency_frames(limiter), 396);
    for (size_t n = 0; n < FRAMES; n++) {
        assert_true(out.channel[0][n] == in.channel[0][n] * 0.5);
    }
    stereo_destroy(&in);
    stereo_destroy(&out);
    limiter->class->destroy(limiter);
}

static void run(struct module *limiter, const struct stereo *in, size_t first, size_t last,
                struct stereo *out)
{
    double buffer[2][64];
    double *audio[2] = {buffer[0], buffer[1]};

    for (size_t at = first; at < last; at += 64) {
        for (size_t c = 0; c < 2; c++) {
            memcpy(buffer[c], in->channel[c] + at, sizeof buffer[c]);
        }
        limiter->class->process(limiter, audio);
        for (size_t c = 0; out != NULL && c < 2; c++) {
            memcpy(out->channel[c] + at, buffer[c], sizeof buffer[c]);
        }
    }
}

static void goes_on_from_a_checkpoint_as_if_it_had_never_stopped(void **state)
{
    enum { AT = 11008, WHOLE = 39936 };
    struct stereo in = stereo_bursts(FRAMES, 0.9, 2.6, 23, 1);
    struct stereo one = stereo_create(FRAMES), other = stereo_create(FRAMES);
    struct module *whole = make(44100, 64, NULL, true, 1);
    struct module *part = make(44100, 64, NULL, true, 1);
    size_t warm = (limiter_warm_frames(part) + 63) / 64 * 64;
    struct limiter_state saved;

    (void)state;
    run(whole, &in, 0, AT, &one);
    limiter_get_state(whole, &saved);
    assert_true(saved.release > 0.01); /* else the test shows nothing */
    run(whole, &in, AT, WHOLE, &one);
    run(part, &in, AT - warm, AT, NULL);
    limiter_set_state(part, &saved);
    run(part, &in, AT, WHOLE, &other);
    assert_true(worst_difference_db(&one, &other, AT, WHOLE) < bound_db);
    limiter_set_state(part, &(struct limiter_state){0});
    part->class->reset(part);
    run(part, &in, AT - warm, WHOLE, &other);
    assert_true(worst_difference_db(&one, &other, AT, WHOLE) > -100);
    stereo_destroy(&in);
    stereo_destroy(&one);
    stereo_destroy(&other);
    whole->class->destroy(whole);
    part->class->destroy(part);
}

static void counts_what_it_did(void **state)
{
    struct stereo in = stereo_create(FRAMES);
    struct module *limiter = make(44100, 512, NULL, true, 0.5);
    struct stereo out;
    struct limiter_work work;

    (void)state;
    in.channel[1][20000] = -2 * threshold;
    out = stream_module(limiter, 512, &in, 1);
    limiter_get_work(limiter, &work);
    assert_int_equal(work.frames, FRAMES);
    assert_true(work.input_peak == 2 * threshold);
    assert_true(fabs(work.most_reduction_db - 20 * log10(2)) < 1e-6);
    /* About 22*ln(0.5/1e-5) frames before the window, and all after it: 0.6 s of release. */
    assert_in_range(work.limited_frames, FRAMES - 20000 + 150, FRAMES - 20000 + 400);
    assert_false(limiter_peak_is_idle(work.input_peak));
    assert_true(limiter_peak_is_idle(threshold * (1 + 9.9e-6)));
    assert_false(limiter_peak_is_idle(threshold * (1 + 1.1e-5)));
    limiter->class->reset(limiter);
    limiter_get_work(limiter, &work);
    assert_int_equal(work.frames, 0);
    assert_true(work.most_reduction_db == 0);
    stereo_destroy(&in);
    stereo_destroy(&out);
    limiter->class->destroy(limiter);
}

static void refuses_formats_it_cannot_serve(void **state)
{
    struct limiter_design design = {.active = true, .output_gain = 1};

    (void)state;
    assert_null(limiter_create(&(struct module_format){44100, 100, NULL}, &design));
    assert_null(limiter_create(&(struct module_format){44100, 32, NULL}, &design));
    assert_null(limiter_create(&(struct module_format){0, 512, NULL}, &design));
    assert_true(module_class_is_rt(&limiter_class));
}

/* With the short look-ahead for live sources. */
static void lets_nothing_over_the_threshold_however_short_it_looks_ahead(void **state)
{
    static const uint32_t rates[] = {8000, 44100, 192000};
    struct limiter_design design = {.active = true, .output_gain = 1};

    (void)state;
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        struct module_format format = {rates[i], 512, kernels_select(SIMD_AUTO)};
        struct module *limiter = limiter_create_short(&format, &design);
        struct stereo in = stereo_bursts(FRAMES, 0.9, 2.6, 5 + i, 1), out;

        assert_non_null(limiter);
        assert_int_equal(limiter->class->latency_frames(limiter), 2 * (rates[i] / 1000));
        out = stream_module(limiter, 512, &in, 1);
        for (size_t n = 0; n < FRAMES; n++) {
            assert_true(fabs(out.channel[0][n]) < threshold + 1e-9);
            assert_true(fabs(out.channel[1][n]) < threshold + 1e-9);
        }
        stereo_destroy(&in);
        stereo_destroy(&out);
        limiter->class->destroy(limiter);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equals_the_offline_limiter_at_every_block_size_and_tier),
        cmocka_unit_test(equals_the_offline_limiter_at_other_rates),
        cmocka_unit_test(equals_the_offline_limiter_on_lone_peaks),
        cmocka_unit_test(treats_streams_of_every_length_as_files),
        cmocka_unit_test(differs_only_in_the_last_frames_when_the_end_is_not_told),
        cmocka_unit_test(passes_over_what_lies_outside_the_stream),
        cmocka_unit_test(comes_to_rest_and_wakes_again),
        cmocka_unit_test(is_an_exact_delay_below_the_threshold),
        cmocka_unit_test(only_applies_the_output_gain_when_inactive),
        cmocka_unit_test(goes_on_from_a_checkpoint_as_if_it_had_never_stopped),
        cmocka_unit_test(counts_what_it_did),
        cmocka_unit_test(refuses_formats_it_cannot_serve),
        cmocka_unit_test(lets_nothing_over_the_threshold_however_short_it_looks_ahead),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
