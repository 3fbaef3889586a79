/* test_limiter_peak.c - the true peak held under a ceiling, as libebur128 reads it, on what is
   hardest to hold. */
#include "chain/limiter.h"

#include "chain_support.h"
#include "measure/loudness.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { FRAMES = 60000, BLOCK = 512 };

struct source {
    const char *name;
    double (*at)(size_t frame, double rate_hz, uint64_t *seed);
};

/* A full-scale square of naive corners: everything aliases. */
static double square(size_t frame, double rate_hz, uint64_t *seed)
{
    (void)seed;
    return sin(2 * M_PI * 997 * (double)frame / rate_hz) >= 0 ? 1 : -1;
}

/* A quarter of the rate, between the samples: +3 dB over its samples. */
static double between(size_t frame, double rate_hz, uint64_t *seed)
{
    (void)rate_hz;
    (void)seed;
    return sin(M_PI / 2 * (double)frame + M_PI / 4);
}

/* Close to half the rate, full scale in the samples only now and then. */
static double beating(size_t frame, double rate_hz, uint64_t *seed)
{
    (void)rate_hz;
    (void)seed;
    return sin(0.46 * 2 * M_PI * (double)frame + 0.3);
}

/* Music clipped hard: noise through a low-pass, far over. */
static double clipped(size_t frame, double rate_hz, uint64_t *seed)
{
    static const double loud = 40;
    double slow = sin(2 * M_PI * 3 * (double)frame / rate_hz);
    double value =
        loud * slow * random_unit(seed) + 3 * sin(2 * M_PI * 61 * (double)frame / rate_hz);

    return fmax(-1, fmin(1, value));
}

/* Out of silence: signs that add up at one place between the samples. */
static double impulses(size_t frame, double rate_hz, uint64_t *seed)
{
    size_t place = frame % 5003;

    (void)rate_hz;
    (void)seed;
    if (place < 24) {
        return (place & 1) == (place < 12) ? 1 : -1;
    }
    return 0;
}

static const struct source sources[] = {
    {"square", square},   {"between", between},   {"beating", beating},
    {"clipped", clipped}, {"impulses", impulses},
};

static struct module *make(uint32_t rate_hz, uint32_t block, double ceiling_db)
{
    struct module_format format = {rate_hz, block, kernels_select(SIMD_AUTO)};
    struct limiter_design design = {.active = true, .output_gain = 1};
    const double values[LIMITER_PARAMETERS] = {1, ceiling_db, 150};
    struct module *limiter;

    limiter_take_values(&design, values);
    limiter = limiter_create(&format, &design);
    assert_non_null(limiter);
    return limiter;
}

static struct stereo sound_of(const struct source *source, uint32_t rate_hz)
{
    struct stereo sound = stereo_create(FRAMES);
    uint64_t seed = 7;

    for (size_t n = 0; n < FRAMES; n++) {
        sound.channel[0][n] = 1.5 * source->at(n, rate_hz, &seed);
        sound.channel[1][n] = -0.7 * source->at(n + 3, rate_hz, &seed);
    }
    return sound;
}

static double true_peak_dbtp(const struct stereo *sound, uint32_t rate_hz)
{
    const double *const channel[2] = {sound->channel[0], sound->channel[1]};
    struct loudness *loudness = loudness_create(rate_hz, LOUDNESS_FULL);
    double peak;

    assert_non_null(loudness);
    assert_int_equal(loudness_add_f64(loudness, channel, sound->frames), 0);
    peak = loudness_true_peak_dbtp(loudness);
    loudness_destroy(loudness);
    return peak;
}

static void check_ceiling(const struct source *source, const struct stereo *in, uint32_t rate_hz,
                          double ceiling)
{
    struct module *limiter = make(rate_hz, BLOCK, ceiling);
    struct stereo out = stream_module(limiter, BLOCK, in, 1);
    double peak = true_peak_dbtp(&out, rate_hz);

    if (!(peak <= ceiling + 0.1) || !(peak > ceiling - 1.5)) {
        fail_msg("%s at %u Hz: %.3f dBTP with a ceiling of %g", source->name, rate_hz, peak,
                 ceiling);
    }
    stereo_destroy(&out);
    limiter->class->destroy(limiter);
}

