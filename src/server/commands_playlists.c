/* commands_playlists.c - stored playlists: listed, loaded, saved, changed. */
#include "server/commands.h"
#include "server/queue_load.h"
#include "server/song_print.h"
#include "server/stored_playlist.h"

#include <errno.h>
#include <string.h>

static struct server_parts *parts_of(const struct client *client)
{
    return server_parts(client_server(client));
}

/* What a change gave back, as an answer; `sound`: it may be heard. */
static int finish(struct client *client, int error, bool sound)
{
    if (error != 0) {
        return stored_playlist_refuse(client, error);
    }
    stored_playlist_changed(client, sound);
    return 0;
}

static int take_unsigned(struct client *client, const char *text, uint32_t *number)
{
    char message[256];

    return protocol_unsigned(text, number, message, sizeof message)
               ? 0
               : client_ack(client, ACK_ARG, "%s", message);
}

/* --- looking -----------------------------------------------------------------------------------
 */

static bool print_name(void *context, const char *name, int64_t modified_s)
{
    client_pair(context, "playlist", name);
    song_print_time(context, "Last-Modified", modified_s);
    return true;
}

static int run_listplaylists(struct client *client, const struct words *words)
{
    int error = playlists_each(parts_of(client)->playlists, print_name, client);

    (void)words;
    return error == 0 ? 0 : stored_playlist_refuse(client, error);
}

static int list(struct client *client, const char *name, bool with_info)
{
    struct server_parts *parts = parts_of(client);
    struct playlist *playlist;
    bool stored;
    int status = stored_playlist_open(client, name, &playlist, &stored);

    for (size_t i = 0; status == 0 && i < playlist->count; i++) {
        char text[SONG_URI_SIZE];
        const char *uri = stored_playlist_uri(parts, playlist->entries[i].path, text);

        if (with_info) {
            song_print_uri(client, parts, uri);
        } else {
            client_pair(client, "file", uri);
        }
    }
    if (status == 0) {
        playlist_destroy(playlist);
    }
    return status;
}

static int run_listplaylist(struct client *client, const struct words *words)
{
    return list(client, words->word[1], false);
}

static int run_listplaylistinfo(struct client *client, const struct words *words)
{
    return list(client, words->word[1], true);
}

/* --- into the queue ----------------------------------------------------------------------------
 */

static int run_load(struct client *client, const struct words *words)
{
    struct range range = {0, SIZE_MAX};
    size_t position = queue_length(parts_of(client)->queue);
    struct queue_load load = {0};
    char message[256];
    int status = 0;

    if (words->count > 2 && !protocol_range(words->word[2], &range, message, sizeof message)) {
        return client_ack(client, ACK_ARG, "%s", message);
    }
    if (words->count > 3) {
        status = queue_place_take(client, words->word[3], &position);
    }
    if (status == 0) {
        status = queue_load_playlist(&load, client, words->word[1], &range);
    }
    if (status == 0) {
        status = queue_load_put(&load, client, position);
    }
    queue_load_finish(&load);
    return status;
}

/* --- changing ----------------------------------------------------------------------------------
 */

static int run_save(struct client *client, const struct words *words)
{
    const char *mode_name = words->count > 2 ? words->word[2] : "create";
    enum playlists_save mode;

    if (strcmp(mode_name, "create") == 0) {
        mode = PLAYLISTS_CREATE;
    } else if (strcmp(mode_name, "append") == 0) {
        mode = PLAYLISTS_APPEND;
    } else if (strcmp(mode_name, "replace") == 0) {
        mode = PLAYLISTS_REPLACE;
    } else {
        return client_ack(client, ACK_ARG,
                          "Unrecognized save mode, expected one of 'create', "
                          "'append', 'replace'");
    }
    return finish(client, queue_save(parts_of(client), words->word[1], SIZE_MAX, mode), false);
}

