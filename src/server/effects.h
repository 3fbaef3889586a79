/*
 * effects.h - what a changed setting changes, and when.
 *
 * Threads: the server's loop.
 */
#ifndef MP_SERVER_EFFECTS_H
#define MP_SERVER_EFFECTS_H

#include "config/options.h"

#include <stdbool.h>
#include <stddef.h>

struct server;
struct server_parts;

/* What the table of settings cannot know: a preset or a slot that names what is not there. True:
   the value holds; else message says why it does not. */
bool effects_allow(const struct server_parts *parts, const char *name, const char *value,
                   char *message, size_t size);
/* A line in the log for each setting as it stands that does not hold. */
void effects_warn(const struct server_parts *parts);

/* Carries out what follows from a new value in the options. Returns when it holds, as a user reads
   it: "now", "when the next track begins", "at the next start". */
const char *effects_apply(struct server *server, const struct option *option);

#endif
