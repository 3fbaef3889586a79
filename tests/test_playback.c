/* test_playback.c - playing by protocol: play, pause, seek, next, modes, volume, outputs, status.
 */
#include "server_support.h"

#include "tests/match_support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_SIZE = 512 };

/* Three tracks of silence and noise: long.flac 60 s, short.flac 0.4 s, third.flac 30 s. */
static void make_music(const struct served *served)
{
    static const char *const names[] = {"long", "short", "third"};
    static const char *const lengths[] = {"60", "0.4", "30"};
    char command[3 * PATH_SIZE];

    for (size_t i = 0; i < 3; i++) {
        snprintf(command, sizeof command,
                 "ffmpeg -v error -y -f lavfi -i anoisesrc=r=44100:a=0.01:d=%s -ac 2 "
                 "-sample_fmt s16 -metadata title=%s %s/music/%s.flac </dev/null",
                 lengths[i], names[i], served_folder(served), names[i]);
        assert_int_equal(system(command), 0);
    }
}

static int set_up(void **state)
{
    int client;

    *state = served_start("[library]\nauto_update = no\n");
    make_music(*state);
    client = served_connect(*state);
    served_ask(client, "update");
    served_await(client, "stats", "songs: 3\n");
    while (strstr(served_ask(client, "status"), "updating_db: ") != NULL) {
        usleep(1000);
    }
    close(client);
    return 0;
}

static int tear_down(void **state)
{
    served_destroy(*state);
    return 0;
}

/* A client of a server whose queue holds the three. */
static int queued(const struct served *served)
{
    int client = served_connect(served);

    served_ask(client, "stop");
    served_ask(client, "command_list_begin\nclear\nrepeat 0\nrandom 0\nsingle 0\nconsume 0\n"
                       "enableoutput 0\nenableoutput 1\nsetvol 100\ncommand_list_end");
    assert_string_equal(served_ask(client, "command_list_begin\nadd long.flac\nadd short.flac\n"
                                           "add third.flac\ncommand_list_end"),
                        "OK\n");
    return client;
}

static void assert_value(int client, const char *name, const char *value)
{
    assert_string_equal(served_value(served_ask(client, "status"), name), value);
}

static void play_and_pause_are_seen_at_once(void **state)
{
    int client = queued(*state);

    assert_value(client, "state", "stop");
    assert_value(client, "song", "");
    assert_string_equal(served_ask(client, "play"), "OK\n");
    assert_value(client, "state", "play");
    assert_value(client, "song", "0");
    assert_value(client, "nextsong", "1");
    served_ask(client, "pause");
    assert_value(client, "state", "pause");
    served_ask(client, "pause 0");
    assert_value(client, "state", "play");
    served_ask(client, "stop");
    assert_value(client, "state", "stop");
    assert_value(client, "song", "0");
    assert_value(client, "elapsed", "");
    served_ask(client, "pause 1"); /* nothing to pause, and nothing that stays behind */
    served_ask(client, "play");
    assert_value(client, "state", "play");
    close(client);
}

static void the_status_has_mpds_lines_in_mpds_order(void **state)
{
    static const char *const names[] = {
        "volume: ",   "repeat: ",         "random: ",   "single: ", "consume: ",  "partition: ",
        "playlist: ", "playlistlength: ", "state: ",    "song: ",   "songid: ",   "time: ",
        "elapsed: ",  "bitrate: ",        "duration: ", "audio: ",  "nextsong: ", "nextsongid: "};
    int client = queued(*state);
    const char *line;

    served_ask(client, "play 0");
    line = served_await(client, "status", "audio: 44100:16:2\n");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_int_equal(strncmp(line, names[i], strlen(names[i])), 0);
        line = strchr(line, '\n') + 1;
    }
    assert_string_equal(line, "OK\n");
    close(client);
}

static void a_seek_is_where_it_was_asked_for(void **state)
{
    int client = queued(*state);

    served_ask(client, "play 0");
    served_ask(client, "pause 1");
    served_ask(client, "seekcur 20");
    assert_value(client, "elapsed", "20.000");
    served_ask(client, "seekcur +1.5");
    assert_value(client, "elapsed", "21.500");
    served_ask(client, "seekcur -100");
    assert_value(client, "elapsed", "0.000");
    assert_value(client, "state", "pause");
    served_ask(client, "seek 2 7.25");
    assert_value(client, "song", "2");
    assert_value(client, "elapsed", "7.250");
    assert_value(client, "state", "pause");
    served_ask(client, "stop");
    served_ask(client, "seek 0 1"); /* which plays */
    assert_value(client, "state", "play");
    close(client);
}

