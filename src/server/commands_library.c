/* commands_library.c - the database: browse, find, pictures, update. */
#include "server/commands.h"

const struct command_set commands_library = {NULL, 0};
