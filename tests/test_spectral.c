/* test_spectral.c - the spectral processor: what it moves, how far, and what it must not do. */
#include "chain/spectral.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "chain/rack.h"
#include "chain_support.h"
#include "dsp/fft.h"

enum { RATE = 44100 };

static const double standard[SPECTRAL_PARAMETERS] = {6, 100, 100};

/* Target and reference alike, every third octave with as much. */
static struct spectral_design design_neutral(void)
{
    struct spectral_design design = {.eq_db = {0}};

    for (size_t i = 0; i < BALANCE_PARTS; i++) {
        double bands = (double)(balance_first_band(i + 1) - balance_first_band(i));
        double middle = 10 * log10(bands / (double)balance_first_band(BALANCE_PARTS));

        design.target[i] = design.reference[i] = (struct balance){middle - 4, middle, middle + 4};
    }
    return design;
}

static void shift(struct balance *balance, double db)
{
    balance->low_db += db;
    balance->middle_db += db;
    balance->high_db += db;
}

/* Neighbours go opposite ways. */
static struct spectral_design design_zigzag(double db)
{
    struct spectral_design design = design_neutral();

    for (size_t i = 0; i < BALANCE_PARTS; i++) {
        shift(&design.reference[i], i % 2 == 0 ? db : -db);
    }
    return design;
}

static struct module *make(uint32_t rate_hz, uint32_t block, const struct spectral_design *design,
                           const double *values)
{
    const struct module_format format = {rate_hz, block, kernels_select(SIMD_AUTO)};
    struct module *module = spectral_create(&format, design, values);

    assert_non_null(module);
    return module;
}

static struct stereo run(uint32_t rate_hz, uint32_t block, const struct spectral_design *design,
                         const double *values, const struct stereo *in)
{
    struct module *module = make(rate_hz, block, design, values);
    struct stereo out = stream_module(module, block, in, 0);

    module->class->destroy(module);
    return out;
}

static void add_sine(struct stereo *sound, double rate_hz, double hz, double amplitude)
{
    for (size_t n = 0; n < sound->frames; n++) {
        double value = amplitude * sin(2 * M_PI * hz * (double)n / rate_hz);

        sound->channel[0][n] += value;
        sound->channel[1][n] += value;
    }
}

/* Power of SIZE frames from `from` on in each bin, a full-scale sine in the middle of a bin 1,
   through a Kaiser window: what is more than SKIRT bins away lies below -150 dB. */
enum { SIZE = 32768, SKIRT = 16 };

static double bessel(double x)
{
    double sum = 1, term = 1;

    for (int k = 1; k < 60; k++) {
        term *= x / (2 * k) * (x / (2 * k));
        sum += term;
    }
    return sum;
}

static void spectrum_of(const double *sound, double *power)
{
    struct fft *fft = fft_create(SIZE, FFT_FLOAT64);
    double *time = fft_alloc(SIZE * sizeof(double)), *freq = fft_alloc((SIZE + 2) * sizeof(double));
    double sum = 0;

    for (size_t n = 0; n < SIZE; n++) {
        double place = 2 * ((double)n + 0.5) / SIZE - 1;
        double window = bessel(18 * sqrt(1 - place * place)) / bessel(18);

        time[n] = sound[n] * window;
        sum += window;
    }
    fft_forward_f64(fft, time, freq);
    for (size_t k = 0; k <= SIZE / 2; k++) {
        power[k] =
            4 * (freq[2 * k] * freq[2 * k] + freq[2 * k + 1] * freq[2 * k + 1]) / (sum * sum);
    }
    fft_destroy(fft);
    free(time);
    free(freq);
}

/* Of all that lies between two frequencies, in dB. */
static double power_db(const double *power, double low_hz, double high_hz)
{
    double sum = 1e-30;

    for (size_t k = 0; k <= SIZE / 2; k++) {
        double hz = (double)k * RATE / SIZE;

        sum += hz >= low_hz && hz <= high_hz ? power[k] : 0;
    }
    return 10 * log10(sum);
}

static double part_db(const double *power, size_t part)
{
    return power_db(power, balance_edge_hz(part), balance_edge_hz(part + 1));
}

/* Noise in which every third octave has about as much. */
static struct stereo noise(size_t frames, uint64_t seed)
{
    struct stereo sound = stereo_create(frames);

