/* test_seek.c - after a seek the words are those of an uninterrupted run, and nothing clicks. */
#include "play_support.h"

#include "tests/match_support.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define MASTER "tests/data/master.flac"

enum {
    RATE_HZ = 44100,
    PATH_SIZE = 128,
    FADE = RATE_HZ * 20 / 1000,
    LEAD = 1024,    /* the fade, up to whole blocks */
    PIECE = 270011, /* frames of the track */
    ENOUGH = 128,   /* frames by which a place is known */
    JUMPS_MAX = 8,
};

struct jump {
    int64_t after; /* frames that the stream before has played by then; -1: at once */
    int64_t to;
};

struct walk {
    const char *path;
    bool original;
    int64_t settled; /* frames after a seek until the words count */
    double error;
};

static void settings_of(const struct walk *walk, struct player_settings *settings)
{
    record_settings(settings);
    settings->begin_with_original = walk->original;
    settings->match = !walk->original;
}

static struct stereo uninterrupted(const struct walk *walk)
{
    const char *const paths[] = {walk->path, NULL};
    struct player_settings settings;

    settings_of(walk, &settings);
    return record_list(&settings, RECORD_ALSA, paths, MASTER);
}

static struct stereo walked(const struct walk *walk, const struct jump *jumps, size_t count)
{
    struct player_settings settings;
    struct recorder recorder;
    struct stereo words;
    uint64_t before = 0;

    settings_of(walk, &settings);
    record_open(&recorder, &settings, RECORD_CLOCK, "walk.raw");
    record_add(&recorder, walk->path, MASTER);
    record_play(&recorder);
    for (size_t i = 0; i < count; i++) {
        if (jumps[i].after >= 0) {
            record_until_next(&recorder, before, jumps[i].after);
            before = record_stream(&recorder);
        }
        player_seek(recorder.player, (double)jumps[i].to / RATE_HZ, false);
    }
    record_until_ended(&recorder);
    record_close(&recorder);
    assert_int_equal(recorder.line_count, 0);
    words = words_read(recorder.path);
    record_finish(&recorder);
    return words;
}

/* The 20 ms before words[at]: `old` goes, `now` comes; what B has before the track's first frame
   (its filter rings there) is left out. */
static void check_fade(const struct stereo *words, int64_t at, const struct stereo *whole,
                       int64_t old, int64_t now, const struct walk *walk)
{
    for (int64_t k = 0; k < FADE; k++) {
        double w = (double)k / FADE;

        if (now + k < 0 && !walk->original) {
            continue;
        }
        for (int c = 0; c < 2; c++) {
            double wanted =
                (1.0 - w) * words_at(whole, c, old + k) + w * words_at(whole, c, now + k);

            assert_true(fabs(words_at(words, c, at + k) - wanted) <= 1e-6);
        }
    }
}

static void check_walk(const struct walk *walk, const struct jump *jumps, size_t count)
{
    struct stereo whole = uninterrupted(walk);
    struct stereo words = walked(walk, jumps, count);
    int64_t frames = (int64_t)whole.frames;
    int64_t begin = 0; /* words[begin] is whole[from] */
    int64_t from = 0;
    int64_t settled = 0;

    for (size_t i = 0; i < count; i++) {
        int64_t to = jumps[i].to;
        int64_t least = jumps[i].after > settled ? jumps[i].after : settled;
        int64_t enough =
            frames - to - walk->settled < ENOUGH ? frames - to - walk->settled : ENOUGH;
        int64_t place = i + 1 == count ? (int64_t)words.frames - (frames - to)
                                       : words_find(&words, begin + least + walk->settled, &whole,
                                                    to + walk->settled, enough, walk->error) -
                                             walk->settled;

        assert_true(place - FADE >= begin + settled);
        assert_true(words_error(&words, begin + settled, &whole, from + settled,
                                place - FADE - begin - settled) <= walk->error);
        if (walk->settled == 0) {
            check_fade(&words, place - FADE, &whole, from + place - FADE - begin, to - FADE, walk);
        }
        begin = place;
        from = to;
        settled = walk->settled;
    }
    assert_true(words_error(&words, begin + settled, &whole, from + settled,
                            frames - from - settled) <= walk->error);
    stereo_destroy(&whole);
    stereo_destroy(&words);
}

/* Forward, back, near the beginning, several in a row, and on to the end. */
static const struct jump jumps[] = {{15000, 200001}, {9000, 33333},        {9000, 100},
                                    {12000, 150007}, {-1, 70000},          {-1, 181818},
                                    {-1, 0},         {6000, PIECE - 30000}};
enum { JUMPS = sizeof jumps / sizeof jumps[0] };

static char piece[PATH_SIZE];

static void seeking_in_a_lossless_file_is_exact(void **state)
{
    (void)state;
    check_walk(&(struct walk){.path = piece, .original = true}, jumps, JUMPS);
}

static void seeking_in_matched_sound_is_as_if_it_had_always_played(void **state)
{
    (void)state;
    check_walk(&(struct walk){.path = piece, .error = 1e-6}, jumps, JUMPS);
}

