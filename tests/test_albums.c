/* test_albums.c - B and Z: to the next album of the queue, and to the one before. */
#include "tests/screen_support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { ALBUM = 100, ALBUMS = 3, TRACKS = ALBUM * ALBUMS, PAGE = 64 };

/* The album of a track of the queue, which has three of a hundred tracks each. */
static void write_track(FILE *file, int position)
{
    fprintf(file, "file: %d.flac\nAlbumArtist: X\nAlbum: %d\nPos: %d\nId: %d\n", position,
            position / ALBUM, position, position + 1);
}

/* A player that is at a track of that queue. */
static void open_at(struct stage *stage, int position, const char *more)
{
    char path[] = "/tmp/matchplay-albums-XXXXXX";
    int made = mkstemp(path);
    FILE *file = fdopen(made, "w");

    assert_non_null(file);
    fprintf(file,
            "> status\nvolume: 50\nplaylistlength: %d\nplaylist: 2\nstate: play\nsong: %d\n"
            "songid: %d\n%sOK\n> currentsong\n",
            TRACKS, position, position + 1, more);
    write_track(file, position);
    fprintf(file, "OK\n");
    for (int end = 1; end < TRACKS + PAGE; end++) { /* every page there can be */
        int first = end > PAGE ? end - PAGE : 0;
        int last = end < TRACKS ? end : TRACKS;

        fprintf(file, "> playlistinfo \"%d:%d\"\n", first, last);
        for (int i = first; i < last; i++) {
            write_track(file, i);
        }
        fprintf(file, "OK\n");
    }
    fclose(file);
    stage_open(stage, path, 24, 80, true);
    unlink(path);
}

static void check(int position, const char *keys, const char *asked)
{
    struct stage stage;

    open_at(&stage, position, "");
    stage_type(&stage, keys);
    if (!stage_was_asked(&stage, asked)) {
        fail_msg("%s at track %d does not send %s but %s", keys, position, asked, stage.asked);
    }
    stage_close(&stage);
}

static void goes_to_the_first_track_of_the_next_album(void **state)
{
    (void)state;
    check(0, "B", "play \"100\"\n");
    check(99, "B", "play \"100\"\n");
    check(130, "B", "play \"200\"\n");
}

static void goes_to_the_first_track_of_the_album_before(void **state)
{
    (void)state;
    check(100, "Z", "play \"0\"\n");
    check(199, "Z", "play \"0\"\n");
    check(250, "Z", "play \"100\"\n");
}

static void says_where_there_is_no_other_album(void **state)
{
    static const struct {
        int position;
        const char *keys, *said;
    } cases[] = {{250, "B", "no album after"}, {50, "Z", "no album before"}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stage stage;

        open_at(&stage, cases[i].position, "");
        stage_type(&stage, cases[i].keys);
        assert_non_null(strstr(stage.screen->message, cases[i].said));
        assert_false(stage_was_asked(&stage, "play \""));
        stage_close(&stage);
    }
}

static void is_the_next_track_in_random_order(void **state)
{
    struct stage stage;

    (void)state;
    open_at(&stage, 50, "random: 1\n");
    stage_type(&stage, "B Z");
    assert_true(stage_was_asked(&stage, "next\nprevious\n"));
    stage_close(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(goes_to_the_first_track_of_the_next_album),
        cmocka_unit_test(goes_to_the_first_track_of_the_album_before),
        cmocka_unit_test(says_where_there_is_no_other_album),
        cmocka_unit_test(is_the_next_track_in_random_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
