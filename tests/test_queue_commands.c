/* test_queue_commands.c - clients fill, order and follow the queue as they do with MPD. */
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

#define ALL "one three two d/a d/b d/e/c"

static void assert_ok(int client, const char *line)
{
    assert_string_equal(served_ask(client, line), "OK\n");
}

static void assert_queue(int client, const char *wanted)
{
    assert_string_equal(queue_support_uris(client, "playlist"), wanted);
}

/* The id of what stands at a position. */
static int id_at(int client, int position)
{
    char line[40];

    snprintf(line, sizeof line, "playlistinfo %d", position);
    return atoi(served_value(served_ask(client, line), "Id"));
}

static void adds_songs_and_folders_where_they_are_wanted(void **state)
{
    int client = served_connect(*state);

    assert_ok(client, "add /");
    assert_queue(client, ALL);
    assert_ok(client, "clear");
    assert_ok(client, "add one.wav");
    assert_ok(client, "add d 0");
    assert_queue(client, "d/a d/b d/e/c one");
    assert_true(atoi(served_value(served_ask(client, "addid two.wav 1"), "Id")) > 0);
    assert_queue(client, "d/a two d/b d/e/c one");
    assert_string_equal(served_ask(client, "add nothing"), "ACK [50@0] {add} No such directory\n");
    assert_string_equal(served_ask(client, "addid d"), "ACK [50@0] {addid} No such song\n");
    assert_string_equal(served_ask(client, "add one.wav 6"),
                        "ACK [2@0] {add} Number too large: 6\n");
    assert_string_equal(served_ask(client, "addid one.wav +0"),
                        "ACK [55@0] {addid} No current song\n");
    assert_string_equal(served_ask(client, "add gopher://radio/x.mp3"),
                        "ACK [2@0] {add} Unsupported URI scheme\n");
    assert_string_equal(served_ask(client, "add ../x"), "ACK [50@0] {add} No such directory\n");
    assert_queue(client, "d/a two d/b d/e/c one");
    close(client);
}

static void addresses_are_queued_as_they_are(void **state)
{
    int client = served_connect(*state);

    assert_string_equal(served_ask(client, "add http://radio.example/live"), "OK\n");
    assert_non_null(strstr(served_ask(client, "addid https://radio.example/ 0"), "Id: "));
    assert_string_equal(served_ask(client, "playlist"), "0:file: https://radio.example/\n"
                                                        "1:file: http://radio.example/live\nOK\n");
    assert_non_null(strstr(served_ask(client, "match add http://radio.example/2"), "added: 1\n"));
    assert_non_null(
        strstr(served_ask(client, "playlistinfo 2"), "file: http://radio.example/2\nPos: 2\n"));
    close(client);
}

static void absolute_paths_of_local_clients_become_uris(void **state)
{
    int client = served_connect(*state);
    char line[300], outside[200];
    FILE *file;

    snprintf(line, sizeof line, "add %s/music/one.wav", served_folder(*state));
    assert_ok(client, line);
    snprintf(line, sizeof line, "add file://%s/music/d/a.wav", served_folder(*state));
    assert_ok(client, line);
    assert_queue(client, "one d/a");
    snprintf(outside, sizeof outside, "%s/outside.wav", served_folder(*state));
    snprintf(line, sizeof line, "add %s", outside);
    assert_non_null(strstr(served_ask(client, line), "No such file or directory"));
    file = fopen(outside, "w");
    assert_non_null(file);
    fclose(file);
    assert_ok(client, line);
    outside[strlen(outside) - 4] = '\0';
    snprintf(line, sizeof line, "one d/a %s", outside);
    assert_queue(client, line);
    assert_string_equal(served_ask(client, "add /etc/passwd"),
                        "ACK [50@0] {add} No such directory\n");
    close(client);
}

/* Tracks from elsewhere are known as long as they are queued, and no longer. */
static void what_is_of_no_library_goes_with_its_last_entry(void **state)
{
    int client = served_connect(*state);

    assert_ok(client, "add http://radio.example/one");
    assert_ok(client, "add http://radio.example/two");
    assert_ok(client, "add http://radio.example/one");
    assert_ok(client, "delete 0");
    assert_ok(client, "readcomments http://radio.example/one");
    assert_ok(client, "delete 1");
    assert_string_equal(served_ask(client, "readcomments http://radio.example/one"),
                        "ACK [50@0] {readcomments} No such song\n");
    assert_ok(client, "readcomments http://radio.example/two");
    assert_ok(client, "clear");
    assert_string_equal(served_ask(client, "readcomments http://radio.example/two"),
                        "ACK [50@0] {readcomments} No such song\n");
    close(client);
}

