/* test_edit_clicks.c - parameters of every module changed while a low tone plays: nothing is heard
   of the change but the change. */
#include "play_support.h"

#include "chain/rack_words.h"
#include "tests/match_support.h"
#include "tests/tone_support.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

enum { RATE_HZ = 44100, FRAMES = 4 * RATE_HZ, WINDOW = RATE_HZ / 100, EDGE = RATE_HZ / 10 };

/* In this order, one each 0.25 s; each changes what came of those before. */
static const char *const edits[][2] = {
    {"conditioner.gain", "3"},       {"conditioner.gain", "-6"},
    {"conditioner.dc_filter", "on"}, {"conditioner.phase_rotation", "4"},
    {"dynamics.mode", "manual"},     {"dynamics.band1_threshold", "-40"},
    {"dynamics.band1_ratio", "4"},   {"dynamics.band1_makeup", "6"},
    {"spectral.range", "12"},        {"limiter.true_peak", "on"},
    {"limiter.ceiling", "-15"},      {"limiter.ceiling", "-9"},
};

/* The highest RMS of 10 ms above 5 kHz, in dBFS: a Butterworth high-pass of the eighth order. */
static double clicks_db(const struct stereo *words)
{
    const double w = 2 * M_PI * 5000 / RATE_HZ;
    double x[5][3] = {{0}}, sum = 0, worst = 0;

    for (size_t n = 0; n < words->frames; n++) {
        double value = words->channel[0][n];

        for (int i = 0; i < 4; i++) {
            double alpha = sin(w) * cos(M_PI * (2 * i + 1) / 16), a0 = 1 + alpha;
            double out;

            x[i][2] = x[i][1];
            x[i][1] = x[i][0];
            x[i][0] = value;
            out = ((1 + cos(w)) / 2 * (x[i][0] - 2 * x[i][1] + x[i][2]) + 2 * cos(w) * x[i + 1][0] -
                   (1 - alpha) * x[i + 1][1]) /
                  a0;
            value = out;
            if (i == 3) {
                x[4][2] = x[4][1];
                x[4][1] = x[4][0];
                x[4][0] = out;
            }
        }
        sum += n > EDGE && n + EDGE < words->frames ? value * value : 0;
        if (n % WINDOW == WINDOW - 1) {
            worst = fmax(worst, sqrt(sum / WINDOW));
            sum = 0;
        }
    }
    return 20 * log10(worst);
}

static void changes_of_parameters_do_not_click(void **state)
{
    const struct amounts nothing = {.limiter = true, .max_boost_db = HUGE_VAL};
    struct stereo sine = tone_create(FRAMES, 100, 0.5, RATE_HZ), words;
    struct player_settings settings;
    struct recorder recorder;
    struct rack rack;
    char path[128];

    (void)state;
    scratch_path("sine.wav", path, sizeof path);
    sound_write(path, &sine, RATE_HZ);
    record_settings(&settings);
    record_open(&recorder, &settings, RECORD_CLOCK, "clicks.raw");
    record_set_amounts(&recorder, &nothing);
    record_add(&recorder, path, "tests/data/master.flac");
    rack_init_exact(&rack);
    record_play(&recorder);
    for (size_t i = 0; i < sizeof edits / sizeof edits[0]; i++) {
        char message[256];

        record_until(&recorder, (int64_t)(i + 1) * RATE_HZ / 4);
        assert_int_equal(rack_words_set(&rack, edits[i][0], edits[i][1], message, sizeof message),
                         0);
        record_set_rack(&recorder, &rack);
    }
    record_until_ended(&recorder);
    record_close(&recorder);
    words = words_read(recorder.path);
    record_finish(&recorder);
    assert_int_equal(words.frames, FRAMES);
    if (!(clicks_db(&words) < -80)) {
        fail_msg("%.1f dBFS above 5 kHz", clicks_db(&words));
    }
    /* The original, louder than all from the second edit on, is never heard meanwhile. */
    for (size_t n = RATE_HZ; n < words.frames; n++) {
        assert_true(fabs(words.channel[0][n]) < 0.35);
    }
    stereo_destroy(&words);
    stereo_destroy(&sine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_of_parameters_do_not_click),
    };

    return cmocka_run_group_tests(tests, NULL, scratch_end);
}
