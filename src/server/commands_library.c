/* commands_library.c - the database: its commands, and those that browse and renew it. */
#include "server/library_commands.h"

#include "library/source.h"
#include "server/errand.h"
#include "server/song_print.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- browsing -------------------------------------------------------------------------------- */

struct browsing {
    struct client *client;
    struct server_parts *parts;
    bool with_info;
};

static bool tell_song(void *context, const struct song *song)
{
    const struct browsing *browsing = context;
    char uri[SONG_URI_SIZE];

    if (browsing->with_info) {
        song_print(browsing->client, browsing->parts, song);
    } else {
        client_pair(browsing->client, "file", song_uri(browsing->parts->catalogue, song, uri));
    }
    return true;
}

static bool tell_folder(void *context, const char *uri, int64_t modified_s)
{
    const struct browsing *browsing = context;

    client_pair(browsing->client, "directory", uri);
    if (browsing->with_info && modified_s > 0) {
        song_print_time(browsing->client, "Last-Modified", modified_s);
    }
    return true;
}

static bool tell_playlist(void *context, const char *name, int64_t modified_s)
{
    struct client *client = context;

    client_pair(client, "playlist", name);
    song_print_time(client, "Last-Modified", modified_s);
    return true;
}

/* The argument, "" for the music folder. */
static const char *uri_of(const struct words *words)
{
    const char *uri = words->count > 1 ? words->word[1] : "";

    return strcmp(uri, "/") == 0 ? "" : uri;
}

/* A song, or what is in a folder. */
static int browse(struct client *client, const char *uri, bool recursive, bool with_info)
{
    struct browsing browsing = {client, server_parts(client_server(client)), with_info};
    struct catalogue_walk walk = {&browsing, tell_folder, tell_song};
    const struct song *song = uri[0] != '/' ? catalogue_find(browsing.parts->catalogue, uri) : NULL;
    int error;

    if (song != NULL) {
        tell_song(&browsing, song);
        return 0;
    }
    if (!catalogue_is_folder(browsing.parts->catalogue, uri)) {
        return client_ack(client, ACK_NO_EXIST, "No such directory");
    }
    if (recursive && uri[0] != '\0') {
        client_pair(client, "directory", uri);
    }
    error = catalogue_walk(browsing.parts->catalogue, uri, recursive, &walk);
    return error < 0 ? client_ack_errno(client, error, "directory") : 0;
}

static int list_all(struct client *client, const struct words *words)
{
    return browse(client, uri_of(words), true, false);
}

static int list_all_info(struct client *client, const struct words *words)
{
    return browse(client, uri_of(words), true, true);
}

/* A file from anywhere, for those on this machine: it is opened to see what it is. */
struct reading {
    char *path;
    struct tags tags;
    int error;
};

static void read_file(void *context)
{
    struct reading *reading = context;

    reading->error = tags_read(&reading->tags, reading->path, NULL);
}

static int show_tags(struct client *client, void *context)
{
    const struct reading *reading = context;

    if (reading->error < 0) {
        return client_ack(client, ACK_NO_EXIST, "No such file");
    }
    song_print_tags(client, reading->path, &reading->tags);
    return 0;
}

static void destroy_reading(void *context)
{
    struct reading *reading = context;

    if (reading->error == 0) {
        tags_finish(&reading->tags);
    }
    free(reading->path);
    free(reading);
}

static int show_file(struct client *client, const char *path)
{
    static const struct errand_kind kind = {read_file, show_tags, destroy_reading};
    struct reading *reading;

    if (!client_is_local(client)) {
        return client_ack(client, ACK_PERMISSION, "Access denied");
    }
    if (!source_is_sound(path)) {
        return client_ack(client, ACK_NO_EXIST, "No such file");
    }
    reading = calloc(1, sizeof *reading);
    if (reading == NULL || (reading->path = strdup(path)) == NULL) {
        free(reading);
        return client_ack_errno(client, -ENOMEM, "file");
    }
    return errand_send(client, &kind, reading);
}

static int list_info(struct client *client, const struct words *words)
{
    struct playlists *playlists = server_parts(client_server(client))->playlists;
    const char *uri = uri_of(words);
    int result;

    if (strncmp(uri, "file://", 7) == 0) {
        uri += 7;
    }
    if (uri[0] == '/') {
        return show_file(client, uri);
    }
    result = browse(client, uri, false, true);
    if (result == 0 && uri[0] == '\0') {
        playlists_each(playlists, tell_playlist, client);
    }
    return result;
}

/* --- renewing -------------------------------------------------------------------------------- */

bool library_uri_is_safe(const char *uri)
{
    for (;;) {
        size_t length = strcspn(uri, "/");

        if (length == 0 || (length <= 2 && strncmp(uri, "..", length) == 0)) {
            return false;
        }
        if (uri[length] == '\0') {
            return true;
        }
        uri += length + 1;
    }
}

static int update(struct client *client, const struct words *words, bool again)
{
    struct server *server = client_server(client);
    const char *uri = uri_of(words);
    unsigned job;

    if (uri[0] != '\0' && !library_uri_is_safe(uri)) {
        return client_ack(client, ACK_ARG, "Malformed path");
    }
    job = scanner_update(server_parts(server)->scanner, uri, again);
    if (job == 0) {
        return client_ack(client, ACK_UPDATE_ALREADY, "already updating");
    }
    client_pairf(client, "updating_db", "%u", job);
    server_changed(server, EVENT_UPDATE);
    return 0;
}

static int update_changed(struct client *client, const struct words *words)
{
    return update(client, words, false);
}

static int update_all(struct client *client, const struct words *words)
{
    return update(client, words, true);
}

static const struct server_command commands[] = {
    {"albumart", PERMISSION_READ, 2, 2, library_album_art},
    {"count", PERMISSION_READ, 1, -1, library_count},
    {"find", PERMISSION_READ, 1, -1, library_find},
    {"findadd", PERMISSION_ADD, 1, -1, library_find_add},
    {"list", PERMISSION_READ, 1, -1, library_list},
    {"listall", PERMISSION_READ, 0, 1, list_all},
    {"listallinfo", PERMISSION_READ, 0, 1, list_all_info},
    {"lsinfo", PERMISSION_READ, 0, 1, list_info},
    {"readcomments", PERMISSION_READ, 1, 1, library_read_comments},
    {"readpicture", PERMISSION_READ, 2, 2, library_read_picture},
    {"rescan", PERMISSION_CONTROL, 0, 1, update_all},
    {"search", PERMISSION_READ, 1, -1, library_search},
    {"searchadd", PERMISSION_ADD, 1, -1, library_search_add},
    {"searchaddpl", PERMISSION_CONTROL, 2, -1, library_search_add_playlist},
    {"update", PERMISSION_CONTROL, 0, 1, update_changed},
};

const struct command_set commands_library = {commands, sizeof commands / sizeof commands[0]};
