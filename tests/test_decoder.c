/* test_decoder.c - words, lengths, places and faults of decoded files. */
#include "media/decoder.h"

#include "media_fixtures.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <setjmp.h>
#include <stddef.h>

#include <cmocka.h>

#define FFMPEG "ffmpeg -nostdin -v error -y "

/* Odd on purpose, and no whole number of any codec's packets. */
enum { LENGTH = 100037, RATE = 44100 };

/* --- what comes out ----------------------------------------------------------------------------
 */

static void assert_words(const struct sound *sound, int bits)
{
    assert_int_equal(sound->frames, LENGTH);
    for (size_t n = 0; n < LENGTH; n++) {
        for (int c = 0; c < MEDIA_CHANNELS; c++) {
            if (sound->channel[c][n] != (float)fixture_sample((int64_t)n, c, bits)) {
                fail_msg("frame %zu of channel %d is another word", n, c);
            }
        }
    }
}

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
        assert_words(&sound, cases[i].bits == 32 ? 24 : cases[i].bits);
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
        assert_words(&sound, 24);
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

/* --- delay and padding -------------------------------------------------------------------------
 */

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
    assert_words(&sound, 16);
    assert_int_equal(sound.info.frames, LENGTH);
    assert_false(sound.damage.truncated);
    sound_finish(&sound);
}

