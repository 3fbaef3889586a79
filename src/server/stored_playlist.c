/* stored_playlist.c - playlists by name, and what goes wrong with them. */
#include "server/stored_playlist.h"

#include "config/paths.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void report(void *context, const char *line)
{
    log_write(context, LOG_WARNING, "%s", line);
}

/* No way out of the music folder. */
static bool is_below(const char *name)
{
    const char *part = name;

    if (*name == '/' || *name == '\0') {
        return false;
    }
    while (part != NULL) {
        size_t length = strcspn(part, "/");

        if (length == 2 && strncmp(part, "..", 2) == 0) {
            return false;
        }
        part = strchr(part, '/');
        part = part != NULL ? part + 1 : NULL;
    }
    return true;
}

/* One that lies among the music; entries are relative to where it lies. */
static int open_file(const struct server_parts *parts, const char *name, struct playlist **playlist)
{
    char *path;
    int error;

    if (!playlist_is_named(name) || !is_below(name)) {
        return -ENOENT;
    }
    path = path_join(parts->music_directory, name);
    if (path == NULL) {
        return -ENOMEM;
    }
    error = playlist_read(playlist, path, report, parts->log);
    free(path);
    return error;
}

int stored_playlist_open(struct client *client, const char *name, struct playlist **playlist,
                         bool *stored)
{
    const struct server_parts *parts = server_parts(client_server(client));
    int error = -ENOENT;

    *stored = false;
    if (playlists_name_is_good(name)) {
        error = playlists_read(parts->playlists, name, playlist);
        *stored = error == 0;
    }
    if (error == -ENOENT) {
        error = open_file(parts, name, playlist);
    }
    return error == 0 ? 0 : stored_playlist_refuse(client, error);
}

/* Without "//", "." and "..", as if there were no links. */
static void straighten(char *path)
{
    char *out = path;
    char *in = path;

    while (*in != '\0') {
        size_t length;

        in += strspn(in, "/");
        length = strcspn(in, "/");
        if (length == 2 && strncmp(in, "..", 2) == 0) {
            while (out > path && *--out != '/') {
            }
        } else if (length > 0 && !(length == 1 && *in == '.')) {
            memmove(out + 1, in, length);
            *out = '/';
            out += length + 1;
        }
        in += length;
    }
    *out = '\0';
}

const char *stored_playlist_uri(const struct server_parts *parts, const char *path, char *text)
{
    const char *uri;

    if (*path != '/' || strlen(path) >= SONG_URI_SIZE) {
        return path;
    }
    memcpy(text, path, strlen(path) + 1);
    straighten(text);
    uri = playlists_uri(parts->playlists, text);
    return uri != text ? uri : path;
}

int stored_playlist_refuse(struct client *client, int error)
{
    switch (-error) {
    case ENOENT:
    case ENOTDIR:
    case EISDIR:
        return client_ack(client, ACK_NO_EXIST, "No such playlist");
    case EEXIST:
        return client_ack(client, ACK_EXIST, "Playlist already exists");
    case EINVAL:
    case ENAMETOOLONG:
        return client_ack(client, ACK_ARG, "Bad playlist name");
    case ENOSPC:
        return client_ack(client, ACK_PLAYLIST_MAX, "Stored playlist is too large");
    default:
        return client_ack_errno(client, error, "playlist");
    }
}

void stored_playlist_changed(struct client *client, bool sound)
{
    server_changed(client_server(client), EVENT_STORED_PLAYLIST);
    if (sound) {
        server_match_changed(client_server(client));
    }
}
