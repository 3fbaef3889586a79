/* view_playlists.c - view 3: the stored playlists, beside what the selected one holds. */
#include "tui/play_rows.h"
#include "tui/tracks.h"
#include "tui/views.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_SIZE = 512 };

struct view_of_playlists {
    struct view view;
    struct list list;
    char **names;
    size_t count;
    bool arrived;
    struct tracks tracks;
    char shown[NAME_SIZE];  /* whose tracks are on the right */
    bool stale;             /* they are to be asked for once more */
    char marked[NAME_SIZE]; /* where y adds to */
    char wanted[NAME_SIZE]; /* to be selected when the answer is there */
    bool right;
    int left_columns;
};

static struct view *create(struct screen *screen)
{
    struct view_of_playlists *lists = calloc(1, sizeof *lists);

    if (lists == NULL || tracks_init(&lists->tracks, screen, TRACKS_FULL) < 0) {
        free(lists);
        return NULL;
    }
    return &lists->view;
}

static void forget_names(struct view_of_playlists *lists)
{
    for (size_t i = 0; i < lists->count; i++) {
        free(lists->names[i]);
    }
    free(lists->names);
    lists->names = NULL;
    lists->count = 0;
}

static void destroy(struct view *view)
{
    struct view_of_playlists *lists = (struct view_of_playlists *)view;

    client_cancel(view->screen->client, lists);
    tracks_finish(&lists->tracks);
    forget_names(lists);
    free(lists);
}

static const char *selected_name(const struct view_of_playlists *lists)
{
    return lists->list.selected < lists->count ? lists->names[lists->list.selected] : NULL;
}

static int by_name(const void *one, const void *other)
{
    return strcoll(*(char *const *)one, *(char *const *)other);
}

static void names_told(void *context, const struct answer *answer)
{
    struct view_of_playlists *lists = context;

    if (!answer->ok) {
        return;
    }
    if (selected_name(lists) != NULL && lists->wanted[0] == '\0') {
        snprintf(lists->wanted, sizeof lists->wanted, "%s", selected_name(lists));
    }
    forget_names(lists);
    lists->arrived = true;
    lists->names = calloc(answer->count + 1, sizeof *lists->names);
    for (size_t i = 0; lists->names != NULL && i < answer->count; i++) {
        if (strcmp(answer->pairs[i].name, "playlist") == 0) {
            lists->names[lists->count++] = strdup(answer->pairs[i].value);
        }
    }
    if (lists->names != NULL) {
        qsort(lists->names, lists->count, sizeof *lists->names, by_name);
    }
    list_set_count(&lists->list, lists->count);
    for (size_t i = 0; i < lists->count; i++) {
        if (strcmp(lists->names[i], lists->wanted) == 0) {
            list_select(&lists->list, i);
        }
    }
    lists->wanted[0] = '\0';
    screen_dirty(lists->view.screen);
}

static void changed(struct view *view, unsigned what)
{
    struct view_of_playlists *lists = (struct view_of_playlists *)view;

    if ((what & CHANGED_STORED_PLAYLIST) != 0) {
        client_ask(view->screen->client, names_told, lists, "listplaylists", NULL);
        lists->stale = true; /* and no place is sure */
    }
}

static void follow_list(struct view_of_playlists *lists)
{
    const char *name = selected_name(lists);
    bool other = name != NULL && strcmp(name, lists->shown) != 0;

    if (other || (name != NULL && lists->stale)) {
        snprintf(lists->shown, sizeof lists->shown, "%s", name);
        lists->stale = false;
        tracks_playlist(&lists->tracks, name, other);
    }
}

static void draw_row(void *context, struct canvas *canvas, const struct area *area, size_t index,
                     enum role role)
{
    const struct view_of_playlists *lists = context;
    bool marked = strcmp(lists->names[index], lists->marked) == 0;

    canvas_printf(canvas, area->row, area->column, area->columns,
                  marked && role == ROLE_TEXT ? ROLE_MARKED : role, "%s %s", marked ? "*" : " ",
                  lists->names[index]);
}

