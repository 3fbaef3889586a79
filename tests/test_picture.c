/* test_picture.c - covers inside of files and beside them. */
#include "library/cover.h"
#include "media/picture.h"

#include "media_fixtures.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stddef.h>

#include <cmocka.h>

static void gives_the_picture_of_every_common_format(void **state)
{
    static const char *const names[] = {"p.flac", "p.mp3", "p.m4a"};
    char path[FIXTURE_PATH_SIZE];
    size_t size;
    unsigned char *original;

    fixture_write_wav(fixture_path(path, state, "p.wav"), 16, 2, 44100, 0, 44100);
    fixture_run(state, "ffmpeg -nostdin -v error -y -f lavfi -i color=red:s=64x64 -frames:v 1 "
                       "-update 1 red.jpg");
    original = fixture_read_bytes(fixture_path(path, state, "red.jpg"), &size);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct picture picture;

        fixture_run(state,
                    "ffmpeg -nostdin -v error -y -i p.wav -i red.jpg -map 0 -map 1 -c:v copy "
                    "-disposition:v attached_pic %s",
                    names[i]);
        assert_int_equal(picture_read(&picture, fixture_path(path, state, names[i]), NULL), 0);
        assert_string_equal(picture.mime, "image/jpeg");
        assert_int_equal(picture.size, size);
        assert_memory_equal(picture.bytes, original, size);
        picture_finish(&picture);
    }
    free(original);
}

static void prefers_the_front_to_the_back(void **state)
{
    char path[FIXTURE_PATH_SIZE];
    struct picture picture;

    fixture_run(state, "ffmpeg -nostdin -v error -y -f lavfi -i color=blue:s=32x32 -frames:v 1 "
                       "-update 1 back.png");
    fixture_run(state, "ffmpeg -nostdin -v error -y -i p.wav -i back.png -i red.jpg -map 0 -map 1 "
                       "-map 2 -c:v copy -metadata:s:v:0 comment='Cover (back)' -metadata:s:v:1 "
                       "comment='Cover (front)' two.mp3");
    assert_int_equal(picture_read(&picture, fixture_path(path, state, "two.mp3"), NULL), 0);
    assert_string_equal(picture.mime, "image/jpeg");
    picture_finish(&picture);
}

static void says_that_there_is_none(void **state)
{
    char path[FIXTURE_PATH_SIZE];
    struct media_error error;
    struct picture picture;

    assert_int_equal(picture_read(&picture, fixture_path(path, state, "p.wav"), &error), -ENODATA);
    assert_non_null(strstr(error.message, "p.wav: there is no picture"));
    picture_finish(&picture);
    assert_int_equal(picture_read(&picture, fixture_path(path, state, "none.mp3"), &error),
                     -ENOENT);
    picture_finish(&picture);
}

static void assert_cover(void **state, const char *track, const char *cover)
{
    char path[FIXTURE_PATH_SIZE], wanted[FIXTURE_PATH_SIZE];
    char *found = cover_find(fixture_path(path, state, track));

    if (cover == NULL) {
        assert_null(found);
        assert_int_equal(errno, ENOENT);
        return;
    }
    assert_non_null(found);
    assert_string_equal(found, fixture_path(wanted, state, cover));
    free(found);
}

static void finds_the_cover_beside_a_track(void **state)
{
    fixture_run(state, "mkdir -p a b/CD2 b/live c; touch a/Folder.JPG a/x.png b/cover.png "
                       "b/front.png; mkdir c/cover.png");
    assert_cover(state, "a/1.flac", "a/Folder.JPG");
    fixture_run(state, "touch a/cover.jpeg");
    assert_cover(state, "a/1.flac", "a/cover.jpeg");
    assert_cover(state, "b/1.flac", "b/cover.png");
    assert_cover(state, "b/CD2/1.flac", "b/cover.png");
    assert_cover(state, "b/live/1.flac", NULL);
    assert_cover(state, "c/1.flac", NULL);
    assert_cover(state, "nowhere/1.flac", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_the_picture_of_every_common_format),
        cmocka_unit_test(prefers_the_front_to_the_back),
        cmocka_unit_test(says_that_there_is_none),
        cmocka_unit_test(finds_the_cover_beside_a_track),
    };

    return cmocka_run_group_tests(tests, fixtures_make_folder, fixtures_remove_folder);
}
