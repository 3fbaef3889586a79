/* test_server.c - clients of a server: lists, idle, limits, messages, who is let go. */
#include "config/instance.h"
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
#include <sys/socket.h>
#include <unistd.h>

static int set_up(void **state)
{
    *state = served_start("[library]\nauto_update = no\n[server]\nmax_connections = 20\n"
                          "max_command_list_size = 4\nmax_output_buffer_size = 64\n");
    return 0;
}

static int tear_down(void **state)
{
    served_destroy(*state);
    return 0;
}

static bool is_closed(int connection)
{
    return served_hear(connection)[0] == '\0';
}

static bool is_silent(int connection)
{
    struct pollfd file = {.fd = connection, .events = POLLIN};

    return poll(&file, 1, 50) == 0;
}

static void answers_and_refuses_as_mpd_does(void **state)
{
    int client = served_connect(*state);

    assert_string_equal(served_ask(client, "ping"), "OK\n");
    assert_string_equal(served_ask(client, "ping\r"), "OK\n");
    assert_string_equal(served_ask(client, "ping 1"),
                        "ACK [2@0] {ping} wrong number of arguments for \"ping\"\n");
    assert_string_equal(served_ask(client, "foo"), "ACK [5@0] {} unknown command \"foo\"\n");
    assert_string_equal(served_ask(client, "command_list_end"),
                        "ACK [5@0] {} unknown command \"command_list_end\"\n");
    assert_string_equal(served_ask(client, "ping \"a"), "ACK [5@0] {} Missing closing '\"'\n");
    assert_non_null(strstr(served_ask(client, "commands"), "command: ping\n"));
    close(client);
}

static void a_list_runs_to_its_first_error_and_tells_where(void **state)
{
    int client = served_connect(*state);

    assert_string_equal(served_ask(client, "command_list_begin\nping\nping\ncommand_list_end"),
                        "OK\n");
    assert_string_equal(served_ask(client, "command_list_ok_begin\nping\nping\ncommand_list_end"),
                        "list_OK\nlist_OK\nOK\n");
    assert_string_equal(
        served_ask(client, "command_list_ok_begin\nping\nfoo\nping\ncommand_list_end"),
        "list_OK\nACK [5@1] {} unknown command \"foo\"\n");
    assert_string_equal(served_ask(client, "command_list_begin\ncommand_list_end"), "OK\n");
    close(client);
}

static void who_speaks_another_language_is_let_go(void **state)
{
    static const char *const words[] = {"GET / HTTP/1.0", " ping", "", "1", "\"ping\"", "PING"};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        int client = served_connect(*state);

        assert_string_equal(served_ask(client, words[i]), "");
        close(client);
    }
}

static void lines_that_hold_a_nul_or_never_end_are_not_taken(void **state)
{
    int client = served_connect(*state);
    char *line = malloc(40000);

    memset(line, 'a', 40000);
    served_say(client, line, 40000);
    assert_true(is_closed(client));
    close(client);
    client = served_connect(*state);
    served_say(client, "ping\0\n", 6);
    assert_true(is_closed(client));
    close(client);
    client = served_connect(*state);
    line[0] = 'p';
    served_say(client, "command_list_begin\n", 19);
    line[1000] = '\n';
    for (int i = 0; i < 5; i++) {
        served_say(client, line, 1001); /* 5 KB, and 4 are allowed */
    }
    assert_true(is_closed(client));
    close(client);
    free(line);
}

static void idle_waits_until_something_it_asked_for_happens(void **state)
{
    int waiting = served_connect(*state), other = served_connect(*state);

    served_say(waiting, "idle subscription\n", 18);
    assert_true(is_silent(waiting));
    served_ask(other, "match set log_level debug"); /* is none of its business */
    assert_true(is_silent(waiting));
    served_ask(other, "subscribe a");
    assert_string_equal(served_hear(waiting), "changed: subscription\nOK\n");
    served_ask(other, "subscribe b"); /* while it is not waiting */
    served_ask(other, "subscribe c");
    assert_string_equal(served_ask(waiting, "idle subscription"), "changed: subscription\nOK\n");
    assert_string_equal(served_ask(waiting, "idle foo"),
                        "ACK [2@0] {idle} Unrecognized idle event: foo\n");
    close(waiting);
    close(other);
}

/* What is MPD's and never happens here may be named; what is ours is for those who name it. */
static void idle_knows_mpds_names_and_keeps_ours_for_those_who_ask(void **state)
{
    int waiting = served_connect(*state), ours = served_connect(*state);
    int other = served_connect(*state);

    served_say(waiting, "idle sticker neighbor mount partition\n", 38);
    served_say(ours, "idle match\n", 11);
    served_ask(other, "match set level 60");
    assert_string_equal(served_hear(ours), "changed: match\nOK\n");
    assert_true(is_silent(waiting));
    assert_string_equal(served_ask(waiting, "noidle"), "OK\n");
    assert_string_equal(served_ask(waiting, "idle"), "changed: options\nOK\n");
    served_say(waiting, "idle\n", 5);
    assert_true(is_silent(waiting)); /* though it was never told of `match` */
    assert_string_equal(served_ask(waiting, "noidle"), "OK\n");
    close(waiting);
    close(ours);
    close(other);
}

