/* test_password.c - the passwords of matchplayrc, what they grant, and patience with wrong ones. */
#include "server/password.h"
#include "server/server_internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

static unsigned granted(const char *passwords, const char *word)
{
    unsigned permissions = PERMISSION_NONE;

    return password_find(passwords, word, &permissions) ? permissions | 1024 : 0;
}

static void a_password_grants_what_stands_behind_its_last_at(void **state)
{
    static const char passwords[] = "look@read  own@er@read,add all ctl@control bad@nonsense";

    (void)state;
    assert_int_equal(granted(passwords, "look"), 1024 | PERMISSION_READ);
    assert_int_equal(granted(passwords, "own@er"), 1024 | PERMISSION_READ | PERMISSION_ADD);
    assert_int_equal(granted(passwords, "all"), 1024 | PERMISSION_ALL);
    assert_int_equal(granted(passwords, "ctl"), 1024 | PERMISSION_CONTROL | PERMISSION_PLAYER);
    assert_int_equal(granted(passwords, "bad"), 1024);
}

static void nothing_else_is_one(void **state)
{
    static const char *const words[] = {"",          "loo",  "lookk", "looklook",
                                        "look@read", "read", " ",     "LOOK"};

    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        assert_int_equal(granted("look@read @admin", words[i]), 0);
        assert_int_equal(granted("", words[i]), 0);
    }
}

static void who_guesses_waits_longer_each_time_and_others_do_not(void **state)
{
    struct server *server = calloc(1, sizeof *server);
    struct client *guesser = calloc(1, sizeof *guesser), *other = calloc(1, sizeof *other);
    char message[256];
    unsigned permissions = 0;

    (void)state;
    server->parts.options = options_create();
    options_set(server->parts.options, NULL, "password", "right", message, sizeof message);
    uv_loop_init(&server->loop);
    guesser->network = 1;
    other->network = 2;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(password_check(server, guesser, "wrong", &permissions), -1);
    }
    assert_int_equal(password_check(server, guesser, "wrong", &permissions), 1);
    assert_int_equal(password_check(server, guesser, "right", &permissions), 1);
    assert_int_equal(password_check(server, other, "right", &permissions), 0);
    server->guards[0].until_ms = server_now_ms(server) - 1; /* the second is over */
    assert_int_equal(password_check(server, guesser, "wrong", &permissions), -1);
    assert_int_equal(password_check(server, guesser, "right", &permissions), 2);
    server->guards[0].until_ms = server_now_ms(server) - 1;
    assert_int_equal(password_check(server, guesser, "right", &permissions), 0);
    assert_int_equal(permissions, PERMISSION_ALL);
    assert_int_equal(password_check(server, guesser, "wrong", &permissions), -1); /* forgiven */
    assert_int_equal(password_check(server, guesser, "right", &permissions), 0);
    uv_loop_close(&server->loop);
    options_destroy(server->parts.options);
    free(other);
    free(guesser);
    free(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_password_grants_what_stands_behind_its_last_at),
        cmocka_unit_test(nothing_else_is_one),
        cmocka_unit_test(who_guesses_waits_longer_each_time_and_others_do_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
