/* test_command_line.c - words, options and weights of a command line, and JSON for its answers. */
#include "command/arguments.h"
#include "command/command.h"
#include "command/json.h"
#include "command/reference_words.h"
#include "config/verbs.h"
#include "media_fixtures.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void make_empty(const char *name)
{
    FILE *file = fopen(name, "w");

    assert_non_null(file);
    fclose(file);
}

/* The tests run in a folder of their own. */
static int enter_folder(void **state)
{
    return fixtures_make_folder(state) == 0 ? chdir((const char *)*state) : -1;
}

static void the_table_and_the_verbs_name_the_same(void **state)
{
    size_t commands, verbs;
    const struct command *const *table = command_table(&commands);
    const char *const *names = verbs_table(&verbs);

    (void)state;
    for (size_t i = 0; i < commands; i++) {
        assert_true(verb_exists(table[i]->name));
        assert_ptr_equal(command_find(table[i]->name), table[i]);
    }
    assert_int_equal(commands, verbs);
    for (size_t i = 0; i < verbs; i++) {
        assert_non_null(command_find(names[i]));
    }
    assert_string_equal(verb_nearest("mathc"), "match");
}

static void no_option_uses_a_common_letter(void **state)
{
    size_t count;
    const struct command *const *table = command_table(&count);

    (void)state;
    for (size_t i = 0; i < count; i++) {
        for (const struct command_option *o = table[i]->options; o != NULL && o->key != 0; o++) {
            assert_null(o->key < COMMAND_LONG_ONLY ? strchr("cSvh", o->key) : NULL);
        }
    }
}

static void sorts_words_in_every_spelling(void **state)
{
    static const struct command_option options[] = {
        {'r', "reference", "REF", "x"},
        {'q', "quiet", NULL, "x"},
        {300, "level", "N", "x"},
        {0, NULL, NULL, NULL},
    };
    static const struct command command = {"x", "", "", NULL, options, NULL};
    char text[] = "-qvr a -rb --level=5 t --level -6 - -12.5 -- -q";
    char with_argument[] = "--quiet=yes", misspelt[] = "--qiet", bare[] = "-r";
    char *words[16], *save = NULL;
    int count = 0;
    static const struct command_word wanted[] = {
        {'q', NULL}, {'v', NULL}, {'r', "a"}, {'r', "b"},   {300, "5"},
        {0, "t"},    {300, "-6"}, {0, "-"},   {0, "-12.5"}, {0, "-q"},
    };
    struct command_line line;
    char message[256];

    (void)state;
    for (char *w = strtok_r(text, " ", &save); w != NULL; w = strtok_r(NULL, " ", &save)) {
        words[count++] = w;
    }
    assert_true(command_parse(&command, count, words, &line, message, sizeof message));
    assert_int_equal(line.count, 10);
    assert_int_equal(line.operands, 4);
    for (size_t i = 0; i < line.count; i++) {
        assert_int_equal(line.words[i].key, wanted[i].key);
        if (wanted[i].value != NULL) {
            assert_string_equal(line.words[i].value, wanted[i].value);
        }
    }
    free(line.words);
    words[0] = with_argument;
    assert_false(command_parse(&command, 1, words, &line, message, sizeof message));
    words[0] = misspelt;
    assert_false(command_parse(&command, 1, words, &line, message, sizeof message));
    assert_non_null(strstr(message, "nearest is --quiet"));
    words[0] = bare;
    assert_false(command_parse(&command, 1, words, &line, message, sizeof message));
    assert_non_null(strstr(message, "wants REF"));
}

static void a_weight_is_told_from_a_name_with_a_colon(void **state)
{
    char *path, message[256];
    double weight;

    (void)state;
    make_empty("a.flac");
    make_empty("b:2");
    assert_true(reference_split("a.flac:0.5", &path, &weight, message, sizeof message));
    assert_string_equal(path, "a.flac");
    assert_true(weight == 0.5);
    free(path);
    assert_true(reference_split("b:2", &path, &weight, message, sizeof message));
    assert_string_equal(path, "b:2");
    assert_true(weight == 1);
    free(path);
    assert_true(reference_split("b:2:3", &path, &weight, message, sizeof message));
    assert_string_equal(path, "b:2");
    assert_true(weight == 3);
    free(path);
    assert_true(reference_split("none:4", &path, &weight, message, sizeof message));
    assert_string_equal(path, "none");
    free(path);
    assert_true(reference_split("a.flac:x", &path, &weight, message, sizeof message));
    assert_string_equal(path, "a.flac:x");
    free(path);
    assert_false(reference_split("a.flac:0", &path, &weight, message, sizeof message));
    assert_false(reference_split("a.flac:-1", &path, &weight, message, sizeof message));
}

static void json_escapes_what_it_must(void **state)
{
    char *text = NULL;
    size_t size;
    struct json json;

    (void)state;
    json_start(&json, open_memstream(&text, &size));
    json_object(&json, NULL);
    json_string(&json, "a\"\\", "\n\x01 \xc3\xa9 \xff \xed\xa0\x80");
    json_array(&json, "n");
    json_number(&json, NULL, 0.1);
    json_number(&json, NULL, (double)NAN);
    json_integer(&json, NULL, -3);
    json_array_end(&json);
    json_object(&json, "e");
    json_object_end(&json);
    json_string(&json, "s", NULL);
    json_object_end(&json);
    json_end(&json);
    fclose(json.file);
    assert_string_equal(text, "{\"a\\\"\\\\\": \"\\u000a\\u0001 \xc3\xa9 \\ufffd "
                              "\\ufffd\\ufffd\\ufffd\", \"n\": [0.1, null, -3], \"e\": {}, "
                              "\"s\": null}\n");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_and_the_verbs_name_the_same),
        cmocka_unit_test(no_option_uses_a_common_letter),
        cmocka_unit_test(sorts_words_in_every_spelling),
        cmocka_unit_test(a_weight_is_told_from_a_name_with_a_colon),
        cmocka_unit_test(json_escapes_what_it_must),
    };

    return cmocka_run_group_tests(tests, enter_folder, fixtures_remove_folder);
}
