/*
 * match_folder.c - `match folder URI`: a folder of the music folder, piece by piece.
 *
 * Folders come first, then songs, as lsinfo has them; positions count both from 0.
 *     match folder URI                folders: N, songs: N
 *     match folder URI RANGE          as lsinfo, those [A, B)
 *     match folder URI place CHILD    position: N, where a uri stands in it; or nothing
 * match_find.c finds what is in a name.
 */
#include "server/match_verbs.h"
#include "server/server.h"
#include "server/song_print.h"

#include <errno.h>
#include <string.h>

enum { MESSAGE_SIZE = 256 };

struct walking {
    struct client *client;
    struct server_parts *parts;
    struct range shown;
    const char *wanted; /* NULL: nothing */
    size_t at;
    long place; /* of what is wanted; -1: it is not there */
};

static void pass(struct walking *walking, const char *uri)
{
    if (walking->wanted != NULL && strcmp(uri, walking->wanted) == 0) {
        walking->place = (long)walking->at;
    }
    walking->at++;
}

static bool pass_folder(void *context, const char *uri, int64_t modified_s)
{
    struct walking *walking = context;

    if (walking->at >= walking->shown.first && walking->at < walking->shown.last) {
        client_pair(walking->client, "directory", uri);
        if (modified_s > 0) {
            song_print_time(walking->client, "Last-Modified", modified_s);
        }
    }
    pass(walking, uri);
    return true;
}

static bool pass_song(void *context, const struct song *song)
{
    struct walking *walking = context;
    char uri[SONG_URI_SIZE];

    if (walking->at >= walking->shown.first && walking->at < walking->shown.last) {
        song_print(walking->client, walking->parts, song);
    }
    pass(walking, walking->wanted != NULL ? song_uri(walking->parts->catalogue, song, uri) : "");
    return true;
}

/* *folders: how many there are before the songs. 0, or what client_ack gave. */
static int walk(struct walking *walking, const char *uri, size_t *folders)
{
    const struct catalogue *catalogue = walking->parts->catalogue;
    const struct catalogue_walk first = {.context = walking, .folder = pass_folder};
    const struct catalogue_walk then = {.context = walking, .song = pass_song};
    int error = catalogue_walk(catalogue, uri, false, &first);

    *folders = walking->at;
    if (error == 0) {
        error = catalogue_walk(catalogue, uri, false, &then);
    }
    if (error == -ENOENT) {
        return client_ack(walking->client, ACK_NO_EXIST, "No such directory");
    }
    return error < 0 ? client_ack_errno(walking->client, error, "directory") : 0;
}

int match_folder(struct client *client, const struct words *words)
{
    struct walking walking = {.client = client,
                              .parts = server_parts(client_server(client)),
                              .wanted = words->count > 3 ? words->word[3] : NULL,
                              .place = -1};
    char message[MESSAGE_SIZE];
    size_t folders;
    int status;

    if (words->count == 3 &&
        !protocol_range(words->word[2], &walking.shown, message, sizeof message)) {
        return client_ack(client, ACK_ARG, "%s", message);
    }
    if (words->count == 4 && strcmp(words->word[2], "place") != 0) {
        return client_ack(client, ACK_ARG, "folder URI place CHILD is expected");
    }
    status = walk(&walking, words->word[1], &folders);
    if (status == 0 && words->count == 2) {
        client_pairf(client, "folders", "%zu", folders);
        client_pairf(client, "songs", "%zu", walking.at - folders);
    } else if (status == 0 && walking.place >= 0) {
        client_pairf(client, "position", "%ld", walking.place);
    }
    return status;
}
