/*
 * match_find.c - `match find`: where the next hit is in a sorted list, the queue or a playlist.
 *
 *     match find EXPR SORT TEXT FROM WAY      the list of `find EXPR sort SORT` (EXPR "": all
 *                                             tracks; SORT "": in the order of the tree)
 *     match find queue TEXT FROM WAY
 *     match find playlist NAME TEXT FROM WAY
 *     match find folder URI TEXT FROM WAY     what `match folder` shows, by names alone
 *
 * A hit is a track with every word of TEXT in it, or, where TEXT is an expression in brackets, one
 * that fits it. WAY: +1 or -1; +0 and -0 where FROM itself counts first. Hits at the starts of
 * words come first (base/hits.h). Answers "position: N", counted from 0; or nothing when
 * there is none.
 */
#include "server/match_verbs.h"

#include "library/search.h"
#include "library/search_words.h"
#include "server/client.h"
#include "server/server.h"
#include "server/song_print.h"
#include "server/uri_list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGE_SIZE = 512, QUEUE_WORDS = 5, LIST_WORDS = 6 };

static bool way_of(const char *word, struct hits_way *way)
{
    bool has_sign = *word == '+' || *word == '-';
    const char *digit = has_sign ? word + 1 : word;

    way->direction = *word == '-' ? -1 : 1;
    way->itself = *digit == '0';
    return strcmp(digit, "1") == 0 || (has_sign && strcmp(digit, "0") == 0);
}

/* words[first]: TEXT, FROM, WAY. 0, or what client_ack gave. */
static int take_way(struct client *client, const struct words *words, size_t first,
                    struct hits_way *way)
{
    char message[MESSAGE_SIZE] = "";
    uint32_t from;

    if (!protocol_unsigned(words->word[first + 1], &from, message, sizeof message)) {
        return client_ack(client, ACK_ARG, "%s", message);
    }
    way->from = from;
    if (!way_of(words->word[first + 2], way)) {
        return client_ack(client, ACK_ARG, "+1, -1, +0 or -0 is expected: %s",
                          words->word[first + 2]);
    }
    return 0;
}

/* An expression, if it is one: somebody may look for "(live)". The filter is to be destroyed. */
static void take_wanted(const char *text, struct search_hit *hit, struct filter **filter)
{
    char message[MESSAGE_SIZE];

    *hit = (struct search_hit){.text = text};
    *filter = NULL;
    if (text[0] == '(' && filter_parse(filter, &text, 1, false, message, sizeof message) == 0) {
        *hit = (struct search_hit){.filter = *filter};
    }
}

static void tell(struct client *client, long position)
{
    if (position >= 0) {
        client_pairf(client, "position", "%ld", position);
    }
}

static int find_in_library(struct client *client, const struct words *words)
{
    struct server_parts *parts = server_parts(client_server(client));
    struct search_order order = {SEARCH_BY_PLACE, false};
    struct filter *filter = NULL, *wanted;
    struct search_hit hit;
    struct hits_way way;
    char message[MESSAGE_SIZE] = "";
    int error;

    if (words->word[2][0] != '\0' && !search_order_parse(&order, words->word[2])) {
        return client_ack(client, ACK_ARG, "Unknown sort tag");
    }
    error = take_way(client, words, 3, &way);
    if (error != 0) {
        return error;
    }
    if (words->word[1][0] != '\0') {
        error = filter_parse(&filter, &words->word[1], 1, false, message, sizeof message);
        if (error != 0) {
            return client_ack(client, error == -ENOMEM ? ACK_SYSTEM : ACK_ARG, "%s",
                              error == -ENOMEM ? "out of memory" : message);
        }
    }
    take_wanted(words->word[3], &hit, &wanted);
    tell(client, search_next(parts->catalogue, filter, &hit, &order, &way));
    filter_destroy(wanted);
    filter_destroy(filter);
    return 0;
}

/* words[first]: TEXT FROM WAY. */
static int find_uri(struct client *client, const struct words *words, size_t first,
                    const char *const uris[], size_t count)
{
    struct filter *wanted;
    struct search_hit hit;
    struct hits_way way;
    int error = take_way(client, words, first, &way);

    if (error != 0) {
        return error;
    }
    take_wanted(words->word[first], &hit, &wanted);
    tell(client,
         search_next_uri(server_parts(client_server(client))->catalogue, uris, count, &hit, &way));
    filter_destroy(wanted);
    return 0;
}

