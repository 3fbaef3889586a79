/* test_probe.c - what the quality control reads of chains that are known. */
#include "chain/probe.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "chain/rack.h"

enum { BLOCK = 512, TAPS = 1024 };

/* A module that bends the sound in a known way: clips at `ceiling`, or adds cubic * x^3. */
struct bender {
    struct module module;
    double ceiling, cubic;
};

static void bender_destroy(struct module *module)
{
    free(module);
}

MP_RT static void bender_process(struct module *module, double *const audio[CHAIN_CHANNELS])
{
    const struct bender *bender = (const struct bender *)module;

    for (uint32_t c = 0; c < CHAIN_CHANNELS; c++) {
        for (uint32_t i = 0; i < BLOCK; i++) {
            double x = audio[c][i] + bender->cubic * audio[c][i] * audio[c][i] * audio[c][i];

            audio[c][i] = x > bender->ceiling    ? bender->ceiling
                          : x < -bender->ceiling ? -bender->ceiling
                                                 : x;
        }
    }
}

static void bender_reset(struct module *module)
{
    (void)module;
}

MP_RT static uint32_t bender_latency(const struct module *module)
{
    (void)module;
    return 0;
}

static const struct module_class bender_class = {
    .name = "bender",
    .title = "Bender",
    .destroy = bender_destroy,
    .process = bender_process,
    .reset = bender_reset,
    .latency_frames = bender_latency,
};

static struct module_format format_of(uint32_t rate_hz)
{
    return (struct module_format){rate_hz, BLOCK, kernels_select(SIMD_AUTO)};
}

static struct chain *bending_chain(uint32_t rate_hz, double ceiling, double cubic)
{
    struct module_format format = format_of(rate_hz);
    struct chain *chain = chain_create(&format);
    struct bender *bender = calloc(1, sizeof *bender);

    assert_true(chain != NULL && bender != NULL);
    *bender = (struct bender){{&bender_class}, ceiling, cubic};
    assert_int_equal(chain_append(chain, &bender->module), 0);
    return chain;
}

static double taps_of_a_filter[TAPS];

/* The exact chain, with a filter that boosts and a gain. */
static struct chain *exact_chain(uint32_t rate_hz, double gain)
{
    struct module_format format = format_of(rate_hz);
    struct match_eq_design eq = {TAPS, taps_of_a_filter, taps_of_a_filter, gain, FFT_FLOAT64};
    struct limiter_design limiter = {.active = true, .output_gain = 1.0};
    struct rack_plan plan = {.match_eq = &eq, .limiter = &limiter};
    struct rack rack;
    struct chain *chain;

    taps_of_a_filter[TAPS / 2] = 1.0;
    taps_of_a_filter[TAPS / 2 - 3] = taps_of_a_filter[TAPS / 2 + 3] = 0.2;
    rack_init_exact(&rack);
    chain = rack_build(&rack, &format, &plan);
    assert_non_null(chain);
    return chain;
}

static struct probe_figures probe(struct chain *chain, uint32_t rate_hz, enum word_format words,
                                  bool dither)
{
    const struct probe_setup setup = {.chain = chain,
                                      .rate_hz = rate_hz,
                                      .block_frames = BLOCK,
                                      .words = words,
                                      .dither = dither,
                                      .programme_peak = 0.9};
    struct probe_figures figures;

    assert_int_equal(probe_measure(&setup, &figures), 0);
    chain_destroy(chain);
    return figures;
}

static void assert_near(double value, double wanted, double error)
{
    if (!(fabs(value - wanted) <= error)) {
        fail_msg("%.3f instead of %.3f +- %.3f", value, wanted, error);
    }
}

static void a_clean_chain_reads_the_noise_of_its_dithered_words(void **state)
{
    const double gains[] = {1.0, 0.25, 4.0};
    struct probe_figures figures;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        figures = probe(exact_chain(44100, gains[i]), 44100, WORD_S24_3LE, true);
        assert_near(figures.thdn_db, -140.9, 1.0);
        assert_near(figures.snr_db, 141.9, 1.0);
        assert_near(figures.level_dbfs, -1.0, 0.01);
    }
    figures = probe(exact_chain(44100, 1.0), 44100, WORD_S16, true);
    assert_near(figures.thdn_db, -92.8, 1.0);
    assert_near(figures.snr_db, 93.8, 1.0);
    /* What lies above 20 kHz is not heard, and not counted. */
    figures = probe(exact_chain(96000, 1.0), 96000, WORD_S16, true);
    assert_near(figures.snr_db, 93.3 + 3.8, 1.0);
}

static void words_alone_read_as_words_of_their_length(void **state)
{
    struct probe_figures figures = probe(NULL, 48000, WORD_S24, true);

    (void)state;
    assert_near(figures.thdn_db, -141.3, 1.0);
    assert_near(figures.snr_db, 142.3, 1.0);
    assert_true(figures.imd_db < -120.0);
    figures = probe(NULL, 48000, WORD_FLOAT, false);
    assert_true(figures.thdn_db < -145.0); /* a float's mantissa is 24 bits at any level ... */
    assert_true(figures.snr_db > 195.0);   /* ... so its noise sinks with the tone */
    figures = probe(NULL, 48000, WORD_S32, true);
    assert_true(figures.thdn_db < -180.0);
}

