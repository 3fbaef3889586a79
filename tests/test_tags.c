/* test_tags.c - what files say about themselves, made clean. */
#include "media/tags.h"

#include "media/text.h"
#include "media_fixtures.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stddef.h>

#include <cmocka.h>

static void reads_the_tags_of_every_common_format(void **state)
{
    static const char *const names[] = {"t.flac", "t.mp3", "t.ogg", "t.opus", "t.m4a", "t.wv"};
    char path[FIXTURE_PATH_SIZE];

    fixture_write_wav(fixture_path(path, state, "t.wav"), 16, 2, 48000, 0, 48000);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct tags tags;

        fixture_run(state,
                    "ffmpeg -nostdin -v error -y -i t.wav -metadata title='Tïtle' -metadata "
                    "artist=Artist -metadata album=Album -metadata album_artist=Various -metadata "
                    "track=7/12 -metadata disc=2 %s",
                    names[i]);
        assert_int_equal(tags_read(&tags, fixture_path(path, state, names[i]), NULL), 0);
        assert_string_equal(tags_first(&tags, TAG_TITLE), "Tïtle");
        assert_string_equal(tags_first(&tags, TAG_ARTIST), "Artist");
        assert_string_equal(tags_first(&tags, TAG_ALBUM), "Album");
        assert_string_equal(tags_first(&tags, TAG_ALBUM_ARTIST), "Various");
        assert_int_equal(atoi(tags_first(&tags, TAG_TRACK)), 7);
        assert_int_equal(atoi(tags_first(&tags, TAG_DISC)), 2);
    }
}

static void leaves_empty_what_a_file_does_not_say(void **state)
{
    char path[FIXTURE_PATH_SIZE];
    struct tags tags;

    memset(&tags, 'x', sizeof tags);
    assert_int_equal(tags_read(&tags, fixture_path(path, state, "t.wav"), NULL), 0);
    assert_string_equal(tags_first(&tags, TAG_TITLE), "");
    assert_string_equal(tags_first(&tags, TAG_ARTIST), "");
    assert_string_equal(tags_first(&tags, TAG_TRACK), "");
    assert_string_equal(tags_first(&tags, TAG_DISC), "");
}

static void says_which_file_could_not_be_read(void **state)
{
    char path[FIXTURE_PATH_SIZE];
    struct media_error error;
    struct tags tags;

    assert_int_equal(tags_read(&tags, fixture_path(path, state, "nowhere.mp3"), &error), -ENOENT);
    assert_non_null(strstr(error.message, "nowhere.mp3: "));
    fixture_write_bytes(fixture_path(path, state, "x.ogg"), "no music", 8);
    assert_int_equal(tags_read(&tags, path, &error), -EINVAL);
}

static void makes_clean_text_of_anything(void **state)
{
    char text[16];

    (void)state;
    text_clean(text, sizeof text, "  a\tb\r\nc\x1b[1m ");
    assert_string_equal(text, "a b  c [1m");
    text_clean(text, sizeof text, "caf\xe9"); /* Latin-1 */
    assert_string_equal(text, "café");
    text_clean(text, sizeof text, "\xed\xbf\x80"); /* a surrogate is no UTF-8 */
    assert_string_equal(text, "í¿"); /* so it is Latin-1, where the last is a control */
    text_clean(text, sizeof text, "ok\xc2\x9bz"); /* a control character of two bytes */
    assert_string_equal(text, "ok z");
    text_clean(text, 6, "abcdé"); /* the last character takes two bytes: no room with the end */
    assert_string_equal(text, "abcd");
    text_clean(text, sizeof text, "𝄞𝄞𝄞𝄞");
    assert_string_equal(text, "𝄞𝄞𝄞");
    text_clean(text, sizeof text, "   ");
    assert_string_equal(text, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_tags_of_every_common_format),
        cmocka_unit_test(leaves_empty_what_a_file_does_not_say),
        cmocka_unit_test(says_which_file_could_not_be_read),
        cmocka_unit_test(makes_clean_text_of_anything),
    };

    return cmocka_run_group_tests(tests, fixtures_make_folder, fixtures_remove_folder);
}
