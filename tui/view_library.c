/* view_library.c - view 1: artists and albums, beside the tracks of the selected one. */
#include "tui/play_rows.h"
#include "tui/scanning.h"
#include "tui/tracks.h"
#include "tui/tree.h"
#include "tui/views.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXPRESSION_SIZE = 9216 };

static const char sort[] = "AlbumArtist";

struct view_of_library {
    struct view view;
    struct tree tree;
    struct tracks tracks;
    bool right; /* the tracks have the keys */
    int left_columns, panes;
};

static struct view *create(struct screen *screen)
{
    struct view_of_library *library = calloc(1, sizeof *library);

    if (library == NULL || tracks_init(&library->tracks, screen, TRACKS_ALBUM) < 0) {
        free(library);
        return NULL;
    }
    tree_init(&library->tree, screen);
    return &library->view;
}

static void destroy(struct view *view)
{
    struct view_of_library *library = (struct view_of_library *)view;

    tree_finish(&library->tree);
    tracks_finish(&library->tracks);
    free(library);
}

static void changed(struct view *view, unsigned what)
{
    struct view_of_library *library = (struct view_of_library *)view;

    if ((what & CHANGED_DATABASE) != 0) {
        tree_ask(&library->tree, screen_filter(view->screen));
        if (library->tracks.find_expression != NULL) {
            tracks_refresh(&library->tracks);
        }
    }
}

static void shown(struct view *view)
{
    struct view_of_library *library = (struct view_of_library *)view;

    if (library->tree.filter != NULL &&
        strcmp(library->tree.filter, screen_filter(view->screen)) != 0) {
        changed(view, CHANGED_DATABASE);
    }
}

/* The tracks are those of the line selected on the left. */
static void follow_tree(struct view_of_library *library)
{
    char expression[EXPRESSION_SIZE];

    if (tree_expression(&library->tree, expression, sizeof expression) &&
        (library->tracks.find_expression == NULL ||
         strcmp(library->tracks.find_expression, expression) != 0)) {
        tracks_find(&library->tracks, expression, sort);
    }
}

static void draw_empty(struct view *view, struct canvas *canvas, const struct area *area)
{
    const struct view_of_library *library = (struct view_of_library *)view;
    int row = area->row + 1, column = area->column + 2, columns = area->columns - 2;
    char scan[256];

    if (!view->screen->state.joined) {
        return;
    }
    scanning_write(view->screen, scan, sizeof scan);
    if (library->tree.arrived && scan[0] != '\0') {
        canvas_text(canvas, row, column, columns, ROLE_TEXT, scan);
        canvas_text(canvas, row + 1, column, columns, ROLE_DIM, "tracks appear as they are found");
        return;
    }
    canvas_text(canvas, row, column, columns, ROLE_DIM,
                !library->tree.arrived            ? "one moment"
                : view->screen->filter[0] != '\0' ? "nothing fits this filter; view 6 takes it back"
                                                  : "there is no music here yet: "
                                                    ":set music_directory=PATH names your folder");
}

static void draw(struct view *view, struct canvas *canvas, const struct area *area)
{
    struct view_of_library *library = (struct view_of_library *)view;
    struct area left = {area->row + 1, area->column, area->rows - 1, area->columns * 2 / 5};
    struct area right = {area->row + 1, left.columns + 1, area->rows - 1,
                         area->columns - left.columns - 1};
    char scan[256], count[64];

    scanning_write(view->screen, scan, sizeof scan);
    follow_tree(library);
    library->right = library->right && library->tracks.list.count > 0;
    tracks_write_count(&library->tracks, count, sizeof count);
    library->left_columns = left.columns;
    canvas_printf(canvas, area->row, area->column, left.columns, ROLE_TITLE, " %s",
                  screen_filter_name(view->screen));
    canvas_printf(canvas, area->row, right.column + 1, right.columns - 1, ROLE_TITLE, "%s  %s",
                  count, scan);
    if (library->tree.line_count == 0) {
        draw_empty(view, canvas, area);
        return;
    }
    tree_draw(&library->tree, canvas, &left, !library->right);
    canvas_rule(canvas, area->row, left.columns, area->rows, ROLE_DIM);
    tracks_draw(&library->tracks, canvas, &right, library->right);
}

