/*
 * loop.h - the screen on a terminal: input, the player's answers, time, drawing.
 *
 * Threads: the main thread.
 */
#ifndef MP_TUI_LOOP_H
#define MP_TUI_LOOP_H

#include "config/options.h"

/* Until the user leaves, or the terminal is gone. address: as client_create has it. The exit
   status: 0, or 1 with a line on stderr. */
int loop_run(struct options *options, const char *address);

#endif
