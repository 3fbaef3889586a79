/* test_protocol.c - lines as words, and arguments as values, with the messages that MPD has. */
#include "server/protocol.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

static char message[256];

/* The words with | between them, or "!" and the message. */
static const char *split(const char *text)
{
    static char line[PROTOCOL_LINE_LIMIT], shown[PROTOCOL_LINE_LIMIT];
    const char *why = "";
    struct words words;
    size_t used = 0;

    snprintf(line, sizeof line, "%s", text);
    if (protocol_split(line, &words, &why) != 0) {
        snprintf(shown, sizeof shown, "!%zu %s", words.count, why);
        return shown;
    }
    for (size_t i = 0; i < words.count; i++) {
        used += (size_t)snprintf(shown + used, sizeof shown - used, "%s%s", i > 0 ? "|" : "",
                                 words.word[i]);
    }
    return shown;
}

static void splits_words_at_spaces_and_tabs(void **state)
{
    (void)state;
    assert_string_equal(split("status"), "status");
    assert_string_equal(split("find  artist\tBj\xc3\xb6rk "), "find|artist|Bj\xc3\xb6rk");
    assert_string_equal(split("add a/b;c.flac"), "add|a/b;c.flac");
}

static void quotes_hold_spaces_and_backslashes_take_the_next_as_it_is(void **state)
{
    (void)state;
    assert_string_equal(split("find artist \"AC DC\" \"\""), "find|artist|AC DC|");
    assert_string_equal(split("find \"(title == \\\"a\\\\\\\"b\\\")\""),
                        "find|(title == \"a\\\"b\")");
    assert_string_equal(split("add \"a\\nb\""), "add|anb");
    assert_string_equal(split("add a\\b"), "add|a\\b");
}

static void says_what_is_wrong_as_mpd_does(void **state)
{
    (void)state;
    assert_string_equal(split("add \"a"), "!1 Missing closing '\"'");
    assert_string_equal(split("add \"a\\"), "!1 Missing closing '\"'");
    assert_string_equal(split("add \"a\"b"), "!1 Space expected after closing '\"'");
    assert_string_equal(split("add a\"b\""), "!1 Invalid unquoted character");
    assert_string_equal(split("add it's"), "!1 Invalid unquoted character");
    assert_string_equal(split("pi-ng"), "!0 Invalid word character");
    assert_string_equal(split("\"ping\""), "!0 Letter expected");
    assert_string_equal(split(""), "!0 No command given");
}

static void takes_as_many_words_as_there_is_room_for_and_no_more(void **state)
{
    char line[2 * PROTOCOL_WORDS_MAX + 8] = "a";

    (void)state;
    for (int i = 1; i < PROTOCOL_WORDS_MAX; i++) {
        strcat(line, " b");
    }
    assert_int_equal(split(line)[0], 'a');
    strcat(line, " b");
    assert_string_equal(split(line), "!64 Too many arguments");
}

static void reads_numbers_and_refuses_what_is_none(void **state)
{
    uint32_t number = 0;
    double real = 0;
    bool truth = false;
    int value = 0;

    (void)state;
    assert_true(protocol_unsigned("4294967295", &number, message, sizeof message));
    assert_int_equal(number, UINT32_MAX);
    assert_false(protocol_unsigned("4294967296", &number, message, sizeof message));
    assert_string_equal(message, "Number too large: 4294967296");
    assert_false(protocol_unsigned("-1", &number, message, sizeof message));
    assert_false(protocol_unsigned("", &number, message, sizeof message));
    assert_false(protocol_unsigned("1x", &number, message, sizeof message));
    assert_string_equal(message, "Integer expected: 1x");
    assert_true(protocol_integer("-5", &value, -100, 100, message, sizeof message));
    assert_int_equal(value, -5);
    assert_false(protocol_integer("101", &value, -100, 100, message, sizeof message));
    assert_string_equal(message, "Number too large: 101");
    assert_true(protocol_number("-1.5", &real, message, sizeof message));
    assert_true(real == -1.5);
    assert_false(protocol_number("nan", &real, message, sizeof message));
    assert_false(protocol_number("1,5", &real, message, sizeof message));
    assert_string_equal(message, "Float expected: 1,5");
    assert_true(protocol_boolean("1", &truth, message, sizeof message) && truth);
    assert_false(protocol_boolean("yes", &truth, message, sizeof message));
    assert_string_equal(message, "Boolean (0/1) expected: yes");
}

static void reads_ranges_open_ones_and_the_old_word_for_all(void **state)
{
    struct range range;

    (void)state;
    assert_true(protocol_range("5", &range, message, sizeof message));
    assert_true(range.first == 5 && range.last == 6);
    assert_true(protocol_range("3:", &range, message, sizeof message));
    assert_true(range.first == 3 && range.last == SIZE_MAX);
    assert_true(protocol_range("3:5", &range, message, sizeof message));
    assert_true(range.first == 3 && range.last == 5);
    assert_true(protocol_range("3:3", &range, message, sizeof message));
    assert_true(protocol_range("-1", &range, message, sizeof message));
    assert_true(range.first == 0 && range.last == SIZE_MAX);
    assert_false(protocol_range("5:3", &range, message, sizeof message));
    assert_string_equal(message, "Malformed range: 5:3");
    assert_false(protocol_range("1:x", &range, message, sizeof message));
    assert_string_equal(message, "Integer or range expected: 1:x");
    assert_false(protocol_range("x", &range, message, sizeof message));
    assert_false(protocol_range(":3", &range, message, sizeof message));
    assert_false(protocol_range("-2", &range, message, sizeof message));
    assert_string_equal(message, "Number is negative: -2");
    assert_false(protocol_range("0:99999999999", &range, message, sizeof message));
    assert_string_equal(message, "Number too large: 0:99999999999");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splits_words_at_spaces_and_tabs),
        cmocka_unit_test(quotes_hold_spaces_and_backslashes_take_the_next_as_it_is),
        cmocka_unit_test(says_what_is_wrong_as_mpd_does),
        cmocka_unit_test(takes_as_many_words_as_there_is_room_for_and_no_more),
        cmocka_unit_test(reads_numbers_and_refuses_what_is_none),
        cmocka_unit_test(reads_ranges_open_ones_and_the_old_word_for_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
