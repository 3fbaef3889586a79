/* line_edit.c - one line of text being typed. */
#include "tui/line_edit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

enum {
    CTRL_A = 1,
    CTRL_B = 2,
    CTRL_C = 3,
    CTRL_D = 4,
    CTRL_E = 5,
    CTRL_F = 6,
    CTRL_H = 8,
    CTRL_K = 11,
    CTRL_N = 14,
    CTRL_P = 16,
    CTRL_U = 21,
    CTRL_W = 23,
};

void line_edit_init(struct line_edit *edit)
{
    memset(edit, 0, sizeof *edit);
}

void line_edit_finish(struct line_edit *edit)
{
    for (size_t i = 0; i < edit->history_count; i++) {
        free(edit->history[i]);
    }
    edit->history_count = 0;
}

void line_edit_set(struct line_edit *edit, const char *text)
{
    snprintf(edit->text, sizeof edit->text, "%s", text);
    edit->length = edit->cursor = strlen(edit->text);
    edit->history_at = edit->history_count;
    edit->completed[0] = '\0';
}

/* --- places -------------------------------------------------------------------------------- */

static size_t step_on(const struct line_edit *edit, size_t from)
{
    const char *at = edit->text + from;
    struct cluster cluster;

    return text_next(&at, &cluster) ? (size_t)(at - edit->text) : edit->length;
}

static size_t step_back(const struct line_edit *edit, size_t from)
{
    size_t before = 0;

    for (size_t at = 0; at < from; at = step_on(edit, at)) {
        before = at;
    }
    return before;
}

static size_t word_back(const struct line_edit *edit)
{
    size_t at = edit->cursor;

    while (at > 0 && edit->text[at - 1] == ' ') {
        at--;
    }
    while (at > 0 && edit->text[at - 1] != ' ') {
        at--;
    }
    return at;
}

static size_t word_on(const struct line_edit *edit)
{
    size_t at = edit->cursor;

    while (at < edit->length && edit->text[at] == ' ') {
        at++;
    }
    while (at < edit->length && edit->text[at] != ' ') {
        at++;
    }
    return at;
}

/* --- changes ------------------------------------------------------------------------------- */

static void cut(struct line_edit *edit, size_t first, size_t last)
{
    memmove(edit->text + first, edit->text + last, edit->length - last + 1);
    edit->length -= last - first;
    edit->cursor = first;
}

static void insert(struct line_edit *edit, int key)
{
    utf8proc_uint8_t bytes[4];
    size_t length = (size_t)utf8proc_encode_char(key, bytes);

    if (length == 0 || edit->length + length >= sizeof edit->text) {
        return;
    }
    memmove(edit->text + edit->cursor + length, edit->text + edit->cursor,
            edit->length - edit->cursor + 1);
    memcpy(edit->text + edit->cursor, bytes, length);
    edit->length += length;
    edit->cursor += length;
}

static void walk_history(struct line_edit *edit, int step)
{
    size_t at = edit->history_at;

    if ((step < 0 && at == 0) || (step > 0 && at >= edit->history_count)) {
        return;
    }
    if (at == edit->history_count) {
        memcpy(edit->kept, edit->text, sizeof edit->kept);
    }
    at = step < 0 ? at - 1 : at + 1;
    line_edit_set(edit, at < edit->history_count ? edit->history[at] : edit->kept);
    edit->history_at = at;
}

void line_edit_remember(struct line_edit *edit)
{
    char *copy;

    if (edit->length == 0 || (edit->history_count > 0 &&
                              strcmp(edit->history[edit->history_count - 1], edit->text) == 0)) {
        return;
    }
    copy = strdup(edit->text);
    if (copy == NULL) {
        return;
    }
    if (edit->history_count == LINE_EDIT_HISTORY) {
        free(edit->history[0]);
        memmove(edit->history, edit->history + 1, (LINE_EDIT_HISTORY - 1) * sizeof(char *));
        edit->history_count--;
    }
    edit->history[edit->history_count++] = copy;
    edit->history_at = edit->history_count;
}

