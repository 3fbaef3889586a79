/* test_keys.c - names of keys, what is bound to them, and what matchplayrc binds. */
#include "tests/screen_support.h"

#include "config/ini.h"
#include "config/rcfile.h"
#include "tui/keys.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void every_key_is_named_so_that_its_name_finds_it(void **state)
{
    const int keys[] = {'x',
                        'X',
                        1,
                        18,
                        INPUT_SPACE,
                        INPUT_ENTER,
                        INPUT_TAB,
                        INPUT_F1,
                        INPUT_F12,
                        INPUT_PAGE_DOWN,
                        0xe9,
                        'b' | INPUT_ALT,
                        INPUT_BACKSPACE,
                        ':',
                        '^'};
    char name[64];

    (void)state;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        key_write(keys[i], name, sizeof name);
        assert_int_equal(key_named(name), keys[i]);
    }
    assert_int_equal(key_named("F13"), -1);
    assert_int_equal(key_named("nonsense"), -1);
    assert_int_equal(key_named(""), -1);
}

/* Its keys lead to it alone. */
static void check_keys(const struct keys *keys, const struct action_entry *entry)
{
    char text[128];

    snprintf(text, sizeof text, "%s", entry->keys);
    for (char *at = strtok(text, " "); at != NULL; at = strtok(NULL, " ")) {
        if (keys_action(keys, key_named(at)) != entry->action) {
            fail_msg("%s of %s belongs to another action", at, entry->name);
        }
    }
}

static void every_action_has_a_name_of_its_own_and_keys_nobody_else_has(void **state)
{
    struct keys *keys = keys_create();

    (void)state;
    for (size_t i = 0; action_at(i) != NULL; i++) {
        const struct action_entry *entry = action_at(i);

        assert_ptr_equal(action_named(entry->name), entry);
        assert_ptr_equal(action_entry(entry->action), entry);
        check_keys(keys, entry);
    }
    for (int i = ACTION_NONE + 1; i < ACTIONS; i++) {
        assert_non_null(action_entry((enum action)i));
    }
    keys_destroy(keys);
}

static void a_key_that_is_bound_anew_leaves_what_had_it(void **state)
{
    struct keys *keys = keys_create();
    char text[128], message[128];

    (void)state;
    assert_int_equal(keys_bind(keys, "match-ab", "a F5", message, sizeof message), 0);
    assert_int_equal(keys_action(keys, 'a'), ACTION_AB);
    assert_int_equal(keys_action(keys, INPUT_F1 + 4), ACTION_AB);
    assert_int_equal(keys_action(keys, 'A'), ACTION_NONE);
    keys_of(keys, ACTION_TO_LIBRARY, text, sizeof text);
    assert_string_equal(text, "");
    keys_of(keys, ACTION_AB, text, sizeof text);
    assert_non_null(strstr(text, "F5"));
    keys_destroy(keys);
}

static void a_slip_changes_nothing_and_is_told(void **state)
{
    struct keys *keys = keys_create();
    char message[128];

    (void)state;
    assert_int_equal(keys_bind(keys, "match-ba", "a", message, sizeof message), -ENOENT);
    assert_non_null(strstr(message, "match-ba"));
    assert_int_equal(keys_bind(keys, "match-ab", "a nokey", message, sizeof message), -EINVAL);
    assert_non_null(strstr(message, "nokey"));
    assert_int_equal(keys_action(keys, 'A'), ACTION_AB);
    keys_destroy(keys);
}

/* --- matchplayrc --------------------------------------------------------------------------- */

static void told(void *context, const char *line)
{
    (void)context;
    fail_msg("%s", line);
}

static void open_with_rc(struct stage *stage, const char *rc, size_t length)
{
    struct options *options = options_create();
    char path[] = "/tmp/matchplay-keys-XXXXXX";
    int file = mkstemp(path);

    assert_int_equal(write(file, rc, length), length);
    close(file);
    assert_int_equal(rcfile_read(options, path, told, NULL), 0);
    unlink(path);
    stage_open_with(stage, options, "tests/data/screen/answers.txt", 24, 80, true);
}

static void matchplayrc_gives_actions_other_keys(void **state)
{
    static const char rc[] = "[keys]\nmatch_ab = F5 alt-x\nstop = \"\"\nseek-back = é\n";
    struct stage stage;

    (void)state;
    open_with_rc(&stage, rc, sizeof rc - 1);
    assert_string_equal(stage.screen->message, "");
    stage_type(&stage, "A v h left");
    assert_false(stage_was_asked(&stage, "match \"ab\" \"toggle\"\n"));
    assert_false(stage_was_asked(&stage, "stop\n"));
    assert_false(stage_was_asked(&stage, "seekcur"));
    stage_type(&stage, "F5");
    assert_true(stage_was_asked(&stage, "match \"ab\" \"toggle\"\n"));
    stage_type(&stage, "é alt-x");
    assert_true(stage_was_asked(&stage, "seekcur \"-5\"\nmatch \"ab\" \"toggle\"\n"));
    stage_close(&stage);
}

static void a_name_that_is_none_is_told(void **state)
{
    static const char rc[] = "[keys]\nmatch_ba = F5\n";
    struct stage stage;

    (void)state;
    open_with_rc(&stage, rc, sizeof rc - 1);
    assert_non_null(strstr(stage.screen->log[0].text, "there is no action match_ba"));
    stage_close(&stage);
}

/* With the # of its examples taken away. */
static void the_examples_of_the_shipped_matchplayrc_hold(void **state)
{
    size_t length;
    char *rc = config_read_file("matchplayrc", 1 << 20, &length);
    char *keys = rc != NULL ? strstr(rc, "\n[keys]\n") : NULL;
    struct stage stage;
    char text[128];

    (void)state;
    assert_non_null(keys);
    for (char *line = strstr(keys, "\n#"); line != NULL; line = strstr(line + 1, "\n#")) {
        line[1] = line[2] >= 'a' && line[2] <= 'z' ? ' ' : '#';
    }
    open_with_rc(&stage, keys, length - (size_t)(keys - rc));
    assert_non_null(options_binding(stage.options, 0, &(const char *){NULL}));
    assert_string_equal(stage.screen->message, "");
    keys_of(stage.screen->keys, ACTION_SEEK_BACK, text, sizeof text);
    assert_string_equal(text, action_entry(ACTION_SEEK_BACK)->keys);
    stage_close(&stage);
    free(rc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_is_named_so_that_its_name_finds_it),
        cmocka_unit_test(every_action_has_a_name_of_its_own_and_keys_nobody_else_has),
        cmocka_unit_test(a_key_that_is_bound_anew_leaves_what_had_it),
        cmocka_unit_test(a_slip_changes_nothing_and_is_told),
        cmocka_unit_test(matchplayrc_gives_actions_other_keys),
        cmocka_unit_test(a_name_that_is_none_is_told),
        cmocka_unit_test(the_examples_of_the_shipped_matchplayrc_hold),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
