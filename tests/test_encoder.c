/* test_encoder.c - words, headers, tags and all-or-nothing of written files. */
#include "media/encoder.h"

#include "media/tags.h"
#include "media/writer.h"
#include "media_fixtures.h"

#include <dirent.h>
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

enum { LENGTH = 50021, RATE = 44100 };

struct signal {
    double *channel[MEDIA_CHANNELS];
};

static void signal_make(struct signal *signal, int bits, double gain)
{
    for (int c = 0; c < MEDIA_CHANNELS; c++) {
        signal->channel[c] = malloc(LENGTH * sizeof(double));
        assert_non_null(signal->channel[c]);
        for (size_t n = 0; n < LENGTH; n++) {
            signal->channel[c][n] = gain * fixture_sample((int64_t)n, c, bits);
        }
    }
}

static void signal_finish(struct signal *signal)
{
    free(signal->channel[0]);
    free(signal->channel[1]);
}

static void write_all(struct encoder *encoder, const struct signal *signal)
{
    size_t step = 1;

    for (size_t n = 0; n < LENGTH; n += step) {
        const double *const at[MEDIA_CHANNELS] = {signal->channel[0] + n, signal->channel[1] + n};

        step = step * 5 % 6007 + 1;
        step = LENGTH - n < step ? LENGTH - n : step;
        assert_int_equal(encoder_write(encoder, at, step, NULL), 0);
    }
}

static void write_file(const char *path, enum encoder_format format, const struct signal *signal)
{
    struct encoder *encoder;
    struct media_error error;

    if (encoder_open(&encoder, path, format, RATE, NULL, &error) < 0) {
        fail_msg("%s", error.message);
    }
    write_all(encoder, signal);
    assert_int_equal(encoder_finish(encoder, &error), 0);
}

static void writes_words_that_come_back_as_they_were(void **state)
{
    static const struct {
        const char *name;
        enum encoder_format format;
        int bits; /* of the signal */
        uint32_t file_bits;
    } cases[] = {
        {"auto.wav", ENCODER_AUTO, 24, 0},   {"f32.wav", ENCODER_F32, 24, 0},
        {"s24.wav", ENCODER_S24, 24, 24},    {"s16.wav", ENCODER_S16, 16, 16},
        {"auto.flac", ENCODER_AUTO, 24, 24}, {"s24.FLAC", ENCODER_S24, 24, 24},
        {"s16.flac", ENCODER_S16, 16, 16},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char path[FIXTURE_PATH_SIZE];
        struct signal signal;
        struct sound sound;

        signal_make(&signal, cases[i].bits, 1.0);
        write_file(fixture_path(path, state, cases[i].name), cases[i].format, &signal);
        sound_load(&sound, path, 0);
        assert_int_equal(sound.frames, LENGTH);
        assert_int_equal(sound.info.frames, LENGTH);
        assert_true(sound.info.frames_exact);
        assert_int_equal(sound.info.bits, cases[i].file_bits);
        assert_int_equal(sound.info.rate_hz, RATE);
        for (size_t n = 0; n < LENGTH; n++) {
            assert_true(sound.channel[0][n] == (float)signal.channel[0][n]);
            assert_true(sound.channel[1][n] == (float)signal.channel[1][n]);
        }
        /* Another reader, which checks the sums too, finds no fault. */
        fixture_run(state,
                    "test -z \"$(ffmpeg -nostdin -v error -err_detect explode -i %s "
                    "-f null - 2>&1)\"",
                    cases[i].name);
        sound_finish(&sound);
        signal_finish(&signal);
    }
}

