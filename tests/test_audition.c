/* test_audition.c - the reference itself in place of the track: as loud as what it is compared to.
 */
#include "play_support.h"
#include "tests/match_support.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define MASTER "tests/data/master.flac"

enum { RATE_HZ = 44100, PIECE = 8 * RATE_HZ, GLIDE_MS = 2300 };

static char piece[128];

static struct stereo sound_of(const char *path, const char *reference)
{
    const char *const paths[] = {path, NULL};
    struct player_settings settings;

    record_settings(&settings);
    return record_list(&settings, RECORD_ALSA, paths, reference);
}

static void open_player(struct recorder *recorder, const char *name)
{
    struct player_settings settings;

    record_settings(&settings);
    settings.equal_loudness = true;
    record_open(recorder, &settings, RECORD_CLOCK, name);
    record_add(recorder, piece, MASTER);
}

/* Hears a file in place of the track until it is measured how loud both are; the status then. */
static void hear(struct recorder *recorder, const char *path, struct player_status *status)
{
    record_play(recorder);
    record_until(recorder, 2000);
    assert_int_equal(player_hear(recorder->player, path, 0.0, 0.0), 0);
    for (int i = 0; i < 3000; i++) {
        player_read_status(recorder->player, status);
        if (status->audition && status->state == PLAYER_PLAYING && !status->gain_c_estimated) {
            return;
        }
        usleep(10000);
    }
    fail_msg("it was never measured");
}

/* What the device gets once the gain is reached is the file, by that gain. */
static void check_words(struct recorder *recorder, const struct stereo *file, double gain_db)
{
    struct stereo wanted = stereo_create(file->frames), words;
    int64_t position;

    for (int c = 0; c < 2; c++) {
        for (size_t i = 0; i < file->frames; i++) {
            wanted.channel[c][i] = file->channel[c][i] * pow(10.0, gain_db / 20.0);
        }
    }
    usleep(GLIDE_MS * 1000);
    position = record_position(recorder);
    assert_true(position + 10000 < (int64_t)file->frames);
    record_until(recorder, position + 10000);
    record_close(recorder);
    words = words_read(recorder->path);
    words_find(&words, 0, &wanted, position, 4000, 1e-4);
    stereo_destroy(&words);
    stereo_destroy(&wanted);
}

static void the_reference_is_as_loud_as_the_quieter_of_a_and_b(void **state)
{
    struct stereo a = sound_of(piece, NULL), b = sound_of(piece, MASTER);
    struct stereo master = sound_of(MASTER, NULL);
    struct recorder recorder;
    struct player_status status;
    double wanted;

    (void)state;
    open_player(&recorder, "c.raw");
    hear(&recorder, MASTER, &status);
    wanted = fmin(words_lufs(&a, a.frames), words_lufs(&b, b.frames)) -
             words_lufs(&master, master.frames);
    assert_true(fabs(status.gain_c_db - wanted) < 0.1);
    assert_true(status.quieter_db == 0.0);
    check_words(&recorder, &master, status.gain_c_db);
    record_finish(&recorder);
    stereo_destroy(&a);
    stereo_destroy(&b);
    stereo_destroy(&master);
}

/* The match in both: the original is not what it is compared to. */
static void the_slots_decide_what_it_is_compared_to(void **state)
{
    struct stereo original = sound_of(piece, NULL), matched = sound_of(piece, MASTER);
    struct stereo master = sound_of(MASTER, NULL);
    struct recorder recorder;
    struct player_status status;
    struct rack rack;
    double wanted;

    (void)state;
    open_player(&recorder, "slots.raw");
    rack_init_exact(&rack);
    record_set_a(&recorder, &rack);
    hear(&recorder, MASTER, &status);
    wanted = words_lufs(&matched, matched.frames) - words_lufs(&master, master.frames);
    assert_true(
        fabs(words_lufs(&original, original.frames) - words_lufs(&matched, matched.frames)) > 3.0);
    assert_true(fabs(status.gain_c_db - wanted) < 0.1);
    record_close(&recorder);
    record_finish(&recorder);
    stereo_destroy(&original);
    stereo_destroy(&matched);
    stereo_destroy(&master);
}

static void a_quieter_one_is_turned_up_as_far_as_its_peaks_allow(void **state)
{
    struct stereo a = sound_of(piece, NULL), quiet, loud;
    struct recorder recorder;
    struct player_status status;
    char path[128], peaks[128];

    (void)state;
    scratch_path("quiet.flac", path, sizeof path);
    shell("ffmpeg -v error -y -i %s -af volume=-12dB -sample_fmt s32 %s", piece, path);
    quiet = sound_of(path, NULL);
    open_player(&recorder, "quiet.raw");
    hear(&recorder, path, &status);
    assert_true(fabs(status.gain_c_db -
                     (words_lufs(&a, a.frames) - words_lufs(&quiet, quiet.frames))) < 0.1);
    assert_true(status.gain_c_db > 11.0 && status.quieter_db == 0.0);
    check_words(&recorder, &quiet, status.gain_c_db);
    record_finish(&recorder);
    /* The same with one sample at full scale: there is no room. */
    scratch_path("peaks.flac", peaks, sizeof peaks);
    shell("ffmpeg -v error -y -i %s -af \"aeval=if(eq(n\\,1000)\\,1\\,val(0)):c=same\" "
          "-sample_fmt s32 %s",
          path, peaks);
    loud = sound_of(peaks, NULL);
    open_player(&recorder, "peaks.raw");
    hear(&recorder, peaks, &status);
    assert_true(fabs(status.gain_c_db) < 0.1);
    assert_true(fabs(status.quieter_db -
                     (words_lufs(&a, a.frames) - words_lufs(&loud, loud.frames))) < 0.2);
    record_close(&recorder);
    record_finish(&recorder);
    stereo_destroy(&a);
    stereo_destroy(&quiet);
    stereo_destroy(&loud);
}

static int make_piece(void **state)
{
    (void)state;
    scratch_path("piece.flac", piece, sizeof piece);
    cut_flac("tests/data/mix.flac", 2 * RATE_HZ, PIECE, piece);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_reference_is_as_loud_as_the_quieter_of_a_and_b),
        cmocka_unit_test(the_slots_decide_what_it_is_compared_to),
        cmocka_unit_test(a_quieter_one_is_turned_up_as_far_as_its_peaks_allow),
    };

    return cmocka_run_group_tests(tests, make_piece, scratch_end);
}
