/* tracks.c - a pane of tracks: a long answer of the player as a list, in columns. */
#include "tui/tracks.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TIME_COLUMNS = 7, NARROW = 50, COUNT_UNKNOWN = 1 << 30 };

static void arrived(void *context)
{
    struct tracks *tracks = context;

    screen_dirty(tracks->screen);
}

int tracks_init(struct tracks *tracks, struct screen *screen, enum tracks_columns columns)
{
    memset(tracks, 0, sizeof *tracks);
    tracks->screen = screen;
    tracks->columns = columns;
    tracks->rows = rows_create(screen->client, arrived, tracks);
    marks_init(&tracks->marks, screen->client, arrived, tracks);
    return tracks->rows != NULL ? 0 : -ENOMEM;
}

void tracks_finish(struct tracks *tracks)
{
    client_cancel(tracks->screen->client, tracks);
    rows_destroy(tracks->rows);
    marks_clear(&tracks->marks);
    free(tracks->find_expression);
    free(tracks->find_sort);
    free(tracks->playlist);
}

/* --- questions ----------------------------------------------------------------------------- */

static void counted(void *context, const struct answer *answer)
{
    struct tracks *tracks = context;
    const char *songs = answer_get(answer, 0, "songs");
    size_t count = songs != NULL ? (size_t)strtoul(songs, NULL, 10) : 0;

    if (!screen_answer_came(tracks->screen, answer)) {
        return;
    }
    tracks->counted = true;
    rows_set_count(tracks->rows, count);
    list_set_count(&tracks->list, count);
    screen_dirty(tracks->screen);
}

/* Another list: keys that come before the count has been told move in it all the same. */
static void begin(struct tracks *tracks)
{
    tracks->list = (struct list){.rows = tracks->list.rows, .count = COUNT_UNKNOWN};
    tracks->counted = false;
}

void tracks_find(struct tracks *tracks, const char *expression, const char *sort)
{
    const char *words[] = {"find", expression, "sort", sort, "window"};
    bool same = tracks->find_expression != NULL &&
                strcmp(tracks->find_expression, expression) == 0 &&
                strcmp(tracks->find_sort, sort) == 0;

    if (same) {
        tracks_refresh(tracks);
        return;
    }
    client_cancel(tracks->screen->client, tracks);
    free(tracks->find_expression);
    free(tracks->find_sort);
    marks_clear(&tracks->marks);
    tracks->find_expression = strdup(expression);
    tracks->find_sort = strdup(sort);
    rows_ask(tracks->rows, words, sizeof words / sizeof words[0]);
    begin(tracks);
    client_ask(tracks->screen->client, counted, tracks, "count", expression, NULL);
}

void tracks_queue(struct tracks *tracks)
{
    const char *words[] = {"match", "queue"};

    tracks->marks_playing_by_id = tracks->counted = true;
    tracks->marks.key = MARKS_BY_ID;
    rows_ask(tracks->rows, words, 2);
}

void tracks_playlist(struct tracks *tracks, const char *name, bool other)
{
    const char *words[] = {"match", "playlist", name};

    free(tracks->playlist);
    tracks->playlist = strdup(name);
    marks_clear(&tracks->marks);
    tracks->marks.key = MARKS_BY_PLACE;
    client_cancel(tracks->screen->client, tracks);
    rows_ask(tracks->rows, words, 3);
    if (other) {
        begin(tracks);
    }
    client_ask(tracks->screen->client, counted, tracks, "match", "playlist", name, NULL);
}

void tracks_refresh(struct tracks *tracks)
{
    rows_refresh(tracks->rows);
    if (tracks->find_expression != NULL) {
        client_ask(tracks->screen->client, counted, tracks, "count", tracks->find_expression, NULL);
    }
}

const struct row *tracks_selected(struct tracks *tracks)
{
    return tracks->list.count > 0 ? rows_get(tracks->rows, tracks->list.selected) : NULL;
}

struct mark_rows tracks_mark_rows(struct tracks *tracks)
{
    return (struct mark_rows){tracks->screen, &tracks->list, &tracks->marks,
                              tracks_selected(tracks), tracks->playlist};
}

/* --- search -------------------------------------------------------------------------------- */

static void found(void *context, const struct answer *answer)
{
    struct tracks *tracks = context;
    const char *place = answer_get(answer, 0, "position");

    if (!answer->ok) {
        screen_answer_errors(tracks->screen, answer);
    } else if (place == NULL && tracks->wanted[0] != '\0') {
        screen_say(tracks->screen, ROLE_TEXT, "%s: not found", tracks->wanted);
    } else if (place != NULL) {
        list_select(&tracks->list, (size_t)strtoul(place, NULL, 10));
        screen_dirty(tracks->screen);
    }
}

/* In the list that shows, whatever it is of. */
static void find(struct tracks *tracks, const char *text, size_t from, const char *way)
{
    const char *words[ROWS_WORDS_MAX] = {"match", "find"};
    size_t count = 2;
    char place[24];

    snprintf(place, sizeof place, "%zu", from);
    if (tracks->find_expression != NULL) {
        words[count++] = tracks->find_expression;
        words[count++] = tracks->find_sort;
    } else if (tracks->playlist != NULL) {
        words[count++] = "playlist";
        words[count++] = tracks->playlist;
    } else {
        words[count++] = "queue";
    }
    words[count++] = text;
    words[count++] = place;
    words[count++] = way;
    screen_ask_place(tracks->screen, found, tracks, words, count);
}

void tracks_search(struct tracks *tracks, const char *text, int direction, bool from_next)
{
    snprintf(tracks->wanted, sizeof tracks->wanted, "%s", text);
    if (tracks->list.count > 0 && tracks->counted) {
        find(tracks, text, tracks->list.selected,
             direction > 0 ? (from_next ? "+1" : "+0") : (from_next ? "-1" : "-0"));
    }
}

