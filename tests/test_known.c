/* test_known.c - a track whose match is known from before sounds as one that was measured now, from
   wherever it is begun. */
#include "play_support.h"

#include "tests/match_support.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define TARGET "tests/data/mix.flac"
#define MASTER "tests/data/master.flac"

enum { RATE_HZ = 44100 };

static struct cache *open_cache(void)
{
    char path[128];
    struct cache *cache;

    scratch_path("known.db", path, sizeof path);
    cache = cache_open(path, 64 << 20, NULL);
    assert_non_null(cache);
    return cache;
}

/* Begun at its first frame, and, once it is heard, at another place (< 0: none); played to its end.
 *known: nothing was measured for it. */
static struct stereo played(struct cache *cache, double seconds, bool *known)
{
    struct player_settings settings;
    struct recorder recorder;
    struct stereo words;
    struct match *match;

    record_settings(&settings);
    settings.cache = cache;
    record_open(&recorder, &settings, seconds < 0.0 ? RECORD_ALSA : RECORD_CLOCK, "known.raw");
    record_add(&recorder, TARGET, MASTER);
    record_play(&recorder);
    record_until(&recorder, 4096);
    match = player_hold_match(recorder.player, 1);
    *known =
        match != NULL && match_rehearsal(match) != NULL && match_rehearsal(match)->checkpoints == 0;
    match_release(match);
    if (seconds >= 0.0) {
        player_seek(recorder.player, seconds, false);
    }
    record_until_ended(&recorder);
    record_close(&recorder);
    assert_int_equal(recorder.line_count, 0);
    words = words_read(recorder.path);
    record_finish(&recorder);
    return words;
}

static void a_known_track_sounds_the_same_from_any_place(void **state)
{
    static const double places[] = {-1.0, 23.0, 22.5};
    struct cache *cache = open_cache();
    struct stereo whole, words;
    bool known;

    (void)state;
    whole = played(cache, -1.0, &known);
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        int64_t from = places[i] > 0.0 ? (int64_t)(places[i] * RATE_HZ) : 0;
        int64_t frames = (int64_t)whole.frames - from;

        cache_close(cache); /* another day */
        cache = open_cache();
        words = played(cache, places[i], &known);
        assert_true(known);
        assert_true((int64_t)words.frames >= frames);
        assert_true(words_error(&words, (int64_t)words.frames - frames, &whole, from, frames) <=
                    1e-6);
        stereo_destroy(&words);
    }
    stereo_destroy(&whole);
    cache_close(cache);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_known_track_sounds_the_same_from_any_place),
    };

    return cmocka_run_group_tests(tests, NULL, scratch_end);
}
