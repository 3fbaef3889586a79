/* test_restart.c - what a restart finds again, and what clients that wait are told meanwhile. */
#include "server_support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void copy(const char *from, const char *folder, const char *name)
{
    char path[256], block[65536];
    FILE *in = fopen(from, "rb"), *out;
    size_t count;

    snprintf(path, sizeof path, "%s/music/%s", folder, name);
    out = fopen(path, "wb");
    assert_non_null(in);
    assert_non_null(out);
    while ((count = fread(block, 1, sizeof block, in)) > 0) {
        assert_int_equal(fwrite(block, 1, count, out), count);
    }
    fclose(in);
    assert_int_equal(fclose(out), 0);
}

static int set_up(void **state)
{
    int client;

    *state = served_start("[library]\nauto_update = no\nsummaries = no\n");
    copy("tests/data/mono.flac", served_folder(*state), "a.flac");
    copy("tests/data/mix.flac", served_folder(*state), "b.flac");
    client = served_connect(*state);
    served_ask(client, "update");
    served_await(client, "stats", "songs: 2\n");
    assert_string_equal(served_ask(client, "add \"\""), "OK\n");
    close(client);
    return 0;
}

static int tear_down(void **state)
{
    served_destroy(*state);
    return 0;
}

static int restart(void **state, int client)
{
    close(client);
    served_stop(*state);
    served_start_again(*state);
    return served_connect(*state);
}

static void assert_field(const char *answer, const char *name, const char *wanted)
{
    char value[256];

    snprintf(value, sizeof value, "%s", served_value(answer, name));
    assert_string_equal(value, wanted);
}

static void goes_on_paused_where_it_was_with_everything_as_it_was(void **state)
{
    int client = served_connect(*state);
    char answer[4096];

    assert_string_equal(served_ask(client, "single 1"), "OK\n");
    assert_string_equal(served_ask(client, "repeat 1"), "OK\n");
    assert_string_equal(served_ask(client, "setvol 40"), "OK\n");
    assert_string_equal(served_ask(client, "disableoutput 1"), "OK\n");
    served_ask(client, "match loudness equal");
    assert_string_equal(served_ask(client, "play 1"), "OK\n");
    served_await(client, "status", "state: play");
    assert_string_equal(served_ask(client, "pause 1"), "OK\n");
    assert_string_equal(served_ask(client, "seekcur 5"), "OK\n");
    served_await(client, "status", "elapsed: 5.");
    client = restart(state, client);
    snprintf(answer, sizeof answer, "%s", served_ask(client, "status"));
    assert_field(answer, "state", "pause");
    assert_field(answer, "song", "1");
    assert_field(answer, "playlistlength", "2");
    assert_field(answer, "single", "1");
    assert_field(answer, "repeat", "1");
    assert_field(answer, "random", "0");
    assert_field(answer, "volume", "40");
    assert_memory_equal(served_value(answer, "elapsed"), "5.", 2);
    assert_field(served_ask(client, "currentsong"), "file", "b.flac");
    assert_non_null(strstr(served_ask(client, "outputs"), "outputname: matched"));
    assert_field(served_ask(client, "match status"), "ab", "original");
    assert_field(served_ask(client, "match status"), "loudness", "equal");
    assert_string_equal(served_ask(client, "pause 0"), "OK\n");
    served_await(client, "status", "state: play");
    close(client);
}

static void what_was_stopped_stays_stopped(void **state)
{
    int client = served_connect(*state);

    served_ask(client, "play 0");
    served_await(client, "status", "state: play");
    served_ask(client, "stop");
    client = restart(state, client);
    assert_field(served_ask(client, "status"), "state", "stop");
    assert_field(served_ask(client, "status"), "playlistlength", "2");
    close(client);
}

/* What the waiting client is told of, one answer after the other, until `wanted` is in one. */
static void hear_of(int waiting, const char *wanted)
{
    const char *answer;

    do {
        answer = served_ask(waiting, "idle");
        assert_null(strstr(answer, "changed: match\n")); /* nobody named it */
    } while (strstr(answer, wanted) == NULL);
}

static void who_waits_is_told_of_the_music_and_the_queue(void **state)
{
    int waiting = served_connect(*state), client = served_connect(*state);

    served_ask(waiting, "status");
    served_ask(client, "play 0");
    hear_of(waiting, "changed: player\n");
    served_ask(client, "setvol 70");
    hear_of(waiting, "changed: mixer\n");
    served_ask(client, "match ab toggle");
    hear_of(waiting, "changed: output\n");
    served_ask(client, "random 1");
    hear_of(waiting, "changed: options\n");
    served_ask(client, "delete 1");
    hear_of(waiting, "changed: playlist\n");
    served_ask(client, "match set level 70");
    hear_of(waiting, "changed: options\n");
    copy("tests/data/mono.flac", served_folder(*state), "c.flac");
    served_ask(client, "update");
    hear_of(waiting, "changed: database\n");
    close(waiting);
    close(client);
}

static void the_end_of_a_track_moves_the_queue_on_and_consume_takes_it_out(void **state)
{
    int client = served_connect(*state);
    const char *length;
    char order[64];

    served_ask(client, "consume 1");
    served_ask(client, "play 0");
    served_await(client, "status", "state: play");
    length = served_value(served_ask(client, "status"), "duration");
    snprintf(order, sizeof order, "seekcur %.3f", strtod(length, NULL) - 0.3);
    assert_string_equal(served_ask(client, order), "OK\n");
    served_await(client, "status", "playlistlength: 1\n");
    assert_field(served_ask(client, "currentsong"), "file", "b.flac");
    assert_field(served_ask(client, "status"), "state", "play");
    close(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(goes_on_paused_where_it_was_with_everything_as_it_was,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_stopped_stays_stopped, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_waits_is_told_of_the_music_and_the_queue, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            the_end_of_a_track_moves_the_queue_on_and_consume_takes_it_out, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
