/* canvas.c - a grid of cells that views draw on. */
#include "tui/canvas.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_SIZE = 4096 };

struct canvas {
    struct cell *cells;
    int rows, columns;
    bool unicode;
    int cursor_row, cursor_column;
};

struct canvas *canvas_create(int rows, int columns, bool unicode)
{
    struct canvas *canvas = calloc(1, sizeof *canvas);

    if (canvas == NULL) {
        return NULL;
    }
    canvas->unicode = unicode;
    if (canvas_resize(canvas, rows, columns) < 0) {
        free(canvas);
        errno = ENOMEM;
        return NULL;
    }
    return canvas;
}

void canvas_destroy(struct canvas *canvas)
{
    if (canvas != NULL) {
        free(canvas->cells);
        free(canvas);
    }
}

int canvas_resize(struct canvas *canvas, int rows, int columns)
{
    struct cell *cells;

    rows = rows < 1 ? 1 : rows;
    columns = columns < 1 ? 1 : columns;
    cells = calloc((size_t)rows * (size_t)columns, sizeof *cells);
    if (cells == NULL) {
        return -ENOMEM;
    }
    free(canvas->cells);
    canvas->cells = cells;
    canvas->rows = rows;
    canvas->columns = columns;
    canvas_clear(canvas);
    return 0;
}

struct area canvas_area(const struct canvas *canvas)
{
    return (struct area){0, 0, canvas->rows, canvas->columns};
}

const char *canvas_ellipsis(const struct canvas *canvas)
{
    return canvas_is_unicode(canvas) ? "…" : "...";
}

bool canvas_is_unicode(const struct canvas *canvas)
{
    return canvas->unicode;
}

static bool is_inside(const struct canvas *canvas, int row, int column)
{
    return row >= 0 && row < canvas->rows && column >= 0 && column < canvas->columns;
}

static struct cell *cell_at(struct canvas *canvas, int row, int column)
{
    return &canvas->cells[(size_t)row * (size_t)canvas->columns + (size_t)column];
}

const struct cell *canvas_cell(const struct canvas *canvas, int row, int column)
{
    return &canvas->cells[(size_t)row * (size_t)canvas->columns + (size_t)column];
}

static void blank(struct cell *cell, enum role role)
{
    memcpy(cell->bytes, " ", 2);
    cell->columns = 1;
    cell->role = (uint8_t)role;
}

/* Half of a wide character that is written over leaves no other half. */
static void break_wide(struct canvas *canvas, int row, int column)
{
    struct cell *cell = cell_at(canvas, row, column);

    if (cell->columns == 2 && column + 1 < canvas->columns) {
        blank(cell_at(canvas, row, column + 1), cell[1].role);
    } else if (cell->columns == 0 && column > 0) {
        blank(cell_at(canvas, row, column - 1), cell[-1].role);
    }
}

static void put(struct canvas *canvas, int row, int column, const struct cluster *cluster,
                enum role role)
{
    struct cell *cell;

    if (!is_inside(canvas, row, column) ||
        (cluster->columns == 2 && column + 1 >= canvas->columns)) {
        return;
    }
    break_wide(canvas, row, column);
    cell = cell_at(canvas, row, column);
    memcpy(cell->bytes, cluster->bytes, sizeof cell->bytes);
    cell->columns = (uint8_t)cluster->columns;
    cell->role = (uint8_t)role;
    if (cluster->columns == 2) {
        break_wide(canvas, row, column + 1);
        cell[1].bytes[0] = '\0';
        cell[1].columns = 0;
        cell[1].role = (uint8_t)role;
    }
}

void canvas_clear(struct canvas *canvas)
{
    struct area all = canvas_area(canvas);

    canvas_fill(canvas, &all, ROLE_TEXT);
    canvas->cursor_row = -1;
}

void canvas_fill(struct canvas *canvas, const struct area *area, enum role role)
{
    for (int row = area->row; row < area->row + area->rows; row++) {
        for (int column = area->column; column < area->column + area->columns; column++) {
            if (is_inside(canvas, row, column)) {
                break_wide(canvas, row, column);
                blank(cell_at(canvas, row, column), role);
            }
        }
    }
}