static void nothing_gets_over_the_ceiling(void **state)
{
    static const uint32_t rates[] = {44100, 48000, 96000, 192000};
    static const double ceilings[] = {-1, -0.1, -9};

    (void)state;
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        for (size_t j = 0; j < sizeof rates / sizeof rates[0]; j++) {
            struct stereo in = sound_of(&sources[i], rates[j]);

            for (size_t k = 0; k < sizeof ceilings / sizeof ceilings[0]; k++) {
                check_ceiling(&sources[i], &in, rates[j], ceilings[k]);
            }
            stereo_destroy(&in);
        }
    }
}

/* Both stages are told nothing of the blocks. */
static void blocks_of_every_size_sound_the_same(void **state)
{
    struct stereo in = sound_of(&sources[3], 44100), first = {0};

    (void)state;
    for (uint32_t block = 64; block <= 4096; block *= 2) {
        struct module *limiter = make(44100, block, -2);
        struct stereo out = stream_module(limiter, block, &in, 1);

        assert_int_equal(limiter->class->latency_frames(limiter), 396 + 112);
        if (first.frames == 0) {
            first = out;
        } else {
            assert_true(worst_difference_db(&out, &first, 0, FRAMES) < -200);
            stereo_destroy(&out);
        }
        limiter->class->destroy(limiter);
    }
    stereo_destroy(&first);
    stereo_destroy(&in);
}

static void what_is_below_the_ceiling_passes_untouched(void **state)
{
    struct module *limiter = make(44100, BLOCK, -1);
    struct stereo in = stereo_bursts(FRAMES, 0.2, 0.2, 3, 0), out;

    (void)state;
    out = stream_module(limiter, BLOCK, &in, 1);
    assert_true(worst_difference_db(&out, &in, 0, FRAMES) < -300);
    assert_true(limiter->class->lowest_gain(limiter) == 1);
    stereo_destroy(&out);
    stereo_destroy(&in);
    limiter->class->destroy(limiter);
}

/* The hold spans its half waves: no ripple of the gain, no distortion. */
static void a_low_tone_is_turned_down_and_stays_a_tone(void **state)
{
    struct module *limiter = make(44100, BLOCK, -6);
    struct stereo in = stereo_create(FRAMES), out;
    double lowest = 1, highest = 0;

    (void)state;
    for (size_t n = 0; n < FRAMES; n++) {
        in.channel[0][n] = in.channel[1][n] = 0.9 * sin(2 * M_PI * 100 * (double)n / 44100);
    }
    out = stream_module(limiter, BLOCK, &in, 0);
    for (size_t n = 4410; n < FRAMES - 4410; n++) {
        if (fabs(in.channel[0][n]) > 0.1) {
            double gain = out.channel[0][n] / in.channel[0][n];

            lowest = fmin(lowest, gain);
            highest = fmax(highest, gain);
        }
    }
    assert_true(fabs(20 * log10(highest * 0.9) + 6) < 0.05);
    assert_true(highest / lowest - 1 < 1e-3);
    stereo_destroy(&out);
    stereo_destroy(&in);
    limiter->class->destroy(limiter);
}

/* A limiter that a track does not want holds nothing; one that was found idle holds the rest. */
static void it_works_where_the_limiter_is_idle_and_not_where_there_is_none(void **state)
{
    const double values[LIMITER_PARAMETERS] = {1, -1, 150};
    struct limiter_design idle = {.idle = true, .output_gain = 1}, off = {.output_gain = 1};

    (void)state;
    limiter_take_values(&idle, values);
    limiter_take_values(&off, values);
    assert_true(fabs(20 * log10(idle.ceiling) + 1) < 1e-9);
    assert_true(off.ceiling == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_gets_over_the_ceiling),
        cmocka_unit_test(blocks_of_every_size_sound_the_same),
        cmocka_unit_test(what_is_below_the_ceiling_passes_untouched),
        cmocka_unit_test(a_low_tone_is_turned_down_and_stays_a_tone),
        cmocka_unit_test(it_works_where_the_limiter_is_idle_and_not_where_there_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
