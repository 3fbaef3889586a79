/*
 * scanning.h - how far the player is with reading the music folder, for views 1 and 2.
 *
 * Threads: one.
 */
#ifndef MP_TUI_SCANNING_H
#define MP_TUI_SCANNING_H

#include "tui/screen.h"

/* Asks while the folder is being read; ms until it wants to be called again, or -1. */
int scanning_tick(struct screen *screen);
/* What came of it is said when it is over. */
void scanning_tell_end(struct screen *screen);
/* "reading the music folder: 1234 files, 56 new or changed, 2 cannot be read"; "" when it is not
   being read. */
void scanning_write(const struct screen *screen, char *text, size_t size);

#endif
