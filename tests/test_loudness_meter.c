/* test_loudness_meter.c - the cheap loudness meter against libebur128, and what it forgets. */
#include "measure/loudness_meter.h"

#include <ebur128.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { CHUNK_MOST = 192000 / 50 };

static double noise(uint64_t *state)
{
    *state = *state * 6364136223846793005U + 1442695040888963407U;
    return (double)(*state >> 33) / (double)(1U << 30) - 1.0;
}

/* Something like music: tilted noise and tones whose level goes up and down every few seconds, with
   a second of silence in between. */
struct music {
    uint32_t rate_hz;
    uint64_t seed, frame;
    double low[2], level;
};

static void make(struct music *music, float *left, float *right, float *both, size_t frames)
{
    for (size_t i = 0; i < frames; i++, music->frame++) {
        double t = (double)music->frame / music->rate_hz;
        double hum = sin(2.0 * M_PI * 110.0 * t);

        if (music->frame % (music->rate_hz * 2) == 0) {
            music->level = pow(10.0, (-35.0 + 17.0 * (1.0 + noise(&music->seed))) / 20.0);
        }
        for (int c = 0; c < 2; c++) {
            music->low[c] += 0.1 * (noise(&music->seed) - music->low[c]);
        }
        if (fmod(t, 17.0) > 16.0) {
            left[i] = right[i] = 0.0F;
        } else {
            left[i] = (float)(music->level * (music->low[0] + 0.3 * hum));
            right[i] = (float)(music->level * (0.5 * music->low[1] + 0.3 * hum));
        }
        both[2 * i] = left[i];
        both[2 * i + 1] = right[i];
    }
}

/* Momentary and short-term, where a step of 100 ms has just ended. 1: there was something. */
static size_t compare_now(const struct loudness_meter *meter, ebur128_state *other)
{
    double wanted;

    ebur128_loudness_shortterm(other, &wanted);
    assert_true(fabs(loudness_meter_short_term(meter) - wanted) < 0.02);
    ebur128_loudness_momentary(other, &wanted);
    if (wanted <= -60.0) {
        return 0;
    }
    assert_true(fabs(loudness_meter_momentary(meter) - wanted) < 0.02);
    return 1;
}

static void compare_at(uint32_t rate_hz, uint64_t seed)
{
    static float left[CHUNK_MOST], right[CHUNK_MOST], both[2 * CHUNK_MOST];
    const float *const audio[2] = {left, right};
    const uint32_t chunk = rate_hz / 50;
    struct music music = {.rate_hz = rate_hz, .seed = seed};
    struct loudness_meter *meter = loudness_meter_create(rate_hz);
    ebur128_state *other = ebur128_init(
        2, rate_hz, EBUR128_MODE_I | EBUR128_MODE_LRA | EBUR128_MODE_S | EBUR128_MODE_M);
    size_t compared = 0;
    double wanted;

    assert_non_null(meter);
    for (uint64_t done = chunk; done <= (uint64_t)rate_hz * 25; done += chunk) {
        make(&music, left, right, both, chunk);
        loudness_meter_add(meter, audio, chunk);
        ebur128_add_frames_float(other, both, chunk);
        if (done % (rate_hz / 10) == 0 && done > 4 * (uint64_t)rate_hz) {
            compared += compare_now(meter, other);
        }
    }
    assert_true(compared > 100);
    ebur128_loudness_global(other, &wanted);
    assert_true(fabs(loudness_meter_integrated(meter) - wanted) < 0.05);
    ebur128_loudness_range(other, &wanted);
    assert_true(wanted > 5.0);
    assert_true(fabs(loudness_meter_range(meter) - wanted) < 0.2);
    ebur128_destroy(&other);
    loudness_meter_destroy(meter);
}

static void agrees_with_libebur128_at_every_rate(void **state)
{
    static const uint32_t rates[] = {22050, 44100, 48000, 96000, 192000};

    (void)state;
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        compare_at(rates[i], i + 1);
    }
}

static void play(struct loudness_meter *meter, double amplitude, double seconds)
{
    static float sine[480];
    const float *const audio[2] = {sine, sine};

    for (int64_t at = 0; at < (int64_t)(seconds * 48000.0); at += 480) {
        for (int i = 0; i < 480; i++) {
            sine[i] = (float)(amplitude * sin(2.0 * M_PI * 1000.0 * (double)(at + i) / 48000.0));
        }
        loudness_meter_add(meter, audio, 480);
    }
}

static void a_new_track_is_measured_alone_and_the_short_meters_go_on(void **state)
{
    struct loudness_meter *meter = loudness_meter_create(48000);

    (void)state;
    play(meter, 0.5, 10.0);
    play(meter, 0.05, 5.0);
    loudness_meter_begin(meter);
    assert_true(isinf(loudness_meter_integrated(meter)));
    assert_true(loudness_meter_range(meter) == 0.0);
    /* What goes on without a gap. */
    assert_true(fabs(loudness_meter_short_term(meter) + 26.02) < 0.1);
    play(meter, 0.05, 10.0);
    assert_true(fabs(loudness_meter_integrated(meter) + 26.02) < 0.1);
    assert_true(loudness_meter_range(meter) < 0.2);
    loudness_meter_destroy(meter);
}

static void silence_has_no_loudness(void **state)
{
    struct loudness_meter *meter = loudness_meter_create(48000);

    (void)state;
    assert_true(isinf(loudness_meter_momentary(meter)));
    play(meter, 0.0, 5.0);
    assert_true(isinf(loudness_meter_momentary(meter)));
    assert_true(isinf(loudness_meter_integrated(meter)));
    assert_true(loudness_meter_range(meter) == 0.0);
    play(meter, 0.1, 5.0); /* silence before does not count */
    assert_true(fabs(loudness_meter_integrated(meter) + 20.0) < 0.3);
    play(meter, 1e-6, 5.0); /* below the absolute gate */
    assert_true(fabs(loudness_meter_integrated(meter) + 20.0) < 0.3);
    loudness_meter_destroy(meter);
    assert_null(loudness_meter_create(0));
}

static void the_sum_does_not_depend_on_how_it_is_cut(void **state)
{
    static const uint32_t cuts[] = {1, 64, 511, 4096};
    static float left[48000], right[48000], both[96000];
    double integrated = 0.0;

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct music music = {.rate_hz = 48000, .seed = 4};
        struct loudness_meter *meter = loudness_meter_create(48000);

        for (int second = 0; second < 6; second++) {
            make(&music, left, right, both, 48000);
            for (uint32_t at = 0; at < 48000; at += cuts[i]) {
                const float *const audio[2] = {left + at, right + at};

                loudness_meter_add(meter, audio, 48000 - at < cuts[i] ? 48000 - at : cuts[i]);
            }
        }
        if (i > 0) {
            assert_true(fabs(loudness_meter_integrated(meter) - integrated) < 1e-9);
        }
        integrated = loudness_meter_integrated(meter);
        loudness_meter_destroy(meter);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_libebur128_at_every_rate),
        cmocka_unit_test(a_new_track_is_measured_alone_and_the_short_meters_go_on),
        cmocka_unit_test(silence_has_no_loudness),
        cmocka_unit_test(the_sum_does_not_depend_on_how_it_is_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
