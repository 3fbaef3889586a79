/*
 * list.h - a list longer than the screen: which row is selected, which is at the top.
 *
 * It knows numbers only; the view draws each row and knows what it means.
 *
 * Threads: one.
 */
#ifndef MP_TUI_LIST_H
#define MP_TUI_LIST_H

#include "tui/canvas.h"
#include "tui/input.h"
#include "tui/keys.h"

struct list {
    size_t count, selected, top;
    int rows;         /* as it was drawn last */
    bool scroll_away; /* the wheel has moved it: the selection need not show */
};

/* Draws row `index` into the area (one row high), the ground of which is done already. */
typedef void (*list_draw_row)(void *context, struct canvas *canvas, const struct area *area,
                              size_t index, enum role role);

void list_set_count(struct list *list, size_t count); /* the selection stays inside */
void list_select(struct list *list, size_t index);
/* True if it was a move, and it is done. */
bool list_act(struct list *list, enum action action);
/* The mouse: the wheel moves the rows, a click selects one. `top`: the row of the input at which
   the list begins. True: a row was clicked twice, and is to be activated. */
bool list_point(struct list *list, const struct input *input, int top);
void list_draw(struct list *list, struct canvas *canvas, const struct area *area, bool focused,
               list_draw_row draw, void *context);
/* First and one past the last row that shows. */
void list_shown(const struct list *list, size_t *first, size_t *last);

#endif
