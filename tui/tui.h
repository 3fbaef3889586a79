/*
 * tui.h - the terminal: shows a canvas, reads keys. The only place that touches curses.
 *
 * Only what changed is sent. Every way out gives the terminal back as it was: tui_close, and
 * signals that end the process (tui_restore may be called from a handler).
 *
 * Threads: one.
 */
#ifndef MP_TUI_TUI_H
#define MP_TUI_TUI_H

#include "tui/canvas.h"
#include "tui/input.h"

struct tui;

struct tui_settings {
    const struct theme *theme;
    bool mouse;
    int depth; /* enum theme_depth, or -1: what the terminal has (NO_COLOR: none) */
};

/* The terminal on stdin and stdout. NULL with a line in message: it is none, or its type is not
   known, or cannot move the cursor. */
struct tui *tui_open(const struct tui_settings *settings, char *message, size_t size);
void tui_close(struct tui *tui);
/* From a signal handler of a process that is about to die: the screen, cursor and modes as they
   were. Never waits: what the terminal has not taken is thrown away. */
void tui_restore(void);

void tui_size(const struct tui *tui, int *rows, int *columns);
bool tui_is_unicode(const struct tui *tui);
void tui_set_theme(struct tui *tui, const struct theme *theme);
/* Sends what differs from what is shown; what the terminal does not take at once, later. */
void tui_draw(struct tui *tui, const struct canvas *canvas);
void tui_redraw(struct tui *tui); /* the next tui_draw sends everything */
/* What is still to be sent, as far as the terminal takes it now. */
void tui_send(struct tui *tui);
/* Where it can be written to (POLLOUT) there is a point in tui_send; -1: nothing is to be sent. */
int tui_waiting_file(const struct tui *tui);
/* True: bytes sent before are still on their way (a slow line, a terminal that nobody reads): draw
   later. */
bool tui_is_behind(const struct tui *tui);
/* The next input that is there, without waiting; INPUT_NONE: none. */
void tui_read(struct tui *tui, struct input *input);

#endif
