/* test_queue_replace.c - a list is played in place of the queue, and the queue is not lost. */
#include "queue_support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ALL "one three two d/a d/b d/e/c"
#define PLAY_ALL "match replace find \"(file != '')\" \"\" 3"

static const char nothing_replaced[] =
    "ACK [50@0] {match} no queue was replaced: there is none to bring back\n";

static void assert_ok(int client, const char *line)
{
    assert_string_equal(served_ask(client, line), "OK\n");
}

static void assert_queue(int client, const char *wanted)
{
    assert_string_equal(queue_support_uris(client, "playlist"), wanted);
}

/* A field of the status. */
static void assert_status(int client, const char *name, const char *wanted)
{
    assert_string_equal(served_value(served_ask(client, "status"), name), wanted);
}

/* A track of these is short: it is heard over and over. */
static void stay_on_one(int client)
{
    assert_ok(client, "repeat 1");
    assert_ok(client, "single 1");
}

static void a_list_is_played_and_the_queue_comes_back(void **state)
{
    int client = served_connect(*state);

    stay_on_one(client);
    assert_ok(client, "add d");
    assert_ok(client, PLAY_ALL);
    assert_queue(client, ALL);
    assert_status(client, "song", "3");
    assert_status(client, "state", "play");
    assert_ok(client, "match undo");
    assert_queue(client, "d/a d/b d/e/c");
    assert_ok(client, "match undo"); /* takes that back */
    assert_queue(client, ALL);
    assert_ok(client, "match undo");
    assert_queue(client, "d/a d/b d/e/c");
    assert_ok(client, "match replace folder d 1"); /* not what lies below it */
    assert_queue(client, "d/a d/b");
    assert_ok(client, "match undo");
    assert_queue(client, "d/a d/b d/e/c");
    close(client);
}

static void lists_and_queues_keep_where_their_tracks_came_from(void **state)
{
    int client = served_connect(*state);

    assert_ok(client, "playlistadd jazz two.wav");
    assert_ok(client, "add one.wav");
    assert_ok(client, "load jazz");
    assert_ok(client, "match replace folder d 0");
    assert_null(strstr(served_ask(client, "match queue"), "Origin: "));
    assert_ok(client, "match undo");
    assert_queue(client, "one two");
    assert_string_equal(served_value(served_ask(client, "match queue 0"), "Origin"), "");
    assert_string_equal(served_value(served_ask(client, "match queue 1"), "Origin"), "jazz");
    assert_ok(client, "match replace playlist jazz 0");
    assert_string_equal(served_value(served_ask(client, "match queue 0"), "Origin"), "jazz");
    close(client);
}

static void the_queue_of_ones_own_outlives_several_lists(void **state)
{
    int client = served_connect(*state);

    assert_ok(client, "playlistadd jazz two.wav");
    assert_ok(client, "add d/b.wav");
    assert_ok(client, PLAY_ALL);
    assert_ok(client, "match replace folder d 0");
    assert_ok(client, "match replace playlist jazz 0");
    assert_ok(client, "match undo");
    assert_queue(client, "d/b");
    close(client);
}

static void where_there_is_no_queue_of_ones_own_the_last_list_comes_back(void **state)
{
    int client = served_connect(*state);

    assert_non_null(strstr(served_ask(client, "match undo"), "no queue was replaced"));
    assert_ok(client, PLAY_ALL);
    assert_ok(client, "match replace folder d 0");
    assert_ok(client, "match undo");
    assert_queue(client, ALL);
    assert_ok(client, "match replace folder d/e 0");
    assert_ok(client, "match undo");
    assert_queue(client, ALL);
    close(client);
}

static void a_list_that_was_changed_is_a_queue_of_ones_own(void **state)
{
    static const char *const changes[][2] = {
        {"add one.wav", "d/a d/b one"}, {"delete 0", "d/b"}, {"move 1 0", "d/b d/a"}};
    int client = served_connect(*state);

    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        assert_ok(client, "clear");
        assert_ok(client, "add two.wav");
        assert_ok(client, "match replace folder d 0");
        assert_ok(client, changes[i][0]);
        assert_ok(client, PLAY_ALL);
        assert_ok(client, "match undo");
        assert_queue(client, changes[i][1]);
    }
    close(client);
}

static void what_was_heard_of_a_list_may_be_gone_from_it(void **state)
{
    int client = served_connect(*state);

    stay_on_one(client);
    assert_ok(client, "add two.wav");
    assert_ok(client, "consume 1");
    assert_ok(client, PLAY_ALL);
    assert_ok(client, "next");
    assert_queue(client, "one three two d/b d/e/c");
    assert_ok(client, "match replace folder d 0");
    assert_ok(client, "match undo");
    assert_queue(client, "two");
    close(client);
}

