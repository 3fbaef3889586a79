/* match_settings.c - `match set` and `match reload`: the settings of the player that runs. */
#include "config/settings.h"
#include "server/client.h"
#include "server/effects.h"
#include "server/match_verbs.h"
#include "server/server.h"

#include <errno.h>
#include <string.h>

enum { MESSAGE_SIZE = 1024 };

static void show(struct client *client, const struct option *option)
{
    const struct server_parts *parts = server_parts(client_server(client));

    /* What opens the door to others is shown to nobody who came in through it. */
    if (strcmp(option->name, "password") == 0 && !client_is_local(client)) {
        return;
    }
    client_pair(client, "setting", option->name);
    client_pair(client, "section", option->section);
    client_pair(client, "value", options_text(parts->options, option->name));
    client_pair(client, "set", options_is_set(parts->options, option->name) ? "1" : "0");
}

static int show_all(struct client *client)
{
    size_t count;
    const struct option *table = options_table(&count);

    for (size_t i = 0; i < count; i++) {
        show(client, &table[i]);
    }
    return 0;
}

static int set(struct client *client, const struct option *option, const char *value)
{
    struct server *server = client_server(client);
    struct server_parts *parts = server_parts(server);
    char message[MESSAGE_SIZE];
    int error;

    if ((client_permissions(client) & PERMISSION_ADMIN) == 0) {
        return client_ack(client, ACK_PERMISSION, "you don't have permission for \"match set\"");
    }
    if (!client_is_local(client)) { /* a device can be a file to write to */
        return client_ack(client, ACK_PERMISSION, "Command only permitted to local clients");
    }
    if (!settings_can_keep(option, value, message, sizeof message) ||
        !effects_allow(parts, option->name, value, message, sizeof message)) {
        return client_ack(client, ACK_ARG, "%s", message);
    }
    error = options_set(parts->options, NULL, option->name, value, message, sizeof message);
    if (error != 0) {
        return client_ack(client, error == -ENOMEM ? ACK_SYSTEM : ACK_ARG, "%s", message);
    }
    error = settings_keep(parts->settings_path, option, value, message, sizeof message);
    client_pair(client, "setting", option->name);
    client_pair(client, "value", value);
    client_pair(client, "effect", effects_apply(server, option));
    if (error != 0) {
        client_pair(client, "note", message);
    } else if (settings_overruled(parts->config_path, option)) {
        client_pairf(client, "note", "%s sets %s, too, and wins at the next start",
                     parts->config_path, option->name);
    }
    server_switched(server);
    return 0;
}

int match_set(struct client *client, const struct words *words)
{
    struct options *options = server_parts(client_server(client))->options;
    const struct option *option;
    char message[MESSAGE_SIZE];

    if (words->count == 1) {
        return show_all(client);
    }
    option = options_find(NULL, words->word[1]);
    if (option == NULL) {
        options_set(options, NULL, words->word[1], "", message, sizeof message);
        return client_ack(client, ACK_NO_EXIST, "%s", message);
    }
    if (words->count == 2) {
        show(client, option);
        return 0;
    }
    return set(client, option, words->word[2]);
}

static void report_line(void *context, const char *message)
{
    struct client *client = context;

    client_pair(client, "warning", message);
    log_write(server_parts(client_server(client))->log, LOG_WARNING, "%s", message);
}

/* Both files, and the presets, as they are now. What differs from before takes effect. */
int match_reload(struct client *client, const struct words *words)
{
    struct server *server = client_server(client);
    struct server_parts *parts = server_parts(server);
    struct options *fresh =
        settings_read(parts->settings_path, parts->config_path, report_line, client);
    struct presets *presets = presets_load(report_line, client);
    size_t count;
    const struct option *table = options_table(&count);

    (void)words;
    if (fresh == NULL || presets == NULL) {
        options_destroy(fresh);
        presets_destroy(presets);
        return client_ack(client, ACK_SYSTEM, "out of memory");
    }
    options_swap(parts->options, fresh); /* fresh is the old one from here on */
    presets_swap(parts->presets, presets);
    for (size_t i = 0; i < count; i++) {
        const char *now = options_text(parts->options, table[i].name);

        if (strcmp(now, options_text(fresh, table[i].name)) != 0) {
            client_pair(client, "setting", table[i].name);
            client_pair(client, "value", now);
            client_pair(client, "effect", effects_apply(server, &table[i]));
        }
    }
    options_destroy(fresh);
    presets_destroy(presets);
    server_match_changed(server); /* presets may hold other amounts now */
    return 0;
}
