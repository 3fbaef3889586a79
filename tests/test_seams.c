/* test_seams.c - every word of the file, and no frame lost or added where tracks meet. */
#include "play_support.h"

#include "match/render.h"
#include "tests/match_support.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MASTER "tests/data/master.flac"
#define MIX "tests/data/mix.flac"

enum { RATE_HZ = 44100, PATH_SIZE = 128, FADE = RATE_HZ * 20 / 1000 };

/* --- words --------------------------------------------------------------------------------- */

/* A raw file of random words of 2 or 3 bytes; the extremes are among them. */
static unsigned char *write_noise(const char *path, size_t bytes, uint64_t seed)
{
    static const unsigned char edges[] = {0x00, 0x80, 0xff, 0x7f, 0x00, 0x00,
                                          0x80, 0xff, 0xff, 0x7f, 0x01, 0x00};
    unsigned char *noise = malloc(bytes);
    FILE *file = fopen(path, "wb");

    assert_non_null(noise);
    assert_non_null(file);
    for (size_t i = 0; i < bytes; i++) {
        noise[i] = (unsigned char)(int)(random_unit(&seed) * 128.0);
    }
    memcpy(noise, edges, sizeof edges);
    assert_int_equal(fwrite(noise, 1, bytes, file), bytes);
    fclose(file);
    return noise;
}

static unsigned char *read_bytes(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    unsigned char *bytes;
    long length;

    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    length = ftell(file);
    rewind(file);
    bytes = malloc((size_t)length + 1);
    assert_non_null(bytes);
    *size = fread(bytes, 1, (size_t)length, file);
    fclose(file);
    return bytes;
}

/* The word of `size` bytes, left-justified in 32 bits. */
static uint32_t justified(const unsigned char *word, size_t size)
{
    uint32_t value = 0;

    for (size_t i = 0; i < size; i++) {
        value |= (uint32_t)word[i] << (8 * (4 - size + i));
    }
    return value;
}

/* Plays the FLAC file of these words; the device's words of `bits` must be the same. */
static void check_words(const char *flac, const unsigned char *words, size_t word_size,
                        size_t count, uint32_t bits)
{
    struct player_settings settings;
    struct recorder recorder;
    size_t device_size = bits == SINK_BITS_FLOAT ? 4 : bits / 8;
    unsigned char *got;
    size_t size;

    record_settings(&settings);
    settings.output.bits = bits;
    settings.begin_with_original = true;
    record_open(&recorder, &settings, RECORD_ALSA, "words.raw");
    record_add(&recorder, flac, MASTER);
    record_play(&recorder);
    record_until_ended(&recorder);
    record_close(&recorder);
    got = read_bytes(recorder.path, &size);
    assert_int_equal(size, count * device_size);
    for (size_t i = 0; i < count; i++) {
        uint32_t wanted = justified(words + i * word_size, word_size);

        if (bits == SINK_BITS_FLOAT) {
            float value = (float)(int32_t)wanted / 2147483648.0F;

            assert_memory_equal(got + 4 * i, &value, 4);
        } else {
            assert_int_equal(justified(got + i * device_size, device_size), wanted);
        }
    }
    free(got);
    record_finish(&recorder);
}

static void the_original_is_played_word_for_word(void **state)
{
    static const uint32_t devices[] = {16, 24, 32, SINK_BITS_FLOAT};
    enum { COUNT = 2 * 100003 };
    char raw[PATH_SIZE], flac[PATH_SIZE];

    (void)state;
    for (size_t size = 2; size <= 3; size++) {
        unsigned char *words;

        scratch_path("noise.pcm", raw, sizeof raw);
        scratch_path("noise.flac", flac, sizeof flac);
        words = write_noise(raw, COUNT * size, size);
        shell("ffmpeg -v error -y -f s%zule -ar 44100 -ac 2 -i %s -c:a flac %s", 8 * size, raw,
              flac);
        for (size_t i = size - 2; i < 4; i++) {
            check_words(flac, words, size, COUNT, devices[i]);
        }
        free(words);
    }
}

/* --- joins --------------------------------------------------------------------------------- */

