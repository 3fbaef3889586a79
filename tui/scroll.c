/* scroll.c - lines that do not all fit and have no selection. */
#include "tui/scroll.h"

#include <limits.h>

static void go_to(struct scroll *scroll, long top)
{
    long last = (long)scroll->lines - scroll->shown;

    scroll->top = (int)(top > last ? last : top);
    if (scroll->top < 0) {
        scroll->top = 0;
    }
}

int scroll_fit(struct scroll *scroll, int lines, int rows, int columns)
{
    if (lines > rows * columns && rows > 1) {
        rows--;
    }
    scroll->lines = lines;
    scroll->shown = rows * columns;
    go_to(scroll, scroll->top);
    return rows;
}

void scroll_mark(const struct scroll *scroll, struct canvas *canvas, const struct area *area)
{
    int above = scroll->top, below = scroll->lines - scroll->shown - above;
    int row = area->row + area->rows - 1;

    if (area->rows < 2 || (above <= 0 && below <= 0)) {
        return;
    }
    if (below <= 0) {
        canvas_printf(canvas, row, area->column, area->columns, ROLE_KEY, "%d more above", above);
    } else if (above == 0) {
        canvas_printf(canvas, row, area->column, area->columns, ROLE_KEY, "%d more below", below);
    } else {
        canvas_printf(canvas, row, area->column, area->columns, ROLE_KEY, "%d more below, %d above",
                      below, above);
    }
}

void scroll_turn(struct scroll *scroll, int lines)
{
    go_to(scroll, (long)scroll->top + lines);
}

bool scroll_act(struct scroll *scroll, enum action action)
{
    int page = scroll->shown > 1 ? scroll->shown - 1 : 1;

    switch (action) {
    case ACTION_DOWN:
    case ACTION_UP:
        scroll_turn(scroll, action == ACTION_DOWN ? 1 : -1);
        return true;
    case ACTION_PAGE_DOWN:
    case ACTION_PAGE_UP:
        scroll_turn(scroll, action == ACTION_PAGE_DOWN ? page : -page);
        return true;
    case ACTION_HALF_DOWN:
    case ACTION_HALF_UP:
        page = (page + 1) / 2;
        scroll_turn(scroll, action == ACTION_HALF_DOWN ? page : -page);
        return true;
    case ACTION_TOP:
    case ACTION_BOTTOM:
        go_to(scroll, action == ACTION_TOP ? 0 : INT_MAX);
        return true;
    default:
        return false;
    }
}
