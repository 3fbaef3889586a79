/*
 * start.h - sees that a player runs, while the screen is already there.
 *
 * Runs `matchplayd serve`, which finds the player or starts one in the background, and listens to
 * what it says.
 *
 * Threads: one.
 */
#ifndef MP_TUI_START_H
#define MP_TUI_START_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { START_LINE_SIZE = 1024 };

struct start {
    pid_t process; /* 0: none runs */
    int output;    /* what it says; -1: closed */
    char line[START_LINE_SIZE];
    size_t used;
};

/* words: those of the command line that stand before the command (-c FILE, -S SOCKET, -v), ending
   with NULL. 0 or negative errno. */
int start_begin(struct start *start, char *const words[]);
/* The descriptor to poll for input, or -1. */
int start_fd(const struct start *start);
/* Reads. True when it has ended: *failed, and what it said is in line. */
bool start_serve(struct start *start, bool *failed);

#endif
