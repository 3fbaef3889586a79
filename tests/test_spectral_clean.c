/* test_spectral_clean.c - the spectral processor: what it must not do to the sound. */
#include "chain/spectral.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "spectral_support.h"

static double sidebands_db(spectral_maker *make, double hz, double bass, double zigzag_db,
                           const double *values)
{
    struct spectral_design design = design_zigzag(zigzag_db);
    struct stereo in = stereo_create(4 * SPECTRAL_RATE), out;
    double *power = calloc(SPECTRUM_FRAMES, sizeof(double));
    double tone, around, width = (double)SPECTRUM_SKIRT * SPECTRAL_RATE / SPECTRUM_FRAMES;

    add_sine(&in, SPECTRAL_RATE, hz, 0.3);
    if (bass > 0) {
        add_sine(&in, SPECTRAL_RATE, 55, bass);
    }
    out = spectral_run_with(make, &design, values, &in);
    spectrum_of(out.channel[0] + 3 * SPECTRAL_RATE, power);
    tone = power_db(power, hz - width, hz + width);
    around = power_db(power, bass > 0 ? 55 + 2 * width + 400 : 0, hz - width);
    around =
        10 * log10(pow(10, around / 10) + pow(10, power_db(power, hz + width, SPECTRAL_RATE) / 10));
    free(power);
    stereo_destroy(&in);
    stereo_destroy(&out);
    return around - tone;
}

static void check_sidebands(spectral_maker *make)
{
    static const double tones_hz[] = {31,    44,  63.3, 89,   101,  127.9,   141,
                                      160.3, 185, 224,  251,  262,  313,     440,
                                      707.1, 997, 1122, 3000, 7943, 10007.7, 15500};
    static const double wide[SPECTRAL_PARAMETERS] = {12, 100, 100};

    for (size_t i = 0; i < sizeof tones_hz / sizeof tones_hz[0]; i++) {
        /* Alone it keeps its level, so that of its neighbours is what bends its frames; a bass
           takes over the level. */
        double alone_db = sidebands_db(make, tones_hz[i], 0, 12, wide);
        double beside_db =
            tones_hz[i] > 600 ? sidebands_db(make, tones_hz[i], 0.5, 12, wide) : -200;

        if (alone_db > -80 || beside_db > -80) {
            print_message("%.1f Hz: %.1f dB alone, %.1f dB beside a bass\n", tones_hz[i], alone_db,
                          beside_db);
        }
        assert_true(alone_db < -80 && beside_db < -80);
    }
}

static void makes_no_sidebands_around_a_sustained_sine(void **state)
{
    (void)state;
    check_sidebands(spectral_create);
}

static void nor_does_it_with_the_short_frames_of_a_live_source(void **state)
{
    (void)state;
    check_sidebands(spectral_create_short);
}

/* From one instance to another within 20 ms, as the output goes from a chain to the next. */
static void cross_fade(struct stereo *one, const struct stereo *other, size_t from)
{
    size_t frames = SPECTRAL_RATE / 50;

    for (size_t c = 0; c < 2; c++) {
        for (size_t n = from; n < one->frames; n++) {
            double weight = n < from + frames ? (double)(n - from) / (double)frames : 1;

            one->channel[c][n] += weight * (other->channel[c][n] - one->channel[c][n]);
        }
    }
}

static void changes_its_parameters_without_a_click(void **state)
{
    static const double others[][SPECTRAL_PARAMETERS] = {
        {12, 100, 100}, {1, 100, 100}, {6, 20, 100}, {6, 5000, 100}, {6, 100, 10}};
    struct spectral_design design = design_zigzag(6);
    struct stereo in = stereo_create(3 * SPECTRAL_RATE);
    double *power = calloc(SPECTRUM_FRAMES, sizeof(double));

    (void)state;
    add_sine(&in, SPECTRAL_RATE, 100, 0.5);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct stereo out =
            spectral_run_stream(SPECTRAL_RATE, 512, &design, spectral_standard, &in);
        struct stereo then = spectral_run_stream(SPECTRAL_RATE, 512, &design, others[i], &in);

        cross_fade(&out, &then, 2 * SPECTRAL_RATE);
        spectrum_of(out.channel[0] + 2 * SPECTRAL_RATE - SPECTRUM_FRAMES / 2, power);
        assert_true(power_db(power, 5000, SPECTRAL_RATE) < -80);
        stereo_destroy(&out);
        stereo_destroy(&then);
    }
    free(power);
    stereo_destroy(&in);
}

