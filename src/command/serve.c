/* serve.c - the player alone, for whoever connects. */
#include "command/command.h"
#include "command/configure.h"
#include "config/paths.h"
#include "server/server_start.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_FOREGROUND = COMMAND_LONG_ONLY };

static int serve_here(struct command_context *context)
{
    struct server_settings settings = {.options = context->options, .log = context->log};
    char message[1024];
    char *socket = path_socket(context->socket);
    char *folder = socket != NULL ? path_folder_of(socket) : NULL;
    char *config = context->config_path != NULL ? strdup(context->config_path)
                                                : path_in(PATH_CONFIG, "matchplayrc");
    struct presets *presets = configure_presets(context);
    struct server *server = NULL;
    int status = EXIT_FAILED;

    if (folder == NULL || config == NULL || presets == NULL) {
        command_fail(context, "out of memory");
        goto done;
    }
    if (path_secure_folder(folder) != 0) {
        command_fail(context, "%s: is not a folder of yours that is closed to others", folder);
        goto done;
    }
    settings.socket = socket;
    settings.config_path = config;
    settings.presets = presets;
    server = server_create(&settings, message, sizeof message);
    if (server == NULL) {
        command_fail(context, "%s", message);
        goto done;
    }
    server_run(server);
    server_destroy(server);
    status = EXIT_DONE;
done:
    presets_destroy(presets);
    free(config);
    free(folder);
    free(socket);
    return status;
}

static int run(struct command_context *context, const struct command_line *line)
{
    bool foreground = false;

    for (size_t i = 0; i < line->count; i++) {
        foreground = foreground || line->words[i].key == KEY_FOREGROUND;
    }
    if (line->operands > 0) {
        return command_misuse(context, "serve takes no paths");
    }
    (void)foreground;
    return serve_here(context);
}

static const struct command_option options[] = {
    {KEY_FOREGROUND, "foreground", NULL, "stay in this terminal, messages on stderr"},
    {0, NULL, NULL, NULL},
};

const struct command command_serve = {
    "serve", "[--foreground]", "the player alone, for mpc, ncmpcpp and remotes to drive",
    NULL,    options,          run,
};
