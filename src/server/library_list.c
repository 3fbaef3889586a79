/* library_list.c - list and count: the values of tags, and how much there is. */
#include "server/library_commands.h"

#include "server/song_print.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>

/* What is told row by row; a group's value is told again where it, or one further out, changes. */
struct listing {
    struct client *client;
    enum tag kind, groups[SEARCH_GROUPS_MAX];
    size_t group_count;
    const char *told[SEARCH_GROUPS_MAX];
};

static bool tell_row(void *context, const char *const values[])
{
    struct listing *listing = context;
    bool again = false;

    /* The last group is the outermost. Each string is kept once: the pointers tell. */
    for (size_t g = listing->group_count; g-- > 0;) {
        again = again || listing->told[g] != values[g + 1];
        if (again) {
            client_pair(listing->client, tag_name(listing->groups[g]), values[g + 1]);
            listing->told[g] = values[g + 1];
        }
    }
    client_pair(listing->client, tag_name(listing->kind), values[0]);
    return true;
}

static int list_files(struct client *client, const struct words *words, size_t end,
                      const struct range *window)
{
    struct server_parts *parts = server_parts(client_server(client));
    struct search_question question;
    struct filter *filter = NULL;
    struct search_result result;
    char uri[SONG_URI_SIZE];
    int error = end > 2 ? library_parse_filter(client, &filter, words, 2, end, false) : 0;

    if (error != 0) {
        return error;
    }
    question = (struct search_question){
        filter, NULL, {SEARCH_BY_PLACE, false}, window->first, window->last};
    error = search_songs(parts->catalogue, &question, &result);
    filter_destroy(filter);
    if (error < 0) {
        return client_ack_errno(client, error, "list");
    }
    for (size_t i = 0; i < result.count; i++) {
        client_pair(client, "file", song_uri(parts->catalogue, result.songs[i], uri));
    }
    search_result_finish(&result);
    return 0;
}

/* Groups from the end of the words on. They are kept as they are written: the last one outermost.
 */
static int take_groups(struct client *client, struct listing *listing, const struct words *words,
                       size_t *end)
{
    enum tag groups[SEARCH_GROUPS_MAX];
    const char *value;
    size_t count = 0;

    while (library_take_option(words, 2, end, "group", &value)) {
        int group = tag_named(value);
        bool is_known = group >= 0 && (enum tag)group == listing->kind;

        if (group < 0) {
            return client_ack(client, ACK_ARG, "Unknown tag type: %s", value);
        }
        for (size_t g = 0; g < count; g++) {
            is_known = is_known || groups[g] == (enum tag)group;
        }
        if (is_known) {
            return client_ack(client, ACK_ARG, "Conflicting group");
        }
        if (count == SEARCH_GROUPS_MAX) {
            return client_ack(client, ACK_ARG, "Too many groups");
        }
        groups[count++] = (enum tag)group;
    }
    for (size_t g = 0; g < count; g++) {
        listing->groups[g] = groups[count - 1 - g];
    }
    listing->group_count = count;
    return 0;
}

/* `list album ARTIST`, as it was before filters. */
static int parse_list_filter(struct client *client, struct filter **filter, enum tag kind,
                             const struct words *words, size_t end)
{
    struct words pair = {{"list", "artist", end > 2 ? words->word[2] : ""}, 3};

    if (end == 2) {
        *filter = NULL;
        return 0;
    }
    if (end == 3 && words->word[2][0] != '(') {
        if (kind != TAG_ALBUM) {
            return client_ack(client, ACK_ARG, "should be \"%s\" for 3 arguments",
                              tag_name(TAG_ALBUM));
        }
        return library_parse_filter(client, filter, &pair, 1, 3, false);
    }
    return library_parse_filter(client, filter, words, 2, end, false);
}

int library_list(struct client *client, const struct words *words)
{
    struct listing listing = {.client = client};
    struct range window = {0, SIZE_MAX};
    struct search_columns columns;
    struct filter *filter = NULL;
    size_t end = words->count;
    const char *name = words->word[1], *value;
    char message[512];
    int kind = tag_named(name), error;

    if (library_take_option(words, 2, &end, "window", &value) &&
        !protocol_range(value, &window, message, sizeof message)) {
        return client_ack(client, ACK_ARG, "%s", message);
    }
    if (strcasecmp(name, "file") == 0 || strcasecmp(name, "filename") == 0) {
        return list_files(client, words, end, &window);
    }
    if (kind < 0) {
        return client_ack(client, ACK_ARG, "Unknown tag type: %s", name);
    }
    listing.kind = (enum tag)kind;
    error = take_groups(client, &listing, words, &end);
    if (error == 0) {
        error = parse_list_filter(client, &filter, listing.kind, words, end);
    }
    if (error != 0) {
        return error;
    }
    columns = (struct search_columns){listing.kind, listing.groups, listing.group_count,
                                      filter,       window.first,   window.last};
    error =
        search_list(server_parts(client_server(client))->catalogue, &columns, tell_row, &listing);
    filter_destroy(filter);
    return error < 0 ? client_ack_errno(client, error, "list") : 0;
}

struct counting {
    struct client *client;
    int group; /* -1: none */
};

static bool tell_count(void *context, const char *value, size_t songs, double seconds)
{
    const struct counting *counting = context;

    if (counting->group >= 0) {
        client_pair(counting->client, tag_name((enum tag)counting->group), value);
    }
    client_pairf(counting->client, "songs", "%zu", songs);
    client_pairf(counting->client, "playtime", "%" PRIu64, (uint64_t)seconds);
    return true;
}

int library_count(struct client *client, const struct words *words)
{
    struct counting counting = {client, -1};
    struct filter *filter = NULL;
    size_t end = words->count;
    const char *value;
    int error = 0;

    if (library_take_option(words, 1, &end, "group", &value)) {
        counting.group = tag_named(value);
        if (counting.group < 0) {
            return client_ack(client, ACK_ARG, "Unknown tag type: %s", value);
        }
    }
    if (end > 1) {
        error = library_parse_filter(client, &filter, words, 1, end, false);
    }
    if (error != 0) {
        return error;
    }
    error = search_count(server_parts(client_server(client))->catalogue, filter, counting.group,
                         tell_count, &counting);
    filter_destroy(filter);
    return error < 0 ? client_ack_errno(client, error, "count") : 0;
}
