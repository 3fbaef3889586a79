/*
 * match_replace.c - `match replace`: a list is played in place of the queue; `match undo`: the
 * queue that was there before comes back.
 *
 * replace find EXPR SORT PLACE: what `find EXPR sort SORT` gives; replace playlist NAME PLACE;
 * replace folder URI PLACE: the files of a folder, not those below it, in the order of lsinfo.
 * PLACE is the one to begin with, from 0. The rules are those of queue_replace.h. Answers nothing.
 */
#include "server/library_commands.h"
#include "server/match_verbs.h"
#include "server/queue_replace.h"
#include "server/song_print.h"

#include <errno.h>
#include <string.h>

enum { MESSAGE_SIZE = 512 };

struct collecting {
    struct uri_list *uris;
    const struct catalogue *catalogue;
    int error;
};

static bool collect(void *context, const struct song *song)
{
    struct collecting *collecting = context;

    collecting->error = uri_list_add_song(collecting->uris, collecting->catalogue, song);
    return collecting->error == 0;
}

/* Each of these fills the list: 0, or what client_ack gave. words: of the verb, after KIND. */

static int load_found(struct queue_load *load, struct client *client, const struct words *words)
{
    struct catalogue *catalogue = server_parts(client_server(client))->catalogue;
    struct collecting collecting = {&load->uris, catalogue, 0};
    struct search_question question = {.order = {SEARCH_BY_PLACE, false}, .last = SIZE_MAX};
    struct search_result result;
    struct filter *filter = NULL;
    int error;

    if (words->word[1][0] != '\0' && !search_order_parse(&question.order, words->word[1])) {
        return client_ack(client, ACK_ARG, "Unknown sort tag");
    }
    error = library_parse_filter(client, &filter, words, 0, 1, false);
    if (error != 0) {
        return error;
    }
    question.filter = filter;
    error = search_songs(catalogue, &question, &result);
    filter_destroy(filter);
    if (error == 0) {
        for (size_t i = 0; i < result.count && collect(&collecting, result.songs[i]); i++) {
        }
        search_result_finish(&result);
        error = collecting.error;
    }
    return error == 0 ? 0 : client_ack_errno(client, error, "search");
}

static int load_playlist(struct queue_load *load, struct client *client, const struct words *words)
{
    const struct range all = {0, SIZE_MAX};

    return queue_load_playlist(load, client, words->word[0], &all);
}

static int load_folder(struct queue_load *load, struct client *client, const struct words *words)
{
    const struct catalogue *catalogue = server_parts(client_server(client))->catalogue;
    struct collecting collecting = {&load->uris, catalogue, 0};
    struct catalogue_walk walk = {.context = &collecting, .song = collect};

    if (catalogue_walk(catalogue, words->word[0], false, &walk) == -ENOENT) {
        return client_ack(client, ACK_NO_EXIST, "No such directory");
    }
    return collecting.error == 0 ? 0 : client_ack_errno(client, collecting.error, "queue");
}

static const struct {
    const char *name;
    size_t words;
    int (*load)(struct queue_load *load, struct client *client, const struct words *words);
} kinds[] = {
    {"find", 2, load_found},
    {"folder", 1, load_folder},
    {"playlist", 1, load_playlist},
};

int match_replace(struct client *client, const struct words *words)
{
    struct words rest = {.count = words->count - 2};
    struct queue_load load = {.marked = SIZE_MAX};
    char message[MESSAGE_SIZE];
    uint32_t place;
    int status;

    memcpy(rest.word, words->word + 2, rest.count * sizeof rest.word[0]);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kinds[i].name, words->word[1]) != 0 || rest.count != kinds[i].words + 1) {
            continue;
        }
        if (!protocol_unsigned(rest.word[rest.count - 1], &place, message, sizeof message)) {
            return client_ack(client, ACK_ARG, "%s", message);
        }
        status = kinds[i].load(&load, client, &rest);
        status = status == 0 ? queue_replace(client, &load, place) : status;
        queue_load_finish(&load);
        return status;
    }
    return client_ack(client, ACK_ARG,
                      "find EXPR SORT PLACE, playlist NAME PLACE or folder URI PLACE is expected");
}

int match_undo(struct client *client, const struct words *words)
{
    (void)words;
    return queue_undo(client);
}