/* No line of the protocol can hold such names; what is beside them is queued. */
static void names_that_cannot_be_sent_are_left_out_and_told(void **state)
{
    const char *folder = served_folder(*state);
    int client = served_connect(*state);
    char text[5000];
    const char *answer;

    snprintf(text, sizeof text,
             "cd '%s' && mkdir odd && cp music/one.wav odd/a.wav && cp music/one.wav odd/z.wav && "
             "cp music/one.wav \"odd/$(printf 'l\\351.wav')\" && "
             "cp music/one.wav \"odd/$(printf 'two\\nlines.wav')\"",
             folder);
    assert_int_equal(system(text), 0);
    snprintf(text, sizeof text, "match add %s/odd", folder);
    answer = served_ask(client, text);
    snprintf(text, sizeof text,
             "warning: left out, as the name is not UTF-8: %s/odd/l\xc3\xa9.wav; rename it\n"
             "warning: left out, as there is a line end in the name: %s/odd/two lines.wav; rename "
             "it\nposition: 0\nadded: 2\nOK\n",
             folder, folder);
    assert_string_equal(answer, text);
    snprintf(text, sizeof text, "%s/odd/a %s/odd/z", folder, folder);
    assert_queue(client, text);
    snprintf(text, sizeof text, "add \"%s/odd/l\xe9.wav\"", folder);
    assert_string_equal(served_ask(client, text),
                        "ACK [2@0] {add} left out, as the name is not UTF-8; rename it\n");
    snprintf(text, sizeof text, "add /%03990d.wav", 0);
    assert_string_equal(served_ask(client, text),
                        "ACK [2@0] {add} left out, as the path is too long; rename it\n");
    close(client);
}

/* A list may be long: nobody waits for the end of it but who sent it. */
static void others_have_their_turn_while_a_list_is_carried_out(void **state)
{
    static const char line[] = "find \"(title == 'none')\"\n";
    int busy = served_connect(*state), other = served_connect(*state);
    size_t size = 2000000, used;
    char *list = malloc(size);
    bool between = false;

    assert_non_null(list);
    used = (size_t)snprintf(list, size, "command_list_begin\nadd one.wav\n");
    while (used + sizeof line + 40 < size) {
        memcpy(list + used, line, sizeof line - 1);
        used += sizeof line - 1;
    }
    used += (size_t)snprintf(list + used, size - used, "add two.wav\ncommand_list_end\n");
    for (int tries = 0; !between && tries < 20; tries++) { /* a slow test may see its end alone */
        assert_ok(other, "clear");
        served_say(busy, list, used);
        between = strstr(served_await(other, "playlist", "one.wav"), "two.wav") == NULL;
        assert_string_equal(served_hear(busy), "OK\n");
        assert_queue(other, "one two");
    }
    assert_true(between);
    close(busy);
    close(other);
    free(list);
}

static void deletes_moves_and_swaps(void **state)
{
    int client = served_connect(*state);
    char line[60];

    assert_ok(client, "add /");
    assert_ok(client, "delete 1:3");
    assert_queue(client, "one d/a d/b d/e/c");
    assert_ok(client, "move 0:2 1");
    assert_queue(client, "d/b one d/a d/e/c");
    assert_ok(client, "swap 0 3");
    assert_queue(client, "d/e/c one d/a d/b");
    snprintf(line, sizeof line, "moveid %d 0", id_at(client, 3));
    assert_ok(client, line);
    assert_queue(client, "d/b d/e/c one d/a");
    snprintf(line, sizeof line, "swapid %d %d", id_at(client, 0), id_at(client, 2));
    assert_ok(client, line);
    assert_queue(client, "one d/e/c d/b d/a");
    snprintf(line, sizeof line, "deleteid %d", id_at(client, 2));
    assert_ok(client, line);
    assert_queue(client, "one d/e/c d/a");
    assert_ok(client, "delete 1:");
    assert_queue(client, "one");
    assert_string_equal(served_ask(client, "delete 2"), "ACK [2@0] {delete} Bad song index\n");
    assert_string_equal(served_ask(client, "move 0 1"), "ACK [2@0] {move} Number too large: 1\n");
    assert_string_equal(served_ask(client, "move 5 0"), "ACK [2@0] {move} Bad song index\n");
    assert_string_equal(served_ask(client, "move 0: 0"),
                        "ACK [2@0] {move} Open-ended range not supported\n");
    assert_string_equal(served_ask(client, "swap 0 1"), "ACK [2@0] {swap} Bad song index\n");
    assert_string_equal(served_ask(client, "swapid 9999 1"), "ACK [50@0] {swapid} No such song\n");
    assert_string_equal(served_ask(client, "deleteid 9999"),
                        "ACK [50@0] {deleteid} No such song\n");
    close(client);
}

static void shuffle_keeps_what_is_outside_of_its_range(void **state)
{
    int client = served_connect(*state);
    const char *uris;

    assert_ok(client, "add /");
    assert_ok(client, "shuffle 1:5");
    uris = queue_support_uris(client, "playlist");
    assert_int_equal(strlen(uris), strlen(ALL));
    assert_int_equal(strncmp(uris, "one ", 4), 0);
    assert_string_equal(uris + strlen(uris) - 5, "d/e/c");
    assert_ok(client, "shuffle");
    assert_string_equal(served_ask(client, "shuffle 7:9"), "ACK [2@0] {shuffle} Bad song index\n");
    close(client);
}

