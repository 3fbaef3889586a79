/*
 * playback_outputs.c - two outputs: 0 is the device; 1, "matched", is the A/B switch: enabled while
 * the match is heard.
 */
#include "server/abx_session.h"
#include "server/playback_commands.h"
#include "server/server.h"

#include <stdio.h>
#include <string.h>

enum { OUTPUT_DEVICE, OUTPUT_MATCHED, OUTPUT_COUNT };
enum wish { WISH_OFF, WISH_ON, WISH_TOGGLE };

static const char *plugin_of(const char *device)
{
    return strcmp(device, "clock") == 0 || strncmp(device, "clock:", 6) == 0 ? "clock" : "alsa";
}

static void print_output(struct client *client, int id, const char *name, const char *plugin,
                         bool enabled)
{
    client_pairf(client, "outputid", "%d", id);
    client_pair(client, "outputname", name);
    client_pair(client, "plugin", plugin);
    client_pair(client, "outputenabled", enabled ? "1" : "0");
}

int playback_run_outputs(struct client *client, const struct words *words)
{
    const struct server_parts *parts = server_parts(client_server(client));
    const char *device = options_text(parts->options, "device");
    struct player_status status;

    (void)words;
    player_read_status(parts->player, &status);
    print_output(client, OUTPUT_DEVICE, device, plugin_of(device), !status.device_off);
    print_output(client, OUTPUT_MATCHED, "matched", "match", !status.original);
    return 0;
}

static int switch_matched(struct client *client, bool on)
{
    struct server *server = client_server(client);
    struct player *player = server_parts(server)->player;

    if (player_is_blind(player)) {
        return client_ack(client, ACK_SYSTEM,
                          "a blind test goes on: `match abx stop` ends it, then A and B can be "
                          "switched");
    }
    player_set_original(player, !on);
    server_switched(server);
    return 0;
}

/* Whether the match is heard may be switched by who may play and pause; the device, as MPD has it,
   by an administrator. */
static int set(struct client *client, const struct words *words, enum wish wish)
{
    struct server *server = client_server(client);
    struct player *player = server_parts(server)->player;
    struct player_status status;
    char message[256];
    uint32_t id;
    int error = 0;

    if (!protocol_unsigned(words->word[1], &id, message, sizeof message)) {
        return client_ack(client, ACK_ARG, "%s", message);
    }
    if (id >= OUTPUT_COUNT) {
        return client_ack(client, ACK_NO_EXIST, "No such audio output");
    }
    player_read_status(player, &status);
    if (id == OUTPUT_MATCHED) {
        error = switch_matched(client, wish == WISH_TOGGLE ? status.original : wish == WISH_ON);
    } else if ((client_permissions(client) & PERMISSION_ADMIN) == 0) {
        return client_ack(client, ACK_PERMISSION, "you don't have permission for \"%s\"",
                          words->word[0]);
    } else {
        player_set_device_off(player, wish == WISH_TOGGLE ? !status.device_off : wish == WISH_OFF);
    }
    server_changed(server, EVENT_OUTPUT);
    return error;
}

int playback_run_enableoutput(struct client *client, const struct words *words)
{
    return set(client, words, WISH_ON);
}

int playback_run_disableoutput(struct client *client, const struct words *words)
{
    return set(client, words, WISH_OFF);
}

int playback_run_toggleoutput(struct client *client, const struct words *words)
{
    return set(client, words, WISH_TOGGLE);
}

int playback_run_outputset(struct client *client, const struct words *words)
{
    char message[256];
    uint32_t id;

    if (!protocol_unsigned(words->word[1], &id, message, sizeof message)) {
        return client_ack(client, ACK_ARG, "%s", message);
    }
    return id >= OUTPUT_COUNT ? client_ack(client, ACK_NO_EXIST, "No such audio output")
                              : client_ack(client, ACK_ARG, "Unsupported attribute");
}
