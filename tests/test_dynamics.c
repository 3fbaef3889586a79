/* test_dynamics.c - a compressor in each band: against a slow model, and what a listener notices.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "chain/dynamics.h"
#include "chain/rack.h"
#include "dsp/biquad.h"
#include "dsp/crossover.h"
#include "tests/tone_support.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RATE = 44100, FRAMES = 65536, STEP = 16 };
enum { THRESHOLD, RATIO, KNEE, ATTACK, RELEASE, MAKEUP, RANGE, PER_BAND };

static const char *const names[PER_BAND] = {"threshold", "ratio",  "knee", "attack",
                                            "release",   "makeup", "range"};

/* A rack with dynamics in manual mode, and the values of its parameters. */
static struct rack manual(void)
{
    struct rack rack;

    rack_init(&rack);
    assert_int_equal(rack_add(&rack, "dynamics", 0), 0);
    assert_int_equal(rack_set_parameter(&rack, 0, "mode", 0), 0);
    return rack;
}

static void set(struct rack *rack, size_t band, size_t parameter, double value)
{
    char name[32];

    snprintf(name, sizeof name, "band%zu_%s", band + 1, names[parameter]);
    assert_int_equal(rack_set_parameter(rack, 0, name, value), 0);
}

static void set_band(struct rack *rack, size_t band, const double values[PER_BAND])
{
    for (size_t i = 0; i < PER_BAND; i++) {
        set(rack, band, i, values[i]);
    }
}

static void set_all(struct rack *rack, const double values[PER_BAND])
{
    for (size_t band = 0; band < DYNAMICS_BANDS; band++) {
        set_band(rack, band, values);
    }
}

static struct module *make(const struct rack *rack, uint32_t rate_hz, uint32_t block,
                           const struct kernels *kernels)
{
    const struct module_format format = {rate_hz, block, kernels};
    struct module *module = dynamics_create(&format, NULL, rack->entries[0].values);

    assert_non_null(module);
    assert_true(module_class_is_rt(module->class));
    assert_int_equal(module->class->latency_frames(module), 0);
    return module;
}

static struct stereo run(const struct rack *rack, const struct stereo *in, uint32_t rate_hz,
                         uint32_t block, const struct kernels *kernels)
{
    struct module *module = make(rack, rate_hz, block, kernels);
    struct stereo out = stream_module(module, block, in, 0);

    module->class->destroy(module);
    return out;
}

/* --- nothing to do ------------------------------------------------------------------------- */

static void neutral_it_is_left_out_of_the_chain(void **state)
{
    const struct module_format format = {RATE, 512, kernels_select(SIMD_AUTO)};
    const struct rack_plan plan = {.match_eq = NULL};
    struct rack rack = manual();
    struct chain *chain = rack_build(&rack, &format, &plan);

    (void)state;
    assert_int_equal(chain_length(chain), 0);
    chain_destroy(chain);
    assert_int_equal(rack_set_parameter(&rack, 0, "mode", 1), 0); /* no reference is known */
    chain = rack_build(&rack, &format, &plan);
    assert_int_equal(chain_length(chain), 0);
    chain_destroy(chain);
    assert_int_equal(rack_set_parameter(&rack, 0, "mode", 0), 0);
    set(&rack, 2, MAKEUP, 1);
    chain = rack_build(&rack, &format, &plan);
    assert_int_equal(chain_length(chain), 1);
    chain_destroy(chain);
}

static void a_rack_asks_for_short_term_levels_only_for_mode_reference(void **state)
{
    struct rack rack = manual(), exact;

    (void)state;
    rack_init_exact(&exact);
    assert_false(rack_needs_character(&exact));
    assert_false(rack_needs_character(&rack));
    assert_int_equal(rack_set_parameter(&rack, 0, "mode", 1), 0);
    assert_true(rack_needs_character(&rack));
    assert_int_equal(rack_bypass(&rack, 0, true), 0);
    assert_false(rack_needs_character(&rack));
}

