/* match_scope.c - whose references, preset or amounts a verb means. */
#include "server/match_scope.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool match_heard_entry(struct server_parts *parts, struct queue_entry *entry)
{
    struct player_status status;

    player_read_status(parts->player, &status);
    return status.id != PLAYER_NO_TRACK && queue_read(parts->queue, status.id, entry);
}

int match_heard_sound(struct server_parts *parts, struct track_sound *sound)
{
    struct queue_entry entry = {.uri = ""};

    match_heard_entry(parts, &entry); /* where nothing is heard it stays as it is */
    return track_sound_find(parts, entry.uri, entry.origin, sound);
}

static char *keep(const char *text)
{
    return strdup(text != NULL ? text : "");
}

bool match_path_climbs(const char *uri)
{
    for (const char *at = uri; at != NULL; at = strchr(at, '/')) {
        at += *at == '/';
        if (strncmp(at, "..", 2) == 0 && (at[2] == '/' || at[2] == '\0')) {
            return true;
        }
    }
    return false;
}

static int take_track(struct client *client, const char *uri, struct match_scope *scope)
{
    struct server_parts *parts = server_parts(client_server(client));
    char *path;

    if (uri[0] == '/' && !client_is_local(client)) {
        return client_ack(client, ACK_PERMISSION, "Access denied");
    }
    path = track_path(parts, uri);
    if (path == NULL) {
        return client_ack_errno(client, -ENOMEM, uri);
    }
    scope->key.path = path;
    if (match_path_climbs(uri) || (catalogue_find(parts->catalogue, uri) == NULL &&
                                   (uri[0] != '/' || access(path, F_OK) != 0))) {
        return client_ack(client, ACK_NO_EXIST, "No such song");
    }
    scope->uri = keep(uri);
    return scope->uri != NULL ? 0 : client_ack_errno(client, -ENOMEM, uri);
}

static int take_playlist(struct client *client, const char *name, struct match_scope *scope)
{
    if (!playlists_name_is_good(name)) {
        return client_ack(client, ACK_ARG,
                          "playlist name is invalid: playlist names may not contain slashes,"
                          " newlines or carriage returns");
    }
    scope->key.playlist = keep(name);
    return scope->key.playlist != NULL ? 0 : client_ack_errno(client, -ENOMEM, name);
}

static int take_album(struct client *client, const char *artist, const char *album,
                      struct match_scope *scope)
{
    if (album[0] == '\0') {
        return client_ack(client, ACK_NO_EXIST, "this track is of no album");
    }
    scope->key.album_artist = keep(artist);
    scope->key.album = keep(album);
    return scope->key.album_artist != NULL && scope->key.album != NULL
               ? 0
               : client_ack_errno(client, -ENOMEM, album);
}

/* That of the track that is heard. */
static int take_heard(struct client *client, struct match_scope *scope)
{
    struct server_parts *parts = server_parts(client_server(client));
    struct queue_entry entry;
    const char *artist, *album;

    if (!match_heard_entry(parts, &entry)) {
        return client_ack(client, ACK_NO_EXIST, "no track is heard: name one");
    }
    switch (scope->scope) {
    case REFERENCE_TRACK:
        scope->key.path = track_path(parts, entry.uri);
        scope->uri = keep(entry.uri);
        return scope->key.path != NULL && scope->uri != NULL
                   ? 0
                   : client_ack_errno(client, -ENOMEM, entry.uri);
    case REFERENCE_PLAYLIST:
        if (entry.origin == NULL) {
            return client_ack(client, ACK_NO_EXIST, "this track came from no playlist");
        }
        return take_playlist(client, entry.origin, scope);
    default:
        track_album(parts, entry.uri, &artist, &album);
        return take_album(client, artist, album, scope);
    }
}

/* -1: no such scope. */
static int find_scope(const char *name)
{
    for (int i = REFERENCE_TRACK; i <= REFERENCE_ALL; i++) {
        if (strcmp(reference_scope_name(i), name) == 0) {
            return i;
        }
    }
    return -1;
}

static int take_key(struct client *client, const struct words *words, size_t *at,
                    struct match_scope *scope)
{
    size_t left = words->count - *at;
    size_t wanted = scope->scope == REFERENCE_ALL ? 0 : scope->scope == REFERENCE_ALBUM ? 2 : 1;
    const char *key = left > 0 ? words->word[*at] : "";