int canvas_text(struct canvas *canvas, int row, int column, int columns, enum role role,
                const char *text)
{
    static const struct cluster dots = {"…", 1}, tilde = {"~", 1};
    bool whole = text_fitting(text, columns) == strlen(text);
    int room = whole ? columns : columns - 1;
    int used = 0;
    struct cluster cluster;

    if (columns <= 0) {
        return 0;
    }
    while (text_next(&text, &cluster) && used + cluster.columns <= room) {
        put(canvas, row, column + used, &cluster, role);
        used += cluster.columns;
    }
    if (!whole) {
        put(canvas, row, column + used, canvas->unicode ? &dots : &tilde, role);
        used++;
    }
    return used;
}

/* How many bytes of text make a line of so many columns; at a blank, if there is one. */
static size_t line_of(const char *text, int columns)
{
    size_t fits = text_fitting(text, columns), at = fits;

    if (text[fits] == '\0') {
        return fits;
    }
    while (at > 0 && text[at] != ' ') {
        at--;
    }
    return at > 0 ? at : fits;
}

int canvas_lines(struct canvas *canvas, const struct area *area, enum role role, const char *text)
{
    int rows = 0;

    while (rows < area->rows && (rows == 0 || *text != '\0')) {
        size_t length = rows + 1 < area->rows ? line_of(text, area->columns) : strlen(text);
        char line[LINE_SIZE];

        snprintf(line, sizeof line, "%.*s", (int)length, text);
        canvas_text(canvas, area->row + rows, area->column, area->columns, role, line);
        text += length;
        text += strspn(text, " ");
        rows++;
    }
    return rows;
}

int canvas_printf(struct canvas *canvas, int row, int column, int columns, enum role role,
                  const char *format, ...)
{
    char line[LINE_SIZE];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    return canvas_text(canvas, row, column, columns, role, line);
}

int canvas_text_right(struct canvas *canvas, int row, int column, int columns, enum role role,
                      const char *text)
{
    int width = text_columns(text);

    if (width > columns) {
        width = columns;
    }
    return canvas_text(canvas, row, column + columns - width, width, role, text);
}

void canvas_bar(struct canvas *canvas, const struct area *area, double part, enum role full,
                enum role rest)
{
    static const struct cluster eighths[] = {{" ", 1}, {"▏", 1}, {"▎", 1}, {"▍", 1}, {"▌", 1},
                                             {"▋", 1}, {"▊", 1}, {"▉", 1}, {"█", 1}};
    static const struct cluster hash = {"#", 1}, dash = {"-", 1};
    double clipped = !(part > 0.0) ? 0.0 : part > 1.0 ? 1.0 : part;
    int steps = canvas->unicode ? 8 : 1;
    int filled = (int)floor(clipped * area->columns * steps + 0.5);

    for (int i = 0; i < area->columns; i++) {
        int here = filled - i * steps;

        here = here < 0 ? 0 : here > steps ? steps : here;
        if (canvas->unicode) {
            put(canvas, area->row, area->column + i, &eighths[here], here > 0 ? full : rest);
        } else {
            put(canvas, area->row, area->column + i, here > 0 ? &hash : &dash,
                here > 0 ? full : rest);
        }
    }
}

void canvas_rule(struct canvas *canvas, int row, int column, int rows, enum role role)
{
    static const struct cluster line = {"│", 1}, bar = {"|", 1};

    for (int i = 0; i < rows; i++) {
        put(canvas, row + i, column, canvas->unicode ? &line : &bar, role);
    }
}

void canvas_paint(struct canvas *canvas, int row, int column, int columns, enum role role)
{
    for (int i = column; i < column + columns; i++) {
        if (is_inside(canvas, row, i)) {
            cell_at(canvas, row, i)->role = (uint8_t)role;
        }
    }
}

void canvas_set_cursor(struct canvas *canvas, int row, int column)
{
    canvas->cursor_row = is_inside(canvas, row, column) ? row : -1;
    canvas->cursor_column = column;
}

void canvas_cursor(const struct canvas *canvas, int *row, int *column)
{
    *row = canvas->cursor_row;
    *column = canvas->cursor_column;
}

void canvas_write_text(const struct canvas *canvas, FILE *file)
{
    for (int row = 0; row < canvas->rows; row++) {
        int last = canvas->columns - 1;

        while (last >= 0 && strcmp(canvas_cell(canvas, row, last)->bytes, " ") == 0) {
            last--;
        }
        for (int column = 0; column <= last; column++) {
            fputs(canvas_cell(canvas, row, column)->bytes, file);
        }
        fputc('\n', file);
    }
}