static void sounds_the_same_with_blocks_of_every_size(void **state)
{
    struct spectral_design design = design_zigzag(3);
    struct stereo in = pink_noise(60000, 3),
                  first = spectral_run_stream(SPECTRAL_RATE, 64, &design, spectral_standard, &in);

    (void)state;
    for (uint32_t block = 128; block <= 4096; block *= 2) {
        struct stereo out =
            spectral_run_stream(SPECTRAL_RATE, block, &design, spectral_standard, &in);

        assert_true(worst_difference_db(&out, &first, 0, in.frames) < -250);
        stereo_destroy(&out);
    }
    stereo_destroy(&in);
    stereo_destroy(&first);
}

/* A chain's blocks may begin anywhere in a track. */
static void sounds_the_same_wherever_its_blocks_begin(void **state)
{
    enum { LATE = 333 };
    struct spectral_design design = design_zigzag(3);
    struct stereo in = pink_noise(4 * SPECTRAL_RATE, 3),
                  out = spectral_run_stream(SPECTRAL_RATE, 512, &design, spectral_standard, &in);
    struct stereo later = {in.frames - LATE, {in.channel[0] + LATE, in.channel[1] + LATE}};
    struct stereo shifted =
        spectral_run_stream(SPECTRAL_RATE, 512, &design, spectral_standard, &later);
    double difference = 0, sum = 0;

    (void)state;
    for (size_t n = 2 * SPECTRAL_RATE; n < shifted.frames; n++) {
        double apart = out.channel[0][n + LATE] - shifted.channel[0][n];

        difference += apart * apart;
        sum += out.channel[0][n + LATE] * out.channel[0][n + LATE];
    }
    assert_true(10 * log10(difference / sum) < -50);
    stereo_destroy(&in);
    stereo_destroy(&out);
    stereo_destroy(&shifted);
}

static void works_at_every_rate_alike(void **state)
{
    static const uint32_t rates_hz[] = {8000, 22050, 48000, 96000, 192000, 384000};
    struct spectral_design design = design_neutral();

    (void)state;
    balance_shift(&design.reference[9], 4); /* 1585 Hz */
    for (size_t i = 0; i < sizeof rates_hz / sizeof rates_hz[0]; i++) {
        struct stereo in = stereo_create(2 * rates_hz[i]), out;
        double gain = 0, level = 0;

        /* The tone is one part in four of the power, the rest is far away. */
        add_sine(&in, rates_hz[i], 1585, 0.1);
        add_sine(&in, rates_hz[i], 300, 0.17);
        out = spectral_run_stream(rates_hz[i], 512, &design, spectral_standard, &in);
        for (size_t n = rates_hz[i]; n < 2 * rates_hz[i] - rates_hz[i] / 4; n++) {
            double wave = sin(2 * M_PI * 1585 * (double)n / rates_hz[i]);

            gain += out.channel[0][n] * wave;
            level += in.channel[0][n] * wave;
        }
        gain = 20 * log10(gain / level);
        assert_true(gain > 2.5 && gain < 4.5);
        stereo_destroy(&in);
        stereo_destroy(&out);
    }
}

static void holds_its_gains_in_silence(void **state)
{
    struct spectral_design design = design_zigzag(4);
    struct module *module = spectral_make(SPECTRAL_RATE, 512, &design, spectral_standard);
    struct stereo silence = stereo_create(2 * SPECTRAL_RATE),
                  sound = pink_noise(2 * SPECTRAL_RATE, 3), out;
    double before[BALANCE_PARTS], after[BALANCE_PARTS];

    (void)state;
    out = stream_module(module, 512, &sound, 0);
    stereo_destroy(&out);
    spectral_get_gains(module, before);
    out = stream_module(module, 512, &silence, 0);
    spectral_get_gains(module, after);
    for (size_t i = 0; i < BALANCE_PARTS; i++) {
        /* Until the window has only silence in it, it goes on. */
        assert_true(fabs(before[i] - after[i]) < 2.5 && fabs(after[i]) > 0.01);
    }
    assert_true(out.channel[0][SPECTRAL_RATE] == 0);
    stereo_destroy(&out);
    stereo_destroy(&sound);
    stereo_destroy(&silence);
    module->class->destroy(module);
}

