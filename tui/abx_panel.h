/*
 * abx_panel.h - the blind test on the screen: takes the keys and the room of the view while it
 * runs.
 *
 * Threads: one.
 */
#ifndef MP_TUI_ABX_PANEL_H
#define MP_TUI_ABX_PANEL_H

#include "tui/screen.h"

/* T: asks how many trials, then begins; or shows the test that is going on. */
void abx_panel_open(struct screen *screen);
/* The player's answer has changed. */
void abx_panel_changed(struct screen *screen);
/* While it shows: asks whether a test that waits has begun; ms until it will again, or -1. */
int abx_panel_tick(struct screen *screen);
void abx_panel_key(struct screen *screen, int key);
/* For help: the index-th group of keys that belong to the test alone, and what they do; NULL past
   the last. Pause and seek have the keys that they have elsewhere. */
const char *abx_panel_keys_at(size_t index, const char **help);
void abx_panel_draw(const struct screen *screen, struct canvas *canvas, const struct area *area);

#endif
