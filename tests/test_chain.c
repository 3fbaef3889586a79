/* test_chain.c - modules in order, and the exact chain against the offline matcher's steps. */
#include "chain/chain.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "chain/rack.h"
#include "chain_support.h"
#include "limiter_model.h"
#include "spectral_support.h"

enum { TAPS = 512, FRAMES = 12000 };

/* A module that multiplies, and notes what it was told. */
struct probe {
    struct module module;
    double factor;
    uint32_t block, latency;
    uint64_t lead, end;
    int resets, *destroyed;
};

static void probe_destroy(struct module *module)
{
    (*((struct probe *)module)->destroyed)++;
    free(module);
}

MP_RT static void probe_process(struct module *module, double *const audio[CHAIN_CHANNELS])
{
    struct probe *probe = (struct probe *)module;

    for (uint32_t n = 0; n < probe->block; n++) {
        audio[0][n] = audio[0][n] * probe->factor + 1;
    }
}

static void unmarked_process(struct module *module, double *const audio[CHAIN_CHANNELS])
{
    (void)module;
    (void)audio;
}

static void probe_reset(struct module *module)
{
    ((struct probe *)module)->resets++;
}

MP_RT static uint32_t probe_latency(const struct module *module)
{
    return ((const struct probe *)module)->latency;
}

static void probe_begin(struct module *module, uint64_t lead)
{
    ((struct probe *)module)->lead = lead;
}

MP_RT static void probe_end(struct module *module, uint64_t frames)
{
    ((struct probe *)module)->end = frames;
}

static const struct module_class probe_class = {
    .name = "probe",
    .title = "Probe",
    .destroy = probe_destroy,
    .process = probe_process,
    .reset = probe_reset,
    .latency_frames = probe_latency,
    .begin = probe_begin,
    .end = probe_end,
};

static const struct module_class named_class = {
    .name = "named",
    .title = "Named",
    .destroy = probe_destroy,
    .process = probe_process,
    .reset = probe_reset,
    .latency_frames = probe_latency,
};

static const struct module_class unmarked_class = {
    .name = "unmarked",
    .title = "Unmarked",
    .destroy = probe_destroy,
    .process = unmarked_process,
    .reset = probe_reset,
    .latency_frames = probe_latency,
};

static struct probe *probe_create(double factor, uint32_t latency, int *destroyed)
{
    struct probe *probe = calloc(1, sizeof *probe);

    assert_non_null(probe);
    *probe = (struct probe){{&probe_class}, factor, 64, latency, 0, 0, 0, destroyed};
    return probe;
}

static const struct module_format small = {44100, 64, NULL};

static void runs_its_modules_in_order(void **state)
{
    struct chain *chain = chain_create(&small);
    int destroyed = 0;
    double buffers[2][64] = {{1}};
    double *audio[2] = {buffers[0], buffers[1]};

    (void)state;
    assert_non_null(chain);
    chain_process(chain, audio);
    assert_true(buffers[0][0] == 1);
    assert_int_equal(chain_append(chain, &probe_create(2, 10, &destroyed)->module), 0);
    assert_int_equal(chain_append(chain, &probe_create(3, 5, &destroyed)->module), 0);
    chain_process(chain, audio);
    assert_true(buffers[0][0] == (1 * 2 + 1) * 3 + 1);
    assert_int_equal(chain_length(chain), 2);
    assert_int_equal(chain_latency_frames(chain), 15);
    assert_int_equal(chain_block_frames(chain), 64);
    assert_null(chain_module(chain, 2));
    chain_destroy(chain);
    assert_int_equal(destroyed, 2);
}

static void tells_each_module_where_the_stream_begins_and_ends(void **state)
{
    struct chain *chain = chain_create(&small);
    int destroyed = 0;
    struct probe *first = probe_create(1, 10, &destroyed), *last = probe_create(1, 5, &destroyed);

    (void)state;
    chain_append(chain, &first->module);
    chain_append(chain, &last->module);
    assert_int_equal(first->lead, 0);
    assert_int_equal(last->lead, 10);
    chain_end(chain, 7);
    assert_int_equal(first->end, 7);
    assert_int_equal(last->end, 17); /* the last frame comes to it 10 frames later */
    last->lead = 0;
    chain_reset(chain);
    assert_int_equal(last->lead, 10);
    assert_int_equal(first->resets + last->resets, 2);
    chain_begin(chain, 3); /* the first frame stands within a block */
    assert_int_equal(first->lead, 3);
    assert_int_equal(last->lead, 13);
    assert_int_equal(first->resets + last->resets, 4);
    chain_destroy(chain);
}

