/* commands_queue.c - what is to be played. */
#include "server/commands.h"

const struct command_set commands_queue = {NULL, 0};
