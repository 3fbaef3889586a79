/*
 * screen_internal.h - what the parts of the screen share: the hooks of its client.
 *
 * Threads: one.
 */
#ifndef MP_TUI_SCREEN_INTERNAL_H
#define MP_TUI_SCREEN_INTERNAL_H

/* context: the screen. */
void screen_joined(void *context);
void screen_left(void *context, const char *why);
void screen_changed(void *context, unsigned what);

#endif