static void split(const char *whole, int64_t at, char first[PATH_SIZE], char second[PATH_SIZE])
{
    struct stereo sound = sound_read(whole);

    scratch_path("first.flac", first, PATH_SIZE);
    scratch_path("second.flac", second, PATH_SIZE);
    cut_flac(whole, 0, at, first);
    cut_flac(whole, at, (int64_t)sound.frames - at, second);
    stereo_destroy(&sound);
}

static void assert_same_words(const struct stereo *one, const struct stereo *other)
{
    assert_int_equal(one->frames, other->frames);
    for (int c = 0; c < 2; c++) {
        assert_memory_equal(one->channel[c], other->channel[c], one->frames * sizeof(double));
    }
}

static void assert_within(const struct stereo *one, const struct stereo *other, double limit_db)
{
    double worst_db;

    assert_int_equal(one->frames, other->frames);
    worst_db = worst_difference_db(one, other, 0, one->frames);
    print_message("           worst difference %.1f dBFS\n", worst_db);
    assert_true(worst_db <= limit_db);
}

static void two_files_of_one_join_without_a_frame_lost(void **state)
{
    static const int64_t cuts[] = {500001, 512 * 700, 1058400 - 3, 100};
    struct stereo whole = sound_read(MIX);
    struct player_settings settings;

    (void)state;
    record_settings(&settings);
    settings.begin_with_original = true;
    for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++) {
        char first[PATH_SIZE], second[PATH_SIZE];
        const char *const paths[] = {first, second, NULL};
        struct stereo words;

        split(MIX, cuts[i], first, second);
        words = record_list(&settings, RECORD_ALSA, paths, NULL);
        assert_same_words(&words, &whole);
        stereo_destroy(&words);
    }
    stereo_destroy(&whole);
}

/* What `match` writes. */
static struct stereo matched(const char *target, const char *reference)
{
    struct render_request request = {.target = target,
                                     .references = {reference},
                                     .weights = {1.0},
                                     .reference_count = 1,
                                     .format = ENCODER_F32,
                                     .amounts = amounts_exact,
                                     .precision = FFT_FLOAT64,
                                     .kernels = kernels_select(SIMD_AUTO)};
    struct render_report report = {0};
    struct progress progress = {0};
    struct media_error error = {0};
    _Atomic int stage = 0;
    char path[PATH_SIZE];

    scratch_path("matched.wav", path, sizeof path);
    request.output = path;
    assert_int_equal(render(&request, &report, &progress, &stage, &error), 0);
    render_report_finish(&report);
    return sound_read(path);
}

static void an_album_is_matched_as_the_uncut_file(void **state)
{
    static const int64_t cuts[] = {441001, 44100 * 14 + 77};
    struct stereo wanted = matched(MIX, MASTER);
    struct player_settings settings;

    (void)state;
    record_settings(&settings);
    settings.album_mode = ALBUM_ALBUM;
    for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++) {
        char first[PATH_SIZE], second[PATH_SIZE];
        const char *const paths[] = {first, second, NULL};
        struct stereo words;

        split(MIX, cuts[i], first, second);
        words = record_list(&settings, RECORD_ALSA, paths, MASTER);
        assert_within(&words, &wanted, -120.0);
        stereo_destroy(&words);
    }
    stereo_destroy(&wanted);
}

