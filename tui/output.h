/*
 * output.h - what curses writes, sent as fast as the terminal takes it and never waiting for it.
 *
 * Curses writes to a file whose descriptor is the terminal, but for a file in memory between
 * output_begin and output_end. From there it is sent without blocking: a terminal that nobody reads
 * (a stopped ssh, a full pipe to tmux) holds up the frame, not the keys, the player's answers or
 * the way out.
 *
 * Threads: one.
 */
#ifndef MP_TUI_OUTPUT_H
#define MP_TUI_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

struct output {
    FILE *curses; /* to be given to curses */
    int file;     /* its descriptor */
    int blocking, terminal, memory;
    off_t sent, written; /* of what is in memory */
};

/* file: the terminal. 0 or negative errno. */
int output_open(struct output *output, int file);
void output_close(struct output *output); /* after curses has let go */
/* What curses writes between the two goes to the terminal in their order. */
void output_begin(struct output *output);
void output_end(struct output *output);
/* Sends what the terminal takes now. */
void output_send(struct output *output);
bool output_is_waiting(const struct output *output); /* there is more to send */
/* Also true where a slow line has not yet passed on what it took. */
bool output_is_behind(const struct output *output);
/* Before the last frame: what waits is not shown any more. True if there was something. */
bool output_drop(struct output *output);
/* At the end: what a terminal does not take within 0.3 s makes room for this. */
void output_send_last(struct output *output);

#endif
