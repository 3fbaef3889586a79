/*
 * terminal.h - one status line and single keys in a plain terminal, without curses.
 *
 * The status line stands on stderr and is written over in place; messages of the log go above it.
 * What stands in names and titles cannot steer the terminal: controls and broken UTF-8 become '?'.
 * The terminal is put back on every ordinary way out, on SIGINT, SIGQUIT, SIGTERM, SIGHUP (unless
 * it is ignored, as under nohup) and on suspension. In the background the keys are left alone.
 *
 * Threads: the main thread; the log's hook in any.
 */
#ifndef MP_COMMAND_TERMINAL_H
#define MP_COMMAND_TERMINAL_H

#include "base/log.h"

#include <stdbool.h>

enum terminal_key {
    KEY_NONE = 0, /* else the character itself */
    KEY_LEFT = 256,
    KEY_RIGHT,
    KEY_UP,
    KEY_DOWN,
    KEY_SUSPEND, /* SIGTSTP: ^Z, which wants terminal_suspend to be called */
};

struct terminal;

/* NULL with errno ENOMEM. Keys are read when stdin is a terminal and this process is in its
   foreground; the line is shown when stderr is one and `quiet` is false. */
struct terminal *terminal_open(struct log *log, bool quiet);
void terminal_close(struct terminal *terminal);

bool terminal_shows(const struct terminal *terminal);
bool terminal_has_keys(const struct terminal *terminal);
int terminal_width(void);
/* Cut to the terminal's width (in columns, not bytes); nothing is written when nothing changed. */
void terminal_show(struct terminal *terminal, const char *line);
/* Waits at most timeout_ms for a key. */
int terminal_key(struct terminal *terminal, int timeout_ms);
/* Stops the process as ^Z does to any, the terminal being as it was before; returns after fg, bg.
 */
void terminal_suspend(struct terminal *terminal);
/* The signal that asked for the end (SIGINT, SIGQUIT, SIGTERM, SIGHUP); 0: none came. */
int terminal_interrupted(const struct terminal *terminal);

#endif
