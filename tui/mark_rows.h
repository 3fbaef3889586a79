/*
 * mark_rows.h - what space, e, E and y do in a list whose rows can be marked: with what is marked,
 * and where nothing is, with the selected row.
 *
 * Threads: one.
 */
#ifndef MP_TUI_MARK_ROWS_H
#define MP_TUI_MARK_ROWS_H

#include "tui/list.h"
#include "tui/marks.h"
#include "tui/rows.h"
#include "tui/screen.h"

struct mark_rows {
    struct screen *screen;
    struct list *list;
    struct marks *marks;
    const struct row *selected; /* NULL: there is none, or it is on its way */
    const char *playlist;       /* whose tracks these are, by place; NULL: of none */
};

/* Marks the selected row, or takes its mark away, and goes on to the next one. */
void mark_rows_toggle(const struct mark_rows *rows);
/* Marks are gone afterwards; without any, the next row is selected. */
void mark_rows_queue(const struct mark_rows *rows, bool next);
/* False: there is no row. */
bool mark_rows_to_playlist(const struct mark_rows *rows, const char *name);
/* ", 3 marked", or "" */
const char *marks_write(const struct marks *marks, char *text, size_t size);

#endif
