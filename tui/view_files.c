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
    struct row *rows;
    size_t count;
    char folder[PATH_SIZE]; /* "" the music folder */
    char wanted[PATH_SIZE]; /* the row to select when the answer is there */
    bool arrived;
    struct marks marks; /* of this folder */
};

static void marks_changed(void *context)
{
    screen_dirty(((struct view_of_files *)context)->view.screen);
}

static struct view *create(struct screen *screen)
{
    struct view_of_files *files = calloc(1, sizeof *files);

    if (files == NULL) {
        return NULL;
    }
    marks_init(&files->marks, screen->client, marks_changed, files);
    return &files->view;
}

static void forget_rows(struct view_of_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        row_finish(&files->rows[i]);
    }
    free(files->rows);
    files->rows = NULL;
    files->count = 0;
}

static void destroy(struct view *view)
{
    struct view_of_files *files = (struct view_of_files *)view;

    client_cancel(view->screen->client, files);
    marks_clear(&files->marks);
    forget_rows(files);
    free(files);
}

static bool is_folder(const struct row *row)
{
    return row->kind != NULL && strcmp(row->kind, "directory") == 0;
}

/* Otherwise the order stays as the player has it. */
static void folders_first(struct row *rows, size_t count)
{
    struct row *sorted = rows != NULL ? calloc(count + 1, sizeof *sorted) : NULL;
    size_t used = 0;

    for (int folders = 1; sorted != NULL && folders >= 0; folders--) {
        for (size_t i = 0; i < count; i++) {
            if (is_folder(&rows[i]) == (folders == 1)) {
                sorted[used++] = rows[i];
            }
        }
    }
    if (sorted != NULL && rows != NULL) {
        memcpy(rows, sorted, count * sizeof *rows);
    }
    free(sorted);
}

static void told(void *context, const struct answer *answer)
{
    struct view_of_files *files = context;

    if (!screen_answer_came(files->view.screen, answer)) {
        return;
    }
    forget_rows(files);
    files->arrived = true;
    if (!answer->ok) {
        if (files->folder[0] != '\0') { /* it is gone: back to where there is something */
            files->folder[0] = '\0';
            client_ask(files->view.screen->client, told, files, "lsinfo", "", NULL);
        }
        return;
    }
    files->rows = calloc(answer->count + 1, sizeof *files->rows);
    for (size_t at = 0; files->rows != NULL && at < answer->count;) {
        struct row *row = &files->rows[files->count];

        at = row_read(row, answer, at);
        if (row->kind != NULL &&
            (strcmp(row->kind, "playlist") != 0 || strchr(row->file, '/') != NULL)) {
            files->count++;
        } else {
            row_finish(row); /* a stored playlist: view 3 has those */
        }
    }
    folders_first(files->rows, files->count);
    list_set_count(&files->list, files->count);
    for (size_t i = 0; i < files->count; i++) {
        if (strcmp(files->rows[i].file, files->wanted) == 0) {
            list_select(&files->list, i);
        }
    }
    files->wanted[0] = '\0';
    screen_dirty(files->view.screen);
}

static void ask(struct view_of_files *files)
{
    client_cancel(files->view.screen->client, files);
    client_ask(files->view.screen->client, told, files, "lsinfo", files->folder, NULL);
}

static const struct row *selected_row(const struct view_of_files *files)
{
    return files->list.selected < files->count ? &files->rows[files->list.selected] : NULL;
}

static void changed(struct view *view, unsigned what)
{
    struct view_of_files *files = (struct view_of_files *)view;

    if ((what & CHANGED_DATABASE) != 0) {
        const struct row *row = selected_row(files);

        if (row != NULL) {
            snprintf(files->wanted, sizeof files->wanted, "%s", row->file);
        }
        ask(files);
    }
}

/* A key that comes before the answer finds no row, not one of the folder that was left. */
static void ask_other(struct view_of_files *files)
{
    forget_rows(files);
    list_set_count(&files->list, 0);
    files->arrived = false;
    ask(files);
}

static void open_folder(struct view_of_files *files, const char *folder)
{
    snprintf(files->folder, sizeof files->folder, "%s", folder);
    marks_clear(&files->marks);
    ask_other(files);
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
    ask_other(files);
}

static void draw_row(void *context, struct canvas *canvas, const struct area *area, size_t index,
                     enum role role)
{
    const struct view_of_files *files = context;
    const struct row *row = &files->rows[index];
    const char *playing = files->view.screen->state.song.file;
    bool marked = marks_has(&files->marks, row->file, -1, index);
    char duration[32];

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
    if (files->count == 0) {
        canvas_text(canvas, body.row, body.column + 2, body.columns - 2, ROLE_DIM,
                    files->arrived ? "there is no music in this folder" : "one moment");
        return;
    }
    list_draw(&files->list, canvas, &body, true, draw_row, files);
}

/* The files that show are played, from the selected one on. */
static void play_shown(struct view_of_files *files)
{
    size_t position = 0;

    for (size_t i = 0; i < files->list.selected; i++) {
        position += strcmp(files->rows[i].kind, "file") == 0;
    }
    play_folder(files->view.screen, files->folder, position);
}

static void activate(struct view_of_files *files)
{
    const struct row *row = selected_row(files);
    char name[PATH_SIZE];

    if (row == NULL) {
        return;
    }
    snprintf(name, sizeof name, "%s", row->file);
    if (is_folder(row)) {
        open_folder(files, name);
    } else if (strcmp(row->kind, "playlist") == 0) {
        play_playlist(files->view.screen, name, 0);
    } else {
        play_shown(files);
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

static void write_row(const void *context, size_t index, char *text, size_t size)
{
    const struct view_of_files *files = context;

    snprintf(text, size, "%s", path_name(files->rows[index].file));
}

static void search(struct view *view, const char *text, int direction, bool from_next)
{
    struct view_of_files *files = (struct view_of_files *)view;
    const struct row_search wanted = {text, direction, from_next};

    screen_find_row(view->screen, &files->list, &wanted, write_row, files);
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
