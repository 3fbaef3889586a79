/* test_decoder_places.c - where a file's sound begins and ends, and where a seek leads to. */
#include "media/decoder.h"
#include "media/gapless.h"

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

/* Error against the test signal, in dB re its energy, with the sound `lag` frames late. */
static double error_db(const struct sound *sound, int64_t first, int lag)
{
    double error = 0.0, energy = 0.0;

    for (size_t n = 2000; n + 2000 < sound->frames; n++) {
        double want = fixture_sample(first + (int64_t)n - lag, 0, 16);
        double difference = (double)sound->channel[0][n] - want;

        error += difference * difference;
        energy += want * want;
    }
    return 10.0 * log10(error / energy);
}

static void assert_aligned(const struct sound *sound, int64_t first, double bound_db)
{
    double here = error_db(sound, first, 0);

    assert_true(here < bound_db);
    assert_true(here < error_db(sound, first, 1));
    assert_true(here < error_db(sound, first, -1));
}

static void cuts_delay_and_padding_of_lossy_files(void **state)
{
    static const struct {
        const char *name, *command, *codec;
    } cases[] = {
        {"v2.mp3", "lame --quiet -V2 w16.wav v2.mp3", "MP3"},
        {"cbr.mp3", "lame --quiet -b 320 w16.wav cbr.mp3", "MP3"},
        {"a.ogg", FFMPEG "-i w16.wav -c:a libvorbis -q:a 8 a.ogg", "VORBIS"},
        {"a.m4a", FFMPEG "-i w16.wav -c:a aac -b:a 320k a.m4a", "AAC"},
    };
    char path[FIXTURE_PATH_SIZE];

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct sound sound;

        fixture_run(state, "%s", cases[i].command);
        sound_load(&sound, fixture_path(path, state, cases[i].name), 0);
        assert_int_equal(sound.frames, LENGTH);
        assert_int_equal(sound.info.frames, LENGTH);
        assert_true(sound.info.frames_exact);
        assert_false(sound.info.lossless);
        assert_false(sound.damage.truncated);
        assert_int_equal(strcasecmp(sound.info.codec, cases[i].codec), 0);
        assert_aligned(&sound, 0, -15.0);
        sound_finish(&sound);
    }
}

static void cuts_the_pre_skip_of_opus(void **state)
{
    char path[FIXTURE_PATH_SIZE];
    struct sound sound;

    /* 48 kHz, Opus's own rate: so the signal is the same number for number. */
    fixture_write_wav(fixture_path(path, state, "w48.wav"), 16, 2, 48000, 0, LENGTH);
    fixture_run(state, FFMPEG "-i w48.wav -c:a libopus -b:a 320k a.opus");
    sound_load(&sound, fixture_path(path, state, "a.opus"), 0);
    assert_int_equal(sound.frames, LENGTH);
    assert_int_equal(sound.info.frames, LENGTH);
    assert_aligned(&sound, 0, -15.0);
    sound_finish(&sound);
}

static void joins_a_pair_of_mp3_without_a_frame_lost_or_added(void **state)
{
    enum { CUT = 47111 };
    char path[FIXTURE_PATH_SIZE];
    struct sound first, second;

    fixture_write_wav(fixture_path(path, state, "one.wav"), 16, 2, RATE, 0, CUT);
    fixture_write_wav(fixture_path(path, state, "two.wav"), 16, 2, RATE, CUT, LENGTH - CUT);
    fixture_run(state, "lame --quiet -V0 one.wav one.mp3 && lame --quiet -V0 two.wav two.mp3");
    sound_load(&first, fixture_path(path, state, "one.mp3"), 0);
    sound_load(&second, fixture_path(path, state, "two.mp3"), 0);
    assert_int_equal(first.frames, CUT);
    assert_int_equal(second.frames, LENGTH - CUT);
    assert_aligned(&first, 0, -15.0);
    assert_aligned(&second, CUT, -15.0);
    sound_finish(&first);
    sound_finish(&second);
}