/* --- places ------------------------------------------------------------------------------------
 */

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
        for (size_t n = 0; n < want; n++) {
            double error_left = fabs((double)left[n] - (double)sound.channel[0][from + n]);
            double error_right = fabs((double)right[n] - (double)sound.channel[1][from + n]);

            if (error_left > bound || error_right > bound) {
                fail_msg("%s: frame %zu after a seek to %zu differs by %g", path, n, from,
                         fmax(error_left, error_right));
            }
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

/* --- other rates -------------------------------------------------------------------------------
 */

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

static void seeks_exactly_when_resampling(void **state)
{
    char path[FIXTURE_PATH_SIZE];

    assert_seeks_exactly(fixture_path(path, state, "w16.flac"), 48000, 1e-6);
    assert_seeks_exactly(fixture_path(path, state, "w16.wav"), 96000, 1e-6);
    assert_seeks_exactly(fixture_path(path, state, "long.mp3"), 48000, 3.2e-5);
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
    assert_seeks_exactly(path, 0, 0.0);
}

/* --- faults ------------------------------------------------------------------------------------
 */

/* It must be refused with this code and one line that begins with the path. */
static void assert_refused(const char *path, int code)
{
    struct media_error error = {0};
    struct decoder *decoder;

    assert_int_equal(decoder_open(&decoder, path, 0, &error), code);
    assert_null(decoder);
    assert_int_equal(error.code, code);
    assert_int_equal(strncmp(error.message, path, strlen(path)), 0);
    assert_non_null(strstr(error.message, "; "));
    assert_null(strchr(error.message, '\n'));
}

static void refuses_what_is_no_sound_with_one_line(void **state)
{
    char path[FIXTURE_PATH_SIZE];
    unsigned char noise[70000];

    for (size_t i = 0; i < sizeof noise; i++) {
        noise[i] = (unsigned char)(i * i * 2654435761U >> 13);
    }
    assert_refused(fixture_path(path, state, "nowhere.flac"), -ENOENT);
    assert_refused(fixture_path(path, state, "nowhere/at/all.flac"), -ENOENT);
    assert_refused((const char *)*state, -EISDIR);
    fixture_write_bytes(fixture_path(path, state, "empty.flac"), "", 0);
    assert_refused(path, -EINVAL);
    fixture_write_bytes(fixture_path(path, state, "text.flac"), "Dear diary, today\n", 18);
    assert_refused(path, -EINVAL);
    fixture_write_bytes(path, "#EXTM3U\n/etc/passwd\n", 20);
    assert_refused(path, -EINVAL);
    fixture_write_bytes(fixture_path(path, state, "noise.mp3"), noise, sizeof noise);
    assert_refused(path, -EINVAL);
    if (geteuid() != 0) { /* root may read anything */
        fixture_write_wav(fixture_path(path, state, "secret.wav"), 16, 2, RATE, 0, 10);
        assert_int_equal(chmod(path, 0), 0);
        assert_refused(path, -EACCES);
    }
}

static void says_when_nothing_behind_a_header_can_be_decoded(void **state)
{
    char path[FIXTURE_PATH_SIZE];
    unsigned char *bytes;
    size_t size;
    float left[256], right[256];
    float *const channel[MEDIA_CHANNELS] = {left, right};
    struct media_error error = {0};
    struct decoder *decoder;

    bytes = fixture_read_bytes(fixture_path(path, state, "w16.flac"), &size);
    for (size_t i = 8288; i < size; i++) {
        bytes[i] = (unsigned char)(i * i * 2654435761U >> 11);
    }
    fixture_write_bytes(fixture_path(path, state, "hollow.flac"), bytes, size);
    free(bytes);
    assert_int_equal(decoder_open(&decoder, path, 0, &error), 0);
    assert_int_equal(decoder_read(decoder, channel, 256, &error), -EINVAL);
    assert_int_equal(strncmp(error.message, path, strlen(path)), 0);
    decoder_close(decoder);
}

static void reads_files_without_sound_and_with_one_frame(void **state)
{
    char path[FIXTURE_PATH_SIZE];
    struct sound sound;

    fixture_write_wav(fixture_path(path, state, "none.wav"), 16, 2, RATE, 0, 0);
    sound_load(&sound, path, 0);
    assert_int_equal(sound.frames, 0);
    assert_false(sound.damage.truncated);
    sound_finish(&sound);
    fixture_write_wav(fixture_path(path, state, "single.wav"), 16, 2, RATE, 0, 1);
    fixture_run(state, "for e in flac m4a ogg; do " FFMPEG "-i single.wav single.$e; done; "
                       "lame --quiet single.wav single.mp3");
    for (int i = 0; i < 5; i++) {
        static const char *const names[] = {"single.wav", "single.flac", "single.m4a", "single.ogg",
                                            "single.mp3"};

        sound_load(&sound, fixture_path(path, state, names[i]), 0);
        assert_int_equal(sound.frames, 1);
        sound_finish(&sound);
    }
}

static void gives_what_is_left_of_a_file_that_was_cut(void **state)
{
    static const char *const names[] = {"w16.flac", "long.mp3", "w16.wav", "w16.wv"};
    char path[FIXTURE_PATH_SIZE];

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct sound whole, cut;
        char cut_path[FIXTURE_PATH_SIZE + 8], line[MEDIA_MESSAGE_SIZE];
        struct decoder *decoder;
        size_t size;
        unsigned char *bytes = fixture_read_bytes(fixture_path(path, state, names[i]), &size);

        snprintf(cut_path, sizeof cut_path, "%s.cut", path);
        fixture_write_bytes(cut_path, bytes, size / 2);
        free(bytes);
        sound_load(&whole, path, 0);
        sound_load(&cut, cut_path, 0);
        assert_false(whole.damage.truncated);
        assert_true(cut.damage.truncated);
        assert_in_range(cut.frames, whole.frames / 4, whole.frames * 3 / 4);
        assert_memory_equal(cut.channel[0], whole.channel[0], cut.frames * sizeof(float));
        assert_int_equal(decoder_open(&decoder, cut_path, 0, NULL), 0);
        assert_int_equal(decoder_read(decoder, cut.channel, cut.frames, NULL), cut.frames);
        assert_int_equal(decoder_read(decoder, cut.channel, 1, NULL), 0);
        assert_true(decoder_damage_line(decoder, line, sizeof line));
        assert_non_null(strstr(line, "ends before"));
        decoder_close(decoder);
        sound_finish(&whole);
        sound_finish(&cut);
    }
}

static void opens_files_whose_names_look_like_addresses(void **state)
{
    static const char *const names[] = {"http:x.wav", "concat:a|b.wav", "a:b.wav",
                                        "%d.wav",     "line\nend.wav",  "-i.wav"};
    char path[FIXTURE_PATH_SIZE], here[FIXTURE_PATH_SIZE];

    assert_non_null(getcwd(here, sizeof here));
    assert_int_equal(chdir((const char *)*state), 0);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct sound sound;

        fixture_write_wav(fixture_path(path, state, names[i]), 16, 2, RATE, 0, 10);
        sound_load(&sound, names[i], 0);
        assert_int_equal(sound.frames, 10);
        sound_finish(&sound);
    }
    assert_int_equal(chdir(here), 0);
}