/* lsinfo of a file asks the disk, in another thread. */
static void what_waits_for_the_disk_is_answered_in_its_turn(void **state)
{
    static const char acked[] = "list_OK\nACK [50@2] {lsinfo} No such file\n";
    int client = served_connect(*state);
    char folder[1024], orders[4096];
    const char *answer, *rest;

    assert_non_null(getcwd(folder, sizeof folder));
    snprintf(orders, sizeof orders,
             "command_list_ok_begin\nping\nlsinfo \"%s/tests/data/mono.flac\"\nlsinfo /no.flac\n"
             "kill\ncommand_list_end\nping\n",
             folder);
    served_say(client, orders, strlen(orders));
    answer = served_hear(client);
    assert_int_equal(strncmp(answer, "list_OK\nfile: /", 15), 0);
    assert_non_null(strstr(answer, "/tests/data/mono.flac\nFormat: 44100:16:1\n"));
    rest = strstr(answer, acked);
    assert_non_null(rest);
    rest += strlen(acked);
    assert_string_equal(*rest != '\0' ? rest : served_hear(client), "OK\n");
    snprintf(orders, sizeof orders, "lsinfo \"%s/tests/data/mono.flac\"\n", folder);
    served_say(client, orders, strlen(orders));
    close(client); /* and the answer finds nobody */
    client = served_connect(*state);
    assert_string_equal(served_ask(client, "ping"), "OK\n");
    close(client);
}

static void noidle_ends_the_wait_and_nothing_else_may_be_said_in_it(void **state)
{
    int client = served_connect(*state);

    served_say(client, "idle player\n", 12);
    assert_string_equal(served_ask(client, "noidle"), "OK\n");
    served_say(client, "noidle\n", 7); /* crossed the answer: no second one */
    assert_string_equal(served_ask(client, "ping"), "OK\n");
    served_say(client, "idle player\n", 12);
    assert_string_equal(served_ask(client, "ping"), "");
    close(client);
}

static void who_does_not_read_is_let_go_and_others_are_served(void **state)
{
    int slow = served_connect(*state), other = served_connect(*state);
    static char orders[40000];

    for (size_t i = 0; i + 9 <= sizeof orders; i += 9) {
        memcpy(orders + i, "commands\n", 9);
    }
    for (int i = 0; i < 100; i++) { /* more is answered than any buffer holds */
        if (send(slow, orders, sizeof orders - sizeof orders % 9, MSG_NOSIGNAL | MSG_DONTWAIT) <
            0) {
            break;
        }
    }
    assert_string_equal(served_ask(other, "ping"), "OK\n");
    for (int i = 0; i < 500 && send(slow, "ping\n", 5, MSG_NOSIGNAL | MSG_DONTWAIT) > 0; i++) {
        usleep(10000);
    }
    assert_true(send(slow, "ping\n", 5, MSG_NOSIGNAL) < 0);
    close(slow);
    close(other);
}

/* 4 KiB of commands ask for far more than the 64 KiB that may wait for a client. */
static void a_list_ends_where_its_client_is_let_go(void **state)
{
    int greedy = served_connect(*state), other = served_connect(*state);
    char list[4096] = "";

    served_ask(other, "match set level 90");
    strcat(list, "command_list_begin\n");
    while (strlen(list) < 4000) {
        strcat(list, "match set\n");
    }
    strcat(list, "match set level 10\ncommand_list_end\n");
    served_say(greedy, list, strlen(list));
    assert_string_equal(served_ask(other, "ping"), "OK\n");
    while (!is_closed(greedy)) {
    }
    assert_string_equal(served_value(served_ask(other, "match set level"), "value"), "90");
    close(greedy);
    close(other);
}

static void no_more_come_in_than_are_allowed(void **state)
{
    struct instance_wish wish = {.socket = served_socket(*state)};
    int clients[20], extra;
    char message[256];

    for (int i = 0; i < 20; i++) {
        clients[i] = served_connect(*state);
    }
    extra = instance_connect(&wish, NULL, message, sizeof message);
    assert_true(extra >= 0);
    assert_true(is_closed(extra));
    close(extra);
    for (int i = 0; i < 20; i++) {
        assert_string_equal(served_ask(clients[i], "ping"), "OK\n");
        close(clients[i]);
    }
}

static void messages_reach_subscribers(void **state)
{
    int one = served_connect(*state), two = served_connect(*state);

    assert_string_equal(served_ask(one, "subscribe \"a b\""),
                        "ACK [2@0] {subscribe} invalid channel name\n");
    assert_string_equal(served_ask(one, "subscribe talk"), "OK\n");
    assert_string_equal(served_ask(one, "subscribe talk"),
                        "ACK [56@0] {subscribe} already subscribed to this channel\n");
    assert_string_equal(served_ask(two, "channels"), "channel: matchplay\nchannel: talk\nOK\n");
    assert_string_equal(served_ask(two, "sendmessage talk \"how are you\""), "OK\n");
    assert_string_equal(served_ask(two, "sendmessage nobody hello"),
                        "ACK [50@0] {sendmessage} nobody is subscribed to this channel\n");
    assert_string_equal(served_ask(one, "idle message"), "changed: message\nOK\n");
    assert_string_equal(served_ask(one, "readmessages"),
                        "channel: talk\nmessage: how are you\nOK\n");
    assert_string_equal(served_ask(one, "readmessages"), "OK\n");
    assert_string_equal(served_ask(one, "unsubscribe talk"), "OK\n");
    assert_string_equal(served_ask(two, "channels"), "channel: matchplay\nOK\n");
    close(one);
    close(two);
}

