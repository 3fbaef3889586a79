/*
 * usage.h - help texts, written from the command tables.
 *
 * Threads: the main thread.
 */
#ifndef MP_COMMAND_USAGE_H
#define MP_COMMAND_USAGE_H

#include "command/command.h"

#include <stdio.h>

/* What every command takes: -c -S -v --help; ends with a key of 0. */
extern const struct command_option usage_common[];

void usage_short(FILE *file);                                  /* the synopses */
void usage_all(FILE *file);                                    /* matchplay --help */
void usage_command(FILE *file, const struct command *command); /* matchplay NAME --help */

#endif
