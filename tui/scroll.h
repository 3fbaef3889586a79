/*
 * scroll.h - lines that do not all fit and have no selection: which one is at the top, and a mark
 * that says how many more there are.
 *
 * It knows numbers only; the view draws the lines. They may stand in several columns side by side,
 * one column full before the next begins.
 *
 * Threads: one.
 */
#ifndef MP_TUI_SCROLL_H
#define MP_TUI_SCROLL_H

#include "tui/canvas.h"
#include "tui/keys.h"

struct scroll {
    int top;          /* the first line that shows */
    int lines, shown; /* as they were drawn last: how many there are, and how many fit */
};

/* There are so many lines, and so much room. Returns the rows of a column that are for lines: one
   less than there are when the mark needs the last. */
int scroll_fit(struct scroll *scroll, int lines, int rows, int columns);
/* "5 more below, 2 above", in the area's last row; nothing where all lines show. */
void scroll_mark(const struct scroll *scroll, struct canvas *canvas, const struct area *area);
/* Down (> 0) or up by so many lines. */
void scroll_turn(struct scroll *scroll, int lines);
/* True if it was a move, and it is done. */
bool scroll_act(struct scroll *scroll, enum action action);

#endif