static void a_message_to_the_player_is_carried_out_as_a_verb(void **state)
{
    int client = served_connect(*state);

    assert_string_equal(served_ask(client, "sendmessage matchplay \"set level 80\""), "OK\n");
    assert_string_equal(served_value(served_ask(client, "match set level"), "value"), "80");
    assert_non_null(
        strstr(served_ask(client, "sendmessage matchplay \"fly away\""), "unknown verb \"fly\""));
    close(client);
}

static void tag_types_are_turned_off_and_on_for_one_client(void **state)
{
    int one = served_connect(*state), two = served_connect(*state);

    assert_non_null(strstr(served_ask(one, "tagtypes"), "tagtype: Artist\n"));
    assert_string_equal(served_ask(one, "tagtypes clear"), "OK\n");
    assert_string_equal(served_ask(one, "tagtypes enable title ALBUM"), "OK\n");
    assert_string_equal(served_ask(one, "tagtypes"), "tagtype: Album\ntagtype: Title\nOK\n");
    assert_string_equal(served_ask(one, "tagtypes enable foo"),
                        "ACK [2@0] {tagtypes} Unknown tag type\n");
    assert_non_null(strstr(served_ask(two, "tagtypes"), "tagtype: Artist\n"));
    assert_string_equal(served_ask(one, "tagtypes all"), "OK\n");
    assert_non_null(strstr(served_ask(one, "tagtypes"), "tagtype: Artist\n"));
    close(one);
    close(two);
}

static void what_no_file_can_keep_is_not_set(void **state)
{
    int client = served_connect(*state);

    served_ask(client, "match set reference here.flac");
    assert_string_equal(served_ask(client, "match set reference \"a'b\\\"c\""),
                        "ACK [2@0] {match} reference: a value cannot hold both kinds of quotes\n");
    assert_string_equal(served_value(served_ask(client, "match set reference"), "value"),
                        "here.flac");
    served_ask(client, "match set reference \"\"");
    close(client);
}

/* As MPD's queue of updates has an end. */
static void updates_are_refused_when_too_many_wait(void **state)
{
    int client = served_connect(*state);
    char list[4096] = "command_list_begin\n", line[32];
    const char *answer;

    for (int i = 0; strlen(list) < 3900; i++) {
        snprintf(line, sizeof line, "update %d\n", i);
        strcat(list, line);
    }
    strcat(list, "command_list_end");
    answer = served_ask(client, list);
    assert_non_null(strstr(answer, "ACK [54@"));
    assert_non_null(strstr(answer, "] {update} already updating\n"));
    close(client);
}

static void settings_are_kept_over_a_restart(void **state)
{
    int client = served_connect(*state);
    const char *answer = served_ask(client, "match set width 40");

    assert_string_equal(served_value(answer, "effect"), "now");
    assert_non_null(strstr(served_ask(client, "match set width 400"), "from 0 to 100 %"));
    close(client);
    served_stop(*state);
    served_start_again(*state);
    client = served_connect(*state);
    assert_string_equal(served_value(served_ask(client, "match set width"), "value"), "40");
    close(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_and_refuses_as_mpd_does),
        cmocka_unit_test(a_list_runs_to_its_first_error_and_tells_where),
        cmocka_unit_test(who_speaks_another_language_is_let_go),
        cmocka_unit_test(lines_that_hold_a_nul_or_never_end_are_not_taken),
        cmocka_unit_test(idle_waits_until_something_it_asked_for_happens),
        cmocka_unit_test(idle_knows_mpds_names_and_keeps_ours_for_those_who_ask),
        cmocka_unit_test(noidle_ends_the_wait_and_nothing_else_may_be_said_in_it),
        cmocka_unit_test(what_waits_for_the_disk_is_answered_in_its_turn),
        cmocka_unit_test(who_does_not_read_is_let_go_and_others_are_served),
        cmocka_unit_test(a_list_ends_where_its_client_is_let_go),
        cmocka_unit_test(no_more_come_in_than_are_allowed),
        cmocka_unit_test(messages_reach_subscribers),
        cmocka_unit_test(a_message_to_the_player_is_carried_out_as_a_verb),
        cmocka_unit_test(tag_types_are_turned_off_and_on_for_one_client),
        cmocka_unit_test(what_no_file_can_keep_is_not_set),
        cmocka_unit_test(updates_are_refused_when_too_many_wait),
        cmocka_unit_test(settings_are_kept_over_a_restart),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
