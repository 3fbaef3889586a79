/*
 * canvas.h - a grid of cells that views draw on: text and a role in each, no terminal behind it.
 *
 * Rows and columns count from 0. Everything is clipped to the canvas, so a view never needs to ask
 * whether there is room. A character of two columns takes two cells, the second one empty.
 * canvas_write_text makes plain text of it, which is what tests look at.
 *
 * Threads: one at a time.
 */
#ifndef MP_TUI_CANVAS_H
#define MP_TUI_CANVAS_H

#include "tui/text.h"
#include "tui/theme.h"

#include <stdio.h>

struct cell {
    char bytes[TEXT_CLUSTER_SIZE]; /* "" in the second half of a wide character */
    uint8_t role;
    uint8_t columns;
};

struct canvas;

struct area {
    int row, column, rows, columns;
};

/* unicode: blocks and lines may be drawn; else ASCII alone. NULL with ENOMEM. */
struct canvas *canvas_create(int rows, int columns, bool unicode);
void canvas_destroy(struct canvas *canvas);
/* All blank; 0 or -ENOMEM (it stays as it was). */
int canvas_resize(struct canvas *canvas, int rows, int columns);
struct area canvas_area(const struct canvas *canvas); /* the whole of it */
/* What stands for a row that is on its way. */
const char *canvas_ellipsis(const struct canvas *canvas);
bool canvas_is_unicode(const struct canvas *canvas);
const struct cell *canvas_cell(const struct canvas *canvas, int row, int column);

void canvas_clear(struct canvas *canvas);
/* Blanks of a role. */
void canvas_fill(struct canvas *canvas, const struct area *area, enum role role);
/* Text into at most `columns` cells from there on; what does not fit ends in an ellipsis. Returns
   the columns it took. */
int canvas_text(struct canvas *canvas, int row, int column, int columns, enum role role,
                const char *text);
/* Text in the area's rows, broken at blanks; the last row ends in an ellipsis where there are too
   few. Returns how many it took, one at least. */
int canvas_lines(struct canvas *canvas, const struct area *area, enum role role, const char *text);
int canvas_printf(struct canvas *canvas, int row, int column, int columns, enum role role,
                  const char *format, ...) __attribute__((format(printf, 6, 7)));
/* The same, ending at the right of those columns; the rest is left as it was. */
int canvas_text_right(struct canvas *canvas, int row, int column, int columns, enum role role,
                      const char *text);
/* A bar in the first row of the area, of which `part` (0 ... 1) is full; eighths of a cell in
 * Unicode. */
void canvas_bar(struct canvas *canvas, const struct area *area, double part, enum role full,
                enum role rest);
/* A line from top to bottom. */
void canvas_rule(struct canvas *canvas, int row, int column, int rows, enum role role);
/* Gives cells that are there another role. */
void canvas_paint(struct canvas *canvas, int row, int column, int columns, enum role role);

/* Where the terminal's cursor stands (row -1: hidden), for line editing. */
void canvas_set_cursor(struct canvas *canvas, int row, int column);
void canvas_cursor(const struct canvas *canvas, int *row, int *column);

/* Lines without the blanks at their ends. */
void canvas_write_text(const struct canvas *canvas, FILE *file);

#endif