static void seeking_to_the_last_frames_plays_them(void **state)
{
    static const int64_t left[] = {1, 700, 2000};

    (void)state;
    for (size_t i = 0; i < sizeof left / sizeof left[0]; i++) {
        const struct jump jump = {8000, PIECE - left[i]};

        check_walk(&(struct walk){.path = piece, .original = true}, &jump, 1);
        check_walk(&(struct walk){.path = piece, .error = 1e-6}, &jump, 1);
    }
}

static void seeking_at_random_frames_is_exact(void **state)
{
    uint64_t seed = test_seed(4711);
    struct jump random[JUMPS_MAX];

    (void)state;
    for (int i = 0; i < JUMPS_MAX; i++) {
        random[i].after = 3000 + (int64_t)(fabs(random_unit(&seed)) * 6000.0);
        random[i].to = (int64_t)(fabs(random_unit(&seed)) * (PIECE - 20000));
    }
    random[JUMPS_MAX - 1].to = PIECE - 17003; /* so that the end is near */
    check_walk(&(struct walk){.path = piece, .original = true}, random, JUMPS_MAX);
    check_walk(&(struct walk){.path = piece, .error = 1e-6}, random, JUMPS_MAX);
}

static void seeking_in_a_lossy_file_is_close_after_100_ms(void **state)
{
    static const struct jump few[] = {{15000, 160001}, {12000, 40000}, {12000, PIECE - 24000}};
    static const char *const coders[][2] = {
        {"mp3", "libmp3lame -q:a 2"}, {"ogg", "libvorbis -q:a 5"}, {"m4a", "aac -b:a 192k"}};

    (void)state;
    for (size_t i = 0; i < sizeof coders / sizeof coders[0]; i++) {
        char path[PATH_SIZE], name[32];
        struct walk walk = {.path = path, .settled = RATE_HZ / 10, .error = 3.1e-5};

        snprintf(name, sizeof name, "piece.%s", coders[i][0]);
        scratch_path(name, path, sizeof path);
        shell("ffmpeg -v error -y -i %s -c:a %s %s", piece, coders[i][1], path);
        walk.original = true;
        check_walk(&walk, few, 3);
        if (i == 0) {
            walk.original = false;
            check_walk(&walk, few, 3);
        }
    }
}

static void seeking_while_paused_goes_on_there(void **state)
{
    enum { TO = 123457 };
    static const struct walk walks[] = {{.path = piece, .original = true},
                                        {.path = piece, .error = 1e-6}};

    (void)state;
    for (int i = 0; i < 2; i++) {
        const struct walk *walk = &walks[i];
        struct stereo whole = uninterrupted(walk);
        struct player_settings settings;
        struct recorder recorder;
        struct stereo words;
        int64_t paused, begin;

        settings_of(walk, &settings);
        record_open(&recorder, &settings, RECORD_CLOCK, "paused.raw");
        record_add(&recorder, piece, MASTER);
        record_play(&recorder);
        record_until(&recorder, 20000);
        player_set_paused(recorder.player, true);
        record_until_paused(&recorder, true);
        player_seek(recorder.player, (double)TO / RATE_HZ, false);
        record_until_next(&recorder, record_stream(&recorder), -LEAD);
        record_until_paused(&recorder, true);
        player_set_paused(recorder.player, false);
        record_until_ended(&recorder);
        record_close(&recorder);
        words = words_read(recorder.path);
        record_finish(&recorder);

        begin = (int64_t)words.frames - ((int64_t)whole.frames - TO);
        paused = begin - LEAD - FADE; /* where the fade out began */
        assert_true(paused >= 20000);
        assert_true(words_error(&words, 0, &whole, 0, paused) <= walk->error);
        for (int64_t k = 0; k < FADE; k++) {
            for (int c = 0; c < 2; c++) {
                double gone = words_at(&whole, c, paused + k) * (1.0 - (double)k / FADE);
                double come = words_at(&whole, c, TO - FADE + k) * (double)k / FADE;

                assert_true(fabs(words_at(&words, c, paused + k) - gone) <= 1e-6);
                assert_true(fabs(words_at(&words, c, begin - FADE + k) - come) <= 1e-6);
            }
        }
        assert_true(words_error(&words, begin, &whole, TO, (int64_t)whole.frames - TO) <=
                    walk->error);
        stereo_destroy(&whole);
        stereo_destroy(&words);
    }
}

static int make_piece(void **state)
{
    (void)state;
    scratch_path("piece.flac", piece, sizeof piece);
    cut_flac("tests/data/mix.flac", 44100 * 3, PIECE, piece);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seeking_in_a_lossless_file_is_exact),
        cmocka_unit_test(seeking_in_matched_sound_is_as_if_it_had_always_played),
        cmocka_unit_test(seeking_to_the_last_frames_plays_them),
        cmocka_unit_test(seeking_at_random_frames_is_exact),
        cmocka_unit_test(seeking_in_a_lossy_file_is_close_after_100_ms),
        cmocka_unit_test(seeking_while_paused_goes_on_there),
    };

    return cmocka_run_group_tests(tests, make_piece, scratch_end);
}
