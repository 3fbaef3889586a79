/* test_text.c - characters as a terminal shows them. */
#include "tui/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void counts_wide_characters_as_two_and_marks_as_none(void **state)
{
    (void)state;
    assert_int_equal(text_columns("abc"), 3);
    assert_int_equal(text_columns("日本"), 4);
    assert_int_equal(text_columns("e\xcc\x81t\xc3\xa9"), 3); /* e with a mark, t, é */
    assert_int_equal(text_columns(""), 0);
}

static void keeps_marks_with_what_they_stand_on(void **state)
{
    const char *text = "e\xcc\x81x";
    struct cluster cluster;

    (void)state;
    assert_true(text_next(&text, &cluster));
    assert_string_equal(cluster.bytes, "e\xcc\x81");
    assert_int_equal(cluster.columns, 1);
    assert_true(text_next(&text, &cluster));
    assert_string_equal(cluster.bytes, "x");
    assert_false(text_next(&text, &cluster));
}

static void shows_what_is_no_utf8_and_controls_as_question_marks(void **state)
{
    const char *text = "\xff\x01\x1b[2J";
    struct cluster cluster;

    (void)state;
    assert_int_equal(text_columns(text), 6);
    assert_true(text_next(&text, &cluster));
    assert_string_equal(cluster.bytes, "?");
    assert_true(text_next(&text, &cluster));
    assert_string_equal(cluster.bytes, "?");
    assert_true(text_next(&text, &cluster)); /* no escape reaches a terminal */
    assert_string_equal(cluster.bytes, "?");
}

/* They would turn round what else stands in the line. */
static void leaves_out_what_orders_a_line_but_not_what_joins_characters(void **state)
{
    const char *text = "\xe2\x80\xae"
                       "a\xe2\x81\xa6\xc2\xad"
                       "b\xef\xbb\xbf\xe2\x81\xa9\xe2\x80\xac";
    const char *persian = "\xd9\x85\xe2\x80\x8c\xd9\x85", *kept = persian;
    struct cluster cluster;

    (void)state;
    assert_int_equal(text_columns(text), 2);
    assert_int_equal(text_fitting(text, 2), strlen(text));
    assert_int_equal(text_fitting("\xc2\xad", 0), 2);
    assert_true(text_next(&text, &cluster));
    assert_string_equal(cluster.bytes, "a");
    assert_true(text_next(&text, &cluster));
    assert_string_equal(cluster.bytes, "b");
    assert_false(text_next(&text, &cluster));
    assert_int_equal(text_columns(persian), 2);
    assert_true(text_next(&kept, &cluster));
    assert_string_equal(cluster.bytes, "\xd9\x85\xe2\x80\x8c");
    assert_int_equal(text_columns("\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9"), 2);
}

static void shortens_to_whole_characters_and_an_ellipsis(void **state)
{
    char out[32];

    (void)state;
    text_shorten(out, sizeof out, "abcdef", 6, true);
    assert_string_equal(out, "abcdef");
    text_shorten(out, sizeof out, "日本語", 4, true);
    assert_string_equal(out, "日…");
    text_shorten(out, sizeof out, "abcdef", 3, false);
    assert_string_equal(out, "ab~");
    text_shorten(out, sizeof out, "abcdef", 0, false);
    assert_string_equal(out, "");
}

static void a_mark_with_nothing_under_it_stands_on_a_blank(void **state)
{
    const char *text = "\xcc\x81";
    struct cluster cluster;

    (void)state;
    assert_true(text_next(&text, &cluster));
    assert_string_equal(cluster.bytes, " \xcc\x81");
    assert_int_equal(cluster.columns, 1);
}

static void fits_whole_characters_only(void **state)
{
    (void)state;
    assert_int_equal(text_fitting("日本語", 5), strlen("日本"));
    assert_int_equal(text_fitting("日本語", 1), 0);
    assert_int_equal(text_fitting("abc", 9), 3);
}

static void endless_marks_do_not_overflow(void **state)
{
    char text[512] = "a";
    const char *at = text;
    struct cluster cluster;

    (void)state;
    for (size_t i = 1; i + 2 < sizeof text; i += 2) {
        memcpy(text + i, "\xcc\x81", 3);
    }
    assert_true(text_next(&at, &cluster));
    assert_true(strlen(cluster.bytes) < TEXT_CLUSTER_SIZE);
    assert_false(text_next(&at, &cluster));
}

static void folds_case_and_marks_away(void **state)
{
    char out[32];

    (void)state;
    text_fold(out, sizeof out, "BJÖRK FI");
    assert_string_equal(out, "bjork fi");
    text_fold(out, 5, "日本語");
    assert_string_equal(out, "日");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_wide_characters_as_two_and_marks_as_none),
        cmocka_unit_test(keeps_marks_with_what_they_stand_on),
        cmocka_unit_test(shows_what_is_no_utf8_and_controls_as_question_marks),
        cmocka_unit_test(leaves_out_what_orders_a_line_but_not_what_joins_characters),
        cmocka_unit_test(shortens_to_whole_characters_and_an_ellipsis),
        cmocka_unit_test(a_mark_with_nothing_under_it_stands_on_a_blank),
        cmocka_unit_test(fits_whole_characters_only),
        cmocka_unit_test(endless_marks_do_not_overflow),
        cmocka_unit_test(folds_case_and_marks_away),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
