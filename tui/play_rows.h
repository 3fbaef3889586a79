/*
 * play_rows.h - what enter, e, E, y do with rows: the same in views 1, 2, 3 and 5.
 *
 * Enter replaces the queue with the rows shown and begins with the selected one; the queue that was
 * there is kept as playlist `.previous`, which :undo brings back. What enter itself has put there
 * is kept only once it was changed; the player sees to that (`match replace`).
 *
 * Threads: one.
 */
#ifndef MP_TUI_PLAY_ROWS_H
#define MP_TUI_PLAY_ROWS_H

#include "tui/screen.h"

/* All that fit an expression, in an order, from the position-th on. */
void play_found(struct screen *screen, const char *expression, const char *sort, size_t position);
/* A stored playlist. */
void play_playlist(struct screen *screen, const char *name, size_t position);
/* The files of a folder, not those below it. */
void play_folder(struct screen *screen, const char *folder, size_t position);
/* Changes the queue for `.previous`. */
void play_undo(struct screen *screen);

/* e and E: at the end, or after what is heard. `uri` is a file or a folder. */
void queue_uri(struct screen *screen, const char *uri, bool next);
void queue_found(struct screen *screen, const char *expression, const char *sort, bool next);
void queue_playlist(struct screen *screen, const char *name, bool next);
void queue_playlist_track(struct screen *screen, const char *name, size_t position, bool next);

#endif
