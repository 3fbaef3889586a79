/* first_run.c - where there is no music folder: asks for one. */
#include "tui/first_run.h"

#include "config/paths.h"
#include "tui/complete.h"
#include "tui/scanning.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool is_folder(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool complete(void *context, const char *before, size_t index, char *out, size_t size)
{
    (void)context;
    return complete_path(before, true, index, out, size);
}

static void named(struct screen *screen, const char *text, void *context)
{
    char *path = path_expand(text);

    (void)context;
    if (path == NULL || !is_folder(path)) {
        screen_say(screen, ROLE_ERROR, "%s is no folder; :set music_directory=PATH names yours",
                   text);
    } else {
        screen_set(screen, "music_directory", path);
        screen_send(screen, "update", NULL);
        scanning_tell_end(screen);
    }
    free(path);
}

static void told(void *context, const struct answer *answer)
{
    struct screen *screen = context;
    const char *value = answer_get(answer, 0, "value");
    char *folder = answer->ok && value != NULL ? path_music(value) : NULL;

    if (folder != NULL && !is_folder(folder) && screen->mode == SCREEN_NORMAL) {
        screen_ask_text(screen, "Where is your music? (tab completes) ", "~/", named, NULL);
        screen->text.complete = complete;
    }
    free(folder);
}

void first_run(struct screen *screen)
{
    if (client_is_local(screen->client)) {
        client_ask(screen->client, told, screen, "match", "set", "music_directory", NULL);
    }
}
