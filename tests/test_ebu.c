/*
 * test_ebu.c - the test signals of EBU Tech 3341 and 3342, made from their description, read by the
 * meters of whole tracks (loudness.h), the live ones (loudness_meter.h) and the true peak's.
 *
 * Numbers are those of the documents (Tech 3341 V4 and 3342 V4, minimum requirements). Left out are
 * what cannot be made: 3341 cases 7 and 8 and 3342 cases 5 and 6 are recordings of programmes. Case
 * 6 has five channels, and this player hears two. All at 48 kHz, as the documents' own.
 */
#include "base/rt.h"
#include "measure/loudness.h"
#include "measure/loudness_meter.h"
#include "measure/true_peak.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { RATE = 48000, TICK = RATE / 100, PERIOD = RATE / 1000 };

static const double silence = -1000.0;

/* A stretch of 1 kHz in both channels. */
struct tone {
    double dbfs, seconds; /* of the sine's peak */
};

enum whole_meter { NO_WHOLE, WHOLE_INTEGRATED, WHOLE_RANGE };

/* Both meters, fed alike. */
struct readings {
    struct loudness *whole;
    struct loudness_meter *live;
    int64_t frame;
    double highest_momentary, highest_short_term; /* since they were cleared; live */
    double lowest_short_term, lowest_momentary;   /* while `steady` */
    bool steady;
};

/* The live one, and as much of the other as is asked for. */
static void begin(struct readings *readings, enum whole_meter whole)
{
    *readings = (struct readings){.live = loudness_meter_create(RATE)};
    assert_non_null(readings->live);
    if (whole != NO_WHOLE) {
        readings->whole =
            loudness_create(RATE, whole == WHOLE_RANGE ? LOUDNESS_FULL : LOUDNESS_INTEGRATED);
        assert_non_null(readings->whole);
    }
    readings->highest_momentary = readings->highest_short_term = -HUGE_VAL;
    readings->lowest_momentary = readings->lowest_short_term = HUGE_VAL;
}

static void finish(struct readings *readings)
{
    loudness_destroy(readings->whole);
    loudness_meter_destroy(readings->live);
}

static void look(struct readings *readings)
{
    double momentary = loudness_meter_momentary(readings->live);
    double short_term = loudness_meter_short_term(readings->live);

    readings->highest_momentary = fmax(readings->highest_momentary, momentary);
    readings->highest_short_term = fmax(readings->highest_short_term, short_term);
    if (readings->steady) {
        readings->lowest_momentary = fmin(readings->lowest_momentary, momentary);
        readings->lowest_short_term = fmin(readings->lowest_short_term, short_term);
    }
}

/* Plays a tone, the meters looked at every 10 ms. */
static void play(struct readings *readings, double dbfs, double seconds)
{
    int64_t end = readings->frame + (int64_t)lround(seconds * RATE);
    double peak = pow(10.0, dbfs / 20.0);
    float sound[TICK], period[PERIOD];
    const float *const channel[2] = {sound, sound};

    for (int i = 0; i < PERIOD; i++) {
        period[i] = (float)(peak * sin(2.0 * M_PI * i / PERIOD));
    }
    while (readings->frame < end) {
        int64_t left = end - readings->frame;
        int64_t to_tick = TICK - readings->frame % TICK;
        int64_t frames = left < to_tick ? left : to_tick;

        for (int64_t i = 0; i < frames; i++) {
            sound[i] = period[(readings->frame + i) % PERIOD];
        }
        if (readings->whole != NULL) {
            assert_int_equal(loudness_add_f32(readings->whole, channel, (size_t)frames), 0);
        }
        loudness_meter_add(readings->live, channel, (uint32_t)frames);
        readings->frame += frames;
        look(readings);
    }
}

static void play_all(struct readings *readings, const struct tone *tones, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        play(readings, tones[i].dbfs, tones[i].seconds);
    }
}

static void assert_reads(const char *what, double value, double wanted, double error)
{
    if (!(fabs(value - wanted) <= error)) {
        fail_msg("%s: %.2f, not %.1f +- %.1f", what, value, wanted, error);
    }
}

/* --- Tech 3341, loudness ------------------------------------------------------------------- */

static void a_steady_tone_reads_its_level_on_every_scale(void **state) /* 1, 2 */
{
    const double levels[] = {-23.0, -33.0};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct readings readings;

        begin(&readings, WHOLE_INTEGRATED);
        play(&readings, levels[i], 20.0);
        assert_reads("M", loudness_meter_momentary(readings.live), levels[i], 0.1);
        assert_reads("S", loudness_meter_short_term(readings.live), levels[i], 0.1);
        assert_reads("I, live", loudness_meter_integrated(readings.live), levels[i], 0.1);
        assert_reads("I, whole", loudness_lufs(readings.whole), levels[i], 0.1);
        finish(&readings);
    }
}

