/* library_find.c - find and search, and adding what they find to the queue or a playlist. */
#include "server/library_commands.h"

#include "server/song_print.h"
#include "server/uri_list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What stands behind a command's name. */
struct selection {
    struct filter *filter;
    struct search_question question;
};

/* words[first ... end): FILTER [sort TYPE] [window START:END] */
static int selection_parse(struct client *client, struct selection *selection,
                           const struct words *words, size_t first, size_t end, bool fold)
{
    struct range window = {0, SIZE_MAX};
    struct search_order order = {SEARCH_BY_PLACE, false};
    const char *value;
    char message[512];
    int error;

    if (library_take_option(words, first, &end, "window", &value) &&
        !protocol_range(value, &window, message, sizeof message)) {
        return client_ack(client, ACK_ARG, "%s", message);
    }
    if (library_take_option(words, first, &end, "sort", &value) &&
        !search_order_parse(&order, value)) {
        return client_ack(client, ACK_ARG, "Unknown sort tag");
    }
    error = library_parse_filter(client, &selection->filter, words, first, end, fold);
    selection->question =
        (struct search_question){selection->filter, NULL, order, window.first, window.last};
    return error;
}

/* Parses and searches. The result is to be finished after 0. */
static int select_songs(struct client *client, struct search_result *result,
                        const struct words *words, size_t first, size_t end, bool fold)
{
    struct selection selection = {.filter = NULL};
    int error = selection_parse(client, &selection, words, first, end, fold);

    if (error != 0) {
        return error;
    }
    error =
        search_songs(server_parts(client_server(client))->catalogue, &selection.question, result);
    filter_destroy(selection.filter);
    return error < 0 ? client_ack_errno(client, error, "search") : 0;
}

static int print_found(struct client *client, const struct words *words, bool fold)
{
    struct search_result result;
    int error = select_songs(client, &result, words, 1, words->count, fold);

    if (error != 0) {
        return error;
    }
    for (size_t i = 0; i < result.count; i++) {
        song_print(client, server_parts(client_server(client)), result.songs[i]);
    }
    search_result_finish(&result);
    return 0;
}

int library_find(struct client *client, const struct words *words)
{
    return print_found(client, words, false);
}

int library_search(struct client *client, const struct words *words)
{
    return print_found(client, words, true);
}

/* --- adding ---------------------------------------------------------------------------------- */

/* The uris of a result as one list; one free() for all. NULL: no memory. */
static const char **uris_of(const struct catalogue *catalogue, const struct search_result *result)
{
    char uri[SONG_URI_SIZE], *text;
    size_t size = (result->count + 1) * sizeof(char *);
    const char **uris;

    for (size_t i = 0; i < result->count; i++) {
        size += strlen(song_uri(catalogue, result->songs[i], uri)) + 1;
    }
    uris = malloc(size);
    if (uris == NULL) {
        return NULL;
    }
    text = (char *)(uris + result->count + 1);
    for (size_t i = 0; i < result->count; i++) {
        uris[i] = text;
        text = stpcpy(text, song_uri(catalogue, result->songs[i], uri)) + 1;
    }
    return uris;
}

static int add_found(struct client *client, const struct words *words, bool fold)
{
    struct server_parts *parts = server_parts(client_server(client));
    size_t end = words->count, position = queue_length(parts->queue);
    struct search_result result;
    const char *value, **uris;
    int error = 0;

    if (library_take_option(words, 1, &end, "position", &value)) {
        error = queue_place_take(client, value, &position);
    }
    if (error == 0) {
        error = select_songs(client, &result, words, 1, end, fold);
    }
    if (error != 0) {
        return error;
    }
    uris = uris_of(parts->catalogue, &result);
    error = uris == NULL ? -ENOMEM : 0;
    if (error == 0 && result.count > 0) {
        error = queue_insert_many(parts->queue, position, uris, result.count, NULL, NULL);
        if (error == 0) {
            server_queue_changed(client_server(client));
        }
    }
    search_result_finish(&result);
    free(uris);
    return error < 0 ? client_ack_errno(client, error, "Playlist") : 0;
}

int library_find_add(struct client *client, const struct words *words)
{
    return add_found(client, words, false);
}

int library_search_add(struct client *client, const struct words *words)
{
    return add_found(client, words, true);
}

static int add_to_playlist(struct client *client, const struct words *words, bool fold)
{
    struct server_parts *parts = server_parts(client_server(client));
    size_t end = words->count;
    struct search_result result;
    const char *name = words->word[1], *value, **uris;
    char message[512];
    int position = -1, error;

    if (!playlists_name_is_good(name)) {
        return client_ack(client, ACK_ARG, "Bad playlist name");
    }
    if (library_take_option(words, 2, &end, "position", &value) &&
        !protocol_integer(value, &position, 0, INT32_MAX, message, sizeof message)) {
        return client_ack(client, ACK_ARG, "%s", message);
    }
    error = select_songs(client, &result, words, 2, end, fold);
    if (error != 0) {
        return error;
    }
    uris = uris_of(parts->catalogue, &result);
    error = uris == NULL ? -ENOMEM : 0;
    if (error == 0 && result.count > 0) {
        error = playlists_add(parts->playlists, name, uris, result.count, position);
        if (error == 0) {
            server_changed(client_server(client), EVENT_STORED_PLAYLIST);
        }
    }
    search_result_finish(&result);
    free(uris);
    if (error == -ERANGE) {
        return client_ack(client, ACK_ARG, "Bad position");
    }
    return error < 0 ? client_ack_errno(client, error, "playlist") : 0;
}

int library_search_add_playlist(struct client *client, const struct words *words)
{
    return add_to_playlist(client, words, true);
}

int library_find_add_playlist(struct client *client, const struct words *words)
{
    return add_to_playlist(client, words, false);
}