static void the_music_goes_on_where_the_queue_was_heard(void **state)
{
    int client = served_connect(*state);

    stay_on_one(client);
    assert_ok(client, "add d");
    assert_ok(client, "play 2");
    assert_ok(client, PLAY_ALL);
    assert_ok(client, "match undo");
    assert_status(client, "song", "2");
    assert_status(client, "state", "play");
    assert_ok(client, "pause 1");
    served_await(client, "status", "state: pause\n");
    assert_ok(client, PLAY_ALL);
    assert_status(client, "state", "play");
    assert_ok(client, "match undo");
    assert_status(client, "song", "2");
    assert_status(client, "state", "pause");
    assert_ok(client, "match undo"); /* it does not begin by itself */
    assert_status(client, "song", "3");
    assert_status(client, "state", "pause");
    assert_ok(client, "stop");
    assert_ok(client, "match undo");
    assert_status(client, "song", "2");
    assert_status(client, "state", "stop");
    close(client);
}

/* The entry that was heard is not there any more: what follows it is heard. */
static void a_place_that_is_gone_is_that_of_what_follows(void **state)
{
    char path[300];
    int client = served_connect(*state);

    stay_on_one(client);
    assert_ok(client, "add d/e");
    assert_ok(client, "add one.wav");
    assert_ok(client, "add two.wav");
    assert_ok(client, "play 1");
    assert_ok(client, "match replace folder d 0");
    snprintf(path, sizeof path, "%s/music/one.wav", served_folder(*state));
    assert_int_equal(unlink(path), 0);
    served_ask(client, "update");
    served_await(client, "count \"(file != '')\"", "songs: 5\n");
    assert_ok(client, "match undo");
    assert_queue(client, "d/e/c two");
    assert_status(client, "song", "1");
    close(client);
}

static void what_cannot_be_done_leaves_the_queue(void **state)
{
    int client = served_connect(*state);
    char path[300];

    assert_string_equal(served_ask(client, "match undo"), nothing_replaced);
    assert_ok(client, "add d");
    assert_string_equal(served_ask(client, "match undo"), nothing_replaced);
    assert_string_equal(served_ask(client, "match replace playlist none 0"),
                        "ACK [50@0] {match} No such playlist\n");
    assert_string_equal(served_ask(client, "match replace folder none 0"),
                        "ACK [50@0] {match} No such directory\n");
    assert_string_equal(served_ask(client, "match replace find \"(artist == 'x')\" \"\" 0"),
                        "ACK [50@0] {match} there is nothing to be played\n");
    assert_string_equal(served_ask(client, "match replace folder d 2"),
                        "ACK [2@0] {match} Bad song index\n");
    assert_string_equal(served_ask(client, "match replace folder d"),
                        "ACK [2@0] {match} too few arguments for \"match replace\"\n");
    assert_non_null(strstr(served_ask(client, "match replace other d 2"), "is expected\n"));
    snprintf(path, sizeof path, "%s/data/matchplay/playlists", served_folder(*state));
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/data/matchplay/playlists/.previous.m3u8",
             served_folder(*state));
    assert_int_equal(mkdir(path, 0700), 0); /* so that it cannot be written */
    assert_non_null(strstr(served_ask(client, PLAY_ALL), "the queue stays: it cannot be kept"));
    assert_queue(client, "d/a d/b d/e/c");
    close(client);
}

/* A queue that cannot be kept is not changed for the one that is. */
static void undoing_loses_neither_of_both(void **state)
{
    int client = served_connect(*state);
    char from[300], to[320];

    assert_ok(client, "add two.wav");
    assert_ok(client, PLAY_ALL);
    assert_ok(client, "clear"); /* nothing that would have to be kept */
    assert_ok(client, "match undo");
    assert_queue(client, "two");
    snprintf(from, sizeof from, "%s/data/matchplay/playlists/.previous.m3u8",
             served_folder(*state));
    snprintf(to, sizeof to, "%s.gone", from);
    assert_int_equal(rename(from, to), 0);
    assert_string_equal(served_ask(client, "match undo"), nothing_replaced);
    assert_queue(client, "two");
    close(client);
}

static void a_restart_forgets_none_of_it(void **state)
{
    int client = served_connect(*state);

    stay_on_one(client);
    assert_ok(client, "add d");
    assert_ok(client, "play 1");
    assert_ok(client, PLAY_ALL);
    close(client);
    served_stop(*state);
    served_start_again(*state);
    client = served_connect(*state);
    assert_queue(client, ALL);
    assert_ok(client, "match replace folder d 0"); /* in place of what was only a list */
    assert_ok(client, "match undo");
    assert_queue(client, "d/a d/b d/e/c");
    assert_status(client, "song", "1");
    close(client);
}

int main(void)
{
#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, queue_support_set_up, queue_support_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_list_is_played_and_the_queue_comes_back),
        TEST(lists_and_queues_keep_where_their_tracks_came_from),
        TEST(the_queue_of_ones_own_outlives_several_lists),
        TEST(where_there_is_no_queue_of_ones_own_the_last_list_comes_back),
        TEST(a_list_that_was_changed_is_a_queue_of_ones_own),
        TEST(what_was_heard_of_a_list_may_be_gone_from_it),
        TEST(the_music_goes_on_where_the_queue_was_heard),
        TEST(a_place_that_is_gone_is_that_of_what_follows),
        TEST(what_cannot_be_done_leaves_the_queue),
        TEST(undoing_loses_neither_of_both),
        TEST(a_restart_forgets_none_of_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
