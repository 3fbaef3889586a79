/* view_queue.c - view 4: what is to be played, where it came from, and what it shall sound like. */
#include "tui/tracks.h"
#include "tui/views.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct view_of_queue {
    struct view view;
    struct tracks tracks;
    unsigned long version;          /* of the queue as it was asked for */
    long marked_first, marked_last; /* for p and P; -1: nothing */
};

static struct view *create(struct screen *screen)
{
    struct view_of_queue *queue = calloc(1, sizeof *queue);

    if (queue == NULL || tracks_init(&queue->tracks, screen, TRACKS_QUEUE) < 0) {
        free(queue);
        return NULL;
    }
    tracks_queue(&queue->tracks);
    queue->marked_first = queue->marked_last = -1;
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

    count_rows(queue);
    canvas_printf(canvas, area->row, area->column, area->columns, ROLE_TITLE, " Queue: %zu track%s",
                  state->queue_length, state->queue_length == 1 ? "" : "s");
    if (state->queue_length == 0) {
        canvas_text(canvas, body.row, body.column + 2, body.columns - 2, ROLE_DIM,
                    "nothing is queued: e in views 1, 2, 3 and 5 adds what is selected");
        return;
    }
    tracks_draw(&queue->tracks, canvas, &body, true);
}

static void remove_marked(struct view_of_queue *queue)
{
    char range[48];

    if (queue->tracks.list.count == 0) {
        return;
    }
    if (queue->marked_first >= 0) {
        snprintf(range, sizeof range, "%ld:%ld", queue->marked_first, queue->marked_last + 1);
    } else {
        snprintf(range, sizeof range, "%zu", queue->tracks.list.selected);
    }
    queue->marked_first = queue->marked_last = -1;
    screen_send(queue->view.screen, "delete", range, NULL);
}

/* Space marks from the first marked row to this one; on the only marked row it takes the mark away.
 */
static void mark(struct view_of_queue *queue)
{
    long at = (long)queue->tracks.list.selected;

    if (queue->marked_first == at && queue->marked_last == at) {
        queue->marked_first = queue->marked_last = -1;
        screen_say(queue->view.screen, ROLE_TEXT, "nothing is marked");
        return;
    }
    if (queue->marked_first < 0) {
        queue->marked_first = queue->marked_last = at;
    } else if (at < queue->marked_first) {
        queue->marked_first = at;
    } else {
        queue->marked_last = at;
    }
    screen_say(queue->view.screen, ROLE_TEXT, "marked: %ld to %ld; p or P moves them here",
               queue->marked_first + 1, queue->marked_last + 1);
    list_act(&queue->tracks.list, ACTION_DOWN);
}

/* Without marks the selected row moves by one, as in cmus. */
static void move_marked(struct view_of_queue *queue, bool after)
{
    long at = (long)queue->tracks.list.selected;
    long first = queue->marked_first >= 0 ? queue->marked_first : at;
    long last = queue->marked_first >= 0 ? queue->marked_last : at;
    long count = (long)queue->tracks.list.count;
    long to;
    char range[48], place[24];

    if (queue->marked_first < 0) {
        to = after ? at + 1 : at - 1;
    } else if (at >= first && at <= last) {
        return;
    } else { /* where the block begins once it has been taken out */
        to = after ? at + 1 : at;
        to -= to > last ? last - first + 1 : 0;
    }
    if (to < 0 || to + (last - first) >= count) {
        return;
    }
    snprintf(range, sizeof range, "%ld:%ld", first, last + 1);
    snprintf(place, sizeof place, "%ld", to);
    screen_send(queue->view.screen, "move", range, place, NULL);
    list_select(&queue->tracks.list, (size_t)to);
    queue->marked_first = queue->marked_last = -1;
}

static bool act(struct view *view, enum action action)
{
    struct view_of_queue *queue = (struct view_of_queue *)view;
    const struct row *row;
    char id[24];

    if (list_act(&queue->tracks.list, action)) {
        return true;
    }
    switch (action) {
    case ACTION_ACTIVATE:
        row = tracks_selected(&queue->tracks);
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
        mark(queue);
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
};
