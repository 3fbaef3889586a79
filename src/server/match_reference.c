/* match_reference.c - `match reference` and `match clear`: what tracks shall sound like. */
#include "server/match_scope.h"
#include "server/match_verbs.h"
#include "server/server_memory.h"

#include "command/reference_words.h"
#include "config/paths.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MESSAGE_SIZE = 1024 };

/* What holds for the track that is heard, or for one that has nothing of its own. */
static int print_heard(struct client *client)
{
    struct track_sound sound;
    int error = match_heard_sound(server_parts(client_server(client)), &sound);

    if (error != 0) {
        return client_ack_errno(client, error, "references");
    }
    client_pair(client, "scope", reference_scope_name((int)sound.references));
    match_references_print(client, &sound.said);
    track_sound_finish(&sound);
    return 0;
}

/* --- setting ------------------------------------------------------------------------------- */

/* One that is gone will do when it was measured before. */
static bool is_there(struct server_parts *parts, const char *path)
{
    struct stat status;
    struct cache_key key;
    struct profile *profile;

    if (stat(path, &status) == 0) {
        return S_ISREG(status.st_mode);
    }
    cache_key_init(&key, &path, 1);
    profile = cache_profile(parts->cache, &key, 0);
    cache_key_finish(&key);
    profile_destroy(profile);
    return profile != NULL;
}

/* REF[:WEIGHT]; the whole of it is looked up from the music folder first. */
int match_reference_take(struct client *client, const char *word, struct playlist_reference *to)
{
    struct server_parts *parts = server_parts(client_server(client));
    char message[MESSAGE_SIZE] = "out of memory";
    char *path, *home;

    if (server_memory_refuses(client_server(client))) {
        return client_ack(
            client, ACK_SYSTEM,
            "memory_limit = %s MB is reached: no new references are taken until there "
            "is room",
            options_text(parts->options, "memory_limit"));
    }
    if (word[0] == '/' && !client_is_local(client)) {
        return client_ack(client, ACK_PERMISSION, "Access denied");
    }
    if (word[0] == '\0' || match_path_climbs(word)) {
        return client_ack(client, ACK_NO_EXIST, "%s: there is no such file", word);
    }
    home = client_is_local(client) ? path_expand(word) : strdup(word);
    path = home != NULL ? track_path(parts, home) : NULL;
    free(home);
    if (path == NULL || !reference_split(path, &to->path, &to->weight, message, sizeof message)) {
        free(path);
        return client_ack(client, ACK_ARG, "%s", message);
    }
    free(path);
    if (!is_there(parts, to->path)) {
        return client_ack(client, ACK_NO_EXIST,
                          "%s: there is no such file; name one below the music folder%s", word,
                          client_is_local(client) ? ", or by its whole path" : "");
    }
    return 0;
}

static int take_references(struct client *client, const struct words *words, size_t at,
                           struct playlist_sound *sound)
{
    size_t count = words->count - at;
    int error = 0;

    if (count > MATCH_REFERENCES_MAX) {
        return client_ack(client, ACK_ARG, "more than %d references", MATCH_REFERENCES_MAX);
    }
    playlist_sound_drop_references(sound);
    sound->references = calloc(count, sizeof *sound->references);
    if (sound->references == NULL) {
        return client_ack_errno(client, -ENOMEM, "references");
    }
    sound->reference_count = count;
    for (size_t i = 0; i < count && error == 0; i++) {
        error = match_reference_take(client, words->word[at + i], &sound->references[i]);
    }
    return error;
}

static int print_scope(struct client *client, const struct match_scope *scope,
                       const struct playlist_sound *sound)
{
    match_scope_print(client, scope);
    match_sound_print(client, sound);
    return 0;
}

int match_reference(struct client *client, const struct words *words)
{
    struct playlist_sound sound;
    struct match_scope scope;
    size_t at = 1;
    int error;

    if (words->count == 1) {
        return print_heard(client);
    }
    error = match_scope_take(client, words, &at, &scope);
    if (error != 0) {
        return error;
    }
    error = match_scope_read(client, &scope, &sound);
    if (error == 0 && at == words->count) {
        error = print_scope(client, &scope, &sound);
    } else if (error == 0 && (client_permissions(client) & PERMISSION_CONTROL) == 0) {
        error =
            client_ack(client, ACK_PERMISSION, "you don't have permission to change references");
    } else if (error == 0) {
        error = take_references(client, words, at, &sound);
        if (error == 0) {
            error = match_scope_set(client, &scope, &sound);
        }
    }
    playlist_sound_finish(&sound);
    match_scope_finish(&scope);
    return error;
}

int match_clear(struct client *client, const struct words *words)
{
    struct playlist_sound nothing;
    struct match_scope scope;
    size_t at = 1;
    int error = match_scope_take(client, words, &at, &scope);

    if (error != 0) {
        return error;
    }
    playlist_sound_init(&nothing);
    error = at == words->count ? match_scope_set(client, &scope, &nothing)
                               : client_ack(client, ACK_ARG, "too many arguments");
    match_scope_finish(&scope);
    return error;
}