static void parameters_are_told_from_each_other_and_fit_a_rack(void **state)
{
    (void)state;
    assert_int_equal(dynamics_class.parameter_count, 1 + DYNAMICS_BANDS * PER_BAND);
    assert_true(dynamics_class.parameter_count <= RACK_PARAMETERS_MAX);
    for (size_t i = 0; i < dynamics_class.parameter_count; i++) {
        const struct module_parameter *one = &dynamics_class.parameters[i];

        assert_true(one->minimum <= one->standard && one->standard <= one->maximum);
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(one->name, dynamics_class.parameters[j].name);
        }
    }
}

/* --- a slow model -------------------------------------------------------------------------- */

struct model_band {
    struct biquad filter[5];
    struct biquad_pair state[5];
    double rms_s; /* over which its level is measured */
    double level, change, gain, next;
};

struct model_stream {
    const struct stereo *in;
    struct stereo *out;
    size_t step; /* frames */
    uint32_t rate_hz;
};

static void model_filters(struct model_band *band, size_t index, uint32_t rate_hz)
{
    const double *borders = dynamics_borders_hz;
    bool low = index < 2;

    (low ? biquad_low_pass : biquad_high_pass)(&band->filter[0], borders[1], M_SQRT1_2, rate_hz);
    band->filter[1] = band->filter[0];
    biquad_all_pass(&band->filter[2], borders[low ? 2 : 0], M_SQRT1_2, rate_hz);
    (index % 2 == 0 ? biquad_low_pass : biquad_high_pass)(&band->filter[3], borders[low ? 0 : 2],
                                                          M_SQRT1_2, rate_hz);
    band->filter[4] = band->filter[3];
}

static double model_curve(const double *own, double x)
{
    double over = x - own[THRESHOLD], slope = 1 / own[RATIO] - 1, change = slope * over;

    if (2 * fabs(over) <= own[KNEE] && own[KNEE] > 0) {
        change = slope * pow(over + own[KNEE] / 2, 2) / (2 * own[KNEE]);
    } else if (over <= 0) {
        change = 0;
    }
    return fmin(fmax(change, -own[RANGE]), own[RANGE]);
}

/* One step of one band from frame `at` on, added to the output. */
static void model_step(struct model_band *band, const double *own,
                       const struct model_stream *stream, size_t at)
{
    const struct stereo *in = stream->in;
    struct stereo *out = stream->out;
    size_t frames = stream->step;
    double step_s = (double)frames / stream->rate_hz;
    double sound[2][64], power = 0, keep, gain;

    for (size_t c = 0; c < 2; c++) {
        memcpy(sound[c], in->channel[c] + at, frames * sizeof(double));
    }
    for (size_t i = 0; i < 5; i++) {
        biquad_run(&band->filter[i], &band->state[i], sound[0], sound[1], frames);
    }
    for (size_t n = 0; n < frames; n++) {
        power += (sound[0][n] * sound[0][n] + sound[1][n] * sound[1][n]) / (2 * (double)frames);
    }
    keep = exp(-step_s / band->rms_s);
    band->level = keep * band->level + (1 - keep) * power;
    gain = model_curve(own, 10 * log10(fmax(band->level, 1e-15)));
    keep = exp(-step_s * 1000 / own[fabs(gain) > fabs(band->change) ? ATTACK : RELEASE]);
    band->change = keep * band->change + (1 - keep) * gain;
    for (size_t n = 0; n < frames; n++) {
        double here = band->gain + (band->next - band->gain) * (double)(n + 1) / (double)frames;

        out->channel[0][at + n] += here * sound[0][n];
        out->channel[1][at + n] += here * sound[1][n];
    }
    band->gain = band->next;
    band->next = pow(10, (band->change + own[MAKEUP]) / 20);
}

static struct stereo model(const struct rack *rack, const struct stereo *in, uint32_t rate_hz,
                           size_t step)
{
    static const double rms_s[] = {0.030, 0.012, 0.004, 0.002};
    struct stereo out = stereo_create(in->frames);
    const struct model_stream stream = {in, &out, step, rate_hz};

    for (size_t index = 0; index < DYNAMICS_BANDS; index++) {
        const double *own = rack->entries[0].values + 1 + index * PER_BAND;
        struct model_band band = {.gain = pow(10, own[MAKEUP] / 20), .rms_s = rms_s[index]};

        band.next = band.gain;
        model_filters(&band, index, rate_hz);
        for (size_t at = 0; at < in->frames; at += step) {
            model_step(&band, own, &stream, at);
        }
    }
    return out;
}