/* What is no number is seen in the block it comes in, and whose fault it is. */
static void sees_a_block_that_is_no_number_and_whose_fault_it_is(void **state)
{
    struct chain *chain = chain_create(&small);
    int destroyed = 0;
    double buffers[2][64] = {{1}};
    double *audio[2] = {buffers[0], buffers[1]};
    struct probe *first = probe_create(1, 0, &destroyed);
    struct probe *second = probe_create(1, 0, &destroyed);

    (void)state;
    first->module.class = &named_class; /* as the other, "named" */
    assert_int_equal(chain_append(chain, &first->module), 0);
    assert_int_equal(chain_append(chain, &second->module), 0);
    for (int channel = 0; channel < 2; channel++) {
        for (size_t frame = 0; frame < 64; frame++) { /* wherever it stands */
            memset(buffers, 0, sizeof buffers);
            chain_process(chain, audio);
            assert_false(chain_failed(chain));
            buffers[channel][frame] = frame % 2 == 0 ? (double)NAN : -HUGE_VAL;
            chain_set_timed(chain, frame % 3 == 0);
            chain_process(chain, audio);
            assert_true(chain_failed(chain));
            chain_reset(chain);
            assert_false(chain_failed(chain));
        }
    }
    memset(buffers, 0, sizeof buffers);
    second->factor = NAN;
    chain_process(chain, audio);
    assert_string_equal(chain_fault(chain), "probe");
    chain_reset(chain);
    memset(buffers, 0, sizeof buffers);
    first->factor = NAN;
    chain_process(chain, audio);
    assert_string_equal(chain_fault(chain), "named");
    chain_destroy(chain);
}

static void takes_no_module_that_the_audio_thread_may_not_call(void **state)
{
    struct chain *chain = chain_create(&small);
    int destroyed = 0;
    struct probe *probe = probe_create(1, 0, &destroyed);

    (void)state;
    probe->module.class = &unmarked_class;
    assert_int_equal(chain_append(chain, &probe->module), -EINVAL);
    probe->module.class = &probe_class;
    for (size_t i = 0; i < CHAIN_MODULES_MAX; i++) {
        assert_int_equal(chain_append(chain, &probe_create(1, 0, &destroyed)->module), 0);
    }
    assert_int_equal(chain_append(chain, &probe->module), -ENOSPC);
    probe_destroy(&probe->module);
    chain_destroy(chain);
    assert_int_equal(destroyed, CHAIN_MODULES_MAX + 1);
    assert_null(chain_create(&(struct module_format){44100, 100, NULL}));
    assert_int_equal(errno, EINVAL);
    chain_destroy(NULL);
}

/* What the offline matcher makes of a file: `same` convolution, then the limiter over the whole. */
static struct stereo offline(const struct stereo *in, const double *mid, const double *side,
                             double gain, double output_gain)
{
    struct stereo out = stereo_create(in->frames);
    double *gains = calloc(in->frames, sizeof *gains);
    int64_t frames = (int64_t)in->frames;

    assert_non_null(gains);
    for (int64_t n = 0; n < frames; n++) {
        double m = 0, s = 0;

        for (int64_t k = 0; k < TAPS; k++) {
            int64_t at = n + TAPS / 2 - 1 - k;

            if (at >= 0 && at < frames) {
                m += mid[k] * (in->channel[0][at] + in->channel[1][at]) / 2;
                s += side[k] * (in->channel[0][at] - in->channel[1][at]) / 2;
            }
        }
        out.channel[0][n] = gain * (m + s);
        out.channel[1][n] = gain * (m - s);
    }
    assert_int_equal(limiter_model_gain(out.channel[0], out.channel[1], in->frames, 44100, gains),
                     0);
    for (size_t n = 0; n < in->frames; n++) {
        out.channel[0][n] *= gains[n] * output_gain;
        out.channel[1][n] *= gains[n] * output_gain;
    }
    free(gains);
    return out;
}

