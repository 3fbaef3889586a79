/* test_decoder.c - words, lengths and rates of decoded files. */
#include "media/decoder.h"

#include "media_fixtures.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stddef.h>

#include <cmocka.h>

#define FFMPEG "ffmpeg -nostdin -v error -y "

/* Odd on purpose, and no whole number of any codec's packets. */
enum { LENGTH = 100037, RATE = 44100 };

static void keeps_every_word_of_lossless_files(void **state)
{
    static const struct {
        const char *name, *command, *codec;
        int bits;
    } cases[] = {
        {"w8.wav", NULL, "PCM", 8},
        {"w16.wav", NULL, "PCM", 16},
        {"w24.wav", NULL, "PCM", 24},
        {"w24.flac", FFMPEG "-i w24.wav w24.flac", "FLAC", 24},
        {"w16.flac", FFMPEG "-i w16.wav w16.flac", "FLAC", 16},
        {"w24.m4a", FFMPEG "-i w24.wav -c:a alac w24.m4a", "ALAC", 24},
        {"w16.m4a", FFMPEG "-i w16.wav -c:a alac w16.m4a", "ALAC", 16},
        {"w24.aiff", FFMPEG "-i w24.wav -c:a pcm_s24be w24.aiff", "PCM", 24},
        {"w16.wv", "wavpack -q -y w16.wav -o w16.wv", "WavPack", 16},
        {"w24.wv", "wavpack -q -y w24.wav -o w24.wv", "WavPack", 24},
        {"w24x.wav", FFMPEG "-i w24.wav -c:a pcm_s32le w24x.wav", "PCM", 32},
        {"w24.oga", FFMPEG "-i w24.wav -c:a flac w24.oga", "FLAC", 24},
        {"w16.tta", FFMPEG "-i w16.wav w16.tta", "TTA", 16},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char path[FIXTURE_PATH_SIZE];
        struct sound sound;

        fixture_path(path, state, cases[i].name);
        if (cases[i].command == NULL) {
            fixture_write_wav(path, cases[i].bits, 2, RATE, 0, LENGTH);
        } else {
            fixture_run(state, "%s", cases[i].command);
        }
        sound_load(&sound, path, 0);
        sound_assert_words(&sound, LENGTH, cases[i].bits == 32 ? 24 : cases[i].bits);
        assert_int_equal(sound.info.bits, cases[i].bits);
        assert_string_equal(sound.info.codec, cases[i].codec);
        assert_true(sound.info.lossless);
        assert_false(sound.info.is_float);
        assert_true(sound.info.seekable);
        assert_true(sound.info.frames_exact);
        assert_int_equal(sound.info.frames, LENGTH);
        assert_int_equal(sound.info.rate_hz, RATE);
        sound_finish(&sound);
    }
}

static void passes_float_and_double_through(void **state)
{
    char path[FIXTURE_PATH_SIZE];
    struct sound sound;

    for (int bits = -32; bits >= -64; bits -= 32) {
        fixture_write_wav(fixture_path(path, state, "float.wav"), bits, 2, RATE, 0, LENGTH);
        sound_load(&sound, path, 0);
        sound_assert_words(&sound, LENGTH, 24);
        assert_true(sound.info.is_float);
        assert_int_equal(sound.info.bits, 0);
        sound_finish(&sound);
    }
}

static void makes_nan_and_infinity_silence_and_counts_them(void **state)
{
    float samples[2 * 1000];
    char path[FIXTURE_PATH_SIZE], line[MEDIA_MESSAGE_SIZE];
    struct decoder *decoder;
    struct sound sound;

    for (size_t n = 0; n < 2000; n++) {
        samples[n] = n % 5 == 0 ? 3.5F : -1e-30F; /* beyond full scale and tiny: both stay */
    }
    samples[0] = NAN;
    samples[777] = INFINITY;
    samples[1999] = -INFINITY;
    fixture_write_float_wav(fixture_path(path, state, "nan.wav"), RATE, samples, 1000);
    sound_load(&sound, path, 0);
    assert_int_equal(sound.frames, 1000);
    assert_int_equal(sound.damage.bad_samples, 3);
    for (size_t n = 0; n < 2000; n++) {
        float want = isfinite(samples[n]) ? samples[n] : 0.0F;

        assert_true(sound.channel[n % 2][n / 2] == want);
    }
    assert_int_equal(decoder_open(&decoder, path, 0, NULL), 0);
    assert_false(decoder_damage_line(decoder, line, sizeof line));
    assert_int_equal(decoder_read(decoder, sound.channel, 1000, NULL), 1000);
    assert_true(decoder_damage_line(decoder, line, sizeof line));
    assert_non_null(strstr(line, path));
    assert_non_null(strstr(line, "3 samples"));
    decoder_close(decoder);
    sound_finish(&sound);
}

static void doubles_mono_exactly(void **state)
{
    char path[FIXTURE_PATH_SIZE];
    struct sound sound;

    fixture_write_wav(fixture_path(path, state, "mono.wav"), 16, 1, RATE, 0, 5000);
    sound_load(&sound, path, 0);
    assert_int_equal(sound.frames, 5000);
    assert_int_equal(sound.info.channels, 1);
    for (size_t n = 0; n < 5000; n++) {
        assert_true(sound.channel[0][n] == (float)fixture_sample((int64_t)n, 0, 16));
    }
    assert_memory_equal(sound.channel[0], sound.channel[1], 5000 * sizeof(float));
    sound_finish(&sound);
}