/* Bands that do something different each, up and down. */
static struct rack lively(void)
{
    static const double values[DYNAMICS_BANDS][PER_BAND] = {{-30, 3, 6, 20, 150, 2, 12},
                                                            {-35, 0.5, 0, 15, 120, -3, 6},
                                                            {-25, 20, 12, 1, 30, 0, 24},
                                                            {-40, 2, 3, 8, 80, 1, 4}};
    struct rack rack = manual();

    for (size_t band = 0; band < DYNAMICS_BANDS; band++) {
        for (size_t i = 0; i < PER_BAND; i++) {
            set(&rack, band, i, values[band][i]);
        }
    }
    return rack;
}

static void every_tier_and_block_does_what_a_slow_model_does(void **state)
{
    const struct kernels *tiers[8];
    size_t count = every_tier(tiers);
    struct stereo in = stereo_bursts(FRAMES, 0.05, 1, 11, 0);
    struct rack rack = lively();
    struct stereo expected = model(&rack, &in, RATE, STEP);

    (void)state;
    for (size_t i = 0; i < count; i++) {
        for (uint32_t block = 64; block <= 4096; block *= 4) {
            struct stereo out = run(&rack, &in, RATE, block, tiers[i]);

            assert_true(worst_difference_db(&out, &expected, 0, FRAMES) < -220);
            stereo_destroy(&out);
        }
    }
    stereo_destroy(&in);
    stereo_destroy(&expected);
}

static void it_does_so_at_every_rate(void **state)
{
    static const struct {
        uint32_t rate_hz;
        size_t step;
    } rates[] = {{8000, 16}, {48000, 16}, {88200, 32}, {96000, 32}, {192000, 64}, {384000, 64}};
    struct stereo in = stereo_bursts(FRAMES, 0.05, 1, 12, 0);
    struct rack rack = lively();

    (void)state;
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        struct stereo expected = model(&rack, &in, rates[i].rate_hz, rates[i].step);
        struct stereo out = run(&rack, &in, rates[i].rate_hz, 64, kernels_select(SIMD_AUTO));

        assert_true(worst_difference_db(&out, &expected, 0, FRAMES) < -200);
        stereo_destroy(&expected);
        stereo_destroy(&out);
    }
    stereo_destroy(&in);
}

/* Where its blocks lie in the stream must not be heard: it is told where that begins. */
static void odd_offsets_make_no_difference(void **state)
{
    static const size_t offsets[] = {1, 7, 15, 16, 63, 511};
    struct stereo in = stereo_bursts(FRAMES, 0.05, 0.5, 13, 0);
    struct rack rack = lively();
    struct stereo expected = run(&rack, &in, RATE, 512, kernels_select(SIMD_AUTO));

    (void)state;
    for (size_t i = 0; i < sizeof offsets / sizeof offsets[0]; i++) {
        struct module *module = make(&rack, RATE, 512, kernels_select(SIMD_AUTO));
        struct stereo late = stereo_create(FRAMES), out;

        for (size_t c = 0; c < 2; c++) {
            memcpy(late.channel[c] + offsets[i], in.channel[c],
                   (FRAMES - offsets[i]) * sizeof(double));
        }
        module->class->begin(module, offsets[i]);
        out = stream_module(module, 512, &late, 0);
        for (size_t c = 0; c < 2; c++) {
            memmove(out.channel[c], out.channel[c] + offsets[i],
                    (FRAMES - offsets[i]) * sizeof(double));
        }
        assert_true(worst_difference_db(&out, &expected, 0, FRAMES - 512) < -250);
        module->class->destroy(module);
        stereo_destroy(&late);
        stereo_destroy(&out);
    }
    stereo_destroy(&in);
    stereo_destroy(&expected);
}

/* --- what is heard ------------------------------------------------------------------------- */