    for (size_t c = 0; c < 2; c++) {
        double state[7] = {0};

        for (size_t n = 0; n < frames; n++) { /* pink, after P. Kellet */
            static const double pole[6] = {0.99886, 0.99332, 0.969, 0.8665, 0.55, -0.7616};
            static const double gain[6] = {0.0555179, 0.0750759, 0.153852,
                                           0.3104856, 0.5329522, -0.016898};
            double white = random_unit(&seed), sum = white * 0.5362 + state[6];

            for (size_t i = 0; i < 6; i++) {
                state[i] = pole[i] * state[i] + white * gain[i];
                sum += state[i];
            }
            state[6] = white * 0.115926;
            sound.channel[c][n] = 0.05 * sum;
        }
    }
    return sound;
}

/* --- what it does --------------------------------------------------------------------------- */

static void leaves_a_balance_alone_that_is_the_references(void **state)
{
    struct spectral_design design = design_neutral();
    struct stereo in = noise(60000, 3), out;

    (void)state;
    out = run(RATE, 512, &design, standard, &in);
    assert_true(worst_difference_db(&out, &in, 0, in.frames) < -200);
    stereo_destroy(&in);
    stereo_destroy(&out);
}

static void is_left_out_with_range_or_amount_0(void **state)
{
    const struct module_format format = {RATE, 512, kernels_select(SIMD_AUTO)};
    struct spectral_design design = design_zigzag(3);
    struct rack_plan plan = {.spectral = &design}, unknown = {.limiter = NULL};
    struct rack rack;
    struct chain *chain;

    (void)state;
    rack_init(&rack);
    assert_int_equal(rack_add(&rack, "spectral", 0), 0);
    chain = rack_build(&rack, &format, &plan);
    assert_int_equal(chain_length(chain), 1);
    chain_destroy(chain);
    chain = rack_build(&rack, &format, &unknown);
    assert_int_equal(chain_length(chain), 0);
    chain_destroy(chain);
    assert_int_equal(rack_set_parameter(&rack, 0, "range", 0), 0);
    chain = rack_build(&rack, &format, &plan);
    assert_int_equal(chain_length(chain), 0);
    chain_destroy(chain);
    assert_int_equal(rack_set_parameter(&rack, 0, "range", 6), 0);
    assert_int_equal(rack_set_parameter(&rack, 0, "amount", 0), 0);
    chain = rack_build(&rack, &format, &plan);
    assert_int_equal(chain_length(chain), 0);
    chain_destroy(chain);
}

/* By how much each part came out higher than it went in. */
static void moved(const struct spectral_design *design, const double *values, double *db)
{
    struct stereo in = noise(5 * RATE, 3), out = run(RATE, 512, design, values, &in);
    double *before = calloc(SIZE, sizeof(double)), *after = calloc(SIZE, sizeof(double));

    spectrum_of(in.channel[0] + 2 * RATE, before);
    spectrum_of(out.channel[0] + 2 * RATE, after);
    for (size_t i = 0; i < BALANCE_PARTS; i++) {
        db[i] = part_db(after, i) - part_db(before, i);
    }
    db[BALANCE_PARTS] = power_db(after, 0, RATE / 2) - power_db(before, 0, RATE / 2);
    free(before);
    free(after);
    stereo_destroy(&in);
    stereo_destroy(&out);
}

static void moves_a_part_as_far_as_the_reference_asks_and_keeps_the_level(void **state)
{
    struct spectral_design design = design_neutral();
    double db[BALANCE_PARTS + 1];

    (void)state;
    shift(&design.reference[12], 3);
    shift(&design.reference[15], -4);
    moved(&design, standard, db);
    assert_true(db[12] > 2.2 && db[12] < 3.2);
    assert_true(db[15] < -3.0 && db[15] > -4.2);
    assert_true(fabs(db[9]) < 0.6);
    assert_true(fabs(db[BALANCE_PARTS]) < 0.1);
}

static void goes_half_the_way_with_half_the_amount(void **state)
{
    const double half[SPECTRAL_PARAMETERS] = {6, 100, 50};
    struct spectral_design design = design_neutral();
    double db[BALANCE_PARTS + 1];

    (void)state;
    shift(&design.reference[12], 5);
    moved(&design, half, db);
    assert_true(db[12] > 1.8 && db[12] < 2.7);
}

