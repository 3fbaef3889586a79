/* commands_playback.c - play, pause, seek, modes, volume, outputs, status. */
#include "server/commands.h"

const struct command_set commands_playback = {NULL, 0};
