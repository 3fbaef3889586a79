/*
 * first_run.h - where there is no music folder: asks for one.
 *
 * Threads: one.
 */
#ifndef MP_TUI_FIRST_RUN_H
#define MP_TUI_FIRST_RUN_H

#include "tui/screen.h"

/* When the player is there for the first time. */
void first_run(struct screen *screen);

#endif