static void priorities_are_shown_where_they_are_set(void **state)
{
    int client = served_connect(*state);
    char line[60];

    assert_ok(client, "add /");
    assert_ok(client, "prio 9 0:2 3");
    assert_string_equal(served_value(served_ask(client, "playlistinfo 1"), "Prio"), "9");
    assert_string_equal(served_value(served_ask(client, "playlistinfo 3"), "Prio"), "9");
    assert_string_equal(served_value(served_ask(client, "playlistinfo 2"), "Prio"), "");
    snprintf(line, sizeof line, "prioid 0 %d", id_at(client, 3));
    assert_ok(client, line);
    assert_string_equal(served_value(served_ask(client, "playlistinfo 3"), "Prio"), "");
    assert_string_equal(served_ask(client, "prio 256 0"),
                        "ACK [2@0] {prio} Number too large: 256\n");
    close(client);
}

static void changes_tell_only_what_has_changed(void **state)
{
    int client = served_connect(*state);
    unsigned version;
    char line[60], wanted[200];

    assert_ok(client, "add /");
    version = (unsigned)strtoul(served_value(served_ask(client, "status"), "playlist"), NULL, 10);
    snprintf(line, sizeof line, "plchangesposid %u", version);
    assert_ok(client, line);
    assert_ok(client, "swap 1 4");
    snprintf(wanted, sizeof wanted, "cpos: 1\nId: %d\n", id_at(client, 1));
    snprintf(wanted + strlen(wanted), 100, "cpos: 4\nId: %d\nOK\n", id_at(client, 4));
    assert_string_equal(served_ask(client, line), wanted);
    snprintf(line, sizeof line, "plchanges %u 2:5", version);
    assert_string_equal(queue_support_uris(client, line), "three");
    snprintf(line, sizeof line, "plchanges %u", version + 1000);
    assert_string_equal(queue_support_uris(client, line), "one d/b two d/a three d/e/c");
    close(client);
}

static void entries_are_found_and_shown(void **state)
{
    int client = served_connect(*state);
    char line[60];

    assert_ok(client, "add /");
    assert_string_equal(queue_support_uris(client, "playlistinfo 4:"), "d/b d/e/c");
    assert_string_equal(queue_support_uris(client, "playlistinfo 6:"), "");
    assert_string_equal(served_ask(client, "playlistinfo 7"),
                        "ACK [2@0] {playlistinfo} Bad song index\n");
    assert_string_equal(queue_support_uris(client, "playlistfind file two.wav"), "two");
    assert_string_equal(queue_support_uris(client, "playlistsearch file TW"), "two");
    assert_string_equal(queue_support_uris(client, "playlistfind \"(base 'd')\""), "d/a d/b d/e/c");
    assert_string_equal(served_ask(client, "playlistfind foo bar"),
                        "ACK [2@0] {playlistfind} Unknown filter type\n");
    snprintf(line, sizeof line, "playlistid %d", id_at(client, 2));
    assert_string_equal(queue_support_uris(client, line), "two");
    assert_string_equal(served_ask(client, "playlistid 9999"),
                        "ACK [50@0] {playlistid} No such song\n");
    close(client);
}

static void others_are_told_of_changes(void **state)
{
    int client = served_connect(*state), other = served_connect(*state);

    served_say(other, "idle playlist\n", 14);
    assert_ok(client, "add one.wav");
    assert_string_equal(served_hear(other), "changed: playlist\nOK\n");
    close(client);
    close(other);
}

static void comes_back_after_a_restart(void **state)
{
    int client = served_connect(*state);
    int id;

    assert_ok(client, "add /");
    assert_ok(client, "delete 0");
    assert_ok(client, "prio 3 1");
    id = id_at(client, 1);
    close(client);
    served_stop(*state);
    served_start_again(*state);
    client = served_connect(*state);
    assert_queue(client, "three two d/a d/b d/e/c");
    assert_int_equal(id_at(client, 1), id);
    assert_string_equal(served_value(served_ask(client, "playlistinfo 1"), "Prio"), "3");
    close(client);
}

int main(void)
{
#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, queue_support_set_up, queue_support_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(adds_songs_and_folders_where_they_are_wanted),
        TEST(addresses_are_queued_as_they_are),
        TEST(absolute_paths_of_local_clients_become_uris),
        TEST(what_is_of_no_library_goes_with_its_last_entry),
        TEST(names_that_cannot_be_sent_are_left_out_and_told),
        TEST(others_have_their_turn_while_a_list_is_carried_out),
        TEST(deletes_moves_and_swaps),
        TEST(shuffle_keeps_what_is_outside_of_its_range),
        TEST(priorities_are_shown_where_they_are_set),
        TEST(changes_tell_only_what_has_changed),
        TEST(entries_are_found_and_shown),
        TEST(others_are_told_of_changes),
        TEST(comes_back_after_a_restart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
