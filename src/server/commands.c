/* commands.c - all commands of the protocol by name. */
#include "server/commands.h"

#include <string.h>

static const struct command_set *const sets[] = {
    &commands_connection, &commands_channels, &commands_playback, &commands_queue,
    &commands_playlists,  &commands_library,  &commands_match,
};

enum { SETS = sizeof sets / sizeof sets[0] };

const struct server_command *commands_find(const char *name)
{
    for (size_t i = 0; i < SETS; i++) {
        for (size_t j = 0; j < sets[i]->count; j++) {
            if (strcmp(sets[i]->commands[j].name, name) == 0) {
                return &sets[i]->commands[j];
            }
        }
    }
    return NULL;
}

const struct server_command *commands_following(const char *name)
{
    const struct server_command *best = NULL;

    for (size_t i = 0; i < SETS; i++) {
        for (size_t j = 0; j < sets[i]->count; j++) {
            const struct server_command *command = &sets[i]->commands[j];

            if ((name == NULL || strcmp(command->name, name) > 0) &&
                (best == NULL || strcmp(command->name, best->name) < 0)) {
                best = command;
            }
        }
    }
    return best;
}
