/* view_sorted.c - view 2: all tracks of the library in one list. */
#include "tui/play_rows.h"
#include "tui/scanning.h"
#include "tui/tracks.h"
#include "tui/views.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct view_of_sorted {
    struct view view;
    struct tracks tracks;
};

static struct view *create(struct screen *screen)
{
    struct view_of_sorted *sorted = calloc(1, sizeof *sorted);

    if (sorted == NULL || tracks_init(&sorted->tracks, screen, TRACKS_FULL) < 0) {
        free(sorted);
        return NULL;
    }
    return &sorted->view;
}

static void destroy(struct view *view)
{
    tracks_finish(&((struct view_of_sorted *)view)->tracks);
    free(view);
}

static void changed(struct view *view, unsigned what)
{
    struct view_of_sorted *sorted = (struct view_of_sorted *)view;

    if ((what & CHANGED_DATABASE) != 0) {
        tracks_find(&sorted->tracks, screen_filter(view->screen), "AlbumArtist");
    }
}

static void shown(struct view *view)
{
    struct view_of_sorted *sorted = (struct view_of_sorted *)view;

    if (strcmp(sorted->tracks.find_expression, screen_filter(view->screen)) != 0) {
        changed(view, CHANGED_DATABASE);
    }
}

static void draw(struct view *view, struct canvas *canvas, const struct area *area)
{
    struct view_of_sorted *sorted = (struct view_of_sorted *)view;
    struct area body = {area->row + 1, area->column, area->rows - 1, area->columns};
    char scan[256], count[64];

    scanning_write(view->screen, scan, sizeof scan);
    tracks_write_count(&sorted->tracks, count, sizeof count);
    canvas_printf(canvas, area->row, area->column, area->columns, ROLE_TITLE, " %s: %s  %s",
                  screen_filter_name(view->screen), count, scan);
    tracks_draw(&sorted->tracks, canvas, &body, true);
}

static bool act(struct view *view, enum action action)
{
    struct view_of_sorted *sorted = (struct view_of_sorted *)view;
    struct tracks *tracks = &sorted->tracks;
    const struct mark_rows rows = tracks_mark_rows(tracks);

    if (list_act(&tracks->list, action)) {
        return true;
    }
    switch (action) {
    case ACTION_ACTIVATE:
        if (tracks->list.count > 0) {
            play_found(view->screen, tracks->find_expression, tracks->find_sort,
                       tracks->list.selected);
        }
        return true;
    case ACTION_QUEUE:
    case ACTION_QUEUE_FIRST:
        mark_rows_queue(&rows, action == ACTION_QUEUE_FIRST);
        return true;
    case ACTION_TOGGLE:
        mark_rows_toggle(&rows);
        return true;
    case ACTION_GO_TO_CURRENT:
        tracks_go_to_playing(tracks, true);
        return true;
    default:
        return false;
    }
}

static void follow(struct view *view)
{
    tracks_go_to_playing(&((struct view_of_sorted *)view)->tracks, false);
}

static bool point(struct view *view, const struct input *input)
{
    struct view_of_sorted *sorted = (struct view_of_sorted *)view;

    if (list_point(&sorted->tracks.list, input, 1)) {
        act(view, ACTION_ACTIVATE);
    }
    return true;
}

static void search(struct view *view, const char *text, int direction, bool from_next)
{
    tracks_search(&((struct view_of_sorted *)view)->tracks, text, direction, from_next);
}

static bool selected(struct view *view, char *uri, size_t size)
{
    const struct row *row = tracks_selected(&((struct view_of_sorted *)view)->tracks);

    if (row != NULL) {
        snprintf(uri, size, "%s", row->file);
    }
    return row != NULL;
}

static bool to_playlist(struct view *view, const char *name)
{
    const struct mark_rows rows = tracks_mark_rows(&((struct view_of_sorted *)view)->tracks);

    return mark_rows_to_playlist(&rows, name);
}

static struct marks *marks(struct view *view)
{
    return &((struct view_of_sorted *)view)->tracks.marks;
}

const struct view_class view_sorted = {
    .name = "sorted",
    .create = create,
    .destroy = destroy,
    .shown = shown,
    .changed = changed,
    .draw = draw,
    .act = act,
    .follow = follow,
    .point = point,
    .search = search,
    .selected = selected,
    .to_playlist = to_playlist,
    .marks = marks,
};
