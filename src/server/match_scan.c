/*
 * match_scan.c - `match scan`: how far the reading of the music folder is.
 *
 * Answers job (0: nothing is being read), and of that job, or the last one: files (met so far),
 * read (of them new or changed), errors (unreadable), left_out (names that cannot be shown);
 * watching (1: changes are noticed by themselves), songs (in the library now).
 */
#include "server/match_verbs.h"
#include "server/server.h"

int match_scan(struct client *client, const struct words *words)
{
    const struct server_parts *parts = server_parts(client_server(client));
    struct scanner_status status;

    (void)words;
    scanner_read_status(parts->scanner, &status);
    client_pairf(client, "job", "%u", status.job);
    client_pairf(client, "files", "%zu", status.files);
    client_pairf(client, "read", "%zu", status.read);
    client_pairf(client, "errors", "%zu", status.errors);
    client_pairf(client, "left_out", "%zu", status.left_out);
    client_pair(client, "watching", status.watching ? "1" : "0");
    client_pairf(client, "songs", "%zu", catalogue_count(parts->catalogue));
    return 0;
}