/* Filters that ring on both sides, so that the chain sounds before and after the stream. */
static void ringing_taps(double *taps, uint64_t seed)
{
    for (size_t k = 0; k < TAPS; k++) {
        taps[k] = 0.05 * random_unit(&seed);
    }
    taps[TAPS / 2] += 1;
}

static void equals_the_offline_matcher_from_the_first_frame_to_the_last(void **state)
{
    double mid[TAPS], side[TAPS];
    struct stereo in = stereo_bursts(FRAMES, 0.5, 1, 5, 1), model;
    struct match_eq_design match_eq = {TAPS, mid, side, 1.4, FFT_FLOAT64};
    struct limiter_design limiter = {.active = true, .output_gain = 0.9};
    struct rack_plan plan = {.match_eq = &match_eq, .limiter = &limiter};
    struct rack rack;

    (void)state;
    ringing_taps(mid, 1);
    ringing_taps(side, 2);
    model = offline(&in, mid, side, 1.4, 0.9);
    rack_init_exact(&rack);
    for (uint32_t block = 64; block <= 4096; block *= 2) {
        struct module_format format = {44100, block, kernels_select(SIMD_AUTO)};
        struct chain *chain = rack_build(&rack, &format, &plan);

        assert_non_null(chain);
        for (int again = 0; again < 2; again++) {
            struct stereo out = stream_chain(chain, &in, 1);

            assert_true(worst_difference_db(&out, &model, 0, FRAMES) < -140);
            stereo_destroy(&out);
            chain_reset(chain);
        }
        chain_destroy(chain);
    }
    stereo_destroy(&in);
    stereo_destroy(&model);
}

static void locks_its_memory_and_lets_it_go(void **state)
{
    struct limiter_design design = {.active = true, .output_gain = 1};
    struct module_format format = {44100, 512, kernels_select(SIMD_AUTO)};
    struct chain *chain = chain_create(&format);
    struct module *limiter = limiter_create(&format, &design);
    unsigned char resident = 0;
    int result;

    (void)state;
    assert_int_equal(chain_append(chain, limiter), 0);
    result = chain_lock_memory(chain);
    assert_true(result == 0 || result == -ENOMEM || result == -EPERM || result == -EAGAIN);
    assert_int_equal(mincore((void *)limiter, 1, &resident), 0);
    assert_true(resident & 1);
    chain_destroy(chain);
}

/* Blocks `from` ... `to`-1 of `in`; what comes out replaces them in `out` (NULL: it is not kept).
 */
static void run_blocks(struct chain *chain, const struct stereo *in, size_t from, size_t to,
                       struct stereo *out)
{
    uint32_t block = chain_block_frames(chain);
    double left[4096], right[4096];
    double *const audio[2] = {left, right};

    for (size_t i = from; i < to; i++) {
        for (size_t c = 0; c < 2; c++) {
            memcpy(audio[c], in->channel[c] + i * block, block * sizeof(double));
        }
        chain_process(chain, audio);
        for (size_t c = 0; c < 2 && out != NULL; c++) {
            memcpy(out->channel[c] + i * block, audio[c], block * sizeof(double));
        }
    }
}

/* All that remembers: compressors, moving gains, both stages of the limiter. */
static struct chain *make_remembering_chain(enum fft_precision precision)
{
    static double taps[4096] = {[2048] = 1};
    static struct spectral_design spectral;
    const struct match_eq_design match_eq = {4096, taps, taps, 2, precision};
    const struct limiter_design limiter = {.active = true, .output_gain = 1};
    const struct rack_plan plan = {
        .match_eq = &match_eq, .spectral = &spectral, .limiter = &limiter};
    const struct module_format format = {44100, 512, kernels_select(SIMD_AUTO)};
    struct chain *chain;
    struct rack rack;

