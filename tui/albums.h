/*
 * albums.h - to the first track of the queue's next album, or of the one before.
 *
 * The queue is read page by page from the track that is heard on, until the album changes. In
 * random order there is no next album: it is the next track then, as in cmus.
 *
 * Threads: one.
 */
#ifndef MP_TUI_ALBUMS_H
#define MP_TUI_ALBUMS_H

#include "tui/screen.h"

/* direction: +1 or -1. */
void albums_skip(struct screen *screen, int direction);

#endif
