/* test_decoding.c - the decoder in a thread of its own gives what the decoder gives. */
#include "player/decoding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

enum { STEP = 700 };

struct sound {
    float *channel[2];
    size_t frames;
};

static void make_room(struct sound *sound)
{
    for (int c = 0; c < 2; c++) {
        sound->channel[c] = realloc(sound->channel[c], (sound->frames + STEP) * sizeof(float));
        assert_non_null(sound->channel[c]);
    }
}

static struct decoder *open_track(const char *path)
{
    struct media_error error;
    struct decoder *decoder;

    assert_int_equal(decoder_open(&decoder, path, 0, &error), 0);
    return decoder;
}

/* At most `most` frames; through `decoding` unless it is NULL. */
static struct sound read_sound(struct decoding *decoding, struct decoder *decoder, size_t most)
{
    struct sound sound = {{NULL, NULL}, 0};
    struct media_error error;
    ssize_t got = 1;

    while (got != 0 && sound.frames < most) {
        float *channel[2];

        make_room(&sound);
        channel[0] = sound.channel[0] + sound.frames;
        channel[1] = sound.channel[1] + sound.frames;
        got = decoding != NULL ? decoding_read(decoding, decoder, channel, STEP, &error)
                               : decoder_read(decoder, channel, STEP, &error);
        if (got != DECODING_WAITS) {
            assert_true(got >= 0);
            sound.frames += (size_t)got;
        }
    }
    return sound;
}

static void assert_same(struct sound *one, struct sound *other, size_t frames)
{
    assert_true(one->frames >= frames && other->frames >= frames);
    for (int c = 0; c < 2; c++) {
        assert_memory_equal(one->channel[c], other->channel[c], frames * sizeof(float));
        free(one->channel[c]);
        free(other->channel[c]);
    }
}

static void gives_every_frame_to_the_end(void **state)
{
    struct decoding *decoding = decoding_create();
    struct decoder *one = open_track("tests/data/mono.flac");
    struct decoder *other = open_track("tests/data/mono.flac");
    struct sound got, wanted;

    (void)state;
    assert_non_null(decoding);
    got = read_sound(decoding, one, SIZE_MAX);
    wanted = read_sound(NULL, other, SIZE_MAX);
    assert_int_equal(got.frames, wanted.frames);
    assert_same(&got, &wanted, wanted.frames);
    decoding_leave(decoding);
    decoder_close(one);
    decoder_close(other);
    decoding_destroy(decoding);
}

static void begins_anew_with_another_track(void **state)
{
    struct decoding *decoding = decoding_create();
    struct decoder *left = open_track("tests/data/mono.flac");
    struct decoder *one = open_track("tests/data/ambient.flac");
    struct decoder *other = open_track("tests/data/ambient.flac");
    struct sound dropped, got, wanted;

    (void)state;
    assert_non_null(decoding);
    dropped = read_sound(decoding, left, 3 * STEP);
    free(dropped.channel[0]);
    free(dropped.channel[1]);
    decoding_leave(decoding);
    decoder_close(left);
    got = read_sound(decoding, one, 20000);
    wanted = read_sound(NULL, other, 20000);
    assert_same(&got, &wanted, 20000);
    decoding_leave(decoding);
    decoder_close(one);
    decoder_close(other);
    decoding_destroy(decoding);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_every_frame_to_the_end),
        cmocka_unit_test(begins_anew_with_another_track),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
