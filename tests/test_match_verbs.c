/* test_match_verbs.c - references, presets and amounts by the protocol: who rules a track, and who
   may change it. */
#include "server_support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void copy(const struct served *served, const char *from, const char *to)
{
    char command[1024];

    snprintf(command, sizeof command,
             "mkdir -p \"$(dirname '%s/music/%s')\" && cp '%s' '%s/music/%s'",
             served_folder(served), to, from, served_folder(served), to);
    assert_int_equal(system(command), 0);
}

static void put(const struct served *served, const char *name, const char *text)
{
    char path[512];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", served_folder(served), name);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static unsigned port(void)
{
    return 20000 + (unsigned)getpid() % 20000;
}

static int set_up(void **state)
{
    char settings[256];
    struct served *served;
    int client;

    snprintf(settings, sizeof settings,
             "[library]\nsummaries = no\n[server]\nlisten_address = 127.0.0.1\nport = %u\n"
             "password = \"look@read\"\n",
             port());
    served = served_start(settings);
    copy(served, "tests/data/mono.flac", "a/one.flac");
    copy(served, "tests/data/ambient.flac", "a/two.flac");
    copy(served, "tests/data/master.flac", "ref: 0.5.flac");
    client = served_connect(served);
    served_ask(client, "update");
    served_await(client, "count base \"a\"", "songs: 2\n");
    close(client);
    *state = served;
    return 0;
}

static int tear_down(void **state)
{
    served_destroy(*state);
    return 0;
}

/* A stored playlist with the two tracks. */
static void make_playlist(const struct served *served)
{
    char command[512];

    snprintf(command, sizeof command, "mkdir -p '%s/data/matchplay/playlists'",
             served_folder(served));
    assert_int_equal(system(command), 0);
    put(served, "data/matchplay/playlists/jazz.m3u8", "# mine\na/one.flac\na/two.flac\n");
}

static void read_playlist(const struct served *served, char *text, size_t size)
{
    char path[512];
    FILE *file;

    snprintf(path, sizeof path, "%s/data/matchplay/playlists/jazz.m3u8", served_folder(served));
    file = fopen(path, "r");
    assert_non_null(file);
    text[fread(text, 1, size - 1, file)] = '\0';
    fclose(file);
}

/* By the network, where "look" may only read. */
static int connect_from_afar(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port())};
    int connection = socket(AF_INET, SOCK_STREAM, 0);

    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    assert_int_equal(connect(connection, (const struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(strncmp(served_hear(connection), "OK MPD", 6), 0);
    assert_string_equal(served_ask(connection, "password look"), "OK\n");
    return connection;
}

/* --- whose ------------------------------------------------------------------------------------ */

static void several_references_stand_with_their_weights(void **state)
{
    int client = served_connect(*state);

    assert_string_equal(
        served_ask(client, "match reference all \"ref: 0.5.flac:2\" a/two.flac:0.25"), "OK\n");
    assert_string_equal(served_ask(client, "match reference all"),
                        "scope: all\nreference: ref: 0.5.flac\nweight: 2\n"
                        "reference: a/two.flac\nweight: 0.25\nOK\n");
    close(client);
    served_stop(*state);
    served_start_again(*state); /* and are kept */
    client = served_connect(*state);
    assert_string_equal(served_ask(client, "match reference"),
                        "scope: all\nreference: ref: 0.5.flac\nweight: 2\n"
                        "reference: a/two.flac\nweight: 0.25\nOK\n");
    assert_string_equal(served_ask(client, "match clear all"), "OK\n");
    assert_string_equal(served_ask(client, "match reference"), "scope: settings\nOK\n");
    close(client);
}

static void a_name_that_ends_like_a_weight_is_a_name(void **state)
{
    int client = served_connect(*state);

    served_ask(client, "match reference all \"ref: 0.5.flac\"");
    assert_string_equal(served_ask(client, "match reference all"),
                        "scope: all\nreference: ref: 0.5.flac\nweight: 1\nOK\n");
    close(client);
}

static void each_scope_has_its_own(void **state)
{
    int client = served_connect(*state);

    make_playlist(*state);
    served_ask(client, "match reference track a/one.flac a/two.flac");
    served_ask(client, "match reference album \"Some One\" \"The Thing\" a/two.flac");
    served_ask(client, "match reference playlist jazz \"ref: 0.5.flac\"");
    assert_string_equal(served_ask(client, "match reference track a/one.flac"),
                        "scope: track\ntrack: a/one.flac\nreference: a/two.flac\nweight: 1\nOK\n");
    assert_string_equal(served_ask(client, "match reference track a/two.flac"),
                        "scope: track\ntrack: a/two.flac\nOK\n");
    assert_string_equal(served_ask(client, "match reference album \"Some One\" \"The Thing\""),
                        "scope: album\nartist: Some One\nalbum: The Thing\n"
                        "reference: a/two.flac\nweight: 1\nOK\n");
    assert_string_equal(
        served_ask(client, "match reference playlist jazz"),
        "scope: playlist\nplaylist: jazz\nreference: ref: 0.5.flac\nweight: 1\nOK\n");
    close(client);
}

static void a_playlist_keeps_its_own_in_its_file(void **state)
{
    int client = served_connect(*state);
    char text[2048];

    make_playlist(*state);
    assert_string_equal(served_ask(client, "match reference playlist jazz a/two.flac:3"), "OK\n");
    assert_string_equal(served_ask(client, "match preset gentle playlist jazz"), "OK\n");
    assert_string_equal(served_ask(client, "match amount level 55 playlist jazz"), "OK\n");
    assert_string_equal(served_ask(client, "match amount limiter no playlist jazz"), "OK\n");
    assert_string_equal(served_ask(client, "match reference playlist jazz"),
                        "scope: playlist\nplaylist: jazz\nreference: a/two.flac\nweight: 3\n"
                        "preset: gentle\nlevel: 55\nlimiter: 0\nOK\n");
    read_playlist(*state, text, sizeof text);
    assert_non_null(strstr(text, "#MATCHPLAY-REFERENCE:"));
    assert_non_null(strstr(text, "#MATCHPLAY-PRESET:gentle\n"));
    assert_non_null(strstr(text, "# mine\n"));
    served_ask(client, "match amount level \"\" playlist jazz");
    served_ask(client, "match preset \"\" playlist jazz");
    assert_string_equal(served_ask(client, "match reference playlist jazz"),
                        "scope: playlist\nplaylist: jazz\nreference: a/two.flac\nweight: 3\n"
                        "limiter: 0\nOK\n");
    assert_string_equal(served_ask(client, "match clear playlist jazz"), "OK\n");
    read_playlist(*state, text, sizeof text);
    assert_null(strstr(text, "MATCHPLAY"));
    assert_non_null(strstr(text, "a/one.flac\na/two.flac\n"));
    close(client);
}

/* --- what is wrong ---------------------------------------------------------------------------- */

/* One that lies among the music, as mpc loads it. */
static void a_playlist_among_the_music_rules_what_it_queues(void **state)
{
    int client = served_connect(*state);
    const char *answer;

    put(*state, "music/a/best.m3u8", "#EXTM3U\n#MATCHPLAY-REFERENCE:1.0,two.flac\none.flac\n");
    assert_string_equal(served_ask(client, "load a/best.m3u8"), "OK\n");
    answer = served_ask(client, "match queue");
    assert_non_null(strstr(answer, "file: a/one.flac\n"));
    assert_non_null(strstr(answer, "Origin: a/best.m3u8\nReference: a/two.flac\n"
                                   "ReferenceFrom: playlist\n"));
    close(client);
    served_stop(*state);
    served_start_again(*state);
    client = served_connect(*state);
    assert_non_null(strstr(served_ask(client, "match queue"), "ReferenceFrom: playlist\n"));
    close(client);
}

static void what_is_wrong_is_said_and_changes_nothing(void **state)
{
    static const char *const wrong[][2] = {
        {"match reference all none.flac", "ACK [50@0] {match} none.flac: there is no such file"},
        {"match reference all ../../etc/passwd", "ACK [50@0] {match} "},
        {"match reference all a", "ACK [50@0] {match} a: there is no such file"},
        {"match reference all \"\"", "ACK [50@0] {match} "},
        {"match reference track a/none.flac a/two.flac", "ACK [50@0] {match} No such song\n"},
        {"match reference track ../music/a/one.flac a/two.flac", "ACK [50@0] {match} No such"},
        {"match reference playlist none a/two.flac", "ACK [50@0] {match} No such playlist\n"},
        {"match clear playlist none", "ACK [50@0] {match} No such playlist\n"},
        {"match reference playlist ../x a/two.flac", "ACK [2@0] {match} playlist name is invalid"},
        {"match reference everything a/two.flac", "ACK [2@0] {match} everything: it is track, "},
        {"match reference album Someone", "ACK [2@0] {match} an album is named by two words"},
        {"match reference track", "ACK [50@0] {match} no track is heard"},
        {"match preset nothing", "ACK [50@0] {match} there is no preset nothing"},
        {"match preset gentel",
         "ACK [50@0] {match} there is no preset gentel; the nearest is gentle"},
        {"match set preset gentel",
         "ACK [2@0] {match} there is no preset gentel; the nearest is gentle"},
        {"match set slot_b nothing", "ACK [2@0] {match} nothing: a slot holds "},
        {"match amount level 155", "ACK [2@0] {match} level = 155: "},
        {"match amount level 155 all", "ACK [2@0] {match} level = 155: "},
        {"match amount loudness 5",
         "ACK [2@0] {match} loudness: it is level, eq, width or limiter"},
        {"match album sometimes", "ACK [2@0] {match} match_mode = sometimes: "},
        {"match ab sideways", "ACK [2@0] {match} sideways: it is matched, original or toggle\n"},
        {"match plan x", "ACK [2@0] {match} "},
        {"match plan 4711", "ACK [50@0] {match} No such song\n"},
        {"match clear all too", "ACK [2@0] {match} too many arguments\n"},
    };
    int client = served_connect(*state);

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        const char *answer = served_ask(client, wrong[i][0]);

        if (strncmp(answer, wrong[i][1], strlen(wrong[i][1])) != 0) {
            fail_msg("%s: %s", wrong[i][0], answer);
        }
    }
    assert_string_equal(served_ask(client, "match reference"), "scope: settings\nOK\n");
    assert_string_equal(served_value(served_ask(client, "match set level"), "value"), "100");
    close(client);
}

static void who_may_only_look_changes_nothing(void **state)
{
    static const char *const lines[] = {
        "match reference all a/two.flac",
        "match clear all",
        "match preset gentle",
        "match amount level 50",
        "match album album",
        "match ab original",
        "match loudness equal",
        "match findaddpl mine album x",
    };
    int client = connect_from_afar();

    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        if (strncmp(served_ask(client, lines[i]), "ACK [4@0] {match} ", 18) != 0) {
            fail_msg("it may: %s", lines[i]);
        }
    }
    assert_string_equal(served_ask(client, "match ab"), "ab: matched\nOK\n");
    assert_string_equal(served_ask(client, "match reference all"), "scope: all\nOK\n");
    assert_int_equal(
        strncmp(served_ask(client, "match reference track /etc/passwd"), "ACK [4@0] {match} ", 18),
        0);
    close(client);
}

