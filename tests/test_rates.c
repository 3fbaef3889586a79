/* test_rates.c - the same music at other rates, matched to the same reference: the results sound
 * the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dsp/fft.h"
#include "match/render.h"
#include "tests/media_fixtures.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FRAME = 16384, HOP = 8192, BASE_HZ = 44100, THIRDS = 28 /* from 31.5 Hz to 16 kHz */ };

/* What is heard of a result: levels of thirds of an octave of left and right, in dB, and the level
   of all of it. */
struct heard {
    double third_db[2][THIRDS], rms_db;
};

/* How far two may be apart. */
struct bound {
    double third_db, rms_db;
};
static const struct bound asked = {.third_db = 0.1, .rms_db = 0.05};

static double third_hz(int third)
{
    return 1000.0 * pow(2.0, (third - 15) / 3.0);
}

static void add_frame(struct fft *fft, const struct sound *sound, size_t at, int c, double *power)
{
    double *time = fft_alloc(FRAME * sizeof *time), *freq = fft_alloc((FRAME + 2) * sizeof *freq);

    for (size_t i = 0; i < FRAME; i++) {
        double window = 0.5 - 0.5 * cos(2.0 * acos(-1.0) * (double)i / FRAME);

        time[i] = window * (double)sound->channel[c][at + i];
    }
    fft_forward_f64(fft, time, freq);
    for (size_t k = 0; k <= FRAME / 2; k++) {
        power[k] += freq[2 * k] * freq[2 * k] + freq[2 * k + 1] * freq[2 * k + 1];
    }
    free(time);
    free(freq);
}

/* All of the analysis happens at 44.1 kHz, the level's at the own rate. */
static void hear(const char *path, struct heard *heard)
{
    struct fft *fft = fft_create(FRAME, FFT_FLOAT64);
    struct sound sound;
    double sum = 0.0;

    sound_load(&sound, path, 0);
    for (size_t i = 0; i < sound.frames; i++) {
        for (int c = 0; c < 2; c++) {
            sum += (double)sound.channel[c][i] * (double)sound.channel[c][i];
        }
    }
    heard->rms_db = 10.0 * log10(sum / (2.0 * (double)sound.frames));
    sound_finish(&sound);
    sound_load(&sound, path, BASE_HZ);
    for (int side = 0; side < 2; side++) {
        double power[FRAME / 2 + 1] = {0.0};

        for (size_t at = 0; at + FRAME <= sound.frames; at += HOP) {
            add_frame(fft, &sound, at, side, power);
        }
        for (int third = 0; third < THIRDS; third++) {
            double low = third_hz(third) * pow(2.0, -1.0 / 6.0) * FRAME / BASE_HZ;
            double high = third_hz(third) * pow(2.0, 1.0 / 6.0) * FRAME / BASE_HZ, level = 0.0;

            for (size_t k = (size_t)ceil(low); k < (size_t)ceil(high); k++) {
                level += power[k];
            }
            heard->third_db[side][third] = 10.0 * log10(fmax(level, 1e-12));
        }
    }
    sound_finish(&sound);
    fft_destroy(fft);
}

/* `name` at a rate, as the soxr of libswresample makes it. */
static void resample(void **state, const char *name, uint32_t rate_hz)
{
    char root[FIXTURE_PATH_SIZE];

    assert_non_null(getcwd(root, sizeof root));
    fixture_run(state,
                "ffmpeg -v error -y -i '%s/tests/data/%s.flac' -af "
                "aresample=%u:resampler=soxr:precision=28 -c:a pcm_f32le %s-%u.wav",
                root, name, rate_hz, name, rate_hz);
}

static void match(const char *target, const char *reference, bool limiter, const char *output)
{
    struct render_request request = {.target = target,
                                     .references = {reference},
                                     .weights = {1.0},
                                     .reference_count = 1,
                                     .output = output,
                                     .format = ENCODER_F32,
                                     .amounts = amounts_exact,
                                     .precision = FFT_FLOAT64,
                                     .kernels = kernels_select(SIMD_AUTO)};
    struct render_report report = {0};
    struct media_error error = {0};

    request.amounts.limiter = limiter;
    if (render(&request, &report, NULL, NULL, &error) < 0) {
        fail_msg("%s", error.message);
    }
    render_report_finish(&report);
}

static void compare(const struct heard *one, const struct heard *other, uint32_t rate_hz,
                    const struct bound *bound)
{
    double worst = 0.0, level = fabs(one->rms_db - other->rms_db);
    int at = 0, where = 0;

    for (int side = 0; side < 2; side++) {
        for (int third = 0; third < THIRDS; third++) {
            double apart = fabs(one->third_db[side][third] - other->third_db[side][third]);

            if (apart > worst) {
                worst = apart;
                at = third;
                where = side;
            }
        }
    }
    print_message("%u Hz: thirds of an octave %.3f dB apart at most (%.0f Hz, %s), RMS %.3f dB\n",
                  rate_hz, worst, third_hz(at), where == 0 ? "left" : "right", level);
    assert_true(worst <= bound->third_db);
    assert_true(level <= bound->rms_db);
}

static void at_every_rate(void **state, const char *target, const char *reference, bool limiter,
                          const struct bound *bound)
{
    static const uint32_t rates[] = {48000, 96000, 192000};
    char in[FIXTURE_PATH_SIZE], out[FIXTURE_PATH_SIZE], name[64];
    struct heard base, heard;

    snprintf(in, sizeof in, "tests/data/%s.flac", target);
    match(in, reference, limiter, fixture_path(out, state, "base.wav"));
    hear(out, &base);
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        resample(state, target, rates[i]);
        snprintf(name, sizeof name, "%s-%u.wav", target, rates[i]);
        fixture_path(in, state, name);
        match(in, reference, limiter, fixture_path(out, state, "out.wav"));
        hear(out, &heard);
        compare(&heard, &base, rates[i], bound);
        unlink(in);
    }
}

static void the_same_music_sounds_the_same(void **state)
{
    at_every_rate(state, "mix", "tests/data/master.flac", false, &asked);
}

static void quiet_music_too(void **state)
{
    at_every_rate(state, "ambient", "tests/data/mix.flac", true, &asked);
}

/* Where the limiter works hard, it sees peaks at a high rate that lie between the frames at
   44.1 kHz. */
static void a_limiter_at_work_makes_little_difference(void **state)
{
    static const struct bound limited = {.third_db = 0.3, .rms_db = 0.2};

    at_every_rate(state, "mix", "tests/data/master.flac", true, &limited);
}

/* The reference at another rate than the target, both ways. */
static void the_references_rate_makes_no_difference(void **state)
{
    char reference[FIXTURE_PATH_SIZE], out[FIXTURE_PATH_SIZE];
    struct heard base, heard;

    match("tests/data/mix.flac", "tests/data/master.flac", false,
          fixture_path(out, state, "base.wav"));
    hear(out, &base);
    resample(state, "master", 96000);
    match("tests/data/mix.flac", fixture_path(reference, state, "master-96000.wav"), false, out);
    hear(out, &heard);
    /* Above 20 kHz a resampled reference says nothing: the ratio is held there. */
    compare(&heard, &base, 96000, &(struct bound){.third_db = 0.1, .rms_db = 0.1});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_music_sounds_the_same),
        cmocka_unit_test(quiet_music_too),
        cmocka_unit_test(a_limiter_at_work_makes_little_difference),
        cmocka_unit_test(the_references_rate_makes_no_difference),
    };

    return cmocka_run_group_tests(tests, fixtures_make_folder, fixtures_remove_folder);
}
