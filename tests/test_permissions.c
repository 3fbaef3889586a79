/* test_permissions.c - who may what over the network: the classes of MPD 0.23, and no path of this
   machine for anybody. */
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

enum { CLASSES = 6 };

/* As MPD 0.23.12 lists them to a client of that class alone, but for what is not here; and of the
   outputs, that MPD leaves to administrators: whether the match is heard is for whoever may play.
 */
static const struct {
    const char *password, *commands;
} classes[CLASSES] = {
    {NULL, "binarylimit close commands notcommands password ping tagtypes"},
    {"r", "albumart channels count currentsong decoders find getvol idle list listall listallinfo "
          "listplaylist listplaylistinfo listplaylists lsinfo outputs playlist playlistfind "
          "playlistid playlistinfo playlistsearch plchanges plchangesposid readcomments "
          "readmessages readpicture search stats status subscribe unsubscribe urlhandlers"},
    {"a", "add addid findadd load searchadd"},
    {"p", "clear clearerror consume delete deleteid disableoutput enableoutput move moveid next "
          "pause play playid previous prio prioid random repeat seek seekcur seekid setvol shuffle "
          "single stop swap swapid toggleoutput volume"},
    {"c", "clear clearerror consume delete deleteid disableoutput enableoutput move moveid next "
          "pause play playid playlistadd playlistclear playlistdelete playlistmove previous prio "
          "prioid random rename repeat rescan rm save searchaddpl seek seekcur seekid sendmessage "
          "setvol shuffle single stop swap swapid toggleoutput update volume"},
    {"d", "config kill outputset"},
};

static unsigned port(void)
{
    return 20000 + (unsigned)getpid() % 20000;
}

static int set_up(void **state)
{
    char settings[256], command[512];
    struct served *served;
    int client;

    snprintf(settings, sizeof settings,
             "[library]\nauto_update = no\nsummaries = no\n[server]\nlisten_address = 127.0.0.1\n"
             "port = %u\npassword = \"r@read a@add p@player c@control d@admin "
             "all@read,add,player,control,admin\"\n",
             port());
    *state = served = served_start(settings);
    snprintf(command, sizeof command, "cp tests/data/mono.flac '%s/x.flac' && : >'%s/cover.jpg'",
             served_folder(served), served_folder(served));
    assert_int_equal(system(command), 0);
    client = served_connect(served); /* so that it is known, and there is something to refuse */
    snprintf(command, sizeof command, "add %s/x.flac", served_folder(served));
    assert_string_equal(served_ask(client, command), "OK\n");
    close(client);
    return 0;
}

static int tear_down(void **state)
{
    served_destroy(*state);
    return 0;
}

static int connect_as(const char *password)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port())};
    int connection = socket(AF_INET, SOCK_STREAM, 0);
    char line[64];

    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    assert_int_equal(connect(connection, (const struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(strncmp(served_hear(connection), "OK MPD", 6), 0);
    if (password != NULL) {
        snprintf(line, sizeof line, "password %s", password);
        assert_string_equal(served_ask(connection, line), "OK\n");
    }
    return connection;
}

/* In the list, and not a part of another word of it. */
static bool is_listed(const char *list, const char *word, size_t length)
{
    for (const char *at = list; (at = strstr(at, word)) != NULL; at += length) {
        if ((at == list || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0')) {
            return true;
        }
    }
    return false;
}

static void each_class_has_the_commands_that_mpd_gives_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < CLASSES; i++) {
        int client = connect_as(classes[i].password);
        char wanted[4096], got[4096] = "";
        const char *answer = served_ask(client, "commands");
        char command[64];

        snprintf(wanted, sizeof wanted, "%s", classes[i].commands);
        for (const char *at = answer; sscanf(at, "command: %63s", command) == 1;
             at = strchr(at, '\n') + 1) {
            bool for_all = is_listed(classes[0].commands, command, strlen(command));

            if (strcmp(command, "match") != 0 && (i == 0 || !for_all)) {
                snprintf(got + strlen(got), sizeof got - strlen(got), "%s%s",
                         got[0] != '\0' ? " " : "", command);
            }
        }
        assert_string_equal(got, wanted);
        close(client);
    }
}

static void no_class_reaches_a_path_of_this_machine(void **state)
{
    static const char *const lines[][2] = {
        {"add", ""},
        {"addid", ""},
        {"match add", ""},
        {"playlistadd new", ""},
        {"lsinfo", ""},
        {"readpicture", " 0"},
        {"albumart", " 0"},
        {"readcomments", ""},
        {"match hear reference", ""},
        {"match reference track", ""},
        {"match reference all", ""},
    };
    int client = connect_as("all");
    char path[256], line[300];

    snprintf(path, sizeof path, "%s/x.flac", served_folder(*state));
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        const char *answer;

        snprintf(line, sizeof line, "%s %s%s", lines[i][0], path, lines[i][1]);
        answer = served_ask(client, line);
        if (strncmp(answer, "ACK [4@0]", 9) != 0 && strncmp(answer, "ACK [50@0]", 10) != 0) {
            fail_msg("%s: %s", line, answer);
        }
    }
    assert_string_equal(served_ask(client, "listplaylists"), "OK\n");
    close(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_class_has_the_commands_that_mpd_gives_it),
        cmocka_unit_test(no_class_reaches_a_path_of_this_machine),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