    spectral = design_zigzag(4);
    rack_init(&rack);
    assert_int_equal(0, rack_add(&rack, "match_eq", 0));
    assert_int_equal(0, rack_add(&rack, "dynamics", 1));
    assert_int_equal(0, rack_set_parameter(&rack, 1, "mode", 0));
    assert_int_equal(0, rack_set_parameter(&rack, 1, "band2_threshold", -30));
    assert_int_equal(0, rack_set_parameter(&rack, 1, "band2_ratio", 3));
    assert_int_equal(0, rack_set_parameter(&rack, 1, "band2_release", 100));
    assert_int_equal(0, rack_add(&rack, "spectral", 2));
    assert_int_equal(0, rack_add(&rack, "limiter", 3));
    assert_int_equal(0, rack_set_parameter(&rack, 3, "true_peak", 1));
    assert_int_equal(0, rack_set_parameter(&rack, 3, "ceiling", -4));
    assert_int_equal(0, rack_set_parameter(&rack, 3, "release", 800));
    chain = rack_build(&rack, &format, &plan);
    assert_non_null(chain);
    assert_int_equal(4, chain_length(chain));
    return chain;
}

/* As a deck lets a chain come in. */
static void fade_in(const struct stereo *before, struct stereo *sound, size_t from)
{
    for (size_t n = from; n < from + 882; n++) {
        for (size_t c = 0; c < 2; c++) {
            double weight = (double)(n - from) / 882;

            sound->channel[c][n] =
                (1 - weight) * before->channel[c][n] + weight * sound->channel[c][n];
        }
    }
}

/* A computer that is too slow has no time to run a chain in for long. */
static void takes_over_what_another_remembers(void **state)
{
    enum { LOUD = 300, RUN_IN = 39, END = 430, FROM = END - 60 }; /* blocks */
    struct stereo in = stereo_bursts((size_t)512 * END, 0.1, 0.9, 7, 0);
    struct stereo out = stereo_create(in.frames), fresh_out = stereo_create(in.frames),
                  heir_out = stereo_create(in.frames);
    struct chain *chain = make_remembering_chain(FFT_FLOAT64);
    struct chain *fresh = make_remembering_chain(FFT_FLOAT32);
    struct chain *heir = make_remembering_chain(FFT_FLOAT32);
    double fresh_db, heir_db;

    (void)state;
    for (size_t c = 0; c < 2; c++) {
        for (size_t n = (size_t)512 * LOUD; n < in.frames; n++) {
            in.channel[c][n] *= 0.3;
        }
    }
    run_blocks(chain, &in, 0, END, &out);
    run_blocks(fresh, &in, FROM - RUN_IN, END, &fresh_out);
    chain_begin(chain, 0);
    run_blocks(chain, &in, 0, FROM, NULL);
    run_blocks(heir, &in, FROM - RUN_IN, FROM, NULL);
    chain_take_over(heir, chain);
    run_blocks(heir, &in, FROM, END, &heir_out);
    fade_in(&out, &fresh_out, (size_t)512 * FROM);
    fade_in(&out, &heir_out, (size_t)512 * FROM);
    fresh_db = worst_difference_db(&out, &fresh_out, (size_t)512 * FROM, in.frames);
    heir_db = worst_difference_db(&out, &heir_out, (size_t)512 * FROM, in.frames);
    print_message("           %.1f dB without, %.1f dB with it\n", fresh_db, heir_db);
    assert_true(fresh_db > -40);
    assert_true(heir_db < -60);
    chain_destroy(chain);
    chain_destroy(fresh);
    chain_destroy(heir);
    stereo_destroy(&in);
    stereo_destroy(&out);
    stereo_destroy(&fresh_out);
    stereo_destroy(&heir_out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_its_modules_in_order),
        cmocka_unit_test(tells_each_module_where_the_stream_begins_and_ends),
        cmocka_unit_test(sees_a_block_that_is_no_number_and_whose_fault_it_is),
        cmocka_unit_test(takes_no_module_that_the_audio_thread_may_not_call),
        cmocka_unit_test(equals_the_offline_matcher_from_the_first_frame_to_the_last),
        cmocka_unit_test(takes_over_what_another_remembers),
        cmocka_unit_test(locks_its_memory_and_lets_it_go),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
