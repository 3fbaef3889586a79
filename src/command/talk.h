/*
 * talk.h - a conversation with the running player, for commands that ask it something.
 *
 * Threads: the main thread.
 */
#ifndef MP_COMMAND_TALK_H
#define MP_COMMAND_TALK_H

#include "config/instance.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct talk;

/* Connects, reads the greeting, says the password if the wish has one. NULL with a line in
   message; errno is ENOENT when no player runs. */
struct talk *talk_open(const struct instance_wish *wish, char *message, size_t size);
void talk_close(struct talk *talk);
bool talk_is_remote(const struct talk *talk);

/* Sends one line (without its end) and copies what is answered to `to` (NULL: nowhere), binary
   chunks byte by byte, the OK left out. 0; or -EREMOTEIO with the error's text in message; or
   -EPIPE when the player has gone, message "". */
int talk_ask(struct talk *talk, const char *line, FILE *to, char *message, size_t size);
/* A command and its arguments as a line, quoted; the caller's. NULL with errno: EINVAL when one of
   them holds the end of a line. */
char *talk_quote(const char *const words[], size_t count);

#endif
