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
void list_wheel(struct list *list, int lines);
/* The row under row `row` of its area; false: there is none. */
bool list_row_at(const struct list *list, int row, size_t *index);
void list_draw(struct list *list, struct canvas *canvas, const struct area *area, bool focused,
               list_draw_row draw, void *context);
/* Goes to the next row that fits, from the selected one on (from_next: from the one after it) in
   direction +1 or -1 and round the ends. False: none does. */
bool list_find(struct list *list, int direction, bool from_next,
               bool (*fits)(const void *context, size_t index), const void *context);
/* First and one past the last row that shows. */
void list_shown(const struct list *list, size_t *first, size_t *last);

#endif
