/* test_player.c - lists: what cannot be played or matched, devices that refuse, other rates. */
#include "play_support.h"

#include "tests/match_support.h"

#include <dirent.h>
#include <math.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define MASTER "tests/data/master.flac"
#define MIX "tests/data/mix.flac"

enum {
    RATE_HZ = 44100,
    PATH_SIZE = 128,
    FADE = RATE_HZ * 20 / 1000,
    FIRST = 90001,
    SECOND = 80003,
    TINY = 100,
    SILENT = 44100,
};

static char first[PATH_SIZE], second[PATH_SIZE], tiny[PATH_SIZE], silent[PATH_SIZE],
    text[PATH_SIZE], missing[PATH_SIZE];

static struct stereo joined(const struct stereo *parts, size_t count)
{
    struct stereo sound;
    size_t frames = 0;

    for (size_t i = 0; i < count; i++) {
        frames += parts[i].frames;
    }
    sound = stereo_create(frames);
    frames = 0;
    for (size_t i = 0; i < count; i++) {
        for (int c = 0; c < 2; c++) {
            memcpy(sound.channel[c] + frames, parts[i].channel[c],
                   parts[i].frames * sizeof(double));
        }
        frames += parts[i].frames;
    }
    return sound;
}

/* The files one after the other, as they are. */
static struct stereo joined_files(const char *const *paths, size_t count)
{
    struct stereo parts[8] = {0};
    struct stereo sound;

    for (size_t i = 0; i < count; i++) {
        parts[i] = sound_read(paths[i]);
    }
    sound = joined(parts, count);
    for (size_t i = 0; i < count; i++) {
        stereo_destroy(&parts[i]);
    }
    return sound;
}

static void assert_all_equal(const struct stereo *words, const struct stereo *wanted)
{
    assert_int_equal(words->frames, wanted->frames);
    assert_true(words_error(words, 0, wanted, 0, (int64_t)wanted->frames) == 0.0);
}

/* Plays these with the reference MASTER; the recording is read, the lines are kept. */
static struct stereo play_list(struct recorder *recorder, const struct player_settings *settings,
                               enum record_on device, const char *const *paths, size_t count)
{
    struct stereo words;

    record_open(recorder, settings, device, "list.raw");
    for (size_t i = 0; i < count; i++) {
        record_add(recorder, paths[i], MASTER);
    }
    record_play(recorder);
    record_until_ended(recorder);
    record_close(recorder);
    words = words_read(recorder->path);
    return words;
}

static void assert_one_line_each(const struct recorder *recorder)
{
    assert_int_equal(record_lines_with(recorder, missing), 1);
    assert_int_equal(record_lines_with(recorder, text), 1);
    assert_int_equal(record_lines_with(recorder, tiny), 1);
    assert_int_equal(record_lines_with(recorder, silent), 1);
    assert_int_equal(recorder->line_count, 4);
}

static void what_cannot_be_played_or_matched_does_not_stop_the_music(void **state)
{
    const char *const paths[] = {first, missing, text, tiny, silent, second};
    const char *const there[] = {first, tiny, silent, second};
    const int64_t seams[] = {FIRST, FIRST + TINY + SILENT};
    struct stereo whole = joined_files(there, 4);
    struct stereo streams[2], words;
    struct player_settings settings;
    struct recorder recorder;
    double worst = 0.0;

    (void)state;
    record_settings(&settings);
    streams[0] = chained(first, MASTER, &whole);
    streams[1] = chained(second, MASTER, &whole);
    words = play_list(&recorder, &settings, RECORD_ALSA, paths, 6);
    assert_one_line_each(&recorder);
    record_finish(&recorder);
    assert_int_equal(words.frames, whole.frames);
    for (int64_t n = 0; n < (int64_t)words.frames; n++) {
        double leave = fmin(1.0, fmax(0.0, (double)(n - seams[0]) / FADE + 0.5));
        double come = fmin(1.0, fmax(0.0, (double)(n - seams[1]) / FADE + 0.5));

        for (int c = 0; c < 2; c++) {
            double wanted = (1.0 - leave) * streams[0].channel[c][n] +
                            (leave - come) * whole.channel[c][n] + come * streams[1].channel[c][n];

            worst = fmax(worst, fabs(words.channel[c][n] - wanted));
        }
    }
    assert_true(worst <= 1e-6);
    stereo_destroy(&words);

    settings.begin_with_original = true;
    words = play_list(&recorder, &settings, RECORD_ALSA, paths, 6);
    assert_one_line_each(&recorder);
    record_finish(&recorder);
    assert_all_equal(&words, &whole);
    stereo_destroy(&words);
    stereo_destroy(&whole);
    stereo_destroy(&streams[0]);
    stereo_destroy(&streams[1]);
}

