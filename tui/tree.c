/* tree.c - artists and their albums: the left pane of view 1. */
#include "tui/tree.h"

#include "tui/tracks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VALUE_SIZE = 2200, EXPRESSION_SIZE = 8192 };

void tree_init(struct tree *tree, struct screen *screen)
{
    memset(tree, 0, sizeof *tree);
    tree->screen = screen;
}

static void free_albums(struct tree_artist *artist)
{
    for (size_t i = 0; i < artist->album_count; i++) {
        free(artist->albums[i].name);
        free(artist->albums[i].date);
    }
    free(artist->albums);
    artist->albums = NULL;
    artist->album_count = 0;
}

static void free_artists(struct tree_artist *artists, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free_albums(&artists[i]);
        free(artists[i].name);
    }
    free(artists);
}

void tree_finish(struct tree *tree)
{
    client_cancel(tree->screen->client, tree);
    free_artists(tree->artists, tree->artist_count);
    free(tree->lines);
    free(tree->filter);
}

/* --- lines --------------------------------------------------------------------------------- */

static void add_line(struct tree *tree, size_t artist, long album)
{
    if (tree->line_count == tree->line_room) {
        size_t room = tree->line_room == 0 ? 256 : 2 * tree->line_room;
        struct tree_line *grown = realloc(tree->lines, room * sizeof *grown);

        if (grown == NULL) {
            return;
        }
        tree->lines = grown;
        tree->line_room = room;
    }
    tree->lines[tree->line_count++] = (struct tree_line){(uint32_t)artist, (int32_t)album};
}

static void lay_out(struct tree *tree)
{
    tree->line_count = 0;
    for (size_t i = 0; i < tree->artist_count; i++) {
        const struct tree_artist *artist = &tree->artists[i];

        add_line(tree, i, -1);
        for (size_t j = 0; artist->unfolded && j < artist->album_count; j++) {
            add_line(tree, i, (long)j);
        }
    }
    list_set_count(&tree->list, tree->line_count);
}

static const struct tree_line *selected_line(const struct tree *tree)
{
    return tree->list.selected < tree->line_count ? &tree->lines[tree->list.selected] : NULL;
}

static void select_line(struct tree *tree, size_t artist, long album)
{
    for (size_t i = 0; i < tree->line_count; i++) {
        if (tree->lines[i].artist == artist && tree->lines[i].album == (int32_t)album) {
            list_select(&tree->list, i);
            return;
        }
    }
}

/* --- asking -------------------------------------------------------------------------------- */

static void join_filter(char *out, size_t size, const char *filter, const char *artist,
                        const char *album)
{
    char one[VALUE_SIZE], two[VALUE_SIZE];

    filter_equals(one, sizeof one, "AlbumArtist", artist);
    filter_equals(two, sizeof two, "Album", album != NULL ? album : "");
    snprintf(out, size, "(%s AND %s%s%s)", filter, one, album != NULL ? " AND " : "",
             album != NULL ? two : "");
}

/* An album whose tracks have several dates stands there once, with the first of them. */
static void add_album(struct tree_artist *artist, const char *name, const char *date)
{
    struct tree_album album;

    for (size_t i = 0; i < artist->album_count; i++) {
        if (artist->albums[i].name != NULL && strcmp(artist->albums[i].name, name) == 0) {
            return;
        }
    }
    album = (struct tree_album){.name = strdup(name)};
    album.date = album.name != NULL ? strdup(date) : NULL;
    if (album.date == NULL) {
        free(album.name);
        return;
    }
    artist->albums[artist->album_count++] = album;
}

/* The answer says which artist it is about only by the order of asking: the folded-out artist that
   was asked first and has none yet. */
static void albums_told(void *context, const struct answer *answer)
{
    struct tree *tree = context;
    struct tree_artist *artist = NULL;
    const char *date = "";

    for (size_t i = 0; i < tree->artist_count && artist == NULL; i++) {
        artist = tree->artists[i].asked ? &tree->artists[i] : NULL;
    }
    if (artist == NULL) {
        return;
    }
    artist->asked = false;
    free_albums(artist);
    artist->albums = calloc(answer->count + 1, sizeof *artist->albums);
    for (size_t i = 0; artist->albums != NULL && answer->ok && i < answer->count; i++) {
        if (strcmp(answer->pairs[i].name, "Date") == 0) {
            date = answer->pairs[i].value;
        } else if (strcmp(answer->pairs[i].name, "Album") == 0) {
            add_album(artist, answer->pairs[i].value, date);
        }
    }
    lay_out(tree);
    screen_dirty(tree->screen);
}

