/* uri_list.c - uris of clients as songs, and places of clients as positions. */
#include "server/uri_list.h"

#include "library/source.h"
#include "server/server_guests.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int uri_list_add(struct uri_list *list, const char *uri)
{
    if (list->count == list->room) {
        size_t room = list->room * 2 + 16;
        char **grown = realloc(list->uris, room * sizeof *grown);

        if (grown == NULL) {
            return -ENOMEM;
        }
        list->uris = grown;
        list->room = room;
    }
    list->uris[list->count] = strdup(uri);
    if (list->uris[list->count] == NULL) {
        return -ENOMEM;
    }
    list->count++;
    return 0;
}

int uri_list_add_song(struct uri_list *list, const struct catalogue *catalogue,
                      const struct song *song)
{
    char uri[SONG_URI_SIZE];

    return uri_list_add(list, song_uri(catalogue, song, uri));
}

void uri_list_finish(struct uri_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->uris[i]);
    }
    free(list->uris);
    memset(list, 0, sizeof *list);
}

/* --- uris ------------------------------------------------------------------------------------- */

struct gathering {
    struct uri_list *list;
    struct catalogue *catalogue;
    int error;
};

static bool gather(void *context, const struct song *song)
{
    struct gathering *gathering = context;
    struct song_facts facts;

    song_facts(gathering->catalogue, song, &facts);
    if (facts.error == NULL) {
        gathering->error = uri_list_add_song(gathering->list, gathering->catalogue, song);
    }
    return gathering->error == 0;
}

static int add_checked(struct uri_list *list, struct client *client, const char *uri)
{
    int error = uri_list_add(list, uri);

    return error == 0 ? 0 : client_ack_errno(client, error, "queue");
}

static int no_such(struct client *client, enum uri_wish wish)
{
    return client_ack(client, ACK_NO_EXIST,
                      wish == URI_FOLDERS ? "No such directory" : "No such song");
}

static int take_below(struct uri_list *list, struct client *client, const char *uri,
                      enum uri_wish wish)
{
    struct server_parts *parts = server_parts(client_server(client));
    struct gathering gathering = {list, parts->catalogue, 0};
    struct catalogue_walk walk = {.context = &gathering, .song = gather};

    if (*uri != '\0' && catalogue_find(parts->catalogue, uri) != NULL) {
        return add_checked(list, client, uri);
    }
    if (wish == URI_SONG || catalogue_walk(parts->catalogue, uri, true, &walk) == -ENOENT) {
        return no_such(client, wish);
    }
    return gathering.error == 0 ? 0 : client_ack_errno(client, gathering.error, "queue");
}

/* What is in no library; its tags are read by and by. */
static int take_guest(struct uri_list *list, struct client *client, const char *path,
                      enum uri_wish wish)
{
    const char *trouble = record_uri_trouble(path);
    struct stat status;

    if (trouble != NULL) {
        return client_ack(client, ACK_ARG, "left out, as %s; rename it", trouble);
    }
    if (stat(path, &status) != 0) {
        return client_ack(client, ACK_SYSTEM, "Failed to access %s: %s", path, strerror(errno));
    }
    if (!S_ISREG(status.st_mode) || !source_is_sound(path)) {
        return no_such(client, wish);
    }
    server_guest(client_server(client), path);
    return add_checked(list, client, path);
}

static int take_absolute(struct uri_list *list, struct client *client, const char *path,
                         enum uri_wish wish)
{
    const struct server_parts *parts = server_parts(client_server(client));
    const char *below = playlists_uri(parts->playlists, path);

    if (!client_is_local(client)) {
        return client_ack(client, ACK_PERMISSION, "Access denied");
    }
    if (below != path && catalogue_find(parts->catalogue, below) != NULL) {
        return add_checked(list, client, below);
    }
    return catalogue_find(parts->catalogue, path) != NULL ? add_checked(list, client, path)
                                                          : take_guest(list, client, path, wish);
}