static void mp3_files_with_lame_tags_join_at_their_exact_length(void **state)
{
    enum { FIRST = 150001, SECOND = 123457 };
    char first[PATH_SIZE], second[PATH_SIZE];
    char first_mp3[PATH_SIZE], second_mp3[PATH_SIZE];
    const char *const paths[] = {first_mp3, second_mp3, NULL};
    struct player_settings settings;
    struct stereo words, one, two;

    (void)state;
    scratch_path("first.flac", first, sizeof first);
    scratch_path("second.flac", second, sizeof second);
    scratch_path("first.mp3", first_mp3, sizeof first_mp3);
    scratch_path("second.mp3", second_mp3, sizeof second_mp3);
    cut_flac(MIX, 0, FIRST, first);
    cut_flac(MIX, FIRST, SECOND, second);
    shell("for f in %s %s; do ffmpeg -v error -y -i $f $f.wav && lame --quiet -V 2 $f.wav "
          "${f%%.flac}.mp3 || exit 1; rm $f.wav; done",
          first, second);
    record_settings(&settings);
    settings.begin_with_original = true;
    words = record_list(&settings, RECORD_ALSA, paths, NULL);
    assert_int_equal(words.frames, FIRST + SECOND);
    one = stereo_part(&words, 0, FIRST);
    two = sound_read(first_mp3);
    assert_same_words(&one, &two);
    stereo_destroy(&one);
    stereo_destroy(&two);
    one = stereo_part(&words, FIRST, SECOND);
    two = sound_read(second_mp3);
    assert_same_words(&one, &two);
    stereo_destroy(&one);
    stereo_destroy(&two);
    stereo_destroy(&words);
}

/* --- plans that meet ----------------------------------------------------------------------- */

/* `before` up to the seam, `after` beyond, and 20 ms of both around it. */
static struct stereo faded(const struct stereo *before, const struct stereo *after, size_t seam)
{
    struct stereo out = stereo_create(before->frames);

    assert_int_equal(before->frames, after->frames);
    for (size_t n = 0; n < out.frames; n++) {
        double w = ((double)n - (double)seam) / FADE + 0.5;

        w = w < 0.0 ? 0.0 : w > 1.0 ? 1.0 : w;
        for (int c = 0; c < 2; c++) {
            out.channel[c][n] = (1.0 - w) * before->channel[c][n] + w * after->channel[c][n];
        }
    }
    return out;
}

/* Two tracks of continuous music, each with a reference of its own (NULL: as it is). */
static void check_meeting(const char *const references[2], int64_t cut)
{
    struct stereo whole = sound_read(MIX);
    struct stereo streams[2], wanted, words;
    char paths[2][PATH_SIZE];
    struct player_settings settings;
    struct recorder recorder;

    split(MIX, cut, paths[0], paths[1]);
    record_settings(&settings);
    record_open(&recorder, &settings, RECORD_ALSA, "meeting.raw");
    for (int i = 0; i < 2; i++) {
        streams[i] = references[i] == NULL ? stereo_part(&whole, 0, whole.frames)
                                           : chained(paths[i], references[i], &whole);
        record_add(&recorder, paths[i], references[i]);
    }
    record_play(&recorder);
    record_until_ended(&recorder);
    record_close(&recorder);
    words = words_read(recorder.path);
    record_finish(&recorder);
    wanted = faded(&streams[0], &streams[1], (size_t)cut);
    assert_within(&words, &wanted, -120.0);
    stereo_destroy(&whole);
    stereo_destroy(&streams[0]);
    stereo_destroy(&streams[1]);
    stereo_destroy(&wanted);
    stereo_destroy(&words);
}

static void two_plans_meet_in_a_fade_around_the_seam(void **state)
{
    (void)state;
    check_meeting((const char *const[]){MASTER, "tests/data/ambient.flac"}, 44100 * 12 + 345);
    check_meeting((const char *const[]){"tests/data/ambient.flac", MASTER}, 512 * 500);
    check_meeting((const char *const[]){MASTER, MASTER}, 44100 * 8 + 1);
}

static void a_matched_track_meets_one_without_a_reference(void **state)
{
    (void)state;
    check_meeting((const char *const[]){MASTER, NULL}, 44100 * 11 + 200);
    check_meeting((const char *const[]){NULL, MASTER}, 44100 * 11 + 511);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_original_is_played_word_for_word),
        cmocka_unit_test(two_files_of_one_join_without_a_frame_lost),
        cmocka_unit_test(an_album_is_matched_as_the_uncut_file),
        cmocka_unit_test(mp3_files_with_lame_tags_join_at_their_exact_length),
        cmocka_unit_test(two_plans_meet_in_a_fade_around_the_seam),
        cmocka_unit_test(a_matched_track_meets_one_without_a_reference),
    };

    return cmocka_run_group_tests(tests, NULL, scratch_end);
}