/* Only one artist is asked about at a time. */
static void ask_albums(struct tree *tree, struct tree_artist *artist)
{
    char expression[EXPRESSION_SIZE];

    for (size_t i = 0; i < tree->artist_count; i++) {
        if (tree->artists[i].asked) {
            return;
        }
    }
    join_filter(expression, sizeof expression, tree->filter, artist->name, NULL);
    artist->asked = true;
    client_ask(tree->screen->client, albums_told, tree, "list", "album", expression, "group",
               "date", NULL);
}

static void artists_told(void *context, const struct answer *answer)
{
    struct tree *tree = context;
    struct tree_artist *before = tree->artists;
    size_t before_count = tree->artist_count;
    const struct tree_line *line = selected_line(tree);
    char *name = line != NULL ? strdup(before[line->artist].name) : NULL;
    size_t next = 0;

    if (!screen_answer_came(tree->screen, answer)) {
        free(name);
        return;
    }
    tree->arrived = true;
    tree->artists = calloc(answer->count + 1, sizeof *tree->artists);
    tree->artist_count = 0;
    for (size_t i = 0; tree->artists != NULL && answer->ok && i < answer->count; i++) {
        struct tree_artist *artist = &tree->artists[tree->artist_count++];

        artist->name = strdup(answer->pairs[i].value);
        while (next < before_count && strcmp(before[next].name, artist->name) < 0) {
            next++;
        }
        if (next < before_count && strcmp(before[next].name, artist->name) == 0) {
            artist->unfolded = before[next].unfolded;
        }
    }
    free_artists(before, before_count);
    lay_out(tree);
    if (name != NULL) {
        tree_select(tree, name, NULL);
    }
    free(name);
    screen_dirty(tree->screen);
}

void tree_ask(struct tree *tree, const char *filter)
{
    client_cancel(tree->screen->client, tree);
    for (size_t i = 0; i < tree->artist_count; i++) {
        tree->artists[i].asked = false;
    }
    free(tree->filter);
    tree->filter = strdup(filter);
    client_ask(tree->screen->client, artists_told, tree, "list", "albumartist", filter, NULL);
}

void tree_toggle(struct tree *tree)
{
    const struct tree_line *line = selected_line(tree);
    struct tree_artist *artist;
    size_t index;

    if (line == NULL) {
        return;
    }
    index = line->artist;
    artist = &tree->artists[index];
    artist->unfolded = !artist->unfolded;
    if (artist->unfolded && artist->albums == NULL) {
        ask_albums(tree, artist);
    }
    lay_out(tree);
    select_line(tree, index, -1);
}

bool tree_expression(const struct tree *tree, char *out, size_t size)
{
    const struct tree_line *line = selected_line(tree);
    const struct tree_artist *artist;

    if (line == NULL) {
        return false;
    }
    artist = &tree->artists[line->artist];
    join_filter(out, size, tree->filter, artist->name,
                line->album >= 0 ? artist->albums[line->album].name : NULL);
    return true;
}

void tree_select(struct tree *tree, const char *name, const char *album)
{
    for (size_t i = 0; i < tree->artist_count; i++) {
        struct tree_artist *artist = &tree->artists[i];

        if (strcmp(artist->name, name) != 0) {
            continue;
        }
        select_line(tree, i, -1);
        for (size_t j = 0; album != NULL && j < artist->album_count; j++) {
            if (artist->unfolded && strcmp(artist->albums[j].name, album) == 0) {
                select_line(tree, i, (long)j);
            }
        }
        return;
    }
}

static void write_row(const void *context, size_t index, char *text, size_t size)
{
    const struct tree *tree = context;
    const struct tree_line *line = &tree->lines[index];
    const struct tree_artist *artist = &tree->artists[line->artist];

    snprintf(text, size, "%s", line->album >= 0 ? artist->albums[line->album].name : artist->name);
}

void tree_search(struct tree *tree, const char *text, int direction, bool from_next)
{
    const struct row_search wanted = {text, direction, from_next};

    screen_find_row(tree->screen, &tree->list, &wanted, write_row, tree);
}

static void draw_row(void *context, struct canvas *canvas, const struct area *area, size_t index,
                     enum role role)
{
    const struct tree *tree = context;
    const struct tree_line *line = &tree->lines[index];
    const struct tree_artist *artist = &tree->artists[line->artist];

    if (line->album < 0) {
        canvas_printf(canvas, area->row, area->column, area->columns, role, "%s %s",
                      artist->unfolded ? "-" : "+",
                      artist->name[0] != '\0' ? artist->name : "(no artist)");
    } else {
        const struct tree_album *album = &artist->albums[line->album];

        canvas_printf(canvas, area->row, area->column, area->columns, role, "    %s%s%.4s",
                      album->name[0] != '\0' ? album->name : "(no album)",
                      album->date[0] != '\0' ? "  " : "", album->date);
    }
}

void tree_draw(struct tree *tree, struct canvas *canvas, const struct area *area, bool focused)
{
    list_draw(&tree->list, canvas, area, focused, draw_row, tree);
}