/* Tab, and tab again: one completion after the other, then what was typed once more. */
static void complete(struct line_edit *edit, int step)
{
    char before[LINE_EDIT_SIZE];
    char line[LINE_EDIT_SIZE];

    if (edit->complete == NULL) {
        return;
    }
    if (edit->completed[0] == '\0') {
        memcpy(before, edit->text, edit->cursor);
        before[edit->cursor] = '\0';
        edit->completion = 0;
    } else {
        memcpy(before, edit->completed, sizeof before);
        edit->completion += (size_t)step;
    }
    if (!edit->complete(edit->context, before, edit->completion, line, sizeof line)) {
        edit->completion = (size_t)-1; /* the next tab begins again */
        snprintf(line, sizeof line, "%s", before);
    }
    line_edit_set(edit, line);
    memcpy(edit->completed, before, sizeof edit->completed);
}

static void move(struct line_edit *edit, int key)
{
    switch (key) {
    case INPUT_LEFT:
    case CTRL_B:
        edit->cursor = step_back(edit, edit->cursor);
        break;
    case INPUT_RIGHT:
    case CTRL_F:
        edit->cursor = step_on(edit, edit->cursor);
        break;
    case INPUT_HOME:
    case CTRL_A:
        edit->cursor = 0;
        break;
    case INPUT_END:
    case CTRL_E:
        edit->cursor = edit->length;
        break;
    case 'b' | INPUT_ALT:
        edit->cursor = word_back(edit);
        break;
    case 'f' | INPUT_ALT:
        edit->cursor = word_on(edit);
        break;
    default:
        break;
    }
}

static void change(struct line_edit *edit, int key)
{
    switch (key) {
    case INPUT_BACKSPACE:
    case CTRL_H:
        cut(edit, step_back(edit, edit->cursor), edit->cursor);
        break;
    case INPUT_DELETE:
    case CTRL_D:
        cut(edit, edit->cursor, step_on(edit, edit->cursor));
        break;
    case CTRL_U:
        cut(edit, 0, edit->cursor);
        break;
    case CTRL_K:
        cut(edit, edit->cursor, edit->length);
        break;
    case CTRL_W:
        cut(edit, word_back(edit), edit->cursor);
        break;
    default:
        if (key >= 32 && key < INPUT_FIRST_NAMED) {
            insert(edit, key);
        } else {
            move(edit, key);
        }
        break;
    }
}

enum line_edit_result line_edit_key(struct line_edit *edit, int key)
{
    if (key == INPUT_TAB || key == INPUT_BACK_TAB) {
        complete(edit, key == INPUT_TAB ? 1 : -1);
        return LINE_EDIT_GOES_ON;
    }
    edit->completed[0] = '\0';
    if (key == INPUT_ENTER) {
        return LINE_EDIT_DONE;
    }
    if (key == INPUT_ESCAPE || key == CTRL_C ||
        ((key == INPUT_BACKSPACE || key == CTRL_H) && edit->length == 0)) {
        return LINE_EDIT_LEFT;
    }
    if (key == INPUT_UP || key == CTRL_P) {
        walk_history(edit, -1);
    } else if (key == INPUT_DOWN || key == CTRL_N) {
        walk_history(edit, 1);
    } else {
        change(edit, key);
    }
    return LINE_EDIT_GOES_ON;
}

void line_edit_draw(const struct line_edit *edit, struct canvas *canvas, int row, int columns,
                    const char *prompt)
{
    char before[LINE_EDIT_SIZE];
    const char *text = edit->text;
    int used = canvas_text(canvas, row, 0, columns, ROLE_TEXT, prompt);
    int room = columns - used - 1;
    int at;

    memcpy(before, edit->text, edit->cursor);
    before[edit->cursor] = '\0';
    at = text_columns(before);
    while (at > room && *text != '\0') { /* the beginning makes room for the cursor */
        struct cluster cluster;

        text_next(&text, &cluster);
        at -= cluster.columns;
    }
    canvas_text(canvas, row, used, columns - used, ROLE_TEXT, text);
    canvas_set_cursor(canvas, row, used + at);
}