/* Where one fade is not over when the next track begins, the next fade follows it. */
static void a_track_shorter_than_a_fade_does_not_spoil_the_next_one(void **state)
{
    const char *const paths[] = {first, tiny, second};
    struct stereo whole = joined_files(paths, 3);
    struct stereo match = chained(second, MASTER, &whole);
    struct player_settings settings;
    struct recorder recorder;
    struct stereo words;
    int64_t over = FIRST + FADE / 2 + 512 + FADE;

    (void)state;
    record_settings(&settings);
    words = play_list(&recorder, &settings, RECORD_ALSA, paths, 3);
    assert_int_equal(words.frames, whole.frames);
    assert_true(words_error(&words, over, &match, over, (int64_t)whole.frames - over) <= 1e-6);
    record_finish(&recorder);
    stereo_destroy(&words);
    stereo_destroy(&match);
    stereo_destroy(&whole);
}

static void a_list_of_nothing_to_play_ends(void **state)
{
    struct player_settings settings;
    struct player_status status;
    struct recorder recorder;

    (void)state;
    record_settings(&settings);
    record_open(&recorder, &settings, RECORD_CLOCK, "nothing.raw");
    record_add(&recorder, missing, MASTER);
    record_add(&recorder, text, MASTER);
    record_play(&recorder);
    record_until_ended(&recorder);
    player_read_status(recorder.player, &status);
    assert_int_equal(status.failed, 2);
    assert_int_equal(status.played, 0);
    record_close(&recorder);
    assert_int_equal(recorder.line_count, 2);
    record_finish(&recorder);
}

static void a_device_that_cannot_be_opened_is_told_in_one_line(void **state)
{
    struct player_settings settings;
    struct player_status status;
    struct recorder recorder;

    (void)state;
    record_settings(&settings);
    record_open(&recorder, &settings, RECORD_CLOCK, "there/is/no/such/folder.raw");
    record_add(&recorder, first, NULL);
    record_play(&recorder);
    for (int i = 0; i < 10000 && recorder.line_count == 0; i++) {
        usleep(1000);
    }
    record_until_stopped(&recorder);
    player_read_status(recorder.player, &status);
    assert_false(status.ended);
    record_close(&recorder);
    assert_int_equal(recorder.line_count, 1);
    assert_int_equal(record_lines_with(&recorder, "folder.raw"), 1);
    record_finish(&recorder);
}

static void a_file_on_a_full_disk_is_not_waited_for(void **state)
{
    struct player_settings settings;
    struct recorder recorder;

    (void)state;
    record_settings(&settings);
    record_open(&recorder, &settings, RECORD_CLOCK, "full.raw");
    assert_int_equal(0, symlink("/dev/full", recorder.path));
    record_add(&recorder, first, NULL);
    record_play(&recorder);
    for (int i = 0; i < 10000 && recorder.line_count == 0; i++) {
        usleep(1000);
    }
    record_until_stopped(&recorder);
    record_close(&recorder);
    assert_int_equal(recorder.line_count, 1);
    assert_int_equal(
        record_lines_with(&recorder, "full.raw: No space left on device; playing was stopped"), 1);
    record_finish(&recorder);
}

static void tracks_of_two_rates_are_both_played_whole(void **state)
{
    char other[PATH_SIZE], third[PATH_SIZE];
    const char *const paths[] = {first, other, third};
    struct player_settings settings;
    struct recorder recorder;
    struct stereo words, wanted;

    (void)state;
    scratch_path("other.flac", other, sizeof other);
    scratch_path("third.flac", third, sizeof third);
    shell("ffmpeg -v error -y -i %s -ar 48000 -sample_fmt s16 %s", second, other);
    cut_flac(MIX, 1000, 30000, third);
    record_settings(&settings);
    settings.begin_with_original = true;
    wanted = joined_files(paths, 3);
    words = play_list(&recorder, &settings, RECORD_CLOCK, paths, 3);
    assert_int_equal(recorder.line_count, 0);
    assert_all_equal(&words, &wanted);
    record_finish(&recorder);
    stereo_destroy(&words);
    stereo_destroy(&wanted);
}

/* All of a file at 48 kHz. */
static struct stereo resampled(const char *path)
{
    enum { STEP = 4096 };
    float left[STEP], right[STEP];
    float *const channel[2] = {left, right};
    struct stereo sound = stereo_create(300000);
    struct decoder *decoder = NULL;
    struct media_error error;
    ssize_t got;

    sound.frames = 0;
    assert_int_equal(decoder_open(&decoder, path, 48000, &error), 0);
    while ((got = decoder_read(decoder, channel, STEP, &error)) > 0) {
        for (ssize_t i = 0; i < got; i++, sound.frames++) {
            sound.channel[0][sound.frames] = (double)left[i];
            sound.channel[1][sound.frames] = (double)right[i];
        }
    }
    decoder_close(decoder);
    return sound;
}