static void goes_no_further_than_its_range(void **state)
{
    const double narrow[SPECTRAL_PARAMETERS] = {2, 20, 100};
    struct spectral_design design = design_zigzag(10);
    double db[BALANCE_PARTS + 1], most = 0;

    (void)state;
    moved(&design, narrow, db);
    for (size_t i = 0; i < BALANCE_PARTS; i++) {
        most = fmax(most, fabs(db[i]));
    }
    assert_true(most > 1.5 && most <= 2.01);
}

static void does_not_do_again_what_the_match_eq_did(void **state)
{
    struct spectral_design design = design_neutral();
    double db[BALANCE_PARTS + 1];

    (void)state;
    /* The target had 5 dB less there, which the EQ in front has lifted. */
    shift(&design.target[12], -5);
    design.eq_db[12] = 5;
    moved(&design, standard, db);
    assert_true(fabs(db[12]) < 0.5);
}

static void maps_percentile_to_percentile(void **state)
{
    struct spectral_design design = design_neutral();
    double static_db[BALANCE_PARTS], db[BALANCE_PARTS + 1];

    (void)state;
    spectral_static_gains(&design, static_db);
    for (size_t i = 0; i < BALANCE_PARTS; i++) {
        assert_true(fabs(static_db[i]) < 1e-9);
    }
    /* In the noise, this part stands where the target is loudest: there the reference has less. */
    shift(&design.target[12], -4);
    design.reference[12].high_db -= 3;
    moved(&design, standard, db);
    assert_true(db[12] < 1.6 && db[12] > 0.4); /* it would be 4 */
}

/* --- what it must not do -------------------------------------------------------------------- */

static double sidebands_db(double hz, double bass, double zigzag_db, const double *values)
{
    struct spectral_design design = design_zigzag(zigzag_db);
    struct stereo in = stereo_create(4 * RATE), out;
    double *power = calloc(SIZE, sizeof(double));
    double tone, around, width = (double)SKIRT * RATE / SIZE;

    add_sine(&in, RATE, hz, 0.3);
    if (bass > 0) {
        add_sine(&in, RATE, 55, bass);
    }
    out = run(RATE, 512, &design, values, &in);
    spectrum_of(out.channel[0] + 3 * RATE, power);
    tone = power_db(power, hz - width, hz + width);
    around = power_db(power, bass > 0 ? 55 + 2 * width + 400 : 0, hz - width);
    around = 10 * log10(pow(10, around / 10) + pow(10, power_db(power, hz + width, RATE) / 10));
    free(power);
    stereo_destroy(&in);
    stereo_destroy(&out);
    return around - tone;
}

static void makes_no_sidebands_around_a_sustained_sine(void **state)
{
    static const double tones_hz[] = {31,    44,  63.3, 89,   101,  127.9,   141,
                                      160.3, 185, 224,  251,  262,  313,     440,
                                      707.1, 997, 1122, 3000, 7943, 10007.7, 15500};

    static const double wide[SPECTRAL_PARAMETERS] = {12, 100, 100};

    (void)state;
    for (size_t i = 0; i < sizeof tones_hz / sizeof tones_hz[0]; i++) {
        /* Alone it keeps its level, so that of its neighbours is what bends its frames; a bass
           takes over the level. */
        double alone_db = sidebands_db(tones_hz[i], 0, 12, wide);
        double beside_db = tones_hz[i] > 600 ? sidebands_db(tones_hz[i], 0.5, 12, wide) : -200;

        if (alone_db > -80 || beside_db > -80) {
            print_message("%.1f Hz: %.1f dB alone, %.1f dB beside a bass\n", tones_hz[i], alone_db,
                          beside_db);
        }
        assert_true(alone_db < -80 && beside_db < -80);
    }
}

/* From one instance to another within 20 ms, as the output goes from a chain to the next. */
static void cross_fade(struct stereo *one, const struct stereo *other, size_t from)
{
    size_t frames = RATE / 50;

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
    struct stereo in = stereo_create(3 * RATE);
    double *power = calloc(SIZE, sizeof(double));

    (void)state;
    add_sine(&in, RATE, 100, 0.5);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct stereo out = run(RATE, 512, &design, standard, &in);
        struct stereo then = run(RATE, 512, &design, others[i], &in);

        cross_fade(&out, &then, 2 * RATE);
        spectrum_of(out.channel[0] + 2 * RATE - SIZE / 2, power);
        assert_true(power_db(power, 5000, RATE) < -80);
        stereo_destroy(&out);
        stereo_destroy(&then);
    }
    free(power);
    stereo_destroy(&in);
}

