/*
 * commands.h - the protocol's commands: const tables of name, arguments, permission and function.
 *
 * A command answers through client_pair and returns 0 (the OK is sent for it), or what client_ack
 * gave. Words[0] is its name. Each file commands_*.c has one table, named in commands.c.
 *
 * Threads: the server's loop.
 */
#ifndef MP_SERVER_COMMANDS_H
#define MP_SERVER_COMMANDS_H

#include "server/client.h"

struct server_command {
    const char *name;
    unsigned permission; /* all of these are needed; PERMISSION_NONE: anyone */
    int least, most;     /* arguments; most -1: any number */
    int (*run)(struct client *client, const struct words *words);
};

struct command_set {
    const struct server_command *commands;
    size_t count;
};

/* Every table: commands_connection, _channels, _playback, _queue, _playlists, _library, _match. */
extern const struct command_set commands_connection, commands_channels, commands_playback,
    commands_queue, commands_playlists, commands_library, commands_match;

const struct server_command *commands_find(const char *name); /* NULL: unknown */
/* The first one past `name` in alphabetical order (NULL: of all); NULL past the last. */
const struct server_command *commands_following(const char *name);

/* `match NAME ...`: a command of commands_match with verbs of its own. Each stands in a file
   match_*.c and is listed in commands_match.c. Its function gets the words without "match", so that
   words[0] is the verb's name; least and most count what follows that. */
struct match_verb {
    const char *name;
    unsigned permission;
    int least, most;
    int (*run)(struct client *client, const struct words *words);
};
int match_run(struct client *client, const struct words *words);

#endif