static void what_is_quiet_is_gated(void **state) /* 3, 4, 5 */
{
    static const struct tone three[] = {{-36.0, 10.0}, {-23.0, 60.0}, {-36.0, 10.0}};
    static const struct tone four[] = {
        {-72.0, 10.0}, {-36.0, 10.0}, {-23.0, 60.0}, {-36.0, 10.0}, {-72.0, 10.0}};
    static const struct tone five[] = {{-26.0, 20.0}, {-20.0, 20.1}, {-26.0, 20.0}};
    static const struct {
        const struct tone *tones;
        size_t count;
    } cases[] = {{three, 3}, {four, 5}, {five, 3}};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct readings readings;

        begin(&readings, WHOLE_INTEGRATED);
        play_all(&readings, cases[i].tones, cases[i].count);
        assert_reads("I, live", loudness_meter_integrated(readings.live), -23.0, 0.1);
        assert_reads("I, whole", loudness_lufs(readings.whole), -23.0, 0.1);
        finish(&readings);
    }
}

static void the_short_term_window_is_three_seconds_long(void **state) /* 9 */
{
    struct readings readings;

    (void)state;
    begin(&readings, NO_WHOLE);
    for (int i = 0; i < 5; i++) {
        play(&readings, -20.0, 1.34);
        play(&readings, -30.0, 1.66);
        if (i == 0) { /* constant after 3 s */
            readings.steady = true;
            readings.highest_short_term = -HUGE_VAL;
        }
    }
    assert_reads("highest S", readings.highest_short_term, -23.0, 0.1);
    assert_reads("lowest S", readings.lowest_short_term, -23.0, 0.1);
    finish(&readings);
}

static void the_momentary_window_is_four_tenths_long(void **state) /* 12 */
{
    struct readings readings;

    (void)state;
    begin(&readings, NO_WHOLE);
    for (int i = 0; i < 25; i++) {
        play(&readings, -20.0, 0.18);
        play(&readings, -30.0, 0.22);
        if (i == 2) { /* constant after 1 s */
            readings.steady = true;
            readings.highest_momentary = -HUGE_VAL;
        }
    }
    assert_reads("highest M", readings.highest_momentary, -23.0, 0.1);
    assert_reads("lowest M", readings.lowest_momentary, -23.0, 0.1);
    finish(&readings);
}

/* A tone as long as the window, wherever it begins. */
static void a_tone_of_three_seconds_is_caught_whole(void **state) /* 10 */
{
    (void)state;
    for (int n = 0; n < 20; n++) {
        struct readings readings;

        begin(&readings, NO_WHOLE);
        play(&readings, silence, 0.15 * n);
        play(&readings, -23.0, 3.0);
        play(&readings, silence, 1.0);
        assert_reads("highest S", readings.highest_short_term, -23.0, 0.1);
        finish(&readings);
    }
}

static void a_tone_of_four_tenths_is_caught_whole(void **state) /* 13 */
{
    (void)state;
    for (int n = 0; n < 20; n++) {
        struct readings readings;

        begin(&readings, NO_WHOLE);
        play(&readings, silence, 0.02 * n);
        play(&readings, -23.0, 0.4);
        play(&readings, silence, 1.0);
        assert_reads("highest M", readings.highest_momentary, -23.0, 0.1);
        finish(&readings);
    }
}

static void tones_of_rising_level_are_each_caught_as_they_go_by(void **state) /* 11, 14 */
{
    struct readings readings;

    (void)state;
    begin(&readings, NO_WHOLE);
    for (int n = 0; n < 20; n++) {
        readings.highest_short_term = -HUGE_VAL;
        play(&readings, silence, 0.15 * n);
        play(&readings, -38.0 + n, 3.0);
        play(&readings, silence, 3.0 - 0.15 * n);
        assert_reads("highest S", readings.highest_short_term, -38.0 + n, 0.1);
    }
    for (int n = 0; n < 20; n++) {
        readings.highest_momentary = -HUGE_VAL;
        play(&readings, silence, 0.02 * n);
        play(&readings, -38.0 + n, 0.4);
        play(&readings, silence, 0.4 - 0.02 * n);
        if (n > 0) { /* the window has heard the end of the tones before */
            assert_reads("highest M", readings.highest_momentary, -38.0 + n, 0.1);
        }
    }
    finish(&readings);
}

/* --- Tech 3341, true peak ------------------------------------------------------------------ */

enum { PEAK_FRAMES = RATE / 2, FADE_FRAMES = RATE / 100 };