static void gives_all_of_a_file_whose_header_tells_less(void **state)
{
    char path[FIXTURE_PATH_SIZE];
    struct sound sound;

    fixture_run(state, "lame --quiet -V2 w16.wav v2.mp3 && cat v2.mp3 v2.mp3 > twice.mp3");
    sound_load(&sound, fixture_path(path, state, "twice.mp3"), 0);
    assert_true(sound.frames >= 2 * LENGTH);
    assert_false(sound.info.frames_exact);
    sound_finish(&sound);
    fixture_run(state, FFMPEG "-i w16.wav -f wav - | cat > pipe.wav");
    sound_load(&sound, fixture_path(path, state, "pipe.wav"), 0);
    sound_assert_words(&sound, LENGTH, 16);
    assert_int_equal(sound.info.frames, LENGTH);
    assert_false(sound.damage.truncated);
    sound_finish(&sound);
}

static void reads_what_itunes_wrote_and_refuses_what_is_no_such_tag(void **state)
{
    static const struct mp4_edit none = {.media_time = -1};
    static const char *const wrong[] = {
        "",
        " 00000000 00000840 000001CA",
        " 00000000 00000840 000001CA 0000000000000000",
        " 00000000 00200001 00000000 0000000000010000",
        " 0 840 1CA FFFFFFFFFFFFFFFFF",
        " 00000000 00000840 none 0000000000010000",
    };
    struct gapless gapless;

    (void)state;
    gapless_from_mp4(&gapless, &none, RATE,
                     " 00000000 00000840 000001CA 00000000003F31F6 00000000 00000000");
    assert_int_equal(gapless.skip, 0x840);
    assert_int_equal(gapless.end, 0x840 + 0x3F31F6);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        gapless_from_mp4(&gapless, &none, RATE, wrong[i]);
        assert_int_equal(gapless.skip, 0);
        assert_int_equal(gapless.end, -1);
    }
}

/* One channel after a seek to `from` of the file. */
static void assert_same(const float *sought, const float *whole, size_t frames, double bound,
                        const char *path, size_t from)
{
    for (size_t n = 0; n < frames; n++) {
        double apart = fabs((double)sought[n] - (double)whole[from + n]);

        if (apart > bound) {
            fail_msg("%s: frame %zu after a seek to %zu differs by %g", path, n, from, apart);
        }
    }
}

/* Seeks about in `path` and compares with reading it in one go. */
static void assert_seeks_exactly(const char *path, uint32_t rate_hz, double bound)
{
    static const double places[] = {0.5, 0.9, 0.1, 0.0, 0.99999, 0.3, 0.30001, 0.75, 1.0};
    enum { READ = 3000 };
    float left[READ], right[READ];
    float *const channel[MEDIA_CHANNELS] = {left, right};
    struct decoder *decoder;
    struct sound sound;

    sound_load(&sound, path, rate_hz);
    assert_int_equal(decoder_open(&decoder, path, rate_hz, NULL), 0);
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        size_t from = (size_t)(places[i] * (double)sound.frames);
        size_t left_over = sound.frames - from;
        size_t want = left_over < READ ? left_over : READ;

        assert_int_equal(decoder_seek(decoder, (int64_t)from, NULL), 0);
        if (decoder_read(decoder, channel, READ, NULL) != (ssize_t)want) {
            fail_msg("%s: another number of frames from %zu on", path, from);
        }
        for (int c = 0; c < MEDIA_CHANNELS; c++) {
            assert_same(channel[c], sound.channel[c], want, bound, path, from);
        }
    }
    assert_int_equal(decoder_seek(decoder, (int64_t)sound.frames + 100000, NULL), 0);
    assert_int_equal(decoder_read(decoder, channel, READ, NULL), 0);
    assert_int_equal(decoder_seek(decoder, 0, NULL), 0);
    assert_int_equal(decoder_read(decoder, channel, READ, NULL), READ);
    assert_memory_equal(left, sound.channel[0], sizeof left);
    assert_int_equal(decoder_seek(decoder, -1, NULL), -EINVAL);
    decoder_close(decoder);
    sound_finish(&sound);
}

