/*
 * amounts.h - how far to match and by which preset, changed for what is heard: in the scope where
 * it is said now (the track, its playlist, its album, everything), for elsewhere it would not hold.
 *
 * Threads: one.
 */
#ifndef MP_TUI_AMOUNTS_H
#define MP_TUI_AMOUNTS_H

#include "tui/screen.h"

/* value: percent; of the limiter 0 or 1. */
void amounts_set(struct screen *screen, enum state_amount amount, int value);
void amounts_choose_preset(struct screen *screen, const char *name);
/* The one that stands `by` places after the one that holds. */
void amounts_next_preset(struct screen *screen, int by);

#endif
