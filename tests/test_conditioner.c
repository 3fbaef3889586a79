/* test_conditioner.c - gain, DC filter and phase rotation; nothing at all when they are neutral. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "chain/conditioner.h"
#include "chain/rack.h"
#include "tests/tone_support.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RATE = 44100, FRAMES = 65536 };

static struct module *make(uint32_t block, double gain, double dc_filter, double rotation)
{
    const struct module_format format = {RATE, block, kernels_select(SIMD_AUTO)};
    struct module *module =
        conditioner_create(&format, (const double[]){gain, dc_filter, rotation});

    assert_non_null(module);
    assert_true(module_class_is_rt(module->class));
    assert_int_equal(module->class->latency_frames(module), 0);
    return module;
}

static struct stereo run(const struct stereo *in, uint32_t block, double gain, double dc_filter,
                         double rotation)
{
    struct module *module = make(block, gain, dc_filter, rotation);
    struct stereo out = stream_module(module, block, in, 0);

    module->class->destroy(module);
    return out;
}

static void neutral_it_is_left_out_of_the_chain(void **state)
{
    const struct module_format format = {RATE, 512, kernels_select(SIMD_AUTO)};
    const struct rack_plan plan = {.match_eq = NULL};
    struct chain *chain;
    struct rack rack;

    (void)state;
    rack_init(&rack);
    assert_int_equal(rack_add(&rack, "conditioner", 0), 0);
    chain = rack_build(&rack, &format, &plan);
    assert_non_null(chain);
    assert_int_equal(chain_length(chain), 0);
    chain_destroy(chain);
    errno = EIO;
    assert_null(conditioner_create(&format, rack.entries[0].values));
    assert_int_equal(errno, 0);
    assert_int_equal(rack_set_parameter(&rack, 0, "gain", -1), 0);
    chain = rack_build(&rack, &format, &plan);
    assert_int_equal(chain_length(chain), 1);
    chain_destroy(chain);
}

static void a_gain_is_a_gain_to_the_last_bit(void **state)
{
    struct stereo in = stereo_bursts(FRAMES, 0.1, 1, 2, 0), out = run(&in, 512, -6, 0, 0);
    double gain = pow(10, -6.0 / 20);

    (void)state;
    for (size_t n = 0; n < FRAMES; n++) {
        assert_true(out.channel[0][n] == in.channel[0][n] * gain);
        assert_true(out.channel[1][n] == in.channel[1][n] * gain);
    }
    stereo_destroy(&in);
    stereo_destroy(&out);
}

static void dc_goes_and_the_lowest_tones_stay(void **state)
{
    struct stereo in = tone_create(FRAMES, 20, 0.25, RATE), level = stereo_create(FRAMES), out;

    (void)state;
    for (size_t n = 0; n < FRAMES; n++) {
        level.channel[0][n] = level.channel[1][n] = 0.5;
    }
    out = run(&level, 512, 0, 1, 0);
    assert_true(rms_db(&out, 44100, FRAMES) < -200);
    stereo_destroy(&out);
    out = run(&in, 512, 0, 1, 0);
    assert_true(fabs(rms_db(&out, 22050, 66150 - 4410) - rms_db(&in, 22050, 66150 - 4410) + 0.263) <
                0.01);
    stereo_destroy(&out);
    stereo_destroy(&in);
    stereo_destroy(&level);
}

/* Partials that all peak at once, and to one side. */
static struct stereo voice(void)
{
    struct stereo sound = stereo_create(FRAMES);

    for (size_t n = 0; n < FRAMES; n++) {
        double value = 0;

        for (int partial = 1; partial <= 20; partial++) {
            value += 0.05 * cos(2 * M_PI * 110 * partial * (double)n / RATE) / sqrt(partial);
        }
        sound.channel[0][n] = sound.channel[1][n] = value;
    }
    return sound;
}

static void peaks(const struct stereo *sound, double *highest, double *lowest)
{
    *highest = *lowest = 0;
    for (size_t n = FRAMES / 2; n < FRAMES; n++) {
        *highest = fmax(*highest, sound->channel[0][n]);
        *lowest = fmax(*lowest, -sound->channel[0][n]);
    }
}

static void phase_rotation_evens_out_peaks_and_leaves_levels(void **state)
{
    struct stereo in = voice(), out = run(&in, 512, 0, 0, 4);
    double before[2], after[2];

    (void)state;
    peaks(&in, &before[0], &before[1]);
    peaks(&out, &after[0], &after[1]);
    assert_true(before[0] / before[1] > 2.5);
    assert_true(after[0] / after[1] < 1.5 && after[1] / after[0] < 1.5);
    assert_true(fmax(after[0], after[1]) < 0.7 * before[0]);
    assert_true(fabs(rms_db(&out, FRAMES / 2, FRAMES) - rms_db(&in, FRAMES / 2, FRAMES)) < 0.01);
    stereo_destroy(&in);
    stereo_destroy(&out);
}

static void blocks_of_any_length_give_the_same(void **state)
{
    struct stereo in = stereo_bursts(FRAMES, 0.1, 1, 4, 0), expected = run(&in, 64, 3, 1, 8);

    (void)state;
    for (uint32_t block = 128; block <= 4096; block *= 2) {
        struct stereo out = run(&in, block, 3, 1, 8);

        assert_memory_equal(out.channel[0], expected.channel[0], FRAMES * sizeof(double));
        assert_memory_equal(out.channel[1], expected.channel[1], FRAMES * sizeof(double));
        stereo_destroy(&out);
    }
    stereo_destroy(&in);
    stereo_destroy(&expected);
}

static void every_parameter_can_change_without_a_click(void **state)
{
    static const double to[][3] = {{12, 0, 0}, {-24, 0, 0}, {0, 1, 0}, {0, 0, 4}, {6, 1, 8}};
    struct stereo in = tone_create(FRAMES, 100, 0.5, RATE);

    (void)state;
    for (size_t i = 0; i < sizeof to / sizeof to[0]; i++) {
        struct stereo changed = run(&in, 512, to[i][0], to[i][1], to[i][2]);
        struct stereo heard = fade_over(&in, &changed, FRAMES / 2 + 77, RATE / 50);

        assert_true(energy_above_db(&heard, FRAMES / 4, FRAMES / 2, 5000, RATE) < -80);
        stereo_destroy(&changed);
        stereo_destroy(&heard);
    }
    stereo_destroy(&in);
}

static void a_reset_is_silence_before(void **state)
{
    struct stereo in = stereo_bursts(FRAMES, 0.1, 1, 6, 0);
    struct module *module = make(512, 0, 1, 3);
    struct stereo one = stream_module(module, 512, &in, 0), two;

    (void)state;
    module->class->reset(module);
    two = stream_module(module, 512, &in, 0);
    assert_memory_equal(one.channel[1], two.channel[1], FRAMES * sizeof(double));
    module->class->destroy(module);
    stereo_destroy(&in);
    stereo_destroy(&one);
    stereo_destroy(&two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(neutral_it_is_left_out_of_the_chain),
        cmocka_unit_test(a_gain_is_a_gain_to_the_last_bit),
        cmocka_unit_test(dc_goes_and_the_lowest_tones_stay),
        cmocka_unit_test(phase_rotation_evens_out_peaks_and_leaves_levels),
        cmocka_unit_test(blocks_of_any_length_give_the_same),
        cmocka_unit_test(every_parameter_can_change_without_a_click),
        cmocka_unit_test(a_reset_is_silence_before),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