struct queue_uris {
    const char **uris;
    size_t count;
};

static bool take_uri(void *context, const struct queue_entry *entry)
{
    struct queue_uris *taken = context;

    taken->uris[taken->count++] = entry->uri;
    return true;
}

static int find_in_queue(struct client *client, const struct words *words)
{
    struct queue *queue = server_parts(client_server(client))->queue;
    size_t length = queue_length(queue);
    struct queue_uris taken = {calloc(length + 1, sizeof *taken.uris), 0};
    int error;

    if (taken.uris == NULL) {
        return client_ack_errno(client, -ENOMEM, "search");
    }
    queue_each(queue, 0, length, take_uri, &taken);
    error = find_uri(client, words, 2, taken.uris, taken.count);
    free(taken.uris);
    return error;
}

static int find_in_playlist(struct client *client, const struct words *words)
{
    struct server_parts *parts = server_parts(client_server(client));
    struct playlist *playlist;
    const char **uris;
    int error = playlists_read(parts->playlists, words->word[2], &playlist);

    if (error != 0) {
        return client_ack_errno(client, error, "playlist");
    }
    uris = calloc(playlist->count + 1, sizeof *uris);
    for (size_t i = 0; uris != NULL && i < playlist->count; i++) {
        uris[i] = playlists_uri(parts->playlists, playlist->entries[i].path);
    }
    error = uris != NULL ? find_uri(client, words, 3, uris, playlist->count)
                         : client_ack_errno(client, -ENOMEM, "search");
    free(uris);
    playlist_destroy(playlist);
    return error;
}

/* --- in a folder --- */

struct names {
    struct catalogue *catalogue;
    struct uri_list uris;
    struct search_query query;
    int error;
};

static bool take_folder(void *context, const char *uri, int64_t modified_s)
{
    struct names *names = context;

    (void)modified_s;
    names->error = uri_list_add(&names->uris, uri);
    return names->error == 0;
}

static bool take_song(void *context, const struct song *song)
{
    struct names *names = context;

    names->error = uri_list_add_song(&names->uris, names->catalogue, song);
    return names->error == 0;
}

static enum words_class class_of_name(const void *context, size_t place)
{
    const struct names *names = context;

    return search_query_name(&names->query, names->uris.uris[place]);
}

static int find_in_folder(struct client *client, const struct words *words)
{
    struct names names = {.catalogue = server_parts(client_server(client))->catalogue};
    const struct catalogue_walk folders = {.context = &names, .folder = take_folder};
    const struct catalogue_walk songs = {.context = &names, .song = take_song};
    struct hits_way way;
    int error = take_way(client, words, 3, &way);

    if (error != 0) {
        return error;
    }
    if (catalogue_walk(names.catalogue, words->word[2], false, &folders) == -ENOENT) {
        return client_ack(client, ACK_NO_EXIST, "No such directory");
    }
    if (names.error == 0) {
        catalogue_walk(names.catalogue, words->word[2], false, &songs);
    }
    if (names.error == 0) {
        const struct hits hits = {names.uris.count, class_of_name, &names};

        search_query_make(&names.query, words->word[3]);
        tell(client, hits_next(&hits, &way));
    } else {
        error = client_ack_errno(client, names.error, "search");
    }
    uri_list_finish(&names.uris);
    return error;
}

int match_find(struct client *client, const struct words *words)
{
    bool in_queue = strcmp(words->word[1], "queue") == 0;

    if (words->count != (in_queue ? QUEUE_WORDS : LIST_WORDS)) {
        return client_ack(client, ACK_ARG, "wrong number of arguments for \"match find\"");
    }
    if (in_queue) {
        return find_in_queue(client, words);
    }
    if (strcmp(words->word[1], "folder") == 0) {
        return find_in_folder(client, words);
    }
    return strcmp(words->word[1], "playlist") == 0 ? find_in_playlist(client, words)
                                                   : find_in_library(client, words);
}