/* --- switches --------------------------------------------------------------------------------- */

static void switches_turn_and_wake_who_waits_for_them(void **state)
{
    int client = served_connect(*state), waiter = served_connect(*state);

    served_say(waiter, "idle match\n", 11);
    assert_string_equal(served_ask(client, "match ab toggle"), "ab: original\nOK\n");
    assert_string_equal(served_hear(waiter), "changed: match\nOK\n");
    assert_string_equal(served_ask(client, "match ab"), "ab: original\nOK\n");
    served_say(waiter, "idle output\n", 12); /* for remotes it is an output */
    assert_string_equal(served_hear(waiter), "changed: output\nOK\n");
    assert_string_equal(served_ask(client, "match ab matched"), "ab: matched\nOK\n");
    assert_string_equal(served_ask(client, "match loudness equal"), "loudness: equal\nOK\n");
    assert_string_equal(served_value(served_ask(client, "match status"), "loudness"), "equal");
    served_ask(waiter, "idle options");
    served_say(waiter, "idle options\n", 13);
    served_ask(client, "match hear track");
    assert_string_equal(served_hear(waiter), "changed: options\nOK\n");
    served_say(waiter, "idle options\n", 13);
    served_ask(client, "match abx stop");
    assert_string_equal(served_hear(waiter), "changed: options\nOK\n");
    served_ask(client, "sendmessage matchplay \"ab toggle\"");
    assert_string_equal(served_ask(client, "match ab"), "ab: original\nOK\n");
    close(client);
    close(waiter);
}