static void draw(struct view *view, struct canvas *canvas, const struct area *area)
{
    struct view_of_playlists *lists = (struct view_of_playlists *)view;
    struct area left = {area->row + 1, area->column, area->rows - 1, area->columns * 3 / 10};
    struct area right = {area->row + 1, left.columns + 1, area->rows - 1,
                         area->columns - left.columns - 1};
    char count[64];

    follow_list(lists);
    lists->right = lists->right && lists->tracks.list.count > 0;
    tracks_write_count(&lists->tracks, count, sizeof count);
    lists->left_columns = left.columns;
    canvas_text(canvas, area->row, area->column, left.columns, ROLE_TITLE, " Playlists");
    if (lists->count == 0) {
        canvas_text(canvas, area->row + 1, area->column + 2, area->columns - 2, ROLE_DIM,
                    lists->arrived ? "there are none yet: :save NAME makes one of the queue"
                                   : "one moment");
        return;
    }
    canvas_printf(canvas, area->row, right.column + 1, right.columns - 1, ROLE_TITLE, "%s: %s",
                  lists->shown, count);
    list_draw(&lists->list, canvas, &left, !lists->right, draw_row, lists);
    canvas_rule(canvas, area->row, left.columns, area->rows, ROLE_DIM);
    tracks_draw(&lists->tracks, canvas, &right, lists->right);
}

/* --- keys ---------------------------------------------------------------------------------- */

static void remove_answered(struct screen *screen, int key, void *context)
{
    struct view_of_playlists *lists = context;

    if (key == 'y' && selected_name(lists) != NULL) {
        screen_send(screen, "rm", selected_name(lists), NULL);
    }
}

/* From the end, so that the places before stay what they are; runs in one go. */
static void remove_marked(struct view_of_playlists *lists)
{
    struct marks *marks = &lists->tracks.marks;
    char range[48];

    marks_sort(marks);
    for (size_t last = marks->count, first; last > 0; last = first) {
        first = last - 1;
        while (first > 0 && marks->mark[first - 1]->place + 1 == marks->mark[first]->place) {
            first--;
        }
        snprintf(range, sizeof range, "%zu:%zu", marks->mark[first]->place,
                 marks->mark[last - 1]->place + 1);
        screen_send(lists->view.screen, "playlistdelete", lists->shown, range, NULL);
    }
    marks_clear(marks);
}

static void remove_selected(struct view_of_playlists *lists)
{
    char place[24];

    if (!lists->right) {
        screen_question(lists->view.screen, "yn", remove_answered, lists,
                        "delete the playlist %s? (y or n)", selected_name(lists));
    } else if (lists->tracks.marks.count > 0) {
        remove_marked(lists);
    } else if (lists->tracks.list.count > 0) {
        snprintf(place, sizeof place, "%zu", lists->tracks.list.selected);
        screen_send(lists->view.screen, "playlistdelete", lists->shown, place, NULL);
    }
}

static void mark(struct view_of_playlists *lists)
{
    const struct mark_rows rows = tracks_mark_rows(&lists->tracks);

    if (lists->right) {
        mark_rows_toggle(&rows);
        return;
    }
    snprintf(lists->marked, sizeof lists->marked, "%s",
             strcmp(lists->marked, selected_name(lists)) == 0 ? "" : selected_name(lists));
    screen_say(lists->view.screen, ROLE_TEXT,
               lists->marked[0] != '\0' ? "y adds to %s from now on" : "no playlist is marked%s",
               lists->marked);
}

static void send_move(struct view_of_playlists *lists, size_t from, size_t to)
{
    char from_text[24], to_text[24];

    snprintf(from_text, sizeof from_text, "%zu", from);
    snprintf(to_text, sizeof to_text, "%zu", to);
    screen_send(lists->view.screen, "playlistmove", lists->shown, from_text, to_text, NULL);
}

/* Without marks the selected track moves by one, as in cmus. */
static void move_tracks(struct view_of_playlists *lists, bool after)
{
    struct list *list = &lists->tracks.list;
    size_t at = list->selected, count;
    struct row_move moves[MARKS_MAX];

    if (!lists->right || list->count == 0) {
        return;
    }
    if (lists->tracks.marks.count == 0) {
        if (after ? at + 1 < list->count : at > 0) {
            send_move(lists, at, after ? at + 1 : at - 1);
            list_act(list, after ? ACTION_DOWN : ACTION_UP);
        }
        return;
    }
    count = marks_moves(&lists->tracks.marks, at, after, moves);
    for (size_t i = 0; i < count; i++) {
        send_move(lists, moves[i].from, moves[i].to);
    }
    list_select(list, marks_shift(moves, count, at, after));
    marks_clear(&lists->tracks.marks);
}