void tracks_go_to_playing(struct tracks *tracks, bool say)
{
    const char *file = tracks->screen->state.song.file;
    char expression[LINE_EDIT_SIZE];

    if (file == NULL || (tracks->find_expression == NULL && tracks->playlist == NULL)) {
        return;
    }
    filter_equals(expression, sizeof expression, "file", file);
    snprintf(tracks->wanted, sizeof tracks->wanted, "%s", say ? path_name(file) : "");
    find(tracks, expression, 0, "+0");
}

/* --- drawing ------------------------------------------------------------------------------- */

void write_duration(char *text, size_t size, double seconds)
{
    long whole = (long)(seconds + 0.5);

    if (whole <= 0) {
        text[0] = '\0';
    } else if (whole >= 3600) {
        snprintf(text, size, "%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60);
    } else {
        snprintf(text, size, "%ld:%02ld", whole / 60, whole % 60);
    }
}

const char *path_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL && slash[1] != '\0' ? slash + 1 : path;
}

void filter_equals(char *out, size_t size, const char *tag, const char *value)
{
    size_t used = (size_t)snprintf(out, size, "(%s == \"", tag);

    for (; *value != '\0' && used + 4 < size; value++) {
        if (*value == '"' || *value == '\\') {
            out[used++] = '\\';
        }
        out[used++] = *value;
    }
    snprintf(out + used, size - used, "\")");
}

struct column {
    const char *text;
    int weight; /* of the room that is left */
};

static void draw_columns(struct canvas *canvas, const struct area *area, enum role role,
                         const struct column columns[], size_t count)
{
    int weights = 0, at = area->column, room;
    int end = area->column + area->columns;

    for (size_t i = 0; i < count; i++) {
        weights += columns[i].weight;
    }
    room = area->columns;
    for (size_t i = 0; i < count; i++) {
        int width = i + 1 == count ? end - at : room * columns[i].weight / weights;

        canvas_text(canvas, area->row, at, width - 1, role,
                    columns[i].text != NULL ? columns[i].text : "");
        at += width;
    }
}

static const char *title_of(const struct row *row)
{
    return row->title != NULL ? row->title : path_name(row->file);
}

static void draw_row(void *context, struct canvas *canvas, const struct area *area, size_t index,
                     enum role role)
{
    struct tracks *tracks = context;
    const struct row *row = rows_get(tracks->rows, index);
    const struct player_state *state = &tracks->screen->state;
    struct area left = *area;
    char duration[32], number[16];
    bool playing, marked;

    if (row == NULL) {
        canvas_text(canvas, area->row, area->column, area->columns, ROLE_DIM,
                    canvas_ellipsis(canvas));
        return;
    }
    playing = tracks->marks_playing_by_id
                  ? row->id >= 0 && row->id == state->id
                  : state->song.file != NULL && strcmp(row->file, state->song.file) == 0;
    marked = marks_has(&tracks->marks, row->file, row->id, index);
    if (role == ROLE_TEXT && (playing || marked)) {
        role = marked ? ROLE_MARKED : ROLE_PLAYING;
    }
    canvas_text(canvas, area->row, area->column, 1, role, playing ? ">" : " ");
    canvas_text(canvas, area->row, area->column + 1, 1, role, marked ? "*" : " ");
    write_duration(duration, sizeof duration, row->duration_s);
    canvas_text_right(canvas, area->row, area->column + area->columns - TIME_COLUMNS, TIME_COLUMNS,
                      role, duration);
    left.column += 2;
    left.columns -= 2 + TIME_COLUMNS;
    if (tracks->columns == TRACKS_ALBUM) {
        snprintf(number, sizeof number, "%3ld ",
                 row->track != NULL ? strtol(row->track, NULL, 10) : 0L);
        canvas_text(canvas, area->row, left.column, 4, role, row->track != NULL ? number : "");
        canvas_text(canvas, area->row, left.column + 4, left.columns - 4, role, title_of(row));
    } else if (area->columns < NARROW) {
        const struct column columns[] = {{row->artist, 2}, {title_of(row), 3}};

        draw_columns(canvas, &left, role, columns, 2);
    } else if (tracks->columns == TRACKS_FULL) {
        const struct column columns[] = {
            {row->artist, 4}, {title_of(row), 5}, {row->album, 4}, {row->date, 1}};

        draw_columns(canvas, &left, role, columns, area->columns >= 90 ? 4 : 3);
    } else {
        const struct column columns[] = {
            {row->artist, 3},
            {title_of(row), 4},
            {row->origin, 2},
            {row->reference != NULL ? path_name(row->reference) : "", 3}};

        draw_columns(canvas, &left, role, columns, 4);
    }
}

void tracks_write_count(const struct tracks *tracks, char *text, size_t size)
{
    char marked[32];

    text[0] = '\0';
    if (tracks->counted) {
        snprintf(text, size, "%zu track%s%s", tracks->list.count,
                 tracks->list.count == 1 ? "" : "s",
                 marks_write(&tracks->marks, marked, sizeof marked));
    }
}

void tracks_draw(struct tracks *tracks, struct canvas *canvas, const struct area *area,
                 bool focused)
{
    if (!tracks->counted) { /* the first page is asked for meanwhile */
        tracks->list.rows = area->rows;
        rows_get(tracks->rows, 0);
        canvas_text(canvas, area->row, area->column, area->columns, ROLE_DIM,
                    canvas_ellipsis(canvas));
        return;
    }
    list_draw(&tracks->list, canvas, area, focused, draw_row, tracks);
}
