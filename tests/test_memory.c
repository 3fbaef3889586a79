/* test_memory.c - past memory_limit no new references are taken, and the music goes on. */
#include "server_support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LEAST_LIMIT_MB = 128 };

static void copy(const struct served *served, const char *from, const char *to)
{
    char command[1024];

    snprintf(command, sizeof command, "cp '%s' '%s/music/%s'", from, served_folder(served), to);
    assert_int_equal(system(command), 0);
}

static int set_up(void **state)
{
    struct served *served = served_start("[library]\nsummaries = no\n"
                                         "[system]\nmemory_limit = 128\n");
    int client;

    copy(served, "tests/data/mix.flac", "mix.flac");
    copy(served, "tests/data/master.flac", "master.flac");
    client = served_connect(served);
    served_ask(client, "update");
    served_await(client, "stats", "songs: 2\n");
    close(client);
    *state = served;
    return 0;
}

static int tear_down(void **state)
{
    served_destroy(*state);
    return 0;
}

static double elapsed(int client)
{
    return strtod(served_value(served_ask(client, "status"), "elapsed"), NULL);
}

static void refuses_new_references_while_memory_is_short_and_plays_on(void **state)
{
    size_t bytes = (size_t)LEAST_LIMIT_MB * 1000000;
    int client = served_connect(*state);
    char *ballast;
    const char *answer;
    double before;

    served_ask(client, "match reference all master.flac");
    served_ask(client, "add mix.flac");
    served_ask(client, "play 0");
    served_await(client, "status", "state: play");
    served_await(client, "match status", "plan: ready");
    ballast = malloc(bytes);
    assert_non_null(ballast);
    memset(ballast, 1, bytes);
    answer = served_ask(client, "match reference all mix.flac");
    assert_non_null(strstr(answer, "ACK"));
    assert_non_null(strstr(answer, "memory_limit = 128 MB is reached"));
    answer = served_ask(client, "match reference all");
    assert_non_null(strstr(answer, "master.flac")); /* as it was */
    before = elapsed(client);
    usleep(300000);
    answer = served_ask(client, "status");
    assert_non_null(strstr(answer, "state: play\n"));
    assert_true(elapsed(client) > before);
    free(ballast);
    assert_null(strstr(served_ask(client, "match reference all mix.flac"), "ACK"));
    close(client);
}

static void is_told_another_limit_while_it_runs(void **state)
{
    size_t bytes = (size_t)LEAST_LIMIT_MB * 1000000;
    int client = served_connect(*state);
    char *ballast = malloc(bytes);

    assert_non_null(ballast);
    memset(ballast, 1, bytes);
    assert_non_null(strstr(served_ask(client, "match reference all master.flac"), "ACK"));
    assert_non_null(strstr(served_ask(client, "match set memory_limit 4096"), "effect: now\n"));
    assert_null(strstr(served_ask(client, "match reference all master.flac"), "ACK"));
    free(ballast);
    close(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(refuses_new_references_while_memory_is_short_and_plays_on,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(is_told_another_limit_while_it_runs, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
