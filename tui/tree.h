/*
 * tree.h - artists and their albums: the left pane of view 1.
 *
 * Artists are asked for as a whole (names alone), the albums of one when it is unfolded.
 *
 * Threads: one.
 */
#ifndef MP_TUI_TREE_H
#define MP_TUI_TREE_H

#include "tui/list.h"
#include "tui/screen.h"

struct tree_album {
    char *name, *date; /* date "" when there is none */
};

struct tree_artist {
    char *name;
    bool unfolded;
    bool asked, fresh; /* its albums are on their way; they are as the library is now */
    struct tree_album *albums;
    size_t album_count;
};

/* One line of the list: an artist, or (album >= 0) one of its albums. */
struct tree_line {
    uint32_t artist;
    int32_t album;
};

struct tree {
    struct screen *screen;
    struct list list;
    struct tree_artist *artists;
    size_t artist_count;
    struct tree_line *lines;
    size_t line_count, line_room;
    char *filter; /* the expression that holds for all of it */
    bool arrived; /* the answer is there, be it empty */
};

void tree_init(struct tree *tree, struct screen *screen);
void tree_finish(struct tree *tree);
/* Asks anew; what is unfolded and selected stays so, by name. */
void tree_ask(struct tree *tree, const char *filter);
void tree_toggle(struct tree *tree); /* folds or unfolds the artist of the selected line */
/* The expression for the tracks of the selected line. False: nothing is selected. */
bool tree_expression(const struct tree *tree, char *out, size_t size);
void tree_draw(struct tree *tree, struct canvas *canvas, const struct area *area, bool focused);
void tree_search(struct tree *tree, const char *text, int direction, bool from_next);
/* Selects an artist (unfolded, and this album, when it is not NULL and known). */
void tree_select(struct tree *tree, const char *artist, const char *album);

#endif
