/* server_parts.c - what the commands work on: made in order, and taken apart in the other. */
#include "server/server_internal.h"
#include "server/server_start.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/paths.h"

int server_parts_make(struct server *server, const struct server_settings *settings, char *message,
                      size_t size)
{
    struct server_parts *parts = &server->parts;

    parts->options = settings->options;
    parts->presets = settings->presets;
    parts->log = settings->log;
    parts->config_path = strdup(settings->config_path);
    parts->settings_path = path_in_made(PATH_STATE, "settings");
    parts->music_directory = path_music(options_text(parts->options, "music_directory"));
    if (parts->config_path == NULL || parts->settings_path == NULL ||
        parts->music_directory == NULL) {
        snprintf(message, size, "the state folder: %s; is HOME set?", strerror(errno));
        return -ENOENT;
    }
    return 0;
}

void server_parts_finish(struct server *server)
{
    struct server_parts *parts = &server->parts;

    free(parts->music_directory);
    free(parts->settings_path);
    free(parts->config_path);
}
