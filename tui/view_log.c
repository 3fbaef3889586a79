/* view_log.c - view 0: what was said, with its time. */
#include "tui/list.h"
#include "tui/screen.h"
#include "tui/views.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TIME_COLUMNS = 9 };

struct view_of_log {
    struct view view;
    struct list list;
    bool at_end;
};

static struct view *create(struct screen *screen)
{
    struct view_of_log *log = calloc(1, sizeof *log);

    (void)screen;
    if (log == NULL) {
        return NULL;
    }
    log->at_end = true;
    return &log->view;
}

static void destroy(struct view *view)
{
    free(view);
}

static const struct log_line *line_at(const struct screen *screen, size_t index)
{
    return &screen->log[(screen->log_first + index) % SCREEN_LOG_LINES];
}

static void draw_row(void *context, struct canvas *canvas, const struct area *area, size_t index,
                     enum role role)
{
    const struct view_of_log *log = context;
    const struct log_line *line = line_at(log->view.screen, index);
    time_t when = (time_t)line->time_s;
    struct tm tm;
    char text[16] = "";

    if (localtime_r(&when, &tm) != NULL) {
        strftime(text, sizeof text, "%H:%M:%S", &tm);
    }
    canvas_text(canvas, area->row, area->column, TIME_COLUMNS, role == ROLE_TEXT ? ROLE_DIM : role,
                text);
    canvas_text(canvas, area->row, area->column + TIME_COLUMNS, area->columns - TIME_COLUMNS,
                role == ROLE_TEXT ? line->role : role, line->text != NULL ? line->text : "");
}

static void draw(struct view *view, struct canvas *canvas, const struct area *area)
{
    struct view_of_log *log = (struct view_of_log *)view;

    list_set_count(&log->list, view->screen->log_count);
    if (log->list.count == 0) {
        canvas_text(canvas, area->row, area->column + 1, area->columns - 1, ROLE_DIM,
                    "nothing has gone wrong so far");
        return;
    }
    if (log->at_end) {
        list_select(&log->list, log->list.count - 1);
    }
    list_draw(&log->list, canvas, area, true, draw_row, log);
}

static bool act(struct view *view, enum action action)
{
    struct view_of_log *log = (struct view_of_log *)view;
    bool moved = list_act(&log->list, action);

    if (moved) {
        log->at_end = log->list.count == 0 || log->list.selected + 1 == log->list.count;
    }
    return moved;
}

static bool point(struct view *view, const struct input *input)
{
    struct view_of_log *log = (struct view_of_log *)view;

    if (input->kind == INPUT_WHEEL) {
        log->at_end = false;
        list_point(&log->list, input, 0);
    }
    return true;
}

static void write_row(const void *context, size_t index, char *text, size_t size)
{
    const char *line = line_at(context, index)->text;

    snprintf(text, size, "%s", line != NULL ? line : "");
}

static void search(struct view *view, const char *text, int direction, bool from_next)
{
    struct view_of_log *log = (struct view_of_log *)view;
    const struct row_search wanted = {text, direction, from_next};

    if (screen_find_row(view->screen, &log->list, &wanted, write_row, view->screen)) {
        log->at_end = false;
    }
}

const struct view_class view_log = {
    .name = "log",
    .create = create,
    .destroy = destroy,
    .draw = draw,
    .act = act,
    .point = point,
    .search = search,
};