static void dithers_what_is_no_word_already(void **state)
{
    char path[FIXTURE_PATH_SIZE];
    struct signal signal;
    struct sound sound;
    double sum = 0.0, square = 0.0, worst = 0.0;

    signal_make(&signal, 24, 0.7);
    write_file(fixture_path(path, state, "dither.flac"), ENCODER_S16, &signal);
    sound_load(&sound, path, 0);
    for (size_t n = 0; n < LENGTH; n++) {
        double error = ((double)sound.channel[0][n] - signal.channel[0][n]) * 32768.0;

        sum += error;
        square += error * error;
        worst = fmax(worst, fabs(error));
    }
    /* TPDF of +-1 LSB and rounding: mean 0, variance 1/6 + 1/12 = 1/4, at most 1.5 LSB. */
    assert_true(fabs(sum / LENGTH) < 0.02);
    assert_true(fabs(square / LENGTH - 0.25) < 0.02);
    assert_true(worst <= 1.5);
    sound_finish(&sound);
    signal_finish(&signal);
}

static void holds_integers_at_their_ends_and_counts(void **state)
{
    const double samples[4] = {1.5, -1.5, 0.0, 0.5};
    const double *const channel[MEDIA_CHANNELS] = {samples, samples};
    char path[FIXTURE_PATH_SIZE];
    struct encoder *encoder;
    struct sound sound;

    fixture_path(path, state, "clip.wav");
    assert_int_equal(encoder_open(&encoder, path, ENCODER_S16, RATE, NULL, NULL), 0);
    assert_int_equal(encoder_write(encoder, channel, 4, NULL), 0);
    assert_int_equal(encoder_clipped(encoder), 4);
    assert_int_equal(encoder_finish(encoder, NULL), 0);
    sound_load(&sound, path, 0);
    assert_true(sound.channel[0][0] == 32767.0F / 32768.0F);
    assert_true(sound.channel[0][1] == -1.0F);
    assert_true(sound.channel[1][3] == 0.5F);
    sound_finish(&sound);
    assert_int_equal(encoder_open(&encoder, path, ENCODER_F32, RATE, NULL, NULL), 0);
    assert_int_equal(encoder_write(encoder, channel, 4, NULL), 0);
    assert_int_equal(encoder_finish(encoder, NULL), 0);
    sound_load(&sound, path, 0);
    assert_true(sound.channel[0][0] == 1.5F); /* float has room */
    sound_finish(&sound);
}

static uint32_t number_at(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
           (uint32_t)bytes[3] << 24;
}

static void float_wav_has_the_fact_chunk_that_it_needs(void **state)
{
    char path[FIXTURE_PATH_SIZE];
    struct signal signal;
    unsigned char *bytes;
    size_t size;

    signal_make(&signal, 16, 1.0);
    write_file(fixture_path(path, state, "fact.wav"), ENCODER_F32, &signal);
    bytes = fixture_read_bytes(path, &size);
    assert_memory_equal(bytes, "RIFF", 4);
    assert_int_equal(number_at(bytes + 4), size - 8);
    assert_memory_equal(bytes + 48, "fmt ", 4);
    assert_int_equal(bytes[56], 3);
    assert_memory_equal(bytes + 74, "fact", 4);
    assert_int_equal(number_at(bytes + 82), LENGTH);
    assert_memory_equal(bytes + 86, "data", 4);
    assert_int_equal(number_at(bytes + 90), LENGTH * 8);
    assert_int_equal(size, 94 + LENGTH * 8);
    free(bytes);
    signal_finish(&signal);
}