/* What a tone becomes: in each band its part of the amplitude, by that band's curve; the bands of a
   Linkwitz-Riley crossover are in phase. */
static double tone_db(const double *own, double hz, double level_db)
{
    double amplitude = 0;

    for (size_t band = 0; band < DYNAMICS_BANDS; band++) {
        double part_db = 10 * log10(crossover_power(dynamics_borders_hz, RATE, band, hz));

        amplitude += pow(10, (level_db + part_db + model_curve(own, level_db + part_db)) / 20);
    }
    return 20 * log10(amplitude);
}

static void a_loud_tone_comes_out_by_its_ratio_and_a_soft_one_as_it_is(void **state)
{
    static const double values[PER_BAND] = {-40, 4, 0, 5, 100, 0, 24};
    struct stereo loud = tone_create(FRAMES, 2449, 0.5, RATE);
    struct stereo soft = tone_create(FRAMES, 2449, 0.005, RATE);
    struct rack rack = manual();
    struct stereo out;

    (void)state;
    set_all(&rack, values);
    out = run(&rack, &loud, RATE, 512, kernels_select(SIMD_AUTO));
    assert_true(fabs(rms_db(&out, FRAMES / 2, FRAMES) - tone_db(values, 2449, -9.03)) < 0.1);
    assert_true(rms_db(&out, FRAMES / 2, FRAMES) < -27);
    stereo_destroy(&out);
    out = run(&rack, &soft, RATE, 512, kernels_select(SIMD_AUTO));
    assert_true(fabs(rms_db(&out, FRAMES / 2, FRAMES) - rms_db(&soft, FRAMES / 2, FRAMES)) < 0.01);
    stereo_destroy(&out);
    stereo_destroy(&loud);
    stereo_destroy(&soft);
}

static void a_tone_in_one_band_leaves_the_others_alone(void **state)
{
    static const double values[PER_BAND] = {-60, 20, 0, 5, 100, 0, 24};
    struct stereo both = tone_create(FRAMES, 40, 0.5, RATE);
    struct stereo high = tone_create(FRAMES, 12000, 0.05, RATE);
    struct rack rack = manual();
    struct stereo out;

    (void)state;
    set_band(&rack, 0, values);
    for (size_t n = 0; n < FRAMES; n++) {
        both.channel[0][n] += high.channel[0][n];
        both.channel[1][n] += high.channel[1][n];
    }
    out = run(&rack, &both, RATE, 512, kernels_select(SIMD_AUTO));
    assert_true(fabs(energy_above_db(&out, FRAMES / 2, FRAMES / 2, 5000, RATE) -
                     rms_db(&high, 0, FRAMES)) < 0.01);
    assert_true(rms_db(&out, FRAMES / 2, FRAMES) < -25); /* the low tone was at -9 */
    stereo_destroy(&both);
    stereo_destroy(&high);
    stereo_destroy(&out);
}

static void both_channels_get_one_gain(void **state)
{
    static const double values[PER_BAND] = {-40, 4, 6, 5, 100, 0, 24};
    struct stereo in = stereo_bursts(FRAMES, 0.05, 1, 21, 0);
    struct rack rack = manual();
    struct stereo out;

    (void)state;
    for (size_t n = 0; n < FRAMES; n++) {
        in.channel[1][n] = in.channel[0][n] / 4;
    }
    set_all(&rack, values);
    out = run(&rack, &in, RATE, 512, kernels_select(SIMD_AUTO));
    for (size_t n = 0; n < FRAMES; n++) {
        assert_true(fabs(out.channel[1][n] - out.channel[0][n] / 4) < 1e-12);
    }
    stereo_destroy(&in);
    stereo_destroy(&out);
}

static void a_low_tone_that_is_turned_down_hard_and_fast_stays_clean_above_5_khz(void **state)
{
    static const double values[PER_BAND] = {-60, 20, 0, 5, 40, 0, 24};
    struct stereo in = tone_create(FRAMES, 100, 0.5, RATE);
    struct rack rack = manual();
    struct stereo out;

    (void)state;
    set_all(&rack, values);
    out = run(&rack, &in, RATE, 512, kernels_select(SIMD_AUTO));
    assert_true(energy_above_db(&out, FRAMES / 2, FRAMES / 2, 5000, RATE) < -80);
    stereo_destroy(&in);
    stereo_destroy(&out);
}

