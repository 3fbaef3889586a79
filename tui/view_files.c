/* view_files.c - view 5: files and folders of the music folder. */
#include "tui/mark_rows.h"
#include "tui/play_rows.h"
#include "tui/tracks.h"
#include "tui/views.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_SIZE = 4096, TIME_COLUMNS = 7 };

struct view_of_files {
    struct view view;
    struct list list;
    struct rows *rows;      /* folders first */
    size_t folders;         /* of them */
    char folder[PATH_SIZE]; /* "" the music folder */
    char wanted[PATH_SIZE]; /* the row to select when it is known where that stands; "": none */
    size_t selected_then;   /* when that was asked for */
    char searched[LINE_EDIT_SIZE];
    bool arrived;       /* how many rows there are is known */
    struct marks marks; /* of this folder */
};

static void marks_changed(void *context)
{
    screen_dirty(((struct view_of_files *)context)->view.screen);
}

static void rows_arrived(void *context)
{
    screen_dirty(((struct view_of_files *)context)->view.screen);
}

static void destroy(struct view *view)
{
    struct view_of_files *files = (struct view_of_files *)view;

    client_cancel(view->screen->client, files);
    marks_clear(&files->marks);
    rows_destroy(files->rows);
    free(files);
}

static bool is_folder(const struct row *row)
{
    return row->kind != NULL && strcmp(row->kind, "directory") == 0;
}

/* --- asking ----------------------------------------------------------------------------------- */

static void ask(struct view_of_files *files, bool other);

static void select_told(struct view_of_files *files, const struct answer *answer)
{
    const char *place = answer_get(answer, 0, "position");

    if (place != NULL) {
        list_select(&files->list, (size_t)strtoul(place, NULL, 10));
        screen_dirty(files->view.screen);
    }
}

static void place_told(void *context, const struct answer *answer)
{
    struct view_of_files *files = context;

    if (files->list.selected == files->selected_then) { /* else somebody has moved on */
        select_told(files, answer);
    }
}

static void ask_place(struct view_of_files *files)
{
    if (files->wanted[0] != '\0') {
        client_ask(files->view.screen->client, place_told, files, "match", "folder", files->folder,
                   "place", files->wanted, NULL);
    }
    files->selected_then = files->list.selected;
    files->wanted[0] = '\0';
}

static size_t number_of(const struct answer *answer, const char *name)
{
    const char *value = answer_get(answer, 0, name);

    return value != NULL ? (size_t)strtoul(value, NULL, 10) : 0;
}

static void counted(void *context, const struct answer *answer)
{
    struct view_of_files *files = context;

    if (!screen_answer_came(files->view.screen, answer)) {
        return;
    }
    if (!answer->ok) {
        if (files->folder[0] != '\0') { /* it is gone: back to where there is something */
            files->folder[0] = '\0';
            ask(files, true);
        }
        return;
    }
    files->arrived = true;
    files->folders = number_of(answer, "folders");
    rows_set_count(files->rows, files->folders + number_of(answer, "songs"));
    list_set_count(&files->list, rows_count(files->rows));
    ask_place(files);
    screen_dirty(files->view.screen);
}

/* `other`: than the folder before; a key that comes before the answer finds no row then, not one of
   the folder that was left. Else what shows stays until the answer is there. */
static void ask(struct view_of_files *files, bool other)
{
    const char *words[] = {"match", "folder", files->folder};

    client_cancel(files->view.screen->client, files);
    if (other) {
        rows_ask(files->rows, words, 3);
        list_set_count(&files->list, 0);
        files->arrived = false;
    } else {
        rows_refresh(files->rows);
    }
    client_ask(files->view.screen->client, counted, files, "match", "folder", files->folder, NULL);
}

static struct view *create(struct screen *screen)
{
    static const char *const words[] = {"match", "folder", ""};
    struct view_of_files *files = calloc(1, sizeof *files);

    if (files == NULL) {
        return NULL;
    }
    files->rows = rows_create(screen->client, rows_arrived, files);
    if (files->rows == NULL) {
        free(files);
        return NULL;
    }
    rows_ask(files->rows, words, 3);
    marks_init(&files->marks, screen->client, marks_changed, files);
    return &files->view;
}

/* NULL: there is none, or it is on its way. */
static const struct row *selected_row(const struct view_of_files *files)
{
    return files->list.count > 0 ? rows_get(files->rows, files->list.selected) : NULL;
}

static void changed(struct view *view, unsigned what)
{
    struct view_of_files *files = (struct view_of_files *)view;

    if ((what & CHANGED_DATABASE) != 0) {
        const struct row *row = selected_row(files);

        if (row != NULL) {
            snprintf(files->wanted, sizeof files->wanted, "%s", row->file);
        }
        ask(files, false);
    }
}

static void open_folder(struct view_of_files *files, const char *folder)
{
    snprintf(files->folder, sizeof files->folder, "%s", folder);
    marks_clear(&files->marks);
    ask(files, true);
}

static void open_above(struct view_of_files *files)
{
    char *slash = strrchr(files->folder, '/');

    if (files->folder[0] == '\0') {
        screen_say(files->view.screen, ROLE_TEXT, "this is the music folder itself");
        return;
    }
    snprintf(files->wanted, sizeof files->wanted, "%s", files->folder);
    marks_clear(&files->marks);
    if (slash != NULL) {
        *slash = '\0';
    } else {
        files->folder[0] = '\0';
    }
    ask(files, true);
}

static void draw_row(void *context, struct canvas *canvas, const struct area *area, size_t index,
                     enum role role)
{
    const struct view_of_files *files = context;
    const struct row *row = rows_get(files->rows, index);
    const char *playing = files->view.screen->state.song.file;
    char duration[32];
    bool marked;

