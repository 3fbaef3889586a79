/* server_state.c - volume, original or matched, and loudness, kept over a restart. */
#include "server/server_state.h"

#include "config/atomic_file.h"
#include "config/ini.h"
#include "config/paths.h"
#include "server/server_internal.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const loudness_names[] = {"true", "equal"};

static void take(struct server_seen *kept, const char *key, const char *value)
{
    if (strcmp(key, "volume") == 0) {
        double volume = strtod(value, NULL);

        kept->volume = volume >= 0 && volume <= 1 ? volume : 1.0;
    } else if (strcmp(key, "heard") == 0) {
        kept->original = strcmp(value, "original") == 0;
    } else if (strcmp(key, "loudness") == 0) {
        kept->equal_loudness = strcmp(value, loudness_names[1]) == 0;
    }
}

void server_state_read(struct server *server)
{
    struct server_seen *kept = &server->playing.kept;
    const char *setting = options_text(server->parts.options, "ab_loudness");
    bool wanted = options_choice(server->parts.options, "ab_loudness") == 1, same = false;
    char *path = path_in(PATH_STATE, "state");
    struct ini *ini = NULL;

    kept->volume = 1.0;
    kept->equal_loudness = wanted;
    if (path != NULL && ini_load(&ini, path, NULL, NULL) == 0) {
        for (size_t i = 0; i < ini->count; i++) {
            const struct ini_entry *entry = &ini->entries[i];

            if (entry->key != NULL) {
                take(kept, entry->key, entry->value);
                same = same || (strcmp(entry->key, "ab_loudness") == 0 &&
                                strcmp(entry->value, setting) == 0);
            }
        }
    }
    if (!same) {
        kept->equal_loudness = wanted;
    }
    ini_destroy(ini);
    free(path);
}

void server_state_write(struct server *server, const struct server_seen *now)
{
    struct server_seen *kept = &server->playing.kept;
    char text[256], *path;
    int length;

    if (now->volume == kept->volume && now->original == kept->original &&
        now->equal_loudness == kept->equal_loudness) {
        return;
    }
    length = snprintf(text, sizeof text,
                      "# Where the player goes on from when it is started next.\n[state]\n"
                      "volume = %.6f\nheard = %s\nloudness = %s\nab_loudness = %s\n",
                      now->volume, now->original ? "original" : "matched",
                      loudness_names[now->equal_loudness],
                      options_text(server->parts.options, "ab_loudness"));
    path = path_in_made(PATH_STATE, "state");
    if (path != NULL && atomic_file_write(path, text, (size_t)length) == 0) {
        *kept = *now;
    }
    free(path);
}