static void sounds_the_same_with_blocks_of_every_size(void **state)
{
    struct spectral_design design = design_zigzag(3);
    struct stereo in = noise(60000, 3), first = run(RATE, 64, &design, standard, &in);

    (void)state;
    for (uint32_t block = 128; block <= 4096; block *= 2) {
        struct stereo out = run(RATE, block, &design, standard, &in);

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
    struct stereo in = noise(4 * RATE, 3), out = run(RATE, 512, &design, standard, &in);
    struct stereo later = {in.frames - LATE, {in.channel[0] + LATE, in.channel[1] + LATE}};
    struct stereo shifted = run(RATE, 512, &design, standard, &later);
    double difference = 0, sum = 0;

    (void)state;
    for (size_t n = 2 * RATE; n < shifted.frames; n++) {
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
    shift(&design.reference[9], 4); /* 1585 Hz */
    for (size_t i = 0; i < sizeof rates_hz / sizeof rates_hz[0]; i++) {
        struct stereo in = stereo_create(2 * rates_hz[i]), out;
        double gain = 0, level = 0;

        /* The tone is one part in four of the power, the rest is far away. */
        add_sine(&in, rates_hz[i], 1585, 0.1);
        add_sine(&in, rates_hz[i], 300, 0.17);
        out = run(rates_hz[i], 512, &design, standard, &in);
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
    struct module *module = make(RATE, 512, &design, standard);
    struct stereo silence = stereo_create(2 * RATE), sound = noise(2 * RATE, 3), out;
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
    assert_true(out.channel[0][RATE] == 0);
    stereo_destroy(&out);
    stereo_destroy(&sound);
    stereo_destroy(&silence);
    module->class->destroy(module);
}

static void is_well_again_after_what_was_no_number(void **state)
{
    struct spectral_design design = design_zigzag(4);
    struct module *module = make(RATE, 512, &design, standard);
    struct stereo bad = noise(30000, 3), good = noise(30000, 4), out, fresh;

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
    struct module_format format = {RATE, 512, kernels_select(SIMD_AUTO)};
    struct spectral_design design = design_zigzag(4);
    struct module *module = make(RATE, 512, &design, standard);

    (void)state;
    assert_int_equal(module->class->latency_frames(module), 1536 + 17 * 512);
    module->class->destroy(module);
    module = spectral_create_short(&format, &design, standard);
    assert_int_equal(module->class->latency_frames(module), 768);
    module->class->destroy(module);
}

struct seen {
    size_t pieces, bytes;
};

static void see(void *context, const void *address, size_t bytes)
{
    struct seen *seen = context;

    assert_non_null(address);
    seen->pieces++;
    seen->bytes += bytes;
}

static void shows_the_memory_it_works_on(void **state)
{
    struct spectral_design design = design_zigzag(4);
    struct module *module = make(RATE, 512, &design, standard);
    struct seen seen = {0};

    (void)state;
    module->class->memory(module, see, &seen);
    assert_true(seen.pieces == 2 && seen.bytes > 2 * 10240 * sizeof(double));
    module->class->destroy(module);
}

static void refuses_formats_it_cannot_work_in(void **state)
{
    struct module_format format = {RATE, 100, kernels_select(SIMD_AUTO)};
    struct spectral_design design = design_zigzag(4);

    (void)state;
    assert_null(spectral_create(&format, &design, standard));
    assert_int_equal(errno, EINVAL);
    format.block_frames = 512;
    format.rate_hz = 10;
    assert_null(spectral_create(&format, &design, standard));
    assert_int_equal(errno, EINVAL);
    assert_true(module_class_is_rt(&spectral_class));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaves_a_balance_alone_that_is_the_references),
        cmocka_unit_test(is_left_out_with_range_or_amount_0),
        cmocka_unit_test(moves_a_part_as_far_as_the_reference_asks_and_keeps_the_level),
        cmocka_unit_test(goes_half_the_way_with_half_the_amount),
        cmocka_unit_test(goes_no_further_than_its_range),
        cmocka_unit_test(does_not_do_again_what_the_match_eq_did),
        cmocka_unit_test(maps_percentile_to_percentile),
        cmocka_unit_test(makes_no_sidebands_around_a_sustained_sine),
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
