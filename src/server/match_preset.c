/* match_preset.c - `match preset`: which presets there are, which one holds, and one's own. */
#include "server/match_scope.h"
#include "server/match_verbs.h"

#include "chain/preset.h"
#include "config/paths.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGE_SIZE = 512 };

static int list(struct client *client)
{
    const struct presets *presets = server_parts(client_server(client))->presets;

    for (size_t i = 0; i < presets_count(presets); i++) {
        const struct preset *preset = presets_get(presets, i);

        client_pair(client, "preset", preset->id);
        client_pair(client, "name", preset->name);
        client_pair(client, "category", preset->category);
        client_pair(client, "description", preset->description);
    }
    return 0;
}

static int change_preset(struct client *client, struct playlist_sound *sound, const char *what,
                         const char *value)
{
    char *preset = value[0] != '\0' ? strdup(value) : NULL;

    (void)what;
    if (value[0] != '\0' && preset == NULL) {
        return client_ack_errno(client, -ENOMEM, "preset");
    }
    free(sound->preset);
    sound->preset = preset;
    return 0;
}

/* --- of a user's own ----------------------------------------------------------------------- */

static void warn(void *context, const char *message)
{
    client_pair(context, "warning", message);
}

/* As the files have them now. 0, or an ACK that was sent. */
static int read_again(struct client *client)
{
    struct server *server = client_server(client);
    struct presets *presets = presets_load(warn, client);

    if (presets == NULL) {
        return client_ack_errno(client, -ENOMEM, "presets");
    }
    presets_swap(server_parts(server)->presets, presets);
    presets_destroy(presets);
    server_match_changed(server);
    return 0;
}

static int refuse_file(struct client *client, int error, const char *path)
{
    if (error == -EFBIG) {
        return client_ack(client, ACK_SYSTEM, "%s: too many presets; delete some", path);
    }
    return client_ack(client, ACK_SYSTEM, "%s: %s; nothing was changed", path, strerror(-error));
}

static void fill(const struct track_sound *sound, struct preset *preset)
{
    const struct amounts *amounts = &sound->amounts;

    preset->rack = sound->rack;
    preset->values[PRESET_MATCH] = sound->match;
    preset->values[PRESET_LEVEL] = 100 * amounts->level;
    preset->values[PRESET_EQ] = 100 * amounts->eq;
    preset->values[PRESET_WIDTH] = 100 * amounts->width;
    preset->values[PRESET_LIMITER] = amounts->limiter;
    preset->values[PRESET_MAX_BOOST_DB] =
        isfinite(amounts->max_boost_db) ? amounts->max_boost_db : 0;
}

/* What holds now, under a name. The chain as it was edited is then that of the preset. */
static int save_own(struct client *client, const char *id)
{
    struct server_parts *parts = server_parts(client_server(client));
    const struct preset *before = presets_find(parts->presets, id);
    char own[] = "own", nothing[] = "", *path;
    struct preset preset = {.category = own, .description = nothing};
    struct track_sound sound;
    int error = match_heard_sound(parts, &sound);

    if (error != 0) {
        return client_ack_errno(client, error, id);
    }
    fill(&sound, &preset);
    preset.id = strdup(id);
    preset.name = strdup(before != NULL ? before->name : id);
    path = path_in(PATH_CONFIG, "presets.ini");
    error = preset.id == NULL || preset.name == NULL || path == NULL ? -ENOMEM
                                                                     : preset_save(&preset, path);
    if (error == -EINVAL) {
        error = client_ack(client, ACK_ARG,
                           "%.80s: a preset's name is of a-z, 0-9 and -, at most %d of them, and "
                           "not save or delete",
                           id, PRESET_ID_MAX);
    } else if (error != 0) {
        error = refuse_file(client, error, path != NULL ? path : id);
    } else {
        error = read_again(client);
    }
    if (error == 0 && sound.preset_from == REFERENCE_SETTINGS) {
        parts->chain_is_edited = false;
        error = match_option_set(client, "preset", id);
    }
    free(path);
    free(preset.id);
    free(preset.name);
    track_sound_finish(&sound);
    return error;
}

static int remove_own(struct client *client, const char *id)
{
    const struct presets *presets = server_parts(client_server(client))->presets;
    char *path = path_in(PATH_CONFIG, "presets.ini");
    int error = path != NULL ? preset_remove(id, path) : -ENOMEM;

    if (error == -ENOENT) {
        error = presets_find(presets, id) != NULL
                    ? client_ack(client, ACK_ARG, "%s comes with matchplay and stays", id)
                    : client_ack(client, ACK_NO_EXIST, "there is no preset %s", id);
    } else if (error != 0) {
        error = refuse_file(client, error, path != NULL ? path : id);
    } else {
        error = read_again(client);
    }
    free(path);
    return error;
}

int match_preset(struct client *client, const struct words *words)
{
    const struct presets *presets = server_parts(client_server(client))->presets;
    const char *name = words->count > 1 ? words->word[1] : "";
    const char *what_value[2] = {"", name};
    char message[MESSAGE_SIZE];

    if (words->count == 1) {
        return list(client);
    }
    if ((client_permissions(client) & PERMISSION_CONTROL) == 0) {
        return client_ack(client, ACK_PERMISSION, "you don't have permission for \"match preset\"");
    }
    if (strcmp(name, "save") == 0 || strcmp(name, "delete") == 0) {
        return words->count != 3 ? client_ack(client, ACK_ARG, "match preset %s NAME: which?", name)
               : name[0] == 's'  ? save_own(client, words->word[2])
                                 : remove_own(client, words->word[2]);
    }
    if ((name[0] != '\0' || words->count == 2) &&
        !presets_expect(presets, name, message, sizeof message)) {
        return client_ack(client, ACK_NO_EXIST, "%s", message);
    }
    if (words->count == 2) {
        server_parts(client_server(client))->chain_is_edited = false;
    }
    return words->count == 2 ? match_option_set(client, "preset", name)
                             : match_scope_change(client, words, 2, change_preset, what_value);
}