static void next_and_previous_go_through_the_queue(void **state)
{
    int client = queued(*state);

    assert_string_equal(served_ask(client, "next"), "ACK [55@0] {next} Not playing\n");
    served_ask(client, "play 0");
    served_ask(client, "pause 1");
    served_ask(client, "next");
    served_ask(client, "next");
    assert_value(client, "song", "2");
    assert_value(client, "state", "play");
    served_ask(client, "previous");
    assert_value(client, "song", "1");
    served_ask(client, "next");
    served_ask(client, "next");
    assert_value(client, "state", "stop");
    assert_value(client, "song", "");
    close(client);
}

static void what_is_wrong_is_refused_in_mpds_words(void **state)
{
    static const char *const asked[][2] = {
        {"play 7", "ACK [2@0] {play} Bad song index\n"},
        {"play x", "ACK [2@0] {play} Integer expected: x\n"},
        {"playid 9999", "ACK [50@0] {playid} No such song\n"},
        {"pause x", "ACK [2@0] {pause} Boolean (0/1) expected: x\n"},
        {"seek 0 -1", "ACK [2@0] {seek} Negative value not allowed: -1\n"},
        {"seek 9 1", "ACK [2@0] {seek} Bad song index\n"},
        {"seekid 9999 1", "ACK [50@0] {seekid} No such song\n"},
        {"seekcur x", "ACK [2@0] {seekcur} Float expected: x\n"},
        {"seekcur +-5", "ACK [2@0] {seekcur} Float expected: +-5\n"},
        {"seekcur 1", "ACK [55@0] {seekcur} Not playing\n"},
        {"setvol 101", "ACK [2@0] {setvol} Number too large: 101\n"},
        {"volume x", "ACK [2@0] {volume} Integer expected: x\n"},
        {"single 2", "ACK [2@0] {single} Unrecognized single mode, expected 0, 1, or oneshot\n"},
        {"consume oneshot", "ACK [2@0] {consume} Boolean (0/1) expected: oneshot\n"},
        {"enableoutput 9", "ACK [50@0] {enableoutput} No such audio output\n"},
        {"outputset 0 a b", "ACK [2@0] {outputset} Unsupported attribute\n"},
        {"crossfade 1", "ACK [5@0] {} unknown command \"crossfade\"\n"},
    };
    int client = queued(*state);

    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        assert_string_equal(served_ask(client, asked[i][0]), asked[i][1]);
    }
    close(client);
}

static void modes_wake_who_waits_for_options(void **state)
{
    int client = queued(*state), other = served_connect(*state);

    served_say(other, "idle options playlist\n", 22);
    served_ask(client, "repeat 1");
    assert_string_equal(served_hear(other), "changed: options\nOK\n");
    served_ask(client, "single oneshot");
    assert_value(client, "repeat", "1");
    assert_value(client, "single", "oneshot");
    close(client);
    close(other);
}

static void single_pauses_where_the_next_track_begins(void **state)
{
    int client = queued(*state);

    served_ask(client, "single 1");
    served_ask(client, "play 1");
    served_await(client, "status", "state: pause\nsong: 2\n");
    assert_value(client, "elapsed", "0.000");
    close(client);
}

static void consume_takes_out_what_was_played(void **state)
{
    int client = queued(*state);

    served_ask(client, "consume 1");
    served_ask(client, "play 1");
    served_await(client, "status", "playlistlength: 2\nstate: play\nsong: 1\n");
    served_ask(client, "next");
    assert_value(client, "playlistlength", "1");
    close(client);
}

static void the_end_of_the_queue_is_told(void **state)
{
    int client = queued(*state), other = served_connect(*state);

    served_ask(client, "delete 2");
    served_ask(client, "play 1");
    served_say(other, "idle player\n", 12);
    assert_string_equal(served_hear(other), "changed: player\nOK\n");
    served_await(client, "status", "state: stop\n");
    assert_value(client, "song", "");
    close(client);
    close(other);
}

