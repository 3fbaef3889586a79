/* test_line_edit.c - a line as it is typed. */
#include "tui/line_edit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void type(struct line_edit *edit, const char *text)
{
    for (; *text != '\0'; text++) {
        line_edit_key(edit, *text);
    }
}

static void types_where_the_cursor_stands(void **state)
{
    struct line_edit edit;

    (void)state;
    line_edit_init(&edit);
    type(&edit, "ac");
    line_edit_key(&edit, INPUT_LEFT);
    line_edit_key(&edit, 0xe9);
    assert_string_equal(edit.text, "aéc");
    line_edit_key(&edit, INPUT_BACKSPACE);
    assert_string_equal(edit.text, "ac");
    line_edit_key(&edit, INPUT_HOME);
    line_edit_key(&edit, INPUT_DELETE);
    assert_string_equal(edit.text, "c");
}

static void cuts_words_and_ends(void **state)
{
    struct line_edit edit;

    (void)state;
    line_edit_init(&edit);
    type(&edit, "one two three");
    line_edit_key(&edit, 23); /* ^W */
    assert_string_equal(edit.text, "one two ");
    line_edit_key(&edit, 'b' | INPUT_ALT);
    line_edit_key(&edit, 11); /* ^K */
    assert_string_equal(edit.text, "one ");
    line_edit_key(&edit, 21); /* ^U */
    assert_string_equal(edit.text, "");
}

static void backspace_in_an_empty_line_leaves(void **state)
{
    struct line_edit edit;

    (void)state;
    line_edit_init(&edit);
    type(&edit, "a");
    assert_int_equal(line_edit_key(&edit, INPUT_BACKSPACE), LINE_EDIT_GOES_ON);
    assert_int_equal(line_edit_key(&edit, INPUT_BACKSPACE), LINE_EDIT_LEFT);
    assert_int_equal(line_edit_key(&edit, INPUT_ENTER), LINE_EDIT_DONE);
    assert_int_equal(line_edit_key(&edit, INPUT_ESCAPE), LINE_EDIT_LEFT);
}

static void walks_through_what_was_typed_before(void **state)
{
    struct line_edit edit;

    (void)state;
    line_edit_init(&edit);
    line_edit_set(&edit, "first");
    line_edit_remember(&edit);
    line_edit_set(&edit, "second");
    line_edit_remember(&edit);
    line_edit_set(&edit, "");
    type(&edit, "half");
    line_edit_key(&edit, INPUT_UP);
    assert_string_equal(edit.text, "second");
    line_edit_key(&edit, INPUT_UP);
    line_edit_key(&edit, INPUT_UP);
    assert_string_equal(edit.text, "first");
    line_edit_key(&edit, INPUT_DOWN);
    line_edit_key(&edit, INPUT_DOWN);
    assert_string_equal(edit.text, "half");
    line_edit_finish(&edit);
}

static bool complete(void *context, const char *before, size_t index, char *out, size_t size)
{
    const char *const names[] = {"bind", "bound"};

    (void)context;
    if (index >= 2 || before[0] != 'b') {
        return false;
    }
    snprintf(out, size, "%s", names[index]);
    return true;
}

static void tab_goes_through_the_completions_and_back_to_what_was_typed(void **state)
{
    struct line_edit edit;

    (void)state;
    line_edit_init(&edit);
    edit.complete = complete;
    type(&edit, "b");
    line_edit_key(&edit, INPUT_TAB);
    assert_string_equal(edit.text, "bind");
    line_edit_key(&edit, INPUT_TAB);
    assert_string_equal(edit.text, "bound");
    line_edit_key(&edit, INPUT_TAB);
    assert_string_equal(edit.text, "b");
    line_edit_key(&edit, INPUT_TAB);
    type(&edit, "!");
    assert_string_equal(edit.text, "bind!");
}

static void a_line_that_is_full_takes_no_more(void **state)
{
    struct line_edit edit;

    (void)state;
    line_edit_init(&edit);
    for (int i = 0; i < 2 * LINE_EDIT_SIZE; i++) {
        line_edit_key(&edit, 0x65e5);
    }
    assert_true(edit.length < LINE_EDIT_SIZE);
    assert_int_equal(strlen(edit.text), edit.length);
}

static void a_long_line_is_shifted_so_that_the_cursor_shows(void **state)
{
    struct canvas *canvas = canvas_create(1, 10, true);
    struct line_edit edit;
    int row, column;

    (void)state;
    line_edit_init(&edit);
    type(&edit, "0123456789abcdef");
    line_edit_draw(&edit, canvas, 0, 10, ":");
    canvas_cursor(canvas, &row, &column);
    assert_int_equal(row, 0);
    assert_int_equal(column, 9);
    assert_string_equal(canvas_cell(canvas, 0, 8)->bytes, "f");
    canvas_destroy(canvas);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_where_the_cursor_stands),
        cmocka_unit_test(cuts_words_and_ends),
        cmocka_unit_test(backspace_in_an_empty_line_leaves),
        cmocka_unit_test(walks_through_what_was_typed_before),
        cmocka_unit_test(tab_goes_through_the_completions_and_back_to_what_was_typed),
        cmocka_unit_test(a_line_that_is_full_takes_no_more),
        cmocka_unit_test(a_long_line_is_shifted_so_that_the_cursor_shows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