/* ITU-R BS.775: centre and surrounds at -3 dB, here scaled by 1 / (1 + 2 * sqrt(1/2)). */
static void mixes_surround_down_without_clipping(void **state)
{
    static const double want[6][2] = {{1, 0}, {0, 1},         {M_SQRT1_2, M_SQRT1_2},
                                      {0, 0}, {M_SQRT1_2, 0}, {0, M_SQRT1_2}};
    char path[FIXTURE_PATH_SIZE];

    for (int c = 0; c < 6; c++) {
        struct sound sound;
        char levels[64];

        snprintf(levels, sizeof levels, "%d|%d|%d|%d|%d|%d", c == 0, c == 1, c == 2, c == 3, c == 4,
                 c == 5);
        fixture_run(state,
                    FFMPEG "-f lavfi -i 'aevalsrc=%s:c=5.1:s=48000:d=0.1' -c:a pcm_f32le 51.wav",
                    levels);
        sound_load(&sound, fixture_path(path, state, "51.wav"), 0);
        assert_int_equal(sound.info.channels, 6);
        assert_int_equal(sound.frames, 4800);
        for (int out = 0; out < 2; out++) {
            double gain = want[c][out] / (1.0 + 2.0 * M_SQRT1_2);

            assert_true(fabs((double)sound.channel[out][2400] - gain) < 1e-6);
        }
        sound_finish(&sound);
    }
}

static void resamples_a_sine_to_where_it_belongs(void **state)
{
    enum { FRAMES = 44101 };
    float *samples = malloc(2 * FRAMES * sizeof *samples);
    char path[FIXTURE_PATH_SIZE];
    struct sound sound;
    double worst = 0.0;

    assert_non_null(samples);
    for (size_t n = 0; n < FRAMES; n++) {
        samples[2 * n] = (float)(0.5 * sin(2.0 * M_PI * 997.0 * (double)n / 44100.0));
        samples[2 * n + 1] = -samples[2 * n];
    }
    fixture_write_float_wav(fixture_path(path, state, "sine.wav"), 44100, samples, FRAMES);
    free(samples);
    sound_load(&sound, path, 48000);
    assert_int_equal(sound.info.rate_hz, 48000);
    assert_int_equal(sound.info.source_rate_hz, 44100);
    assert_int_equal(sound.frames, 48002); /* ceil(44101 * 48000 / 44100) */
    assert_int_equal(sound.info.frames, 48002);
    for (size_t n = 2000; n + 2000 < sound.frames; n++) {
        double want = 0.5 * sin(2.0 * M_PI * 997.0 * (double)n / 48000.0);

        worst = fmax(worst, fabs((double)sound.channel[0][n] - want));
    }
    assert_true(20.0 * log10(worst) < -120.0);
    sound_finish(&sound);
}

static void keeps_rates_within_what_a_player_can_use(void **state)
{
    char path[FIXTURE_PATH_SIZE];
    struct sound sound;

    fixture_write_wav(fixture_path(path, state, "slow.wav"), 16, 2, 4000, 0, 4000);
    sound_load(&sound, path, 0);
    assert_int_equal(sound.info.rate_hz, 8000);
    assert_int_equal(sound.frames, 8000);
    sound_finish(&sound);
    fixture_write_wav(fixture_path(path, state, "fast.wav"), 24, 2, 384000, 0, 9000);
    sound_load(&sound, path, 0);
    assert_int_equal(sound.info.rate_hz, 384000);
    assert_int_equal(sound.frames, 9000);
    sound_finish(&sound);
}

static void makes_pcm_of_dsd_and_says_so(void **state)
{
    char path[FIXTURE_PATH_SIZE];
    struct sound sound;
    double peak = 0.0;

    fixture_write_dsf(fixture_path(path, state, "tone.dsf"), 1000.0, 0.5);
    sound_load(&sound, path, 0);
    assert_true(sound.info.is_dsd);
    assert_non_null(strstr(sound.info.codec, "DSD"));
    assert_int_equal(sound.info.rate_hz, 352800);
    assert_int_equal(sound.frames, sound.info.frames);
    for (size_t n = 1000; n < 11000; n++) {
        peak = fmax(peak, fabs((double)sound.channel[0][n]));
    }
    assert_true(peak > 0.4 && peak < 0.6);
    sound_finish(&sound);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_every_word_of_lossless_files),
        cmocka_unit_test(passes_float_and_double_through),
        cmocka_unit_test(makes_nan_and_infinity_silence_and_counts_them),
        cmocka_unit_test(doubles_mono_exactly),
        cmocka_unit_test(mixes_surround_down_without_clipping),
        cmocka_unit_test(resamples_a_sine_to_where_it_belongs),
        cmocka_unit_test(keeps_rates_within_what_a_player_can_use),
        cmocka_unit_test(makes_pcm_of_dsd_and_says_so),
    };

    return cmocka_run_group_tests(tests, fixtures_make_folder, fixtures_remove_folder);
}