/* Else the time that a client shows stands still at its end. */
static void a_track_that_is_heard_once_more_is_told(void **state)
{
    int client = queued(*state), other = served_connect(*state);

    served_ask(client, "repeat 1");
    served_ask(client, "single 1");
    served_ask(client, "play 1");
    served_await(client, "status", "state: play\n");
    for (int i = 0; i < 4; i++) { /* the first may be that it plays */
        served_say(other, "idle player\n", 12);
        assert_string_equal(served_hear(other), "changed: player\nOK\n");
    }
    assert_value(client, "song", "1");
    close(client);
    close(other);
}

static void the_volume_is_what_was_set(void **state)
{
    int client = queued(*state), other = served_connect(*state);
    char wanted[32];

    served_say(other, "idle mixer\n", 11);
    served_ask(client, "setvol 73");
    assert_string_equal(served_hear(other), "changed: mixer\nOK\n");
    for (int volume = 0; volume <= 100; volume += 7) {
        snprintf(wanted, sizeof wanted, "setvol %d", volume);
        served_ask(client, wanted);
        snprintf(wanted, sizeof wanted, "volume: %d\nOK\n", volume);
        assert_string_equal(served_ask(client, "getvol"), wanted);
    }
    served_ask(client, "volume -100");
    assert_value(client, "volume", "0");
    served_ask(client, "volume 30");
    assert_value(client, "volume", "30");
    close(client);
    close(other);
}

static void the_second_output_is_the_match(void **state)
{
    int client = queued(*state), other = served_connect(*state);

    served_say(other, "idle output\n", 12);
    assert_string_equal(served_ask(client, "toggleoutput 1"), "OK\n");
    assert_string_equal(served_hear(other), "changed: output\nOK\n");
    assert_non_null(strstr(served_ask(client, "outputs"),
                           "outputname: matched\nplugin: match\noutputenabled: 0\n"));
    assert_string_equal(served_ask(client, "match ab"), "ab: original\nOK\n");
    served_ask(client, "enableoutput 1");
    assert_string_equal(served_ask(client, "match ab"), "ab: matched\nOK\n");
    close(client);
    close(other);
}

static void without_its_device_it_is_paused(void **state)
{
    int client = queued(*state);

    served_ask(client, "play 0");
    served_await(client, "status", "audio: ");
    served_ask(client, "disableoutput 0");
    served_await(client, "status", "state: pause\n");
    served_ask(client, "pause 0");
    served_await(client, "status", "error: ");
    served_await(client, "status", "state: pause\n");
    served_ask(client, "enableoutput 0");
    served_ask(client, "clearerror");
    served_ask(client, "play");
    served_await(client, "status", "state: play\n");
    assert_value(client, "error", "");
    close(client);
}

static void a_restart_goes_on_where_it_was(void **state)
{
    int client = queued(*state);

    served_ask(client, "repeat 1");
    served_ask(client, "setvol 40");
    served_ask(client, "disableoutput 1");
    served_ask(client, "seek 0 12.5");
    served_await(client, "status", "audio: ");
    served_ask(client, "pause 1");
    close(client);
    served_stop(*state);
    served_start_again(*state);
    client = served_connect(*state);
    assert_value(client, "state", "pause");
    assert_value(client, "song", "0");
    assert_int_equal(strncmp(served_value(served_ask(client, "status"), "elapsed"), "12.", 3), 0);
    assert_value(client, "repeat", "1");
    assert_value(client, "volume", "40");
    assert_string_equal(served_ask(client, "match ab"), "ab: original\nOK\n");
    served_ask(client, "play");
    served_await(client, "status", "audio: ");
    assert_int_equal(strncmp(served_value(served_ask(client, "status"), "elapsed"), "1", 1), 0);
    close(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(play_and_pause_are_seen_at_once),
        cmocka_unit_test(the_status_has_mpds_lines_in_mpds_order),
        cmocka_unit_test(a_seek_is_where_it_was_asked_for),
        cmocka_unit_test(next_and_previous_go_through_the_queue),
        cmocka_unit_test(what_is_wrong_is_refused_in_mpds_words),
        cmocka_unit_test(modes_wake_who_waits_for_options),
        cmocka_unit_test(single_pauses_where_the_next_track_begins),
        cmocka_unit_test(consume_takes_out_what_was_played),
        cmocka_unit_test(the_end_of_the_queue_is_told),
        cmocka_unit_test(a_track_that_is_heard_once_more_is_told),
        cmocka_unit_test(the_volume_is_what_was_set),
        cmocka_unit_test(the_second_output_is_the_match),
        cmocka_unit_test(without_its_device_it_is_paused),
        cmocka_unit_test(a_restart_goes_on_where_it_was),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
