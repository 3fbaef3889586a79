/* list.c - a list longer than the screen. */
#include "tui/list.h"

void list_set_count(struct list *list, size_t count)
{
    list->count = count;
    if (list->selected >= count) {
        list->selected = count > 0 ? count - 1 : 0;
    }
    if (list->top >= count) {
        list->top = list->selected;
    }
}

void list_select(struct list *list, size_t index)
{
    list->selected = index < list->count ? index : list->count > 0 ? list->count - 1 : 0;
    list->scroll_away = false;
}

static void move(struct list *list, long by)
{
    long to = (long)list->selected + by;

    if (list->count == 0) {
        return;
    }
    to = to < 0 ? 0 : to;
    list_select(list, (size_t)to);
}

static void turn_wheel(struct list *list, int lines)
{
    long most = (long)list->count - list->rows;
    long top = (long)list->top + lines;

    most = most < 0 ? 0 : most;
    list->top = (size_t)(top < 0 ? 0 : top > most ? most : top);
    list->scroll_away = true;
}

/* The selection stays on its row, or at the edge behind which that row went. */
static void scroll(struct list *list, int lines)
{
    size_t last;

    turn_wheel(list, lines);
    last = list->top + (list->rows > 1 ? (size_t)list->rows - 1 : 0);
    list_select(list, list->selected < list->top ? list->top
                      : list->selected > last    ? last
                                                 : list->selected);
}

bool list_act(struct list *list, enum action action)
{
    long page = list->rows > 1 ? list->rows - 1 : 1;

    switch (action) {
    case ACTION_DOWN:
        move(list, 1);
        return true;
    case ACTION_UP:
        move(list, -1);
        return true;
    case ACTION_PAGE_DOWN:
        move(list, page);
        return true;
    case ACTION_PAGE_UP:
        move(list, -page);
        return true;
    case ACTION_HALF_DOWN:
        move(list, (page + 1) / 2);
        return true;
    case ACTION_HALF_UP:
        move(list, -(page + 1) / 2);
        return true;
    case ACTION_SCROLL_DOWN:
        scroll(list, 1);
        return true;
    case ACTION_SCROLL_UP:
        scroll(list, -1);
        return true;
    case ACTION_TOP:
        list_select(list, 0);
        return true;
    case ACTION_BOTTOM:
        list_select(list, list->count > 0 ? list->count - 1 : 0);
        return true;
    default:
        return false;
    }
}

bool list_point(struct list *list, const struct input *input, int top)
{
    int row = input->row - top;

    if (input->kind == INPUT_WHEEL) {
        turn_wheel(list, input->lines);
        return false;
    }
    if (row < 0 || row >= list->rows || list->top + (size_t)row >= list->count) {
        return false;
    }
    list_select(list, list->top + (size_t)row);
    return input->clicks > 1;
}

void list_shown(const struct list *list, size_t *first, size_t *last)
{
    *first = list->top;
    *last = list->top + (size_t)list->rows;
    if (*last > list->count) {
        *last = list->count;
    }
}

/* Moves the top so that the selection shows. */
static void fit_top(struct list *list)
{
    size_t rows = (size_t)list->rows;

    if (list->scroll_away) {
        return;
    }
    if (list->selected < list->top) {
        list->top = list->selected;
    } else if (list->selected >= list->top + rows) {
        list->top = list->selected - rows + 1;
    }
    if (list->count > rows && list->top > list->count - rows) {
        list->top = list->count - rows;
    } else if (list->count <= rows) {
        list->top = 0;
    }
}

void list_draw(struct list *list, struct canvas *canvas, const struct area *area, bool focused,
               list_draw_row draw, void *context)
{
    list->rows = area->rows > 0 ? area->rows : 1;
    fit_top(list);
    for (int i = 0; i < area->rows; i++) {
        struct area line = {area->row + i, area->column, 1, area->columns};
        size_t index = list->top + (size_t)i;
        enum role role = ROLE_TEXT;

        if (index < list->count && index == list->selected) {
            role = focused ? ROLE_SELECTED : ROLE_SELECTED_AWAY;
        }
        canvas_fill(canvas, &line, role);
        if (index < list->count) {
            draw(context, canvas, &line, index, role);
        }
    }
}
