/*
 * match_add.c - `match add PATH...`: files, folders and playlists from anywhere, to the end of the
 * queue. For local clients alone.
 *
 * Answers "position: N" (where the first one stands) and "added: N", and a "warning: LINE" for each
 * path that was left out; when the disk takes longer than a moment, "adding: 1": the entries come
 * later, and `idle playlist` tells when.
 */
#include "server/match_verbs.h"

#include "library/queue.h"
#include "server/client.h"
#include "server/server.h"
#include "server/server_guests.h"

#include <stdio.h>
#include <string.h>

enum { WAIT_MS = 150, LINE_SIZE = 512 };

struct answer {
    struct client *client;
    size_t lines;
    char first[LINE_SIZE];
};

static void keep_line(void *context, const char *line)
{
    struct answer *answer = context;

    if (answer->lines++ == 0) {
        snprintf(answer->first, sizeof answer->first, "%s", line);
    }
    client_pair(answer->client, "warning", line);
}

int match_add(struct client *client, const struct words *words)
{
    struct server *server = client_server(client);
    size_t position = queue_length(server_parts(server)->queue);
    struct answer answer = {.client = client};
    struct server_guests_watch watch = {.line = keep_line, .context = &answer};

    if (!client_is_local(client)) {
        return client_ack(client, ACK_PERMISSION, "Command only permitted to local clients");
    }
    for (size_t i = 1; i < words->count; i++) {
        if (words->word[i][0] != '/' && !playlist_is_address(words->word[i])) {
            return client_ack(client, ACK_ARG, "a path that begins with / is expected: %s",
                              words->word[i]);
        }
    }
    watch.ticket = server_guests_add(server, &words->word[1], words->count - 1);
    if (watch.ticket == 0) {
        return client_ack(client, ACK_SYSTEM, "out of memory");
    }
    if (!server_guests_wait(server, watch.ticket, WAIT_MS)) {
        client_pair(client, "adding", "1");
        return 0;
    }
    server_guests_take(server, &watch);
    if (watch.added == 0) {
        return client_ack(client, ACK_NO_EXIST, "%s",
                          answer.lines > 0 ? answer.first : "there is no sound there");
    }
    client_pairf(client, "position", "%zu", position);
    client_pairf(client, "added", "%zu", watch.added);
    return 0;
}