static void seeks_to_the_exact_frame_of_lossless_files(void **state)
{
    static const char *const names[] = {"w16.wav",  "w24.wav", "w24.flac", "w16.m4a",
                                        "w24.aiff", "w16.wv",  "w24.oga",  "w16.tta"};
    char path[FIXTURE_PATH_SIZE];

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_seeks_exactly(fixture_path(path, state, names[i]), 0, 0.0);
    }
}

static void seeks_to_the_exact_frame_of_lossy_files(void **state)
{
    static const char *const commands[] = {
        FFMPEG "-i long.wav -c:a libvorbis long.ogg", FFMPEG "-i long.wav -c:a libopus long.opus",
        FFMPEG "-i long.wav -c:a aac long.m4a", /* with noise substitution */
        FFMPEG "-i long.wav -c:a aac long.aac",       FFMPEG "-i long.wav -c:a libopus long.webm",
        "lame --quiet -V4 long.wav long.mp3",         "lame --quiet -t -V4 long.wav bare.mp3",
    };
    static const char *const names[] = {"long.ogg",  "long.opus", "long.m4a", "long.aac",
                                        "long.webm", "long.mp3",  "bare.mp3"};
    char path[FIXTURE_PATH_SIZE];

    fixture_write_wav(fixture_path(path, state, "long.wav"), 16, 2, RATE, 0, 15 * RATE);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        fixture_run(state, "%s", commands[i]);
        assert_seeks_exactly(fixture_path(path, state, names[i]), 0, 3.2e-5); /* -90 dBFS */
    }
}

static void seeks_exactly_when_resampling(void **state)
{
    char path[FIXTURE_PATH_SIZE];

    assert_seeks_exactly(fixture_path(path, state, "w16.flac"), 48000, 1e-6);
    assert_seeks_exactly(fixture_path(path, state, "w16.wav"), 96000, 1e-6);
    assert_seeks_exactly(fixture_path(path, state, "long.mp3"), 48000, 3.2e-5);
}

static void seeks_to_the_exact_frame_of_dsd(void **state)
{
    char path[FIXTURE_PATH_SIZE];

    fixture_write_dsf(fixture_path(path, state, "tone.dsf"), 1000.0, 0.5);
    assert_seeks_exactly(path, 0, 0.0);
}

/* The files that more than one test reads. */
static int make_files(void **state)
{
    char path[FIXTURE_PATH_SIZE];

    if (fixtures_make_folder(state) != 0) {
        return -1;
    }
    fixture_write_wav(fixture_path(path, state, "w16.wav"), 16, 2, RATE, 0, LENGTH);
    fixture_write_wav(fixture_path(path, state, "w24.wav"), 24, 2, RATE, 0, LENGTH);
    fixture_run(state, FFMPEG "-i w24.wav w24.flac -c:a flac w24.oga -c:a pcm_s24be w24.aiff");
    fixture_run(state, FFMPEG "-i w16.wav w16.flac -c:a alac w16.m4a w16.tta");
    fixture_run(state, "wavpack -q -y w16.wav -o w16.wv");
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cuts_delay_and_padding_of_lossy_files),
        cmocka_unit_test(cuts_the_pre_skip_of_opus),
        cmocka_unit_test(joins_a_pair_of_mp3_without_a_frame_lost_or_added),
        cmocka_unit_test(gives_all_of_a_file_whose_header_tells_less),
        cmocka_unit_test(reads_what_itunes_wrote_and_refuses_what_is_no_such_tag),
        cmocka_unit_test(seeks_to_the_exact_frame_of_lossless_files),
        cmocka_unit_test(seeks_to_the_exact_frame_of_lossy_files),
        cmocka_unit_test(seeks_exactly_when_resampling),
        cmocka_unit_test(seeks_to_the_exact_frame_of_dsd),
    };

    return cmocka_run_group_tests(tests, make_files, fixtures_remove_folder);
}
