/*
 * match_find.c - `match find EXPR SORT TEXT FROM +1|-1`: where the next hit is in a sorted list.
 *
 * The list is that of `find EXPR sort SORT` (EXPR "": all tracks; SORT "": in the order of the
 * tree); a hit is a track with every word of TEXT in it, or, where TEXT is an expression in
 * brackets, one that fits it. Answers "position: N", counted from 0; or nothing when there is none.
 */
#include "server/match_verbs.h"

#include "library/search.h"
#include "server/client.h"
#include "server/server.h"

#include <errno.h>
#include <string.h>

enum { MESSAGE_SIZE = 512 };

static bool direction_of(const char *word, int *direction)
{
    *direction = strcmp(word, "-1") == 0 ? -1 : 1;
    return *direction == -1 || strcmp(word, "+1") == 0 || strcmp(word, "1") == 0;
}

/* An expression, if it is one: somebody may look for "(live)". */
static void take_wanted(const char *text, struct search_hit *hit, struct filter **filter)
{
    char message[MESSAGE_SIZE];

    *hit = (struct search_hit){.text = text};
    if (text[0] == '(' && filter_parse(filter, &text, 1, false, message, sizeof message) == 0) {
        *hit = (struct search_hit){.filter = *filter};
    }
}

int match_find(struct client *client, const struct words *words)
{
    struct server_parts *parts = server_parts(client_server(client));
    struct search_order order = {SEARCH_BY_PLACE, false};
    struct filter *filter = NULL, *wanted = NULL;
    struct search_hit hit;
    char message[MESSAGE_SIZE] = "";
    uint32_t from;
    int direction;
    long position;

    if (words->word[2][0] != '\0' && !search_order_parse(&order, words->word[2])) {
        return client_ack(client, ACK_ARG, "Unknown sort tag");
    }
    if (!protocol_unsigned(words->word[4], &from, message, sizeof message)) {
        return client_ack(client, ACK_ARG, "%s", message);
    }
    if (!direction_of(words->word[5], &direction)) {
        return client_ack(client, ACK_ARG, "+1 or -1 is expected: %s", words->word[5]);
    }
    if (words->word[1][0] != '\0') {
        int error = filter_parse(&filter, &words->word[1], 1, false, message, sizeof message);

        if (error != 0) {
            return client_ack(client, error == -ENOMEM ? ACK_SYSTEM : ACK_ARG, "%s",
                              error == -ENOMEM ? "out of memory" : message);
        }
    }
    take_wanted(words->word[3], &hit, &wanted);
    position = search_next(parts->catalogue, filter, &hit, &order, from, direction);
    filter_destroy(wanted);
    filter_destroy(filter);
    if (position >= 0) {
        client_pairf(client, "position", "%ld", position);
    }
    return 0;
}
