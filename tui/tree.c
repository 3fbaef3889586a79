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

/* What is selected, by name: both may be NULL. */
struct tree_place {
    char *artist, *album;
};

static struct tree_place remember_place(const struct tree *tree)
{
    const struct tree_line *line = selected_line(tree);
    const struct tree_artist *artist = line != NULL ? &tree->artists[line->artist] : NULL;
    struct tree_place place = {NULL, NULL};

    if (artist != NULL) {
        place.artist = strdup(artist->name);
        place.album = line->album >= 0 ? strdup(artist->albums[line->album].name) : NULL;
    }
    return place;
}

static void forget_place(struct tree_place *place)
{
    free(place->artist);
    free(place->album);
}

/* As far as it is still there. */
static void go_to_place(struct tree *tree, struct tree_place *place)
{
    if (place->artist != NULL) {
        tree_select(tree, place->artist, place->album);
    }
    forget_place(place);
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

static void ask_next(struct tree *tree);

static void take_albums(struct tree_artist *artist, const struct answer *answer)
{
    const char *date = "";

    free_albums(artist);
    artist->albums = calloc(answer->count + 1, sizeof *artist->albums);
    for (size_t i = 0; artist->albums != NULL && i < answer->count; i++) {
        if (strcmp(answer->pairs[i].name, "Date") == 0) {
            date = answer->pairs[i].value;
        } else if (strcmp(answer->pairs[i].name, "Album") == 0) {
            add_album(artist, answer->pairs[i].value, date);
        }
    }
}

/* The answer does not say which artist it is about: only one at a time is asked about. */
static void albums_told(void *context, const struct answer *answer)
{
    struct tree *tree = context;
    struct tree_artist *artist = NULL;
    struct tree_place place = remember_place(tree);

    for (size_t i = 0; i < tree->artist_count && artist == NULL; i++) {
        artist = tree->artists[i].asked ? &tree->artists[i] : NULL;
    }
    if (artist != NULL) { /* else it is not in the library any more */
        artist->asked = false;
    }
    if (artist != NULL && answer->ok) {
        take_albums(artist, answer);
        artist->fresh = true;
        lay_out(tree);
    }
    go_to_place(tree, &place);
    if (answer->ok) {
        ask_next(tree);
    }
    screen_dirty(tree->screen);
}

/* Asks about one that is unfolded and whose albums are not known, or not any more. */
static void ask_next(struct tree *tree)
{
    char expression[EXPRESSION_SIZE];
    struct tree_artist *wanted = NULL;

    for (size_t i = 0; i < tree->artist_count; i++) {
        struct tree_artist *artist = &tree->artists[i];

        if (artist->asked) {
            return;
        }
        if (wanted == NULL && artist->unfolded && !artist->fresh) {
            wanted = artist;
        }
    }
    if (wanted != NULL) {
        join_filter(expression, sizeof expression, tree->filter, wanted->name, NULL);
        wanted->asked = true;
        client_ask(tree->screen->client, albums_told, tree, "list", "album", expression, "group",
                   "date", NULL);
    }
}

/* --- the artists anew ---------------------------------------------------------------------- */

/* Those of which more than the name is known, by name. */
struct known {
    struct tree_artist **artist;
    size_t count;
};

static int by_name(const void *one, const void *other)
{
    return strcmp((*(struct tree_artist *const *)one)->name,
                  (*(struct tree_artist *const *)other)->name);
}

static void known_collect(struct known *known, struct tree_artist *artists, size_t count)
{
    *known = (struct known){calloc(count + 1, sizeof *known->artist), 0};
    for (size_t i = 0; known->artist != NULL && i < count; i++) {
        if (artists[i].unfolded || artists[i].asked || artists[i].albums != NULL) {
            known->artist[known->count++] = &artists[i];
        }
    }
    if (known->artist != NULL) {
        qsort(known->artist, known->count, sizeof *known->artist, by_name);
    }
}

/* What is known goes over to the artist of the same name. */
static void known_take(const struct known *known, struct tree_artist *artist)
{
    struct tree_artist **found = NULL;

    if (known->count > 0) {
        found = bsearch(&artist, known->artist, known->count, sizeof *known->artist, by_name);
    }
    if (found != NULL) {
        artist->unfolded = (*found)->unfolded;
        artist->asked = (*found)->asked;
        artist->fresh = (*found)->fresh;
        artist->albums = (*found)->albums;
        artist->album_count = (*found)->album_count;
        (*found)->albums = NULL;
        (*found)->album_count = 0;
    }
}

static void artists_told(void *context, const struct answer *answer)
{
    struct tree *tree = context;
    struct tree_place place = remember_place(tree);
    struct tree_artist *artists = screen_answer_came(tree->screen, answer)
                                      ? calloc(answer->count + 1, sizeof *artists)
                                      : NULL;
    struct known known;
    size_t count = 0;

    if (artists == NULL) {
        forget_place(&place);
        return;
    }
    known_collect(&known, tree->artists, tree->artist_count);
    for (size_t i = 0; answer->ok && i < answer->count; i++) {
        artists[count].name = strdup(answer->pairs[i].value);
        if (artists[count].name != NULL) {
            known_take(&known, &artists[count++]);
        }
    }
    free(known.artist);
    free_artists(tree->artists, tree->artist_count);
    tree->artists = artists;
    tree->artist_count = count;
    tree->arrived = true;
    lay_out(tree);
    go_to_place(tree, &place);
    ask_next(tree);
    screen_dirty(tree->screen);
}

void tree_ask(struct tree *tree, const char *filter)
{
    client_cancel(tree->screen->client, tree);
    for (size_t i = 0; i < tree->artist_count; i++) {
        tree->artists[i].asked = tree->artists[i].fresh = false;
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
    ask_next(tree);
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