static void becomes_rf64_when_it_grows_past_the_limit(void **state)
{
    enum { FRAMES = 1000 };
    char path[FIXTURE_PATH_SIZE];
    float words[2 * FRAMES];
    struct outfile *file;
    struct writer *writer;
    struct sound sound;
    unsigned char *bytes;
    size_t size;

    for (size_t n = 0; n < 2 * FRAMES; n++) {
        words[n] = (float)n / 4096.0F;
    }
    assert_int_equal(outfile_open(&file, fixture_path(path, state, "large.wav"), NULL), 0);
    assert_int_equal(wav_writer_create(&writer, file, ENCODER_F32, RATE, NULL, 8000), 0);
    assert_int_equal(writer->class->write(writer, words, FRAMES), 0);
    assert_int_equal(writer->class->finish(writer), 0);
    writer->class->destroy(writer);
    assert_int_equal(outfile_commit(file, NULL), 0);
    bytes = fixture_read_bytes(path, &size);
    assert_memory_equal(bytes, "RF64", 4);
    assert_memory_equal(bytes + 12, "ds64", 4);
    assert_int_equal(number_at(bytes + 20), size - 8);
    assert_int_equal(number_at(bytes + 28), FRAMES * 8);
    assert_int_equal(number_at(bytes + 36), FRAMES);
    free(bytes);
    sound_load(&sound, path, 0);
    assert_int_equal(sound.frames, FRAMES);
    assert_int_equal(sound.info.frames, FRAMES);
    for (size_t n = 0; n < 2 * FRAMES; n++) {
        assert_true(sound.channel[n % 2][n / 2] == words[n]);
    }
    sound_finish(&sound);
}

static void copies_the_tags_that_are_still_true(void **state)
{
    static const char *const names[] = {"copy.flac", "copy.wav"};
    char from[FIXTURE_PATH_SIZE], path[FIXTURE_PATH_SIZE];
    struct signal signal;

    fixture_write_wav(fixture_path(path, state, "plain.wav"), 16, 2, RATE, 0, 5000);
    fixture_run(state, "ffmpeg -nostdin -v error -y -i plain.wav -metadata title='Tïtle' -metadata "
                       "artist=Artist -metadata album=Album -metadata album_artist=Various "
                       "-metadata track=7 -metadata REPLAYGAIN_TRACK_GAIN='-3 dB' tagged.flac");
    fixture_path(from, state, "tagged.flac");
    signal_make(&signal, 16, 1.0);
    for (size_t i = 0; i < 2; i++) {
        struct encoder *encoder;
        struct tags tags;

        fixture_path(path, state, names[i]);
        assert_int_equal(encoder_open(&encoder, path, ENCODER_AUTO, RATE, from, NULL), 0);
        write_all(encoder, &signal);
        assert_int_equal(encoder_finish(encoder, NULL), 0);
        assert_int_equal(tags_read(&tags, path, NULL), 0);
        assert_string_equal(tags_first(&tags, TAG_TITLE), "Tïtle");
        assert_string_equal(tags_first(&tags, TAG_ARTIST), "Artist");
        assert_string_equal(tags_first(&tags, TAG_ALBUM), "Album");
        assert_string_equal(tags_first(&tags, TAG_ALBUM_ARTIST),
                            i == 0 ? "Various" : ""); /* INFO has no such */
        assert_int_equal(atoi(tags_first(&tags, TAG_TRACK)), 7);
        tags_finish(&tags);
        fixture_run(state, "! ffprobe -v error -show_format %s | grep -qi replaygain", names[i]);
    }
    signal_finish(&signal);
}

/* Entries of the folder, "." and ".." not counted. */
static size_t count_files(const char *folder)
{
    DIR *entries = opendir(folder);
    const struct dirent *entry;
    size_t count = 0;

    assert_non_null(entries);
    while ((entry = readdir(entries)) != NULL) {
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    }
    closedir(entries);
    return count;
}

static void appears_whole_or_not_at_all(void **state)
{
    char folder[FIXTURE_PATH_SIZE], path[FIXTURE_PATH_SIZE + 8];
    struct signal signal;
    struct encoder *encoder;
    struct stat status;
    struct sound sound;

    fixture_path(folder, state, "alone");
    snprintf(path, sizeof path, "%s/o.wav", folder);
    assert_int_equal(mkdir(folder, 0777), 0);
    signal_make(&signal, 16, 1.0);
    assert_int_equal(encoder_open(&encoder, path, ENCODER_AUTO, RATE, NULL, NULL), 0);
    write_all(encoder, &signal);
    assert_int_equal(access(path, F_OK), -1);
    encoder_abort(encoder);
    assert_int_equal(count_files(folder), 0);

    fixture_write_bytes(path, "old", 3);
    assert_int_equal(chmod(path, 0640), 0);
    assert_int_equal(encoder_open(&encoder, path, ENCODER_AUTO, RATE, NULL, NULL), 0);
    write_all(encoder, &signal);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_size, 3); /* the old one, until the new one is whole */
    assert_int_equal(encoder_finish(encoder, NULL), 0);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0640);
    assert_int_equal(count_files(folder), 1);
    sound_load(&sound, path, 0);
    assert_int_equal(sound.frames, LENGTH);
    sound_finish(&sound);
    signal_finish(&signal);
    encoder_abort(NULL);
}

