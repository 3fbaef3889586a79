/*
 * loop.h - the screen on a terminal: input, the player's answers, time, drawing.
 *
 * Threads: the main thread.
 */
#ifndef MP_TUI_LOOP_H
#define MP_TUI_LOOP_H

#include "config/options.h"

struct loop_wish {
    struct options *options;
    const char *address;  /* as client_create has it */
    const char *password; /* or NULL */
    char *const *words; /* of the command line, for a player that is to be started; NULL: none is */
    char *const *paths; /* to be queued, and played if nothing plays; ends with NULL */
    const char *warnings; /* what is wrong in the settings, a line each, for the log */
};

/* Until the user leaves, or the terminal is gone. The exit status: 0, or 1 with a line on stderr.
 */
int loop_run(const struct loop_wish *wish);

#endif