static void a_device_that_refuses_the_rate_gets_it_resampled(void **state)
{
    const char *const paths[] = {first, second};
    struct player_settings settings;
    struct recorder recorder;
    struct stereo parts[2], words, wanted;

    (void)state;
    record_settings(&settings);
    settings.begin_with_original = true;
    parts[0] = resampled(first);
    parts[1] = resampled(second);
    assert_true(llabs((long long)parts[0].frames * 441 - FIRST * 480LL) <= 480);
    wanted = joined(parts, 2);
    words = play_list(&recorder, &settings, RECORD_ALSA_48, paths, 2);
    assert_int_equal(recorder.line_count, 0);
    assert_all_equal(&words, &wanted);
    record_finish(&recorder);
    stereo_destroy(&words);
    settings.begin_with_original = false;
    words = play_list(&recorder, &settings, RECORD_ALSA_48, paths, 2);
    assert_int_equal(recorder.line_count, 0);
    assert_int_equal(words.frames, wanted.frames);
    assert_true(words_error(&words, 0, &wanted, 0, (int64_t)wanted.frames) > 0.05); /* matched */
    record_finish(&recorder);
    stereo_destroy(&words);
    stereo_destroy(&wanted);
    stereo_destroy(&parts[0]);
    stereo_destroy(&parts[1]);
}

/* The processors that the audio thread may run on. */
static cpu_set_t processors(void)
{
    char path[PATH_SIZE + 256], name[PATH_SIZE];
    DIR *tasks = opendir("/proc/self/task");
    cpu_set_t set;

    CPU_ZERO(&set);
    assert_non_null(tasks);
    for (const struct dirent *task = readdir(tasks); task != NULL; task = readdir(tasks)) {
        FILE *file;

        snprintf(path, sizeof path, "/proc/self/task/%s/comm", task->d_name);
        file = fopen(path, "r");
        if (file != NULL && fgets(name, sizeof name, file) != NULL &&
            strcmp(name, "mp-audio\n") == 0) {
            assert_int_equal(0, sched_getaffinity(atoi(task->d_name), sizeof set, &set));
        }
        if (file != NULL) {
            fclose(file);
        }
    }
    closedir(tasks);
    return set;
}

/* Plays with cpu_affinity = list: it is heard, on `wanted`, and `told` in one line (NULL: none). */
static void plays_on(const char *list, const cpu_set_t *wanted, const char *told)
{
    struct player_settings settings;
    struct recorder recorder;
    struct stereo words, sound = sound_read(first);
    cpu_set_t got;

    record_settings(&settings);
    settings.begin_with_original = true;
    settings.output.cpu_affinity = list;
    record_open(&recorder, &settings, RECORD_ALSA, "processors.raw");
    got = processors();
    assert_true(CPU_EQUAL(&got, wanted));
    record_add(&recorder, first, NULL);
    record_play(&recorder);
    record_until_ended(&recorder);
    record_close(&recorder);
    words = words_read(recorder.path);
    assert_all_equal(&words, &sound);
    assert_int_equal(told != NULL ? 1 : 0, recorder.line_count);
    assert_true(told == NULL || strstr(recorder.lines[0], told) != NULL);
    record_finish(&recorder);
    stereo_destroy(&words);
    stereo_destroy(&sound);
}

static void plays_on_those_of_the_named_processors_that_are_there(void **state)
{
    int cpu = sched_getcpu(); /* it is */
    cpu_set_t one, any;
    char list[64];

    (void)state;
    CPU_ZERO(&one);
    CPU_SET((size_t)cpu, &one);
    assert_int_equal(0, sched_getaffinity(0, sizeof any, &any));
    snprintf(list, sizeof list, "%d", cpu);
    plays_on(list, &one, NULL);
    snprintf(list, sizeof list, "1023, %d,100000", cpu);
    plays_on(list, &one, "no processor 1023, 100000; the sound runs on the others");
    plays_on("1023", &any, "cpu_affinity = 1023: this computer has no processor 1023; the sound");
    snprintf(list, sizeof list, "%d,first", cpu);
    plays_on(list, &any, "write numbers of processors, as in 1,3; the sound runs on any");
}

static int make_files(void **state)
{
    (void)state;
    scratch_path("first.flac", first, sizeof first);
    scratch_path("second.flac", second, sizeof second);
    scratch_path("tiny.flac", tiny, sizeof tiny);
    scratch_path("silent.flac", silent, sizeof silent);
    scratch_path("text.flac", text, sizeof text);
    scratch_path("missing.flac", missing, sizeof missing);
    cut_flac(MIX, 200000, FIRST, first);
    cut_flac(MIX, 400000, SECOND, second);
    cut_flac(MIX, 300000, TINY, tiny);
    shell("ffmpeg -v error -y -f lavfi -i anullsrc=r=44100:cl=stereo -af atrim=end_sample=%d "
          "-sample_fmt s16 %s",
          SILENT, silent);
    shell("echo this is no music >%s", text);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_cannot_be_played_or_matched_does_not_stop_the_music),
        cmocka_unit_test(a_track_shorter_than_a_fade_does_not_spoil_the_next_one),
        cmocka_unit_test(a_list_of_nothing_to_play_ends),
        cmocka_unit_test(a_device_that_cannot_be_opened_is_told_in_one_line),
        cmocka_unit_test(a_file_on_a_full_disk_is_not_waited_for),
        cmocka_unit_test(tracks_of_two_rates_are_both_played_whole),
        cmocka_unit_test(a_device_that_refuses_the_rate_gets_it_resampled),
        cmocka_unit_test(plays_on_those_of_the_named_processors_that_are_there),
    };

    return cmocka_run_group_tests(tests, make_files, scratch_end);
}