    if (row == NULL) {
        canvas_text(canvas, area->row, area->column + 1, area->columns - 1, ROLE_DIM,
                    canvas_ellipsis(canvas));
        return;
    }
    marked = marks_has(&files->marks, row->file, -1, index);
    if (is_folder(row)) {
        canvas_printf(canvas, area->row, area->column + 1, area->columns - 1, role, "%s/",
                      path_name(row->file));
        return;
    }
    if (role == ROLE_TEXT && marked) {
        role = ROLE_MARKED;
    } else if (role == ROLE_TEXT && playing != NULL && strcmp(playing, row->file) == 0) {
        role = ROLE_PLAYING;
    }
    canvas_text(canvas, area->row, area->column, 1, role, marked ? "*" : " ");
    write_duration(duration, sizeof duration, row->duration_s);
    canvas_text(canvas, area->row, area->column + 1, area->columns - TIME_COLUMNS - 2, role,
                path_name(row->file));
    canvas_text_right(canvas, area->row, area->column + area->columns - TIME_COLUMNS,
                      TIME_COLUMNS - 1, role, duration);
}

static void draw(struct view *view, struct canvas *canvas, const struct area *area)
{
    struct view_of_files *files = (struct view_of_files *)view;
    struct area body = {area->row + 1, area->column, area->rows - 1, area->columns};
    char marked[32];

    canvas_printf(canvas, area->row, area->column, area->columns, ROLE_TITLE, " Files: /%s%s",
                  files->folder, marks_write(&files->marks, marked, sizeof marked));
    if (files->list.count == 0) {
        canvas_text(canvas, body.row, body.column + 2, body.columns - 2, ROLE_DIM,
                    files->arrived ? "there is no music in this folder" : "one moment");
        return;
    }
    list_draw(&files->list, canvas, &body, true, draw_row, files);
}

static void activate(struct view_of_files *files)
{
    const struct row *row = selected_row(files);
    char name[PATH_SIZE];

    if (row != NULL && is_folder(row)) {
        snprintf(name, sizeof name, "%s", row->file);
        open_folder(files, name);
    } else if (files->list.selected >= files->folders && files->list.count > 0) {
        play_folder(files->view.screen, files->folder, files->list.selected - files->folders);
    }
}

static struct mark_rows mark_rows_of(struct view_of_files *files)
{
    return (struct mark_rows){files->view.screen, &files->list, &files->marks, selected_row(files),
                              NULL};
}

/* Folders open; what else there is can be marked. */
static void toggle(struct view_of_files *files)
{
    const struct mark_rows rows = mark_rows_of(files);

    if (rows.selected != NULL && is_folder(rows.selected)) {
        activate(files);
    } else {
        mark_rows_toggle(&rows);
    }
}

static bool act(struct view *view, enum action action)
{
    struct view_of_files *files = (struct view_of_files *)view;
    const struct mark_rows rows = mark_rows_of(files);

    if (list_act(&files->list, action)) {
        return true;
    }
    switch (action) {
    case ACTION_ACTIVATE:
        activate(files);
        return true;
    case ACTION_TOGGLE:
        toggle(files);
        return true;
    case ACTION_BACK:
        open_above(files);
        return true;
    case ACTION_QUEUE:
    case ACTION_QUEUE_FIRST:
        mark_rows_queue(&rows, action == ACTION_QUEUE_FIRST);
        return true;
    case ACTION_TO_LIBRARY:
        screen_send_told(view->screen, "reading this folder anew", "rescan",
                         files->folder[0] != '\0' ? files->folder : NULL, NULL);
        return true;
    default:
        return false;
    }
}

static bool point(struct view *view, const struct input *input)
{
    struct view_of_files *files = (struct view_of_files *)view;

    if (list_point(&files->list, input, 1)) {
        activate(files);
    }
    return true;
}

static void found(void *context, const struct answer *answer)
{
    struct view_of_files *files = context;

    screen_answer_errors(files->view.screen, answer);
    if (answer->ok && answer->count == 0) {
        screen_say(files->view.screen, ROLE_TEXT, "%s: not found", files->searched);
    }
    select_told(files, answer);
}

static void search(struct view *view, const char *text, int direction, bool from_next)
{
    struct view_of_files *files = (struct view_of_files *)view;
    char from[24];
    const char *const words[] = {"match",
                                 "find",
                                 "folder",
                                 files->folder,
                                 text,
                                 from,
                                 direction > 0 ? (from_next ? "+1" : "+0")
                                               : (from_next ? "-1" : "-0")};

    if (files->list.count > 0) {
        snprintf(files->searched, sizeof files->searched, "%s", text);
        snprintf(from, sizeof from, "%zu", files->list.selected);
        screen_ask_place(view->screen, found, files, words, sizeof words / sizeof words[0]);
    }
}

static bool selected(struct view *view, char *uri, size_t size)
{
    const struct row *row = selected_row((struct view_of_files *)view);

    if (row == NULL || strcmp(row->kind, "file") != 0) {
        return false;
    }
    snprintf(uri, size, "%s", row->file);
    return true;
}

static bool to_playlist(struct view *view, const char *name)
{
    const struct mark_rows rows = mark_rows_of((struct view_of_files *)view);

    return mark_rows_to_playlist(&rows, name);
}

static struct marks *marks(struct view *view)
{
    return &((struct view_of_files *)view)->marks;
}

const struct view_class view_files = {
    .name = "files",
    .create = create,
    .destroy = destroy,
    .changed = changed,
    .draw = draw,
    .act = act,
    .point = point,
    .search = search,
    .selected = selected,
    .to_playlist = to_playlist,
    .marks = marks,
};
