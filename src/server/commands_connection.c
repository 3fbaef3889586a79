/* commands_connection.c - the connection itself: who may, what there is, waiting for changes. */
#include "library/source.h"
#include "server/client_internal.h"
#include "server/commands.h"
#include "server/password.h"
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
    client->idle_wanted = wanted != 0 ? wanted : ((1u << EVENTS) - 1) & ~(1u << EVENT_MATCH);
    return 0;
}

/* --- what is sent to this client -------------------------------------------------------------- */

static int list_tags(struct client *client)
{
    for (int tag = 0; tag < TAG_KINDS; tag++) {
        if ((client->tags >> tag & 1) != 0) {
            client_pair(client, "tagtype", tag_name((enum tag)tag));
        }
    }
    return 0;
}

/* The tags named from the third word on, as bits; 0: an ACK was sent. */
static uint64_t take_tags(struct client *client, const struct words *words)
{
    uint64_t bits = 0;

    if (words->count < 3) {
        client_ack(client, ACK_ARG, "Not enough arguments");
        return 0;
    }
    for (size_t i = 2; i < words->count; i++) {
        int tag = tag_named(words->word[i]);

        if (tag < 0) {
            client_ack(client, ACK_ARG, "Unknown tag type");
            return 0;
        }
        bits |= UINT64_C(1) << tag;
    }
    return bits;
}

static int run_tagtypes(struct client *client, const struct words *words)
{
    const char *what = words->count > 1 ? words->word[1] : "";
    bool alone = strcmp(what, "all") == 0 || strcmp(what, "clear") == 0;
    uint64_t bits = 0;

    if (words->count == 1) {
        return list_tags(client);
    }
    if (!alone && strcmp(what, "enable") != 0 && strcmp(what, "disable") != 0 &&
        strcmp(what, "reset") != 0) {
        return client_ack(client, ACK_ARG, "Unknown sub command");
    }
    if (alone && words->count > 2) {
        return client_ack(client, ACK_ARG, "Too many arguments");
    }
    if (!alone) {
        bits = take_tags(client, words);
        if (bits == 0) {
            return ACK_ARG;
        }
    }
    if (strcmp(what, "all") == 0) {
        client->tags = CLIENT_TAGS_STANDARD;
    } else if (strcmp(what, "enable") == 0) {
        client->tags |= bits;
    } else if (strcmp(what, "disable") == 0) {
        client->tags &= ~bits;
    } else {
        client->tags = bits; /* clear: none; reset: these alone */
    }
    return 0;
}

static int run_binarylimit(struct client *client, const struct words *words)
{
    char message[256];
    uint32_t limit;

    if (!protocol_unsigned(words->word[1], &limit, message, sizeof message)) {
        return client_ack(client, ACK_ARG, "%s", message);
    }
    if (limit < CLIENT_BINARY_LEAST) {
        return client_ack(client, ACK_ARG, "Value too small");
    }
    if (limit > CLIENT_BINARY_MAX) {
        return client_ack(client, ACK_ARG, "Number too large: %s", words->word[1]);
    }
    client->binary_limit = limit;
    return 0;
}

/* --- what there is ------------------------------------------------------------------------------
 */

static int run_config(struct client *client, const struct words *words)
{
    (void)words;
    if (!client->local) {
        return client_ack(client, ACK_PERMISSION, "Command only permitted to local clients");
    }
    client_pair(client, "music_directory", server_parts(client->server)->music_directory);
    return 0;
}

static int run_decoders(struct client *client, const struct words *words)
{
    const char *ending;

    (void)words;
    client_pair(client, "plugin", "ffmpeg");
    for (size_t i = 0; (ending = source_ending(i)) != NULL; i++) {
        client_pair(client, "suffix", ending);
    }
    return 0;
}

static int run_urlhandlers(struct client *client, const struct words *words)
{
    (void)words;
    if (client->local) {
        client_pair(client, "handler", "file://");
    }
    client_pair(client, "handler", "http://");
    client_pair(client, "handler", "https://");
    return 0;
}

static int run_password(struct client *client, const struct words *words)
{
    unsigned permissions;
    int wait_s = password_check(client->server, client, words->word[1], &permissions);

    if (wait_s > 0) {
        return client_ack(client, ACK_PASSWORD, "too many wrong passwords; try again in %d s",
                          wait_s);
    }
    if (wait_s < 0) {
        return client_ack(client, ACK_PASSWORD, "incorrect password");
    }
    if (!client->local) { /* who is local may do everything anyway */
        client->permissions = permissions;
    }
    return 0;
}

static const struct server_command commands[] = {
    {"binarylimit", PERMISSION_NONE, 1, 1, run_binarylimit},
    {"close", PERMISSION_NONE, 0, -1, run_close},
    {"commands", PERMISSION_NONE, 0, 0, run_commands},
    {"config", PERMISSION_ADMIN, 0, 0, run_config},
    {"decoders", PERMISSION_READ, 0, 0, run_decoders},
    {"idle", PERMISSION_READ, 0, -1, run_idle},
    {"kill", PERMISSION_ADMIN, 0, -1, run_kill},
    {"notcommands", PERMISSION_NONE, 0, 0, run_notcommands},
    {"password", PERMISSION_NONE, 1, 1, run_password},
    {"ping", PERMISSION_NONE, 0, 0, run_ping},
    {"tagtypes", PERMISSION_NONE, 0, -1, run_tagtypes},
    {"urlhandlers", PERMISSION_READ, 0, 0, run_urlhandlers},
};

const struct command_set commands_connection = {commands, sizeof commands / sizeof commands[0]};
