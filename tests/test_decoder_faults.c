/* test_decoder_faults.c - what comes of files that are broken, empty or none at all. */
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

/* A hole of 64 GiB behind the music, or nothing else: it is not read to its end. */
static void gives_up_on_garbage_without_end(void **state)
{
    static const char *const names[] = {"long.mp3", "garbage.aac"};
    const off_t hole = (off_t)64 << 30;
    char path[FIXTURE_PATH_SIZE];
    struct media_error error = {0};
    struct decoder *decoder;

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char long_path[FIXTURE_PATH_SIZE + 8];
        struct sound whole, found;
        size_t size;
        unsigned char *bytes = fixture_read_bytes(fixture_path(path, state, names[i]), &size);

        snprintf(long_path, sizeof long_path, "%s.hole", path);
        fixture_write_bytes(long_path, bytes, size);
        free(bytes);
        if (truncate(long_path, hole) != 0) { /* a file system without holes in its files */
            skip();
        }
        sound_load(&whole, path, 0);
        sound_load(&found, long_path, 0);
        assert_in_range(found.frames, whole.frames - 8192, whole.frames + 8192);
        assert_true(found.damage.broken_packets > 0);
        sound_finish(&whole);
        sound_finish(&found);
        unlink(long_path);
    }
    fixture_write_bytes(fixture_path(path, state, "hole.mp3"), "ID3", 3);
    assert_int_equal(truncate(path, hole), 0);
    assert_int_equal(decoder_open(&decoder, path, 0, &error), -EINVAL);
    unlink(path);
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
                                        "w16.wav",  "w16.wv", "w16.m4a", "w16.aiff", "w16.tta"};
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

/* A file of each kind, whole; the tests break them. */
static int make_files(void **state)
{
    char path[FIXTURE_PATH_SIZE];

    if (fixtures_make_folder(state) != 0) {
        return -1;
    }
    fixture_write_wav(fixture_path(path, state, "w16.wav"), 16, 2, RATE, 0, LENGTH);
    fixture_write_wav(fixture_path(path, state, "long.wav"), 16, 2, RATE, 0, 15 * RATE);
    fixture_run(state, FFMPEG "-i w16.wav w16.flac -c:a alac w16.m4a w16.tta w16.aiff");
    fixture_run(state, FFMPEG "-i w16.wav -c:a libvorbis a.ogg -c:a aac a.m4a -c:a libopus a.opus");
    fixture_run(state, "wavpack -q -y w16.wav -o w16.wv");
    fixture_run(state, "lame --quiet -V2 w16.wav v2.mp3 && lame --quiet -V4 long.wav long.mp3");
    fixture_run(state, FFMPEG "-i w16.wav -b:a 128k garbage.aac");
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_is_no_sound_with_one_line),
        cmocka_unit_test(says_when_nothing_behind_a_header_can_be_decoded),
        cmocka_unit_test(reads_files_without_sound_and_with_one_frame),
        cmocka_unit_test(gives_what_is_left_of_a_file_that_was_cut),
        cmocka_unit_test(gives_up_on_garbage_without_end),
        cmocka_unit_test(opens_files_whose_names_look_like_addresses),
        cmocka_unit_test(survives_files_with_random_bytes_in_them),
    };

    return cmocka_run_group_tests(tests, make_files, fixtures_remove_folder);
}