/* Other settings are another chain that was run in, faded to in 20 ms. */
static void every_parameter_can_change_while_playing_without_a_click(void **state)
{
    static const double from[PER_BAND] = {-30, 2, 6, 20, 150, 0, 6};
    static const double to[PER_BAND] = {-60, 20, 24, 5, 1000, 12, 24};
    struct stereo in = tone_create(FRAMES, 100, 0.5, RATE);
    struct rack rack = manual(), other;
    struct stereo one, two, heard;

    (void)state;
    set_all(&rack, from);
    one = run(&rack, &in, RATE, 512, kernels_select(SIMD_AUTO));
    for (size_t i = 0; i < PER_BAND; i++) {
        other = rack;
        for (size_t band = 0; band < DYNAMICS_BANDS; band++) {
            set(&other, band, i, to[i]);
        }
        two = run(&other, &in, RATE, 512, kernels_select(SIMD_AUTO));
        heard = fade_over(&one, &two, FRAMES / 2 + 31, RATE / 50);
        assert_true(energy_above_db(&heard, FRAMES / 4, FRAMES / 2, 5000, RATE) < -80);
        stereo_destroy(&two);
        stereo_destroy(&heard);
    }
    heard = fade_over(&in, &one, FRAMES / 2 + 31, RATE / 50); /* taken in, or out */
    assert_true(energy_above_db(&heard, FRAMES / 4, FRAMES / 2, 5000, RATE) < -80);
    stereo_destroy(&heard);
    stereo_destroy(&one);
    stereo_destroy(&in);
}

static void it_tells_its_gains_and_forgets_all_at_a_reset(void **state)
{
    struct rack rack = lively();
    struct stereo in = stereo_bursts(FRAMES, 0.3, 1, 23, 0);
    struct module *module = make(&rack, RATE, 512, kernels_select(SIMD_AUTO));
    struct stereo one = stream_module(module, 512, &in, 0), two;
    float gains_db[MODULE_BANDS];

    (void)state;
    module->class->band_gains(module, gains_db);
    assert_true(gains_db[2] < -3.0F);
    module->class->reset(module);
    module->class->band_gains(module, gains_db);
    assert_true(gains_db[0] == 2.0F && gains_db[2] == 0.0F);
    in.channel[0][100] = (double)NAN;
    two = stream_module(module, 512, &in, 0); /* spoilt, but not for ever */
    assert_true(isnan(two.channel[0][FRAMES - 1]));
    stereo_destroy(&two);
    in.channel[0][100] = 0;
    module->class->reset(module);
    two = stream_module(module, 512, &in, 0);
    assert_true(worst_difference_db(&one, &two, FRAMES / 2, FRAMES) < -60);
    module->class->destroy(module);
    stereo_destroy(&in);
    stereo_destroy(&one);
    stereo_destroy(&two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(neutral_it_is_left_out_of_the_chain),
        cmocka_unit_test(a_rack_asks_for_short_term_levels_only_for_mode_reference),
        cmocka_unit_test(parameters_are_told_from_each_other_and_fit_a_rack),
        cmocka_unit_test(every_tier_and_block_does_what_a_slow_model_does),
        cmocka_unit_test(it_does_so_at_every_rate),
        cmocka_unit_test(odd_offsets_make_no_difference),
        cmocka_unit_test(a_loud_tone_comes_out_by_its_ratio_and_a_soft_one_as_it_is),
        cmocka_unit_test(a_tone_in_one_band_leaves_the_others_alone),
        cmocka_unit_test(both_channels_get_one_gain),
        cmocka_unit_test(a_low_tone_that_is_turned_down_hard_and_fast_stays_clean_above_5_khz),
        cmocka_unit_test(every_parameter_can_change_while_playing_without_a_click),
        cmocka_unit_test(it_tells_its_gains_and_forgets_all_at_a_reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
