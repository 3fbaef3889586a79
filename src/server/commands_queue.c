/* commands_queue.c - what is to be played: the table, and what only looks. */
#include "library/search.h"
#include "server/commands.h"
#include "server/queue_commands.h"
#include "server/song_print.h"
#include "server/uri_list.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* --- entries as answers ------------------------------------------------------------------------
 */

struct printing {
    struct client *client;
    struct server_parts *parts;
    uint32_t since; /* only what has changed since that version */
    bool all;       /* whatever its version */
    const struct filter *filter;
};

static void print_entry(const struct printing *printing, const struct queue_entry *entry)
{
    song_print_uri(printing->client, printing->parts, entry->uri);
    client_pairf(printing->client, "Pos", "%u", (unsigned)entry->position);
    client_pairf(printing->client, "Id", "%u", (unsigned)entry->id);
    if (entry->priority > 0) {
        client_pairf(printing->client, "Prio", "%u", (unsigned)entry->priority);
    }
}

static bool print_one(void *context, const struct queue_entry *entry)
{
    print_entry(context, entry);
    return true;
}

static bool print_uri(void *context, const struct queue_entry *entry)
{
    const struct printing *printing = context;
    char name[32];

    snprintf(name, sizeof name, "%u:file", (unsigned)entry->position);
    client_pair(printing->client, name, entry->uri);
    return true;
}

static bool print_changed(void *context, const struct queue_entry *entry)
{
    const struct printing *printing = context;

    if (printing->all || entry->version > printing->since) {
        print_entry(printing, entry);
    }
    return true;
}

static bool print_changed_id(void *context, const struct queue_entry *entry)
{
    const struct printing *printing = context;

    if (printing->all || entry->version > printing->since) {
        client_pairf(printing->client, "cpos", "%u", (unsigned)entry->position);
        client_pairf(printing->client, "Id", "%u", (unsigned)entry->id);
    }
    return true;
}

static bool print_fitting(void *context, const struct queue_entry *entry)
{
    const struct printing *printing = context;
    const struct song *song = catalogue_find(printing->parts->catalogue, entry->uri);

    if (song != NULL && filter_fits(printing->filter, printing->parts->catalogue, song)) {
        print_entry(printing, entry);
    }
    return true;
}

static struct printing begin(struct client *client)
{
    return (struct printing){.client = client, .parts = server_parts(client_server(client))};
}

/* --- commands ----------------------------------------------------------------------------------
 */

static int run_playlist(struct client *client, const struct words *words)
{
    struct printing printing = begin(client);

    (void)words;
    queue_each(printing.parts->queue, 0, SIZE_MAX, print_uri, &printing);
    return 0;
}

static int run_playlistinfo(struct client *client, const struct words *words)
{
    struct printing printing = begin(client);
    struct range range = {0, SIZE_MAX};
    char message[256];

    if (words->count > 1 && !protocol_range(words->word[1], &range, message, sizeof message)) {
        return client_ack(client, ACK_ARG, "%s", message);
    }
    if (range.first > queue_length(printing.parts->queue)) {
        return queue_refuse(client, -ERANGE);
    }
    queue_each(printing.parts->queue, range.first, range.last, print_one, &printing);
    return 0;
}

static int run_playlistid(struct client *client, const struct words *words)
{
    struct printing printing = begin(client);
    struct queue_entry entry;
    char message[256];
    uint32_t id;

    if (words->count == 1) {
        queue_each(printing.parts->queue, 0, SIZE_MAX, print_one, &printing);
        return 0;
    }
    if (!protocol_unsigned(words->word[1], &id, message, sizeof message)) {
        return client_ack(client, ACK_ARG, "%s", message);
    }
    if (!queue_read(printing.parts->queue, id, &entry)) {
        return queue_refuse(client, -ENOENT);
    }
    print_entry(&printing, &entry);
    return 0;
}

static int find(struct client *client, const struct words *words, bool fold)
{
    struct printing printing = begin(client);
    struct filter *filter = NULL;
    char message[256] = "";
    int error =
        filter_parse(&filter, words->word + 1, words->count - 1, fold, message, sizeof message);

    if (error != 0) {
        return error == -EINVAL ? client_ack(client, ACK_ARG, "%s", message)
                                : client_ack_errno(client, error, "filter");
    }
    printing.filter = filter;
    queue_each(printing.parts->queue, 0, SIZE_MAX, print_fitting, &printing);
    filter_destroy(filter);
    return 0;
}

static int run_playlistfind(struct client *client, const struct words *words)
{
    return find(client, words, false);
}

static int run_playlistsearch(struct client *client, const struct words *words)
{
    return find(client, words, true);
}

static int print_changes(struct client *client, const struct words *words,
                         bool (*print)(void *context, const struct queue_entry *entry))
{
    struct printing printing = begin(client);
    struct range range = {0, SIZE_MAX};
    char message[256];

    if (strcmp(words->word[1], "-1") == 0) { /* what old clients say for all of it */
        printing.since = UINT32_MAX;
    } else if (!protocol_unsigned(words->word[1], &printing.since, message, sizeof message)) {
        return client_ack(client, ACK_ARG, "%s", message);
    }
    if ((words->count > 2 && !protocol_range(words->word[2], &range, message, sizeof message))) {
        return client_ack(client, ACK_ARG, "%s", message);
    }
    /* A version that is yet to come was another player's: all is new. */
    printing.all = printing.since > queue_version(printing.parts->queue);
    queue_each(printing.parts->queue, range.first, range.last, print, &printing);
    return 0;
}

static int run_plchanges(struct client *client, const struct words *words)
{
    return print_changes(client, words, print_changed);
}

static int run_plchangesposid(struct client *client, const struct words *words)
{
    return print_changes(client, words, print_changed_id);
}

static const struct server_command commands[] = {
    {"add", PERMISSION_ADD, 1, 2, queue_run_add},
    {"addid", PERMISSION_ADD, 1, 2, queue_run_addid},
    {"clear", PERMISSION_PLAYER, 0, 0, queue_run_clear},
    {"delete", PERMISSION_PLAYER, 1, 1, queue_run_delete},
    {"deleteid", PERMISSION_PLAYER, 1, 1, queue_run_deleteid},
    {"move", PERMISSION_PLAYER, 2, 2, queue_run_move},
    {"moveid", PERMISSION_PLAYER, 2, 2, queue_run_moveid},
    {"playlist", PERMISSION_READ, 0, 0, run_playlist},
    {"playlistfind", PERMISSION_READ, 1, -1, run_playlistfind},
    {"playlistid", PERMISSION_READ, 0, 1, run_playlistid},
    {"playlistinfo", PERMISSION_READ, 0, 1, run_playlistinfo},
    {"playlistsearch", PERMISSION_READ, 1, -1, run_playlistsearch},
    {"plchanges", PERMISSION_READ, 1, 2, run_plchanges},
    {"plchangesposid", PERMISSION_READ, 1, 2, run_plchangesposid},
    {"prio", PERMISSION_PLAYER, 2, -1, queue_run_prio},
    {"prioid", PERMISSION_PLAYER, 2, -1, queue_run_prioid},
    {"shuffle", PERMISSION_PLAYER, 0, 1, queue_run_shuffle},
    {"swap", PERMISSION_PLAYER, 2, 2, queue_run_swap},
    {"swapid", PERMISSION_PLAYER, 2, 2, queue_run_swapid},
};

const struct command_set commands_queue = {commands, sizeof commands / sizeof commands[0]};
