/*
 * line_edit.h - one line of text being typed: for commands, searches and questions.
 *
 * Keys are readline's: left right home end ^A ^E ^B ^F ^W ^U ^K backspace delete, alt-b alt-f; up
 * and down walk through the history, tab completes.
 *
 * Threads: one at a time.
 */
#ifndef MP_TUI_LINE_EDIT_H
#define MP_TUI_LINE_EDIT_H

#include "tui/canvas.h"
#include "tui/input.h"

enum { LINE_EDIT_SIZE = 1024, LINE_EDIT_HISTORY = 100 };

enum line_edit_result {
    LINE_EDIT_GOES_ON, /* the text or the cursor may have changed */
    LINE_EDIT_DONE,    /* enter */
    LINE_EDIT_LEFT,    /* escape, ^C, or backspace in an empty line */
};

struct line_edit {
    char text[LINE_EDIT_SIZE];        /* UTF-8 */
    size_t length, cursor;            /* bytes; the cursor stands between clusters */
    char *history[LINE_EDIT_HISTORY]; /* the oldest first */
    size_t history_count, history_at; /* at == count: the line itself */
    char kept[LINE_EDIT_SIZE];        /* what stood there before the walk through the history */
    /* The index-th completion of what stands before the cursor, as the whole line should then be,
       into out. False: there is none. May be NULL. */
    bool (*complete)(void *context, const char *before, size_t index, char *out, size_t size);
    void *context;
    size_t completion;              /* of the last tab */
    char completed[LINE_EDIT_SIZE]; /* what stood before the first tab; "" when not completing */
};

void line_edit_init(struct line_edit *edit);
void line_edit_finish(struct line_edit *edit);
void line_edit_set(struct line_edit *edit, const char *text); /* the cursor at its end */
enum line_edit_result line_edit_key(struct line_edit *edit, int key);
void line_edit_remember(struct line_edit *edit); /* the text goes into the history */
/* With `prompt` in front; sets the canvas' cursor. The text is shifted so that the cursor shows. */
void line_edit_draw(const struct line_edit *edit, struct canvas *canvas, int row, int columns,
                    const char *prompt);

#endif
