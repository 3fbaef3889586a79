/* test_folder.c - `match folder`: a folder is shown and searched piece by piece. */
#include "queue_support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <unistd.h>

static void is_shown_in_pieces_folders_first(void **state)
{
    int client = served_connect(*state);

    assert_string_equal(served_ask(client, "match folder \"\""), "folders: 1\nsongs: 3\nOK\n");
    assert_string_equal(served_ask(client, "match folder d/e"), "folders: 0\nsongs: 1\nOK\n");
    assert_non_null(strstr(served_ask(client, "match folder \"\" 0:64"), "directory: d\n"));
    assert_string_equal(queue_support_uris(client, "match folder \"\" 0:64"), "one three two");
    assert_string_equal(queue_support_uris(client, "match folder \"\" 2:4"), "three two");
    assert_null(strstr(served_ask(client, "match folder \"\" 1:2"), "directory: "));
    assert_string_equal(served_ask(client, "match folder \"\" 4:64"), "OK\n");
    assert_string_equal(queue_support_uris(client, "match folder d 0:64"), "d/a d/b");
    assert_string_equal(served_ask(client, "match folder none"),
                        "ACK [50@0] {match} No such directory\n");
    assert_string_equal(served_ask(client, "match folder ../x 0:1"),
                        "ACK [50@0] {match} No such directory\n");
    assert_non_null(strstr(served_ask(client, "match folder d x"), "ACK [2@0] {match} "));
    close(client);
}

static void knows_the_place_of_what_is_in_it(void **state)
{
    int client = served_connect(*state);

    assert_string_equal(served_ask(client, "match folder \"\" place d"), "position: 0\nOK\n");
    assert_string_equal(served_ask(client, "match folder \"\" place two.wav"), "position: 3\nOK\n");
    assert_string_equal(served_ask(client, "match folder d place d/e"), "position: 0\nOK\n");
    assert_string_equal(served_ask(client, "match folder d place two.wav"), "OK\n");
    assert_non_null(strstr(served_ask(client, "match folder d other x"), "is expected"));
    close(client);
}

static void is_searched_by_names(void **state)
{
    int client = served_connect(*state);

    assert_string_equal(served_ask(client, "match find folder \"\" TW 0 +0"), "position: 3\nOK\n");
    assert_string_equal(served_ask(client, "match find folder \"\" t 2 +1"), "position: 3\nOK\n");
    assert_string_equal(served_ask(client, "match find folder \"\" t 3 +1"), "position: 2\nOK\n");
    assert_string_equal(served_ask(client, "match find folder \"\" d 3 -1"), "position: 0\nOK\n");
    assert_string_equal(served_ask(client, "match find folder d/e d 0 +0"), "OK\n");
    assert_string_equal(served_ask(client, "match find folder none d 0 +0"),
                        "ACK [50@0] {match} No such directory\n");
    close(client);
}

int main(void)
{
#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, queue_support_set_up, queue_support_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(is_shown_in_pieces_folders_first),
        TEST(knows_the_place_of_what_is_in_it),
        TEST(is_searched_by_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
