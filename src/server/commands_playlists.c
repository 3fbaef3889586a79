/* commands_playlists.c - stored playlists. */
#include "server/commands.h"

const struct command_set commands_playlists = {NULL, 0};
