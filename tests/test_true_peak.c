/* test_true_peak.c - the true peak meter against libebur128. */
#include "measure/true_peak.h"

#include <ebur128.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "chain_support.h"

enum { FRAMES = 20000 };

static const double bound_db = 0.05;

static double ebur128_peak(const struct stereo *sound, uint32_t rate_hz)
{
    ebur128_state *state = ebur128_init(2, rate_hz, EBUR128_MODE_TRUE_PEAK);
    double *words = calloc(sound->frames, 2 * sizeof *words);
    double left, right;

    assert_non_null(state);
    assert_non_null(words);
    for (size_t n = 0; n < sound->frames; n++) {
        words[2 * n] = sound->channel[0][n];
        words[2 * n + 1] = sound->channel[1][n];
    }
    assert_int_equal(ebur128_add_frames_double(state, words, sound->frames), 0);
    ebur128_true_peak(state, 0, &left);
    ebur128_true_peak(state, 1, &right);
    free(words);
    ebur128_destroy(&state);
    return fmax(left, right);
}

/* In pieces of `block` frames, as float or double. */
static double own_peak(const struct stereo *sound, uint32_t rate_hz, size_t block, int as_float)
{
    struct true_peak *meter = true_peak_create(rate_hz);
    float *words = calloc(2 * block, sizeof *words);
    double peak = 0;

    assert_non_null(meter);
    assert_non_null(words);
    for (size_t at = 0; at + block <= sound->frames; at += block) {
        const double *audio[2] = {sound->channel[0] + at, sound->channel[1] + at};
        const float *narrow[2] = {words, words + block};

        for (size_t n = 0; n < block; n++) {
            words[n] = (float)audio[0][n];
            words[block + n] = (float)audio[1][n];
        }
        peak = fmax(peak, as_float ? true_peak_process_f32(meter, narrow, block)
                                   : true_peak_process_f64(meter, audio, block));
    }
    free(words);
    true_peak_destroy(meter);
    return peak;
}

static void check(const struct stereo *sound, uint32_t rate_hz)
{
    double theirs = 20 * log10(ebur128_peak(sound, rate_hz));
    static const size_t blocks[] = {16, 500, 1000};

    for (size_t i = 0; i < 3; i++) {
        for (int as_float = 0; as_float < 2; as_float++) {
            double own = 20 * log10(own_peak(sound, rate_hz, blocks[i], as_float));

            if (fabs(own - theirs) > bound_db) {
                print_message("%u Hz: %.3f, libebur128 %.3f dBTP\n", rate_hz, own, theirs);
            }
            assert_true(fabs(own - theirs) <= bound_db);
        }
    }
}

static void agrees_with_libebur128_on_noise(void **state)
{
    static const uint32_t rates[] = {22050, 44100, 48000, 88200, 96000, 176400, 192000};

    (void)state;
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        struct stereo sound = stereo_bursts(FRAMES, 0.3, 1.2, i, 0);

        check(&sound, rates[i]);
        stereo_destroy(&sound);
    }
}

static void agrees_with_libebur128_on_sines_between_the_samples(void **state)
{
    struct stereo sound = stereo_create(FRAMES);

    (void)state;
    for (double frequency = 997; frequency < 21000; frequency += 2503) {
        for (size_t n = 0; n < FRAMES; n++) {
            double fade = fmin(1, (double)n / 2000);

            sound.channel[0][n] = fade * 0.5 * sin(2 * M_PI * frequency * (double)n / 44100 + 0.3);
            sound.channel[1][n] = -0.4 * fade;
        }
        check(&sound, 44100);
    }
    stereo_destroy(&sound);
}

/* A quarter of the rate, caught at 45 degrees: the samples stand 3 dB below the peak. */
static void sees_the_peak_that_no_sample_has(void **state)
{
    struct stereo sound = stereo_create(FRAMES);
    double own;

    (void)state;
    for (size_t n = 0; n < FRAMES; n++) {
        sound.channel[1][n] = fmin(1, (double)n / 5000) * sin(M_PI / 2 * (double)n + M_PI / 4);
    }
    own = 20 * log10(own_peak(&sound, 48000, 1000, 0));
    assert_true(fabs(own) < 0.2);
    stereo_destroy(&sound);
}

static void passes_over_samples_that_are_no_numbers(void **state)
{
    struct stereo sound = stereo_bursts(FRAMES, 0.5, 0.5, 1, 0);
    double peak;

    (void)state;
    sound.channel[0][100] = (double)NAN;
    peak = own_peak(&sound, 44100, 1000, 0);
    assert_true(peak > 0.5 && peak < 2);
    stereo_destroy(&sound);
}

static void forgets_what_it_heard_when_reset(void **state)
{
    struct true_peak *meter = true_peak_create(44100);
    double buffer[64] = {0};
    const double *audio[2] = {buffer, buffer};

    (void)state;
    buffer[63] = 1;
    assert_true(true_peak_process_f64(meter, audio, 64) < 0.9); /* its peak is still to come */
    buffer[63] = 0;
    assert_true(true_peak_process_f64(meter, audio, 64) == 1);
    buffer[63] = 1;
    true_peak_process_f64(meter, audio, 64);
    buffer[63] = 0;
    true_peak_reset(meter);
    assert_true(true_peak_process_f64(meter, audio, 64) == 0);
    true_peak_destroy(meter);
}

static void holds_the_headroom_of_three_seconds(void **state)
{
    struct headroom headroom;

    (void)state;
    headroom_init(&headroom, 44100);
    assert_true(headroom_db(&headroom) == HUGE_VAL);
    headroom_add(&headroom, 0.5, 512);
    assert_true(fabs(headroom_db(&headroom) - 6.0206) < 1e-3);
    for (size_t n = 512; n < 44100 * 28 / 10; n += 512) {
        headroom_add(&headroom, 0.1, 512);
        assert_true(headroom_peak(&headroom) == 0.5);
    }
    for (size_t n = 0; n < 44100 * 4 / 10; n += 512) {
        headroom_add(&headroom, 0.1, 512);
    }
    assert_true(headroom_peak(&headroom) == 0.1);
    headroom_add(&headroom, 0.7, 44100 * 10);
    assert_true(headroom_peak(&headroom) == 0.7);
    headroom_add(&headroom, 0, 44100 * 10);
    headroom_add(&headroom, 0, 44100 / 2);
    assert_true(headroom_peak(&headroom) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_libebur128_on_noise),
        cmocka_unit_test(agrees_with_libebur128_on_sines_between_the_samples),
        cmocka_unit_test(sees_the_peak_that_no_sample_has),
        cmocka_unit_test(passes_over_samples_that_are_no_numbers),
        cmocka_unit_test(forgets_what_it_heard_when_reset),
        cmocka_unit_test(holds_the_headroom_of_three_seconds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
