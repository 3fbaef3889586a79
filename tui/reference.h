/*
 * reference.h - R and X: what shall sound like the selected track, asked in one line.
 *
 * Threads: one.
 */
#ifndef MP_TUI_REFERENCE_H
#define MP_TUI_REFERENCE_H

#include "tui/screen.h"

void reference_make(struct screen *screen);
void reference_clear(struct screen *screen);

#endif