int uri_list_take(struct uri_list *list, struct client *client, const char *uri, enum uri_wish wish)
{
    if (strncmp(uri, "file:///", 8) == 0) {
        return take_absolute(list, client, uri + 7, URI_SONG);
    }
    if (media_is_address(uri)) {
        if (record_uri_trouble(uri) != NULL) {
            return client_ack(client, ACK_ARG, "Malformed URI");
        }
        server_guest(client_server(client), uri);
        return add_checked(list, client, uri);
    }
    if (playlist_is_address(uri)) {
        return client_ack(client, ACK_ARG, "Unsupported URI scheme");
    }
    if (strcmp(uri, "/") == 0) {
        uri = "";
    }
    return *uri == '/' ? take_absolute(list, client, uri, wish)
                       : take_below(list, client, uri, wish);
}

/* --- places ----------------------------------------------------------------------------------- */

static int take_count(struct client *client, const char *text, size_t most, size_t *count)
{
    char message[256];
    uint32_t number;

    if (!protocol_unsigned(text, &number, message, sizeof message)) {
        return client_ack(client, ACK_ARG, "%s", message);
    }
    if (number > most) {
        return client_ack(client, ACK_ARG, "Number too large: %s", text);
    }
    *count = number;
    return 0;
}

int queue_place_take(struct client *client, const char *text, size_t *position)
{
    struct queue *queue = server_parts(client_server(client))->queue;
    long current = queue_position_of(queue, queue_current(queue));
    size_t length = queue_length(queue), count = 0;
    int status;

    if (*text != '+' && *text != '-') {
        return take_count(client, text, length, position);
    }
    if (current < 0) {
        return client_ack(client, ACK_PLAYER_SYNC, "No current song");
    }
    if (*text == '+') {
        status = take_count(client, text + 1, length - (size_t)current - 1, &count);
        *position = (size_t)current + 1 + count;
    } else {
        status = take_count(client, text + 1, (size_t)current, &count);
        *position = (size_t)current - count;
    }
    return status;
}

int queue_destination_take(struct client *client, const char *text, const struct range *moved,
                           size_t *position)
{
    struct queue *queue = server_parts(client_server(client))->queue;
    long found = queue_position_of(queue, queue_current(queue));
    size_t moved_count = moved->last - moved->first;
    size_t others = queue_length(queue) - moved_count, count = 0, current;
    int status;

    if (*text != '+' && *text != '-') {
        return take_count(client, text, others, position);
    }
    if (found < 0) {
        return client_ack(client, ACK_PLAYER_SYNC, "No current song");
    }
    current = (size_t)found;
    if (current >= moved->first && current < moved->last) {
        return client_ack(client, ACK_ARG, "Cannot move current song relative to itself");
    }
    current -= current >= moved->last ? moved_count : 0;
    if (*text == '+') {
        status = take_count(client, text + 1, others - current - 1, &count);
        *position = current + 1 + count;
    } else {
        status = take_count(client, text + 1, current, &count);
        *position = current - count;
    }
    return status;
}

/* --- into the queue --------------------------------------------------------------------------- */

int queue_refuse(struct client *client, int error)
{
    switch (-error) {
    case ENOENT:
        return client_ack(client, ACK_NO_EXIST, "No such song");
    case ERANGE:
        return client_ack(client, ACK_ARG, "Bad song index");
    case ENOSPC:
        return client_ack(client, ACK_PLAYLIST_MAX, "Playlist is too large");
    default:
        return client_ack_errno(client, error, "queue");
    }
}

int uri_list_queue(const struct uri_list *list, struct client *client, size_t position,
                   const char *origin)
{
    struct server *server = client_server(client);
    struct queue *queue = server_parts(server)->queue;
    const char *const *uris = (const char *const *)list->uris;
    int error = queue_insert_many(queue, position, uris, list->count, origin, NULL);

    if (error != 0) {
        return queue_refuse(client, error);
    }
    if (list->count > 0) {
        server_queue_changed(server);
    }
    return 0;
}
