/*
 * reference_words.h - REF[:WEIGHT] as it is written on a command line.
 *
 * Threads: the main thread.
 */
#ifndef MP_COMMAND_REFERENCE_WORDS_H
#define MP_COMMAND_REFERENCE_WORDS_H

#include "command/command.h"

/* "song.flac:0.5" as a path (the caller's to free) and a weight, 1 when there is none. What follows
   the last colon is a weight when it is a number above 0 and the file before it exists, or the
   whole does not: names with colons in them still work. False: a weight that is none, or out of
   memory; one line in message. */
bool reference_split(const char *text, char **path, double *weight, char *message, size_t size);

#endif
