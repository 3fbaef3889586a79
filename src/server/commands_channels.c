/* commands_channels.c - messages from client to client, and to the player itself. */
#include "server/client_internal.h"
#include "server/commands.h"
#include "server/server.h"
#include "server/server_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Its one subscriber is the player: what is sent there is carried out as `match ...`. */
static const char player_channel[] = "matchplay";

static bool is_channel(const char *name)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  "_-.:";

    return name[0] != '\0' && name[strspn(name, allowed)] == '\0';
}

/* Where it stands in the client's list; channel_count: nowhere. */
static size_t find_channel(const struct client *client, const char *name)
{
    size_t i = 0;

    while (i < client->channel_count && strcmp(client->channels[i], name) != 0) {
        i++;
    }
    return i;
}

static int run_subscribe(struct client *client, const struct words *words)
{
    char *name;

    if (!is_channel(words->word[1])) {
        return client_ack(client, ACK_ARG, "invalid channel name");
    }
    if (find_channel(client, words->word[1]) < client->channel_count) {
        return client_ack(client, ACK_EXIST, "already subscribed to this channel");
    }
    if (client->channel_count == CLIENT_CHANNELS_MAX) {
        return client_ack(client, ACK_EXIST, "subscription list is full");
    }
    name = strdup(words->word[1]);
    if (name == NULL) {
        return client_ack(client, ACK_SYSTEM, "out of memory");
    }
    client->channels[client->channel_count++] = name;
    server_changed(client->server, EVENT_SUBSCRIPTION);
    return 0;
}

static int run_unsubscribe(struct client *client, const struct words *words)
{
    size_t at = find_channel(client, words->word[1]);

    if (at == client->channel_count) {
        return client_ack(client, ACK_NO_EXIST, "not subscribed to this channel");
    }
    free(client->channels[at]);
    client->channels[at] = client->channels[--client->channel_count];
    server_changed(client->server, EVENT_SUBSCRIPTION);
    return 0;
}

/* Was it listed for a client before this one already, or for this one before `index`? */
static bool is_listed(const struct client *first, const struct client *until, size_t index)
{
    const char *name = until->channels[index];

    for (const struct client *client = first; client != until; client = client->next) {
        if (find_channel(client, name) < client->channel_count) {
            return true;
        }
    }
    return strcmp(name, player_channel) == 0;
}

static int run_channels(struct client *client, const struct words *words)
{
    const struct client *first = client->server->clients;

    (void)words;
    client_pair(client, "channel", player_channel);
    for (const struct client *other = first; other != NULL; other = other->next) {
        for (size_t i = 0; i < other->channel_count; i++) {
            if (!is_listed(first, other, i)) {
                client_pair(client, "channel", other->channels[i]);
            }
        }
    }
    return 0;
}

static int run_readmessages(struct client *client, const struct words *words)
{
    (void)words;
    for (size_t i = 0; i < client->message_count; i++) {
        client_pair(client, "channel", client->messages[i].channel);
        client_pair(client, "message", client->messages[i].text);
    }
    client_forget_messages(client);
    return 0;
}

/* "ACK [2@0] {match} unknown verb "x"\n": what stands behind the brace. */
static void read_refusal(const struct client *mute, char *text, size_t size)
{
    const struct client_output *output = &mute->output;
    const char *brace = output->length > 0 ? memrchr(output->bytes, '}', output->length) : NULL;
    const char *end = output->bytes + output->length - 1;

    snprintf(text, size, "out of memory");
    if (brace != NULL && brace + 2 < end) {
        snprintf(text, size, "%.*s", (int)(end - brace - 2), brace + 2);
    }
}

/* The text of a message as a verb of ours, with the sender's own permissions. */
static int carry_out(struct client *client, const char *text)
{
    struct client *mute = client_create(client->server, client->local);
    const char *message = "out of memory";
    char *line = NULL, refusal[PROTOCOL_SENT_LIMIT] = "out of memory";
    struct words words;
    bool done = false;

    text += strncmp(text, "match ", 6) == 0 ? 6 : 0;
    if (mute != NULL && asprintf(&line, "match %s", text) > 0) {
        mute->permissions = client->permissions;
        if (protocol_split(line, &words, &message) != 0) {
            snprintf(refusal, sizeof refusal, "%s", message);
        } else {
            done = client_run_words(mute, &words);
            if (!done) {
                read_refusal(mute, refusal, sizeof refusal);
            }
        }
    }
    free(line);
    client_destroy(mute);
    if (!done) {
        log_write(server_parts(client->server)->log, LOG_WARNING, "client %s: message \"%s\": %s",
                  client->address, text, refusal);
        return client_ack(client, ACK_ARG, "%s", refusal);
    }
    return 0;
}

static bool deliver(struct client *to, const char *channel, const char *text)
{
    struct message *message = &to->messages[to->message_count];

    if (find_channel(to, channel) == to->channel_count) {
        return false;
    }
    if (to->message_count == CLIENT_MESSAGES_MAX) {
        return true; /* it does not read them */
    }
    message->channel = strdup(channel);
    message->text = strdup(text);
    if (message->channel == NULL || message->text == NULL) {
        free(message->channel);
        free(message->text);
        return true;
    }
    to->message_count++;
    to->events |= 1u << EVENT_MESSAGE;
    if (to->idling) {
        client_tell_events(to);
        client_flush(to);
    }
    return true;
}

static int run_sendmessage(struct client *client, const struct words *words)
{
    struct client *next;
    bool heard = false;

    if (!is_channel(words->word[1])) {
        return client_ack(client, ACK_ARG, "invalid channel name");
    }
    for (struct client *other = client->server->clients; other != NULL; other = next) {
        next = other->next;
        heard = deliver(other, words->word[1], words->word[2]) || heard;
    }
    if (strcmp(words->word[1], player_channel) == 0) {
        return carry_out(client, words->word[2]);
    }
    return heard ? 0 : client_ack(client, ACK_NO_EXIST, "nobody is subscribed to this channel");
}

static const struct server_command commands[] = {
    {"channels", PERMISSION_READ, 0, 0, run_channels},
    {"readmessages", PERMISSION_READ, 0, 0, run_readmessages},
    {"sendmessage", PERMISSION_CONTROL, 2, 2, run_sendmessage},
    {"subscribe", PERMISSION_READ, 1, 1, run_subscribe},
    {"unsubscribe", PERMISSION_READ, 1, 1, run_unsubscribe},
};

const struct command_set commands_channels = {commands, sizeof commands / sizeof commands[0]};
