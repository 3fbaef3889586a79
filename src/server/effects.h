/*
 * effects.h - what a changed setting changes, and when.
 *
 * Threads: the server's loop.
 */
#ifndef MP_SERVER_EFFECTS_H
#define MP_SERVER_EFFECTS_H

#include "config/options.h"

struct server;

/* Carries out what follows from a new value in the options. Returns when it holds, as a user reads
   it: "now", "when the next track begins", "at the next start". */
const char *effects_apply(struct server *server, const struct option *option);

#endif