static uint32_t random_next(uint32_t *state)
{
    *state = *state * 1664525U + 1013904223U;
    return *state >> 8;
}

/* Whatever comes, it ends: no crash, no endless reading, no NaN. */
static void survives_files_with_random_bytes_in_them(void **state)
{
    static const char *const names[] = {"w16.flac", "v2.mp3", "a.ogg",   "a.m4a",    "a.opus",
                                        "w16.wav",  "w16.wv", "w16.m4a", "w24.aiff", "w16.tta"};
    enum { ROUNDS = 12, HEAD = 60000, FRAMES_MAX = 100 * LENGTH };
    float left[2048], right[2048];
    float *const channel[MEDIA_CHANNELS] = {left, right};
    char path[FIXTURE_PATH_SIZE];
    uint32_t seed = 1;

    for (size_t i = 0; i < sizeof names / sizeof names[0] * ROUNDS; i++) {
        size_t size;
        const char *name = names[i / ROUNDS];
        unsigned char *bytes = fixture_read_bytes(fixture_path(path, state, name), &size);
        struct decoder *decoder;
        int64_t total = 0;
        ssize_t got = 1;

        size = size > HEAD ? HEAD : size;
        for (uint32_t k = 0; k < 1U << i % 8; k++) {
            size_t reach = k % 2 == 0 ? 300 : size; /* half of it into the headers */

            bytes[random_next(&seed) % reach] = (unsigned char)random_next(&seed);
        }
        fixture_write_bytes(fixture_path(path, state, "mutant"), bytes, size);
        free(bytes);
        if (decoder_open(&decoder, path, 0, NULL) < 0) {
            continue;
        }
        while (got > 0 && total < FRAMES_MAX) {
            got = decoder_read(decoder, channel, 2048, NULL);
            for (ssize_t n = 0; n < got; n++) {
                assert_true(isfinite(left[n]) && isfinite(right[n]));
            }
            total += got > 0 ? got : 0;
        }
        decoder_seek(decoder, total / 2, NULL);
        decoder_read(decoder, channel, 2048, NULL);
        decoder_seek(decoder, 0, NULL);
        decoder_read(decoder, channel, 2048, NULL);
        decoder_close(decoder);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_every_word_of_lossless_files),
        cmocka_unit_test(passes_float_and_double_through),
        cmocka_unit_test(makes_nan_and_infinity_silence_and_counts_them),
        cmocka_unit_test(doubles_mono_exactly),
        cmocka_unit_test(mixes_surround_down_without_clipping),
        cmocka_unit_test(cuts_delay_and_padding_of_lossy_files),
        cmocka_unit_test(cuts_the_pre_skip_of_opus),
        cmocka_unit_test(joins_a_pair_of_mp3_without_a_frame_lost_or_added),
        cmocka_unit_test(gives_all_of_a_file_whose_header_tells_less),
        cmocka_unit_test(seeks_to_the_exact_frame_of_lossless_files),
        cmocka_unit_test(seeks_to_the_exact_frame_of_lossy_files),
        cmocka_unit_test(resamples_a_sine_to_where_it_belongs),
        cmocka_unit_test(seeks_exactly_when_resampling),
        cmocka_unit_test(keeps_rates_within_what_a_player_can_use),
        cmocka_unit_test(makes_pcm_of_dsd_and_says_so),
        cmocka_unit_test(refuses_what_is_no_sound_with_one_line),
        cmocka_unit_test(says_when_nothing_behind_a_header_can_be_decoded),
        cmocka_unit_test(reads_files_without_sound_and_with_one_frame),
        cmocka_unit_test(gives_what_is_left_of_a_file_that_was_cut),
        cmocka_unit_test(opens_files_whose_names_look_like_addresses),
        cmocka_unit_test(survives_files_with_random_bytes_in_them),
    };

    return cmocka_run_group_tests(tests, fixtures_make_folder, fixtures_remove_folder);
}