    if (wanted == 0) {
        return 0;
    }
    if (left == 0 || (wanted == 1 && key[0] == '\0') || (key[0] == '\0' && left == 1)) {
        *at += left > 0;
        return take_heard(client, scope);
    }
    if (left < wanted) {
        return client_ack(client, ACK_ARG, "an album is named by two words: ARTIST ALBUM");
    }
    *at += wanted;
    if (scope->scope == REFERENCE_TRACK) {
        return take_track(client, key, scope);
    }
    if (scope->scope == REFERENCE_PLAYLIST) {
        return take_playlist(client, key, scope);
    }
    if (key[0] == '\0' && words->word[*at - 1][0] == '\0') {
        return take_heard(client, scope);
    }
    return take_album(client, key, words->word[*at - 1], scope);
}

int match_scope_take(struct client *client, const struct words *words, size_t *at,
                     struct match_scope *scope)
{
    int kind = find_scope(words->word[*at]);
    int error;

    memset(scope, 0, sizeof *scope);
    if (kind < 0) {
        return client_ack(client, ACK_ARG, "%s: it is track, playlist, album or all",
                          words->word[*at]);
    }
    scope->scope = (enum reference_scope)kind;
    (*at)++;
    error = take_key(client, words, at, scope);
    if (error != 0) {
        match_scope_finish(scope);
    }
    return error;
}

static void drop(const char **text)
{
    free((char *)(uintptr_t)*text);
    *text = NULL;
}

void match_scope_finish(struct match_scope *scope)
{
    drop(&scope->key.path);
    drop(&scope->key.playlist);
    drop(&scope->key.album_artist);
    drop(&scope->key.album);
    free(scope->uri);
    scope->uri = NULL;
}

void match_scope_print(struct client *client, const struct match_scope *scope)
{
    client_pair(client, "scope", reference_scope_name((int)scope->scope));
    if (scope->scope == REFERENCE_TRACK) {
        client_pair(client, "track", scope->uri);
    } else if (scope->scope == REFERENCE_PLAYLIST) {
        client_pair(client, "playlist", scope->key.playlist);
    } else if (scope->scope == REFERENCE_ALBUM) {
        client_pair(client, "artist", scope->key.album_artist);
        client_pair(client, "album", scope->key.album);
    }
}

int match_scope_read(struct client *client, const struct match_scope *scope,
                     struct playlist_sound *sound)
{
    struct server_parts *parts = server_parts(client_server(client));
    int error;

    playlist_sound_init(sound);
    error = references_read(parts->references, scope->scope, &scope->key, sound);
    if (error == -ENOENT && scope->scope != REFERENCE_PLAYLIST) {
        playlist_sound_init(sound); /* it says nothing yet */
        return 0;
    }
    if (error == -ENOENT) {
        return client_ack(client, ACK_NO_EXIST, "No such playlist");
    }
    return error == 0 ? 0 : client_ack_errno(client, error, "references");
}

int match_scope_set(struct client *client, const struct match_scope *scope,
                    const struct playlist_sound *sound)
{
    struct server *server = client_server(client);
    struct server_parts *parts = server_parts(server);
    int error = references_set(parts->references, scope->scope, &scope->key, sound);

    if (error == -ENOENT && scope->scope == REFERENCE_PLAYLIST) {
        return client_ack(client, ACK_NO_EXIST, "No such playlist");
    }
    if (error != 0) {
        return client_ack_errno(client, error, "references");
    }
    if (scope->scope == REFERENCE_PLAYLIST) {
        server_changed(server, EVENT_STORED_PLAYLIST);
    }
    server_match_changed(server);
    return 0;
}

void match_references_print(struct client *client, const struct playlist_sound *sound)
{
    struct server_parts *parts = server_parts(client_server(client));

    for (size_t i = 0; i < sound->reference_count; i++) {
        client_pair(client, "reference",
                    playlists_uri(parts->playlists, sound->references[i].path));
        client_pairf(client, "weight", "%g", sound->references[i].weight);
    }
}

void match_sound_print(struct client *client, const struct playlist_sound *sound)
{
    static const char *const names[AMOUNTS] = {"level", "eq", "width", "limiter"};

    match_references_print(client, sound);
    if (sound->preset != NULL) {
        client_pair(client, "preset", sound->preset);
    }
    for (size_t i = 0; i < AMOUNTS; i++) {
        if (!isnan(sound->amounts[i])) {
            client_pairf(client, names[i], "%g", sound->amounts[i]);
        }
    }
}