/* THD of a sine clipped at `ceiling` whose fundamental has peak 10^(-1/20): Fourier's integrals,
   summed finely over a turn; the harmonics that the band and the rate let through, in dB re all. */
static double clipped_thd(double ceiling)
{
    enum { STEPS = 200000, HARMONICS = 20 };
    double low = ceiling, high = 50.0, wanted = pow(10.0, -1.0 / 20.0), all = 0.0, first = 0.0;

    for (int i = 0; i < 100; i++) { /* of which amplitude? */
        double middle = 0.5 * (low + high);
        double angle = middle > ceiling ? asin(ceiling / middle) : M_PI / 2.0;
        double peak = 2.0 / M_PI * (middle * angle + ceiling * cos(angle));

        *(peak > wanted ? &high : &low) = middle;
    }
    for (int n = 1; n <= HARMONICS; n += 2) {
        double sum = 0.0;

        for (int k = 0; k < STEPS; k++) {
            double x = low * sin(2.0 * M_PI * (k + 0.5) / STEPS);

            x = fmin(fmax(x, -ceiling), ceiling);
            sum += 2.0 / STEPS * x * sin(2.0 * M_PI * n * (k + 0.5) / STEPS);
        }
        all += sum * sum;
        first = n == 1 ? sum * sum : first;
    }
    return 10.0 * log10((all - first) / all);
}

static void a_known_clipper_reads_its_known_distortion(void **state)
{
    const double ceilings[] = {0.85, 0.75};
    struct probe_figures figures;

    (void)state;
    for (size_t i = 0; i < 2; i++) { /* at 192 kHz next to nothing folds back into the band */
        figures = probe(bending_chain(192000, ceilings[i], 0.0), 192000, WORD_S24, true);
        assert_near(figures.level_dbfs, -1.0, 0.01);
        assert_near(figures.thdn_db, clipped_thd(ceilings[i]), 0.2);
    }
}

static void a_cubic_reads_its_third_harmonic_and_its_intermodulation(void **state)
{
    const double k = 0.01, peak = 0.9;
    const double a = 0.8 * peak, b = 0.2 * peak;
    struct probe_figures figures = probe(bending_chain(48000, 10.0, k), 48000, WORD_S24, true);
    double out = pow(10.0, -1.0 / 20.0), in = out;
    double side, carrier;

    (void)state;
    for (int i = 0; i < 20; i++) { /* the first harmonic of x + k x^3 is in + 3/4 k in^3 */
        in = out - 0.75 * k * in * in * in;
    }
    assert_near(figures.thdn_db, 20.0 * log10(0.25 * k * in * in * in / out), 0.02);
    /* (a sin p + b sin q)^3 has 3 a^2 b sin^2 p sin q: lines at q +- 2p of 3/4 a^2 b each. */
    side = 0.75 * k * a * a * b;
    carrier = b + k * (1.5 * a * a * b + 0.75 * b * b * b);
    assert_near(figures.imd_db, 20.0 * log10(2.0 * side / carrier), 0.02);
}

static void a_limiter_at_work_shows_in_the_programmes_modulation_alone(void **state)
{
    struct probe_figures calm = probe(exact_chain(44100, 0.5), 44100, WORD_S24, true);
    struct probe_figures driven = probe(exact_chain(44100, 4.0), 44100, WORD_S24, true);

    (void)state;
    assert_true(calm.imd_db < -120.0);
    assert_true(driven.imd_db > -60.0);
    assert_near(driven.thdn_db, calm.thdn_db, 0.5);
}

static void what_lets_no_more_through_is_measured_at_its_own_level(void **state)
{
    struct probe_figures figures = probe(bending_chain(48000, 0.5, 0.0), 48000, WORD_S24, true);

    (void)state;
    assert_true(figures.level_dbfs < -3.8 && figures.level_dbfs > -4.5);
    assert_true(figures.thdn_db > -20.0);
}

static void refuses_what_it_cannot_measure_and_leaves_when_told(void **state)
{
    atomic_bool leave = true;
    struct probe_setup setup = {.rate_hz = 44100,
                                .block_frames = BLOCK,
                                .words = WORD_S16,
                                .programme_peak = 1.0,
                                .leave = &leave};
    struct probe_figures figures;
    struct chain *silent = bending_chain(44100, 0.0, 0.0);

    (void)state;
    assert_int_equal(probe_measure(&setup, &figures), -ECANCELED);
    setup.leave = NULL;
    setup.chain = silent;
    assert_int_equal(probe_measure(&setup, &figures), -EDOM);
    setup.rate_hz = 8000;
    assert_int_equal(probe_measure(&setup, &figures), -EINVAL);
    chain_destroy(silent);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clean_chain_reads_the_noise_of_its_dithered_words),
        cmocka_unit_test(words_alone_read_as_words_of_their_length),
        cmocka_unit_test(a_known_clipper_reads_its_known_distortion),
        cmocka_unit_test(a_cubic_reads_its_third_harmonic_and_its_intermodulation),
        cmocka_unit_test(a_limiter_at_work_shows_in_the_programmes_modulation_alone),
        cmocka_unit_test(what_lets_no_more_through_is_measured_at_its_own_level),
        cmocka_unit_test(refuses_what_it_cannot_measure_and_leaves_when_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