static void refuses_what_cannot_be_with_one_line(void **state)
{
    char path[FIXTURE_PATH_SIZE], folder[FIXTURE_PATH_SIZE];
    const struct {
        const char *path;
        enum encoder_format format;
        uint32_t rate_hz;
        int code;
        const char *says;
    } cases[] = {
        {fixture_path(path, state, "x.flac"), ENCODER_F32, RATE, -EINVAL, "s24"},
        {"/tmp/x.mp3", ENCODER_AUTO, RATE, -EINVAL, ".wav or .flac"},
        {"x", ENCODER_AUTO, RATE, -EINVAL, ".wav or .flac"},
        {"/nowhere/at/all.wav", ENCODER_AUTO, RATE, -ENOENT, "folder"},
        {fixture_path(folder, state, "dir.wav"), ENCODER_AUTO, RATE, -EISDIR, "folder"},
        {path, ENCODER_AUTO, 1000001, -EINVAL, "FLAC cannot hold"},
    };

    mkdir(folder, 0777);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct media_error error = {0};
        struct encoder *encoder;

        assert_int_equal(
            encoder_open(&encoder, cases[i].path, cases[i].format, cases[i].rate_hz, NULL, &error),
            cases[i].code);
        assert_null(encoder);
        assert_int_equal(strncmp(error.message, cases[i].path, strlen(cases[i].path)), 0);
        assert_non_null(strstr(error.message, cases[i].says));
        assert_non_null(strstr(error.message, "; "));
    }
    assert_int_equal(access(path, F_OK), -1);
}

static void tells_of_a_full_disk(void **state)
{
    static const enum encoder_format formats[] = {ENCODER_F32, ENCODER_S16};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct media_error error = {0};
        struct encoder *encoder;
        struct signal signal;
        int result = 0;

        signal_make(&signal, 16, 1.0);
        assert_int_equal(encoder_open(&encoder, "/dev/full", formats[i], RATE, NULL, &error), 0);
        for (int k = 0; k < 10 && result == 0; k++) {
            const double *const at[MEDIA_CHANNELS] = {signal.channel[0], signal.channel[1]};

            result = encoder_write(encoder, at, LENGTH, &error);
        }
        if (result == 0) {
            result = encoder_finish(encoder, &error);
        } else {
            encoder_abort(encoder);
        }
        assert_int_equal(result, -ENOSPC);
        assert_non_null(strstr(error.message, "/dev/full: the disk is full"));
        signal_finish(&signal);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_words_that_come_back_as_they_were),
        cmocka_unit_test(dithers_what_is_no_word_already),
        cmocka_unit_test(holds_integers_at_their_ends_and_counts),
        cmocka_unit_test(float_wav_has_the_fact_chunk_that_it_needs),
        cmocka_unit_test(becomes_rf64_when_it_grows_past_the_limit),
        cmocka_unit_test(copies_the_tags_that_are_still_true),
        cmocka_unit_test(appears_whole_or_not_at_all),
        cmocka_unit_test(refuses_what_cannot_be_with_one_line),
        cmocka_unit_test(tells_of_a_full_disk),
    };

    return cmocka_run_group_tests(tests, fixtures_make_folder, fixtures_remove_folder);
}