static double true_peak_live(const float *sound)
{
    struct true_peak *meter = true_peak_create(RATE);
    const float *const channel[2] = {sound, sound};
    double peak;

    assert_non_null(meter);
    peak = true_peak_process_f32(meter, channel, PEAK_FRAMES);
    true_peak_destroy(meter);
    return 20.0 * log10(peak);
}

static double true_peak_whole(const float *sound)
{
    struct loudness *loudness = loudness_create(RATE, LOUDNESS_FULL);
    const float *const channel[2] = {sound, sound};
    double peak;

    assert_non_null(loudness);
    assert_int_equal(loudness_add_f32(loudness, channel, PEAK_FRAMES), 0);
    peak = loudness_true_peak_dbtp(loudness);
    loudness_destroy(loudness);
    return peak;
}

/* The tolerance is +0.2 and -0.4 dB. */
static void assert_peak(const float *sound, double wanted)
{
    assert_reads("true peak, live", true_peak_live(sound) + 0.1, wanted, 0.3);
    assert_reads("true peak, whole", true_peak_whole(sound) + 0.1, wanted, 0.3);
}

/* Sines whose samples miss their peaks. */
static void the_peaks_of_sines_are_found_between_their_samples(void **state) /* 15 to 19 */
{
    static const struct {
        int periods_of; /* frames */
        double peak, phase_degrees, wanted;
    } cases[] = {{4, 0.5, 0.0, -6.0},
                 {4, 0.5, 45.0, -6.0},
                 {6, 0.5, 60.0, -6.0},
                 {8, 0.5, 67.5, -6.0},
                 {4, 1.41, 45.0, 3.0}};
    static float sound[PEAK_FRAMES];

    (void)state;
    for (size_t i = 0; i < 5; i++) {
        for (int n = 0; n < PEAK_FRAMES; n++) {
            double turn = (double)n / cases[i].periods_of + cases[i].phase_degrees / 360.0;
            double fade = fmin(1.0, (double)n / FADE_FRAMES);

            sound[n] = (float)(fade * cases[i].peak * sin(2.0 * M_PI * turn));
        }
        assert_peak(sound, cases[i].wanted);
    }
}

/* A sine of half scale at a sixth of the rate swells to full scale once; its peak falls onto a
   frame and one, two, three quarters of a frame behind it. */
static void so_is_the_peak_of_a_swell_wherever_it_falls(void **state) /* 20 to 23 */
{
    enum { SWELL = 48 };
    static float sound[PEAK_FRAMES];

    (void)state;
    for (int quarter = 0; quarter < 4; quarter++) {
        for (int n = 0; n < PEAK_FRAMES; n++) {
            double at = n - 0.5 * PEAK_FRAMES - 0.25 * quarter;
            double swell = fabs(at) < SWELL ? 0.25 * (1.0 + cos(M_PI * at / SWELL)) : 0.0;
            double fade = fmin(1.0, (double)n / FADE_FRAMES);

            sound[n] = (float)(fade * (0.5 + swell) * cos(2.0 * M_PI * at / 6.0));
        }
        assert_peak(sound, 0.0);
    }
}

/* --- Tech 3342 ----------------------------------------------------------------------------- */

static void the_range_is_that_of_the_tones(void **state) /* 1 to 4 */
{
    static const struct {
        double dbfs[5], range;
    } cases[] = {{{-20.0, -30.0}, 10.0},
                 {{-20.0, -15.0}, 5.0},
                 {{-40.0, -20.0}, 20.0},
                 {{-50.0, -35.0, -20.0, -35.0, -50.0}, 15.0}};

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct readings readings;

        begin(&readings, WHOLE_RANGE);
        for (size_t k = 0; k < 5 && cases[i].dbfs[k] < 0.0; k++) {
            play(&readings, cases[i].dbfs[k], 20.0);
        }
        assert_reads("LRA, live", loudness_meter_range(readings.live), cases[i].range, 1.0);
        assert_reads("LRA, whole", loudness_range_lu(readings.whole), cases[i].range, 1.0);
        finish(&readings);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_steady_tone_reads_its_level_on_every_scale),
        cmocka_unit_test(what_is_quiet_is_gated),
        cmocka_unit_test(the_short_term_window_is_three_seconds_long),
        cmocka_unit_test(the_momentary_window_is_four_tenths_long),
        cmocka_unit_test(a_tone_of_three_seconds_is_caught_whole),
        cmocka_unit_test(a_tone_of_four_tenths_is_caught_whole),
        cmocka_unit_test(tones_of_rising_level_are_each_caught_as_they_go_by),
        cmocka_unit_test(the_peaks_of_sines_are_found_between_their_samples),
        cmocka_unit_test(so_is_the_peak_of_a_swell_wherever_it_falls),
        cmocka_unit_test(the_range_is_that_of_the_tones),
    };

    rt_flush_denormals(); /* as where the meters run */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
