/* commands_connection.c - the connection itself: who may, what there is, waiting for changes. */
#include "server/client_internal.h"
#include "server/commands.h"
#include "server/server.h"
#include "server/server_internal.h"

#include <string.h>

static int run_ping(struct client *client, const struct words *words)
{
    (void)client;
    (void)words;
    return 0;
}

static int run_close(struct client *client, const struct words *words)
{
    (void)words;
    client->leaving = true;
    return 0;
}

static int run_kill(struct client *client, const struct words *words)
{
    (void)words;
    client->leaving = true;
    server_quit(client->server);
    return 0;
}

static int list_commands(struct client *client, bool allowed)
{
    const struct server_command *command = NULL;

    while ((command = commands_following(command != NULL ? command->name : NULL)) != NULL) {
        if (((command->permission & ~client->permissions) == 0) == allowed) {
            client_pair(client, "command", command->name);
        }
    }
    return 0;
}

static int run_commands(struct client *client, const struct words *words)
{
    (void)words;
    return list_commands(client, true);
}

static int run_notcommands(struct client *client, const struct words *words)
{
    (void)words;
    return list_commands(client, false);
}

static int run_idle(struct client *client, const struct words *words)
{
    unsigned wanted = 0;

    for (size_t i = 1; i < words->count; i++) {
        unsigned event = 0;

        while (event < EVENTS &&
               strcmp(words->word[i], server_event_name((enum server_event)event)) != 0) {
            event++;
        }
        if (event == EVENTS) {
            return client_ack(client, ACK_ARG, "Unrecognized idle event: %s", words->word[i]);
        }
        wanted |= 1u << event;
    }
    client->idling = true;
    client->idle_wanted = wanted != 0 ? wanted : (1u << EVENTS) - 1;
    return 0;
}

static const struct server_command commands[] = {
    {"close", PERMISSION_NONE, 0, -1, run_close},
    {"commands", PERMISSION_NONE, 0, 0, run_commands},
    {"idle", PERMISSION_READ, 0, -1, run_idle},
    {"kill", PERMISSION_ADMIN, 0, -1, run_kill},
    {"notcommands", PERMISSION_NONE, 0, 0, run_notcommands},
    {"ping", PERMISSION_NONE, 0, 0, run_ping},
};

const struct command_set commands_connection = {commands, sizeof commands / sizeof commands[0]};