static void is_well_again_after_what_was_no_number(void **state)
{
    struct spectral_design design = design_zigzag(4);
    struct module *module = spectral_make(SPECTRAL_RATE, 512, &design, spectral_standard);
    struct stereo bad = pink_noise(30000, 3), good = pink_noise(30000, 4), out, fresh;

    (void)state;
    fresh = stream_module(module, 512, &good, 0);
    bad.channel[0][20000] = (double)NAN;
    out = stream_module(module, 512, &bad, 0);
    stereo_destroy(&out);
    module->class->reset(module);
    out = stream_module(module, 512, &good, 0);
    module->class->reset(module);
    stereo_destroy(&fresh);
    fresh = stream_module(module, 512, &good, 0);
    assert_memory_equal(out.channel[0], fresh.channel[0], good.frames * sizeof(double));
    for (size_t n = 0; n < good.frames; n++) {
        assert_true(isfinite(out.channel[0][n]));
    }
    stereo_destroy(&bad);
    stereo_destroy(&good);
    stereo_destroy(&out);
    stereo_destroy(&fresh);
    module->class->destroy(module);
}

static void is_late_by_a_frame_and_half_a_window_or_by_half_a_frame(void **state)
{
    struct module_format format = {SPECTRAL_RATE, 512, kernels_select(SIMD_AUTO)};
    struct spectral_design design = design_zigzag(4);
    struct module *module = spectral_make(SPECTRAL_RATE, 512, &design, spectral_standard);

    (void)state;
    assert_int_equal(module->class->latency_frames(module), 1536 + 17 * 512);
    module->class->destroy(module);
    module = spectral_create_short(&format, &design, spectral_standard);
    assert_int_equal(module->class->latency_frames(module), 768);
    module->class->destroy(module);
}

static void shows_the_memory_it_works_on(void **state)
{
    struct spectral_design design = design_zigzag(4);
    struct module *module = spectral_make(SPECTRAL_RATE, 512, &design, spectral_standard);
    struct module_memory seen;

    (void)state;
    seen = module_memory(module);
    assert_true(seen.pieces == 2 && seen.bytes > 2 * 10240 * sizeof(double));
    module->class->destroy(module);
}

static void refuses_formats_it_cannot_work_in(void **state)
{
    struct module_format format = {SPECTRAL_RATE, 100, kernels_select(SIMD_AUTO)};
    struct spectral_design design = design_zigzag(4);

    (void)state;
    assert_null(spectral_create(&format, &design, spectral_standard));
    assert_int_equal(errno, EINVAL);
    format.block_frames = 512;
    format.rate_hz = 10;
    assert_null(spectral_create(&format, &design, spectral_standard));
    assert_int_equal(errno, EINVAL);
    assert_true(module_class_is_rt(&spectral_class));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(makes_no_sidebands_around_a_sustained_sine),
        cmocka_unit_test(nor_does_it_with_the_short_frames_of_a_live_source),
        cmocka_unit_test(changes_its_parameters_without_a_click),
        cmocka_unit_test(sounds_the_same_with_blocks_of_every_size),
        cmocka_unit_test(sounds_the_same_wherever_its_blocks_begin),
        cmocka_unit_test(works_at_every_rate_alike),
        cmocka_unit_test(holds_its_gains_in_silence),
        cmocka_unit_test(is_well_again_after_what_was_no_number),
        cmocka_unit_test(is_late_by_a_frame_and_half_a_window_or_by_half_a_frame),
        cmocka_unit_test(shows_the_memory_it_works_on),
        cmocka_unit_test(refuses_formats_it_cannot_work_in),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