static void presets_and_amounts_of_the_settings_stay(void **state)
{
    int client = served_connect(*state);

    assert_non_null(strstr(served_ask(client, "match preset"), "preset: gentle\n"));
    assert_string_equal(served_ask(client, "match preset gentle"), "OK\n");
    assert_string_equal(served_ask(client, "match amount width 40"), "OK\n");
    assert_string_equal(served_ask(client, "match album auto"), "album_mode: auto\nOK\n");
    close(client);
    served_stop(*state);
    served_start_again(*state);
    client = served_connect(*state);
    assert_string_equal(served_value(served_ask(client, "match set preset"), "value"), "gentle");
    assert_string_equal(served_value(served_ask(client, "match set width"), "value"), "40");
    assert_string_equal(served_ask(client, "match album"), "album_mode: auto\nOK\n");
    close(client);
}

/* --- what plays ------------------------------------------------------------------------------- */

static void status_and_plan_tell_what_is_done_to_the_track_that_is_heard(void **state)
{
    int client = served_connect(*state);
    const char *answer;
    char path[512];

    make_playlist(*state);
    served_ask(client, "match reference all a/one.flac");
    served_ask(client, "match reference playlist jazz \"ref: 0.5.flac\"");
    served_ask(client, "match amount eq 80 playlist jazz");
    assert_string_equal(served_ask(client, "load jazz"), "OK\n");
    assert_string_equal(served_ask(client, "play 1"), "OK\n");
    answer = served_await(client, "match status", "plan: ready\n");
    assert_string_equal(served_value(answer, "file"), "a/two.flac");
    assert_string_equal(served_value(answer, "playlist"), "jazz");
    assert_string_equal(served_value(answer, "reference"), "ref: 0.5.flac");
    assert_string_equal(served_value(answer, "reference_from"), "playlist");
    assert_string_equal(served_value(answer, "reference_gone"), "0");
    assert_string_equal(served_value(answer, "eq"), "80");
    assert_string_equal(served_value(answer, "eq_from"), "playlist");
    assert_string_equal(served_value(answer, "level_from"), "settings");
    assert_non_null(strstr(answer, "\ndoes: +"));
    answer = served_ask(client, "match plan");
    assert_true(atof(served_value(answer, "gain")) > 3.0);
    assert_true(atof(served_value(answer, "loudness_after")) >
                atof(served_value(answer, "loudness_before")) + 3.0);
    assert_non_null(strstr(answer, "\ncurve: 1000.0 "));
    /* Its own wins, at once. */
    served_ask(client, "match reference track \"\" a/one.flac");
    answer = served_await(client, "match status", "reference: a/one.flac\n");
    assert_string_equal(served_value(answer, "reference_from"), "track");
    served_await(client, "match status", "plan: ready\n");
    assert_string_equal(served_ask(client, "match clear track"), "OK\n");
    served_ask(client, "stop");
    close(client);
    served_stop(*state);
    /* A reference that is gone still serves, and that is said. */
    snprintf(path, sizeof path, "%s/music/ref: 0.5.flac", served_folder(*state));
    assert_int_equal(unlink(path), 0);
    served_start_again(*state);
    client = served_connect(*state);
    assert_string_equal(served_ask(client, "play 1"), "OK\n");
    answer = served_await(client, "match status", "plan: ready\n");
    assert_string_equal(served_value(answer, "reference"), "ref: 0.5.flac");
    assert_string_equal(served_value(answer, "reference_gone"), "1");
    close(client);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(several_references_stand_with_their_weights),
        TEST(a_name_that_ends_like_a_weight_is_a_name),
        TEST(each_scope_has_its_own),
        TEST(a_playlist_keeps_its_own_in_its_file),
        TEST(a_playlist_among_the_music_rules_what_it_queues),
        TEST(what_is_wrong_is_said_and_changes_nothing),
        TEST(who_may_only_look_changes_nothing),
        TEST(switches_turn_and_wake_who_waits_for_them),
        TEST(presets_and_amounts_of_the_settings_stay),
        TEST(status_and_plan_tell_what_is_done_to_the_track_that_is_heard),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