static void queue_selected(struct view_of_library *library, bool next)
{
    const struct mark_rows rows = tracks_mark_rows(&library->tracks);

    if (library->right) {
        mark_rows_queue(&rows, next);
    } else if (library->tree.line_count > 0 && library->tracks.find_expression != NULL) {
        queue_found(library->view.screen, library->tracks.find_expression, sort, next);
        list_act(&library->tree.list, ACTION_DOWN);
    }
}

static void go_to_current(struct view_of_library *library, bool say)
{
    const struct row *song = &library->view.screen->state.song;
    const char *artist = song->album_artist != NULL ? song->album_artist : song->artist;

    if (artist != NULL) {
        tree_select(&library->tree, artist, song->album);
        follow_tree(library);
        tracks_go_to_playing(&library->tracks, say);
    }
}

static void follow(struct view *view)
{
    go_to_current((struct view_of_library *)view, false);
}

static void toggle(struct view_of_library *library)
{
    const struct mark_rows rows = tracks_mark_rows(&library->tracks);

    if (library->right) {
        mark_rows_toggle(&rows);
    } else {
        tree_toggle(&library->tree);
    }
}

static bool act(struct view *view, enum action action)
{
    struct view_of_library *library = (struct view_of_library *)view;

    if (list_act(library->right ? &library->tracks.list : &library->tree.list, action)) {
        return true;
    }
    follow_tree(library); /* several keys may have come since it was drawn */
    switch (action) {
    case ACTION_OTHER_PANE:
        library->right = !library->right && library->tracks.list.count > 0;
        return true;
    case ACTION_TOGGLE:
        toggle(library);
        return true;
    case ACTION_ACTIVATE:
        if (library->tree.line_count > 0 && library->tracks.find_expression != NULL) {
            play_found(view->screen, library->tracks.find_expression, sort,
                       library->right ? library->tracks.list.selected : 0);
        }
        return true;
    case ACTION_QUEUE:
    case ACTION_QUEUE_FIRST:
        queue_selected(library, action == ACTION_QUEUE_FIRST);
        return true;
    case ACTION_GO_TO_CURRENT:
        go_to_current(library, true);
        return true;
    default:
        return false;
    }
}

static bool point(struct view *view, const struct input *input)
{
    struct view_of_library *library = (struct view_of_library *)view;
    bool right = input->column > library->left_columns;
    struct list *list = right ? &library->tracks.list : &library->tree.list;

    follow_tree(library);
    if (input->kind == INPUT_CLICK) {
        library->right = right && library->tracks.list.count > 0;
    }
    if (list_point(list, input, 1)) {
        act(view, right ? ACTION_ACTIVATE : ACTION_TOGGLE);
    }
    return true;
}

static void search(struct view *view, const char *text, int direction, bool from_next)
{
    struct view_of_library *library = (struct view_of_library *)view;

    if (library->right) {
        tracks_search(&library->tracks, text, direction, from_next);
    } else {
        tree_search(&library->tree, text, direction, from_next);
    }
}

static bool selected(struct view *view, char *uri, size_t size)
{
    struct view_of_library *library = (struct view_of_library *)view;
    const struct row *row = library->right ? tracks_selected(&library->tracks) : NULL;

    if (row != NULL) {
        snprintf(uri, size, "%s", row->file);
    }
    return row != NULL;
}

/* An artist or an album as a whole, or tracks. */
static bool to_playlist(struct view *view, const char *name)
{
    struct view_of_library *library = (struct view_of_library *)view;
    const struct mark_rows rows = tracks_mark_rows(&library->tracks);
    char said[SCREEN_MESSAGE_SIZE];

    if (library->right) {
        return mark_rows_to_playlist(&rows, name);
    }
    if (library->tracks.find_expression == NULL || library->tree.line_count == 0) {
        return false;
    }
    snprintf(said, sizeof said, "added to %s", name);
    screen_send_told(view->screen, said, "match", "findaddpl", name,
                     library->tracks.find_expression, "sort", sort, NULL);
    list_act(&library->tree.list, ACTION_DOWN);
    return true;
}

static struct marks *marks(struct view *view)
{
    return &((struct view_of_library *)view)->tracks.marks;
}

const struct view_class view_library = {
    .name = "library",
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
