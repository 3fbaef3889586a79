/* test_playlist_commands.c - clients save, load and change playlists as they do with MPD. */
#include "queue_support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void assert_ok(int client, const char *line)
{
    assert_string_equal(served_ask(client, line), "OK\n");
}

static void assert_uris(int client, const char *line, const char *wanted)
{
    assert_string_equal(queue_support_uris(client, line), wanted);
}

static void put(const struct served *served, const char *name, const char *text)
{
    char path[300];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", served_folder(served), name);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static size_t times(const char *text, const char *word)
{
    size_t count = 0;

    for (; (text = strstr(text, word)) != NULL; text += strlen(word)) {
        count++;
    }
    return count;
}

/* True if the entry at "Pos: N" came from jazz. */
static bool is_of_jazz(const char *queue, const char *place)
{
    const char *at = strstr(queue, place);
    const char *next = at != NULL ? strstr(at, "file: ") : NULL;
    const char *origin = at != NULL ? strstr(at, "Origin: jazz\n") : NULL;

    return origin != NULL && (next == NULL || origin < next);
}

static void what_was_queued_before_comes_back_with_its_playlists(void **state)
{
    int client = served_connect(*state);
    const char *queue;

    assert_ok(client, "add d");
    assert_ok(client, "save jazz");
    assert_ok(client, "load jazz 0:1");
    assert_ok(client, "add one.wav");
    assert_ok(client, "load jazz 1:3");
    assert_ok(client, "save .previous");
    assert_ok(client, "clear");
    assert_ok(client, "load .previous");
    assert_uris(client, "playlist", "d/a d/b d/e/c d/a one d/b d/e/c");
    queue = served_ask(client, "match queue");
    assert_int_equal(times(queue, "Origin: "), 3);
    assert_true(is_of_jazz(queue, "Pos: 3\n"));
    assert_false(is_of_jazz(queue, "Pos: 4\n"));
    assert_true(is_of_jazz(queue, "Pos: 6\n"));
    assert_ok(client, "save all"); /* a playlist of its own is where all of it comes from */
    assert_ok(client, "clear");
    assert_ok(client, "load all");
    assert_int_equal(times(served_ask(client, "match queue"), "Origin: all\n"), 7);
    close(client);
}

static void saves_and_loads(void **state)
{
    int client = served_connect(*state);

    assert_ok(client, "add d");
    assert_ok(client, "save jazz");
    assert_string_equal(served_ask(client, "save jazz"),
                        "ACK [56@0] {save} Playlist already exists\n");
    assert_string_equal(served_ask(client, "save a/b"), "ACK [2@0] {save} Bad playlist name\n");
    assert_ok(client, "clear");
    assert_ok(client, "add one.wav");
    assert_ok(client, "save jazz append");
    assert_uris(client, "listplaylist jazz", "d/a d/b d/e/c one");
    assert_uris(client, "listplaylistinfo jazz", "d/a d/b d/e/c one");
    assert_string_equal(served_ask(client, "save none append"),
                        "ACK [50@0] {save} No such playlist\n");
    assert_ok(client, "load jazz 1:3 0");
    assert_uris(client, "playlist", "d/b d/e/c one");
    assert_ok(client, "save jazz replace");
    assert_uris(client, "listplaylist jazz", "d/b d/e/c one");
    assert_string_equal(served_value(served_ask(client, "listplaylists"), "playlist"), "jazz");
    assert_string_equal(served_ask(client, "load none"), "ACK [50@0] {load} No such playlist\n");
    assert_string_equal(served_ask(client, "load ../x.m3u"),
                        "ACK [50@0] {load} No such playlist\n");
    assert_string_equal(served_ask(client, "load jazz 0:1 9"),
                        "ACK [2@0] {load} Number too large: 9\n");
    close(client);
}

static void changes_one_by_position(void **state)
{
    int client = served_connect(*state);

    assert_ok(client, "playlistadd n one.wav");
    assert_ok(client, "playlistadd n d");
    assert_ok(client, "playlistadd n two.wav 1");
    assert_uris(client, "listplaylist n", "one two d/a d/b d/e/c");
    assert_string_equal(served_ask(client, "playlistadd n two.wav 6"),
                        "ACK [2@0] {playlistadd} Bad position\n");
    assert_ok(client, "playlistmove n 0 4");
    assert_ok(client, "playlistdelete n 1");
    assert_uris(client, "listplaylist n", "two d/b d/e/c one");
    assert_ok(client, "playlistdelete n 1:3");
    assert_uris(client, "listplaylist n", "two one");
    assert_string_equal(served_ask(client, "playlistdelete n 3"),
                        "ACK [2@0] {playlistdelete} Bad song index\n");
    assert_string_equal(served_ask(client, "playlistmove n 2 0"),
                        "ACK [2@0] {playlistmove} Bad range\n");
    assert_ok(client, "playlistclear n");
    assert_uris(client, "listplaylist n", "");
    assert_ok(client, "rename n m");
    assert_string_equal(served_ask(client, "rename n m"), "ACK [50@0] {rename} No such playlist\n");
    assert_ok(client, "rm m");
    assert_string_equal(served_ask(client, "rm m"), "ACK [50@0] {rm} No such playlist\n");
    close(client);
}

static void loads_what_lies_among_the_music(void **state)
{
    int client = served_connect(*state);

    put(*state, "music/d/l.m3u", "#EXTM3U\na.wav\n../one.wav\nnothing.wav\ne/c.wav\n");
    assert_uris(client, "listplaylist d/l.m3u", "d/a one d/nothing d/e/c");
    assert_ok(client, "load d/l.m3u");
    assert_uris(client, "playlist", "d/a one d/e/c");
    close(client);
}

static void lines_of_others_and_the_reference_are_kept(void **state)
{
    int client = served_connect(*state);
    char path[300], text[500] = "";
    FILE *file;

    assert_ok(client, "playlistadd n one.wav"); /* makes the folder */
    put(*state, "data/matchplay/playlists/n.m3u8",
        "#MATCHPLAY-REFERENCE:1,/r.flac\n#EXTINF:1,One\none.wav\ntwo.wav\n");
    assert_ok(client, "playlistmove n 0 1");
    assert_ok(client, "playlistadd n three.wav 0");
    assert_ok(client, "rename n m");
    snprintf(path, sizeof path, "%s/data/matchplay/playlists/m.m3u8", served_folder(*state));
    file = fopen(path, "r");
    assert_non_null(file);
    assert_true(fread(text, 1, sizeof text - 1, file) > 0);
    fclose(file);
    assert_string_equal(text, "#MATCHPLAY-REFERENCE:1,/r.flac\nthree.wav\ntwo.wav\n"
                              "#EXTINF:1,One\none.wav\n");
    close(client);
}

static void others_are_told_of_changes(void **state)
{
    int client = served_connect(*state), other = served_connect(*state);

    served_say(other, "idle stored_playlist\n", 21);
    assert_ok(client, "playlistadd n one.wav");
    assert_string_equal(served_hear(other), "changed: stored_playlist\nOK\n");
    close(client);
    close(other);
}

static void an_edit_by_hand_is_told(void **state)
{
    int client = served_connect(*state), other;

    assert_ok(client, "playlistadd n one.wav");
    other = served_connect(*state); /* what came before is not told */
    served_say(other, "idle stored_playlist match\n", 27);
    put(*state, "data/matchplay/playlists/n.m3u8", "#MATCHPLAY-REFERENCE:1,/r.flac\ntwo.wav\n");
    assert_string_equal(served_hear(other), "changed: stored_playlist\nchanged: match\nOK\n");
    assert_uris(client, "listplaylist n", "two");
    served_say(other, "idle match\n", 11);
    put(*state, "data/matchplay/references", "[all]\n#MATCHPLAY-REFERENCE:1,/r.flac\n");
    assert_string_equal(served_hear(other), "changed: match\nOK\n");
    close(client);
    close(other);
}

int main(void)
{
#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, queue_support_set_up, queue_support_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(saves_and_loads),
        TEST(what_was_queued_before_comes_back_with_its_playlists),
        TEST(changes_one_by_position),
        TEST(loads_what_lies_among_the_music),
        TEST(lines_of_others_and_the_reference_are_kept),
        TEST(others_are_told_of_changes),
        TEST(an_edit_by_hand_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