static void queue_selected(struct view_of_playlists *lists, bool next)
{
    const struct mark_rows rows = tracks_mark_rows(&lists->tracks);

    if (lists->right) {
        mark_rows_queue(&rows, next);
    } else {
        queue_playlist(lists->view.screen, selected_name(lists), next);
        list_act(&lists->list, ACTION_DOWN);
    }
}

static bool act(struct view *view, enum action action)
{
    struct view_of_playlists *lists = (struct view_of_playlists *)view;

    if (list_act(lists->right ? &lists->tracks.list : &lists->list, action)) {
        return true;
    }
    if (selected_name(lists) == NULL) {
        return false;
    }
    follow_list(lists); /* several keys may have come since it was drawn */
    switch (action) {
    case ACTION_OTHER_PANE:
        lists->right = !lists->right && lists->tracks.list.count > 0;
        return true;
    case ACTION_ACTIVATE:
        play_playlist(view->screen, lists->shown, lists->right ? lists->tracks.list.selected : 0);
        return true;
    case ACTION_QUEUE:
    case ACTION_QUEUE_FIRST:
        queue_selected(lists, action == ACTION_QUEUE_FIRST);
        return true;
    case ACTION_GO_TO_CURRENT:
        tracks_go_to_playing(&lists->tracks, true);
        return true;
    case ACTION_TOGGLE:
        mark(lists);
        return true;
    case ACTION_REMOVE:
        remove_selected(lists);
        return true;
    case ACTION_MOVE_AFTER:
    case ACTION_MOVE_BEFORE:
        move_tracks(lists, action == ACTION_MOVE_AFTER);
        return true;
    default:
        return false;
    }
}

static bool point(struct view *view, const struct input *input)
{
    struct view_of_playlists *lists = (struct view_of_playlists *)view;
    bool right = input->column > lists->left_columns;
    struct list *list = right ? &lists->tracks.list : &lists->list;

    follow_list(lists);
    if (input->kind == INPUT_CLICK) {
        lists->right = right && lists->tracks.list.count > 0;
    }
    if (list_point(list, input, 1)) {
        act(view, ACTION_ACTIVATE);
    }
    return true;
}

static void write_row(const void *context, size_t index, char *text, size_t size)
{
    const struct view_of_playlists *lists = context;

    snprintf(text, size, "%s", lists->names[index]);
}

static void search(struct view *view, const char *text, int direction, bool from_next)
{
    struct view_of_playlists *lists = (struct view_of_playlists *)view;
    const struct row_search wanted = {text, direction, from_next};

    if (lists->right) {
        tracks_search(&lists->tracks, text, direction, from_next);
        return;
    }
    screen_find_row(view->screen, &lists->list, &wanted, write_row, lists);
}

static bool selected(struct view *view, char *uri, size_t size)
{
    struct view_of_playlists *lists = (struct view_of_playlists *)view;
    const struct row *row = lists->right ? tracks_selected(&lists->tracks) : NULL;

    if (row != NULL) {
        snprintf(uri, size, "%s", row->file);
    }
    return row != NULL;
}

static bool to_playlist(struct view *view, const char *name)
{
    struct view_of_playlists *lists = (struct view_of_playlists *)view;

    const struct mark_rows rows = tracks_mark_rows(&lists->tracks);

    return lists->right && mark_rows_to_playlist(&rows, name);
}

static const char *playlist(struct view *view)
{
    return selected_name((struct view_of_playlists *)view);
}

const char *view_playlists_marked(const struct view *view)
{
    const struct view_of_playlists *lists = (const struct view_of_playlists *)view;

    return lists->marked[0] != '\0' ? lists->marked : NULL;
}

static struct marks *marks(struct view *view)
{
    return &((struct view_of_playlists *)view)->tracks.marks;
}

const struct view_class view_playlists = {
    .name = "lists",
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
    .playlist = playlist,
};
