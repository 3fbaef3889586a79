/*
 * server_summaries.h - what the summaries are taken of: the tracks of the library, in its order.
 *
 * Threads: the server's loop; the summaries' own thread asks for the next track, and takes the
 * server's lock for that.
 */
#ifndef MP_SERVER_SERVER_SUMMARIES_H
#define MP_SERVER_SERVER_SUMMARIES_H

#include <stddef.h>

struct server;

enum { SUMMARIES_BATCH = 256 };

/* Used by the summaries' thread, with the server's lock held. */
struct server_summaries {
    char *uris[SUMMARIES_BATCH]; /* to come next */
    size_t count, at;
    char *last; /* the last one given; NULL: none */
};

void server_summaries_open(struct server *server);  /* does without what cannot be had */
void server_summaries_close(struct server *server); /* without the server's lock */

#endif
