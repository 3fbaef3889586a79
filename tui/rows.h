/*
 * rows.h - a long answer of the player, of which only the pages around what shows are kept.
 *
 * The answer is that of a command whose last word is a window "A:B" (playlistinfo A:B, find ...
 * window A:B). A row begins with each pair named file, directory or playlist. Pages are asked for
 * when a row of them is wanted; until they are there a row is NULL and shows as an ellipsis.
 *
 * Threads: one.
 */
#ifndef MP_TUI_ROWS_H
#define MP_TUI_ROWS_H

#include "tui/client.h"

enum { ROWS_PAGE = 64, ROWS_PAGES = 8, ROWS_WORDS_MAX = 12 };

struct row {
    const char *file; /* or the folder's, or the playlist's name */
    const char *kind; /* "file", "directory", "playlist" */
    const char *title, *artist, *album, *album_artist, *track, *disc, *date, *genre; /* or NULL */
    double duration_s;              /* 0: unknown */
    long position, id;              /* of the queue; -1 */
    const char *origin, *reference; /* of the queue, as the player tells them; or NULL */
    char *memory;
};

struct rows;

/* `arrived` is called when rows that were on their way are there. NULL with ENOMEM. */
struct rows *rows_create(struct client *client, void (*arrived)(void *context), void *context);
void rows_destroy(struct rows *rows);
/* Another question; all pages are dropped. words: without the window. count: of rows, 0 until it is
   known. */
int rows_ask(struct rows *rows, const char *const words[], size_t word_count);
void rows_set_count(struct rows *rows, size_t count);
size_t rows_count(const struct rows *rows);
/* The same question, but the answer has changed: what shows stays until the new pages are there. */
void rows_refresh(struct rows *rows);
/* NULL: on its way. Borrowed until control goes back to the loop. */
const struct row *rows_get(struct rows *rows, size_t index);

/* The pairs of an answer from `from` on as one row; returns where the next one begins. */
size_t row_read(struct row *row, const struct answer *answer, size_t from);
void row_finish(struct row *row);

#endif