static int run_playlistadd(struct client *client, const struct words *words)
{
    struct server_parts *parts = parts_of(client);
    struct uri_list uris = {0};
    uint32_t position = 0;
    bool has_place = words->count > 3;
    int status = has_place ? take_unsigned(client, words->word[3], &position) : 0;
    int error;

    if (status == 0 && !playlists_name_is_good(words->word[1])) {
        status = stored_playlist_refuse(client, -EINVAL);
    }
    if (status == 0) {
        status = uri_list_take(&uris, client, words->word[2], URI_FOLDERS);
    }
    if (status == 0) {
        error = playlists_add(parts->playlists, words->word[1], (const char *const *)uris.uris,
                              uris.count, has_place ? (long)position : -1);
        status = error == -ERANGE ? client_ack(client, ACK_ARG, "Bad position")
                                  : finish(client, error, false);
    }
    uri_list_finish(&uris);
    return status;
}

static int run_playlistdelete(struct client *client, const struct words *words)
{
    struct server_parts *parts = parts_of(client);
    struct playlist *playlist;
    struct range range;
    char message[256];
    int error;

    if (!protocol_range(words->word[2], &range, message, sizeof message)) {
        return client_ack(client, ACK_ARG, "%s", message);
    }
    error = playlists_read(parts->playlists, words->word[1], &playlist);
    if (error == 0) {
        range.last = range.last < playlist->count ? range.last : playlist->count;
        error = range.first > playlist->count ? -ERANGE : 0;
        playlist_destroy(playlist);
    }
    if (error == 0 && range.first < range.last) {
        error = playlists_delete(parts->playlists, words->word[1], range.first, range.last);
    }
    if (error == -ERANGE) {
        return client_ack(client, ACK_ARG, "Bad song index");
    }
    return finish(client, error, false);
}

static int run_playlistmove(struct client *client, const struct words *words)
{
    uint32_t from, to;
    int status = take_unsigned(client, words->word[2], &from);
    int error;

    if (status == 0) {
        status = take_unsigned(client, words->word[3], &to);
    }
    if (status != 0 || from == to) {
        return status; /* MPD does not look whether there is such a one, either */
    }
    error = playlists_move(parts_of(client)->playlists, words->word[1], from, to);
    return error == -ERANGE ? client_ack(client, ACK_ARG, "Bad range")
                            : finish(client, error, false);
}

static int run_playlistclear(struct client *client, const struct words *words)
{
    return finish(client, playlists_clear(parts_of(client)->playlists, words->word[1]), false);
}

/* Entries of the queue that came from it follow: its reference is theirs on. */
static int run_rename(struct client *client, const struct words *words)
{
    struct server_parts *parts = parts_of(client);
    int error = playlists_rename(parts->playlists, words->word[1], words->word[2]);

    if (error == -EEXIST) {
        return client_ack(client, ACK_EXIST, "Playlist exists already");
    }
    if (error == 0) {
        queue_rename_origin(parts->queue, words->word[1], words->word[2]);
        server_queue_changed(client_server(client));
    }
    return finish(client, error, true);
}

static int run_rm(struct client *client, const struct words *words)
{
    struct server_parts *parts = parts_of(client);
    int error = playlists_remove(parts->playlists, words->word[1]);

    if (error == 0) {
        queue_rename_origin(parts->queue, words->word[1], NULL);
        server_queue_changed(client_server(client));
    }
    return finish(client, error, true);
}

static const struct server_command commands[] = {
    {"listplaylist", PERMISSION_READ, 1, 1, run_listplaylist},
    {"listplaylistinfo", PERMISSION_READ, 1, 1, run_listplaylistinfo},
    {"listplaylists", PERMISSION_READ, 0, 0, run_listplaylists},
    {"load", PERMISSION_ADD, 1, 3, run_load},
    {"playlistadd", PERMISSION_CONTROL, 2, 3, run_playlistadd},
    {"playlistclear", PERMISSION_CONTROL, 1, 1, run_playlistclear},
    {"playlistdelete", PERMISSION_CONTROL, 2, 2, run_playlistdelete},
    {"playlistmove", PERMISSION_CONTROL, 3, 3, run_playlistmove},
    {"rename", PERMISSION_CONTROL, 2, 2, run_rename},
    {"rm", PERMISSION_CONTROL, 1, 1, run_rm},
    {"save", PERMISSION_CONTROL, 1, 2, run_save},
};

const struct command_set commands_playlists = {commands, sizeof commands / sizeof commands[0]};
