/* test_canvas.c - what is drawn on the grid, and what it clips. */
#include "tui/canvas.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char *text_of(const struct canvas *canvas)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);

    canvas_write_text(canvas, file);
    fclose(file);
    return text;
}

static void is_text(struct canvas *canvas, const char *wanted)
{
    char *text = text_of(canvas);

    assert_string_equal(text, wanted);
    free(text);
    canvas_destroy(canvas);
}

static void text_that_does_not_fit_ends_in_an_ellipsis(void **state)
{
    struct canvas *canvas = canvas_create(2, 8, true);

    (void)state;
    assert_int_equal(canvas_text(canvas, 0, 0, 5, ROLE_TEXT, "abcdefg"), 5);
    assert_int_equal(canvas_text(canvas, 1, 0, 5, ROLE_TEXT, "日本語"), 5);
    is_text(canvas, "abcd…\n日本…\n");
    canvas = canvas_create(1, 8, false);
    canvas_text(canvas, 0, 0, 5, ROLE_TEXT, "abcdefg");
    is_text(canvas, "abcd~\n");
}

static void a_sentence_is_broken_at_blanks(void **state)
{
    const struct area area = {0, 0, 2, 8};
    struct canvas *canvas = canvas_create(2, 8, true);

    (void)state;
    assert_int_equal(canvas_lines(canvas, &area, ROLE_TEXT, "one two three"), 2);
    is_text(canvas, "one two\nthree\n");
    canvas = canvas_create(2, 8, true);
    assert_int_equal(canvas_lines(canvas, &area, ROLE_TEXT, "one two three four"), 2);
    is_text(canvas, "one two\nthree f…\n");
    canvas = canvas_create(2, 8, true);
    assert_int_equal(canvas_lines(canvas, &area, ROLE_TEXT, "unbreakable"), 2);
    is_text(canvas, "unbreaka\nble\n");
    canvas = canvas_create(2, 8, true);
    assert_int_equal(canvas_lines(canvas, &area, ROLE_TEXT, ""), 1);
    is_text(canvas, "\n\n");
}

static void nothing_is_drawn_outside(void **state)
{
    struct canvas *canvas = canvas_create(2, 4, true);
    const struct area area = {-3, -3, 20, 20};

    (void)state;
    canvas_fill(canvas, &area, ROLE_STATUS);
    canvas_text(canvas, -1, 0, 4, ROLE_TEXT, "up");
    canvas_text(canvas, 5, 0, 4, ROLE_TEXT, "down");
    canvas_text(canvas, 0, -2, 6, ROLE_TEXT, "abcdef");
    canvas_text(canvas, 1, 3, 9, ROLE_TEXT, "日");
    canvas_bar(canvas, &(struct area){1, -2, 1, 3}, 1.0, ROLE_BAR, ROLE_BAR_REST);
    canvas_rule(canvas, -4, 9, 50, ROLE_DIM);
    is_text(canvas, "cdef\n█\n");
}

static void half_of_a_wide_character_is_never_left(void **state)
{
    struct canvas *canvas = canvas_create(1, 6, true);

    (void)state;
    canvas_text(canvas, 0, 0, 6, ROLE_TEXT, "日本");
    canvas_text(canvas, 0, 1, 1, ROLE_TEXT, "x");
    is_text(canvas, " x本\n");
    canvas = canvas_create(1, 6, true);
    canvas_text(canvas, 0, 0, 6, ROLE_TEXT, "日本");
    canvas_text(canvas, 0, 2, 1, ROLE_TEXT, "x");
    is_text(canvas, "日x\n");
}

static void bars_fill_by_eighths_or_by_whole_cells(void **state)
{
    struct canvas *canvas = canvas_create(4, 4, true);

    (void)state;
    canvas_bar(canvas, &(struct area){0, 0, 1, 4}, 0.5, ROLE_BAR, ROLE_BAR_REST);
    canvas_bar(canvas, &(struct area){1, 0, 1, 4}, 0.5 + 1.0 / 32, ROLE_BAR, ROLE_BAR_REST);
    canvas_bar(canvas, &(struct area){2, 0, 1, 4}, 7.0, ROLE_BAR, ROLE_BAR_REST);
    canvas_bar(canvas, &(struct area){3, 0, 1, 4}, -1.0, ROLE_BAR, ROLE_BAR_REST);
    is_text(canvas, "██\n██▏\n████\n\n");
    canvas = canvas_create(1, 4, false);
    canvas_bar(canvas, &(struct area){0, 0, 1, 4}, 0.5, ROLE_BAR, ROLE_BAR_REST);
    is_text(canvas, "##--\n");
}

static void another_size_is_blank(void **state)
{
    struct canvas *canvas = canvas_create(1, 4, true);

    (void)state;
    canvas_text(canvas, 0, 0, 4, ROLE_TEXT, "abcd");
    assert_int_equal(canvas_resize(canvas, 2, 2), 0);
    is_text(canvas, "\n\n");
}

static void text_on_the_right_ends_there(void **state)
{
    struct canvas *canvas = canvas_create(1, 8, true);

    (void)state;
    canvas_text(canvas, 0, 0, 8, ROLE_TEXT, "ab");
    canvas_text_right(canvas, 0, 0, 8, ROLE_TEXT, "3:05");
    is_text(canvas, "ab  3:05\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_that_does_not_fit_ends_in_an_ellipsis),
        cmocka_unit_test(a_sentence_is_broken_at_blanks),
        cmocka_unit_test(nothing_is_drawn_outside),
        cmocka_unit_test(half_of_a_wide_character_is_never_left),
        cmocka_unit_test(bars_fill_by_eighths_or_by_whole_cells),
        cmocka_unit_test(another_size_is_blank),
        cmocka_unit_test(text_on_the_right_ends_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
