/* test_preset.c - presets, shipped and the user's own. */
#include "chain/preset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char told[2048];

static void tell(void *context, const char *line)
{
    size_t used = strlen(told);

    (void)context;
    snprintf(told + used, sizeof told - used, "%s\n", line);
}

static void read_text(struct presets *presets, const char *text)
{
    char path[] = "/tmp/matchplay-preset-XXXXXX";
    int file = mkstemp(path);

    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), strlen(text));
    close(file);
    told[0] = '\0';
    assert_int_equal(presets_read(presets, path, tell, NULL), 0);
    unlink(path);
}

static void has_the_exact_match_without_any_file(void **state)
{
    struct presets *presets = presets_create();
    const struct preset *exact = presets_find(presets, "matchering");

    (void)state;
    assert_non_null(exact);
    assert_true(exact->values[PRESET_MATCH] == 1 && exact->values[PRESET_LIMITER] == 1);
    assert_true(exact->values[PRESET_EQ] == 100 && exact->values[PRESET_MAX_BOOST_DB] == 0);
    assert_int_equal(presets_read(presets, "/nowhere/presets.ini", tell, NULL), -ENOENT);
    presets_destroy(presets);
}

static void the_shipped_file_is_good(void **state)
{
    struct presets *presets = presets_create();
    const struct preset *gentle;

    (void)state;
    told[0] = '\0';
    assert_int_equal(presets_read(presets, "presets.ini", tell, NULL), 0);
    assert_string_equal(told, "");
    assert_int_equal(presets_count(presets), 3);
    assert_true(presets_find(presets, "original")->values[PRESET_MATCH] == 0);
    gentle = presets_find(presets, "gentle");
    assert_true(gentle->values[PRESET_EQ] == 60 && gentle->values[PRESET_MAX_BOOST_DB] == 18);
    assert_string_equal(gentle->name, "Gentle");
    for (size_t i = 0; i < presets_count(presets); i++) {
        assert_true(strlen(presets_get(presets, i)->description) > 10);
    }
    presets_destroy(presets);
}

static void a_later_file_changes_what_it_names_and_leaves_the_rest(void **state)
{
    struct presets *presets = presets_create();
    const struct preset *preset;

    (void)state;
    read_text(presets, "[soft]\nname = Soft\neq = 30\nlimiter = no\n");
    read_text(presets, "[soft]\neq = 40\n[empty]\n");
    preset = presets_find(presets, "soft");
    assert_string_equal(preset->name, "Soft");
    assert_true(preset->values[PRESET_EQ] == 40 && preset->values[PRESET_LIMITER] == 0);
    assert_true(preset->values[PRESET_WIDTH] == 100);
    assert_non_null(presets_find(presets, "empty"));
    presets_destroy(presets);
}

static void says_what_is_wrong_and_where(void **state)
{
    struct presets *presets = presets_create();

    (void)state;
    read_text(presets,
              "[loud]\nlevel = 200\neqq = 3\nwidth = 20\n[no_good]\neq = 1\n[b c]\neq = 2\n");
    assert_non_null(strstr(told, ":2: [loud] level = 200: it goes from 0 to 100 %\n"));
    assert_non_null(strstr(told, ":3: [loud] there is no parameter eqq; the nearest is eq\n"));
    assert_non_null(strstr(told, ":5: [no_good] a preset's id is of a-z, 0-9 and -"));
    assert_non_null(strstr(told, ":7: "));
    assert_true(presets_find(presets, "loud")->values[PRESET_WIDTH] == 20);
    assert_true(presets_find(presets, "loud")->values[PRESET_LEVEL] == 100);
    assert_null(presets_find(presets, "no_good"));
    assert_int_equal(presets_count(presets), 2);
    assert_string_equal(presets_nearest(presets, "laud"), "loud");
    presets_destroy(presets);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_the_exact_match_without_any_file),
        cmocka_unit_test(the_shipped_file_is_good),
        cmocka_unit_test(a_later_file_changes_what_it_names_and_leaves_the_rest),
        cmocka_unit_test(says_what_is_wrong_and_where),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
