/* view_queue.c - view 4: what is to be played, where it came from, and what it shall sound like. */
#include "tui/tracks.h"
#include "tui/views.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct view_of_queue {
    struct view view;
    struct tracks tracks;
    bool seen; /* it begins at what is heard */
};

static struct view *create(struct screen *screen)
{
    struct view_of_queue *queue = calloc(1, sizeof *queue);

    if (queue == NULL || tracks_init(&queue->tracks, screen, TRACKS_QUEUE) < 0) {
        free(queue);
        return NULL;
    }
    tracks_queue(&queue->tracks);
    return &queue->view;
}

static void destroy(struct view *view)
{
    struct view_of_queue *queue = (struct view_of_queue *)view;

    tracks_finish(&queue->tracks);
    free(queue);
}

static void changed(struct view *view, unsigned what)
{
    struct view_of_queue *queue = (struct view_of_queue *)view;

    if ((what & (CHANGED_PLAYLIST | CHANGED_MATCH | CHANGED_STORED_PLAYLIST)) != 0) {
        tracks_refresh(&queue->tracks);
    }
    if ((what & CHANGED_PLAYLIST) != 0) {
        marks_follow(&queue->tracks.marks);
    }
}

static void count_rows(struct view_of_queue *queue)
{
    const struct player_state *state = &queue->view.screen->state;

    rows_set_count(queue->tracks.rows, state->queue_length);
    list_set_count(&queue->tracks.list, state->queue_length);
}

static void select_heard(struct view *view)
{
    struct view_of_queue *queue = (struct view_of_queue *)view;
    const struct player_state *state = &view->screen->state;

    count_rows(queue);
    if (state->position >= 0) {
        list_select(&queue->tracks.list, (size_t)state->position);
    }
}

static void draw(struct view *view, struct canvas *canvas, const struct area *area)
{
    struct view_of_queue *queue = (struct view_of_queue *)view;
    const struct player_state *state = &view->screen->state;
    struct area body = {area->row + 1, area->column, area->rows - 1, area->columns};
    char marked[32];

    count_rows(queue);
    if (!queue->seen && state->queue_length > 0) {
        queue->seen = true;
        select_heard(view);
    }
    canvas_printf(canvas, area->row, area->column, area->columns, ROLE_TITLE,
                  " Queue: %zu track%s%s", state->queue_length, state->queue_length == 1 ? "" : "s",
                  marks_write(&queue->tracks.marks, marked, sizeof marked));
    if (state->queue_length == 0) {
        canvas_text(canvas, body.row, body.column + 2, body.columns - 2, ROLE_DIM,
                    "nothing is queued: e in views 1, 2, 3 and 5 adds what is selected");
        return;
    }
    tracks_draw(&queue->tracks, canvas, &body, true);
}

/* Marked ones are named by their ids: another client may have moved them. */
static void remove_marked(struct view_of_queue *queue)
{
    struct marks *marks = &queue->tracks.marks;
    char place[24];

    if (marks->count == 0 && queue->tracks.list.count > 0) {
        snprintf(place, sizeof place, "%zu", queue->tracks.list.selected);
        screen_send(queue->view.screen, "delete", place, NULL);
    }
    for (size_t i = 0; i < marks->count; i++) {
        snprintf(place, sizeof place, "%ld", marks->mark[i]->id);
        screen_send(queue->view.screen, "deleteid", place, NULL);
    }
    marks_clear(marks);
}

/* Without marks the selected row moves by one, as in cmus. */
static void move_selected(struct view_of_queue *queue, bool after)
{
    struct list *list = &queue->tracks.list;
    char from[24], to[24];

    if (list->count == 0 || (after ? list->selected + 1 >= list->count : list->selected == 0)) {
        return;
    }
    snprintf(from, sizeof from, "%zu", list->selected);
    snprintf(to, sizeof to, "%zu", after ? list->selected + 1 : list->selected - 1);
    screen_send(queue->view.screen, "move", from, to, NULL);
    list_act(list, after ? ACTION_DOWN : ACTION_UP);
}

static void move_marked(struct view_of_queue *queue, bool after)
{
    struct marks *marks = &queue->tracks.marks;
    struct list *list = &queue->tracks.list;
    struct row_move moves[MARKS_MAX];
    char id[24], to[24];
    size_t count;

    if (marks->count == 0) {
        move_selected(queue, after);
        return;
    }
    count = marks_moves(marks, list->selected, after, moves);
    for (size_t i = 0; i < count; i++) {
        snprintf(id, sizeof id, "%ld", moves[i].mark->id);
        snprintf(to, sizeof to, "%zu", moves[i].to);
        screen_send(queue->view.screen, "moveid", id, to, NULL);
    }
    list_select(list, marks_shift(moves, count, list->selected, after));
    marks_clear(marks);
}

static bool act(struct view *view, enum action action)
{
    struct view_of_queue *queue = (struct view_of_queue *)view;
    const struct mark_rows rows = tracks_mark_rows(&queue->tracks);
    const struct row *row = rows.selected;
    char id[24];

    if (list_act(&queue->tracks.list, action)) {
        return true;
    }
    switch (action) {
    case ACTION_ACTIVATE:
        if (row != NULL && row->id >= 0) {
            snprintf(id, sizeof id, "%ld", row->id);
            screen_send(view->screen, "playid", id, NULL);
        } else if (queue->tracks.list.count > 0) { /* the row is still on its way */
            snprintf(id, sizeof id, "%zu", queue->tracks.list.selected);
            screen_send(view->screen, "play", id, NULL);
        }
        return true;
    case ACTION_GO_TO_CURRENT:
        select_heard(view);
        return true;
    case ACTION_REMOVE:
        remove_marked(queue);
        return true;
    case ACTION_TOGGLE:
        mark_rows_toggle(&rows);
        return true;
    case ACTION_QUEUE:
    case ACTION_QUEUE_FIRST:
        mark_rows_queue(&rows, action == ACTION_QUEUE_FIRST);
        return true;
    case ACTION_MOVE_AFTER:
    case ACTION_MOVE_BEFORE:
        move_marked(queue, action == ACTION_MOVE_AFTER);
        return true;
    default:
        return false;
    }
}

static bool point(struct view *view, const struct input *input)
{
    struct view_of_queue *queue = (struct view_of_queue *)view;

    if (list_point(&queue->tracks.list, input, 1)) {
        act(view, ACTION_ACTIVATE);
    }
    return true;
}

static void search(struct view *view, const char *text, int direction, bool from_next)
{
    tracks_search(&((struct view_of_queue *)view)->tracks, text, direction, from_next);
}

static bool selected(struct view *view, char *uri, size_t size)
{
    const struct row *row = tracks_selected(&((struct view_of_queue *)view)->tracks);

    if (row != NULL) {
        snprintf(uri, size, "%s", row->file);
    }
    return row != NULL;
}

static bool to_playlist(struct view *view, const char *name)
{
    const struct mark_rows rows = tracks_mark_rows(&((struct view_of_queue *)view)->tracks);

    return mark_rows_to_playlist(&rows, name);
}

static struct marks *marks(struct view *view)
{
    return &((struct view_of_queue *)view)->tracks.marks;
}

const struct view_class view_queue = {
    .name = "queue",
    .create = create,
    .destroy = destroy,
    .changed = changed,
    .draw = draw,
    .act = act,
    .follow = select_heard,
    .point = point,
    .search = search,
    .selected = selected,
    .to_playlist = to_playlist,
    .marks = marks,
};
