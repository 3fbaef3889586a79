/*
 * queue_load.h - stored playlists into the queue, and the queue into one.
 *
 * Threads: the server's loop.
 */
#ifndef MP_SERVER_QUEUE_LOAD_H
#define MP_SERVER_QUEUE_LOAD_H

#include "server/uri_list.h"

/* What is to be queued, and which playlist it comes from. Begins as zeroes. */
struct queue_load {
    char *origin; /* of all; NULL: each has its own, or none */
    struct uri_list uris;
    struct uri_list origins; /* beside each uri, "" for none; empty: nothing has one */
    size_t marked;    /* an entry of the playlist: where it stands in `uris`, or, if it ... */
    size_t marked_at; /* ... was passed over (marked_gone), what follows it */
    bool marked_gone;
};

/* The entries [first, last) of a playlist, as far as they can be played. 0, or what client_ack
   gave; finish it either way. */
int queue_load_playlist(struct queue_load *load, struct client *client, const char *name,
                        const struct range *range);
/* Puts them into the queue there, and tells everybody. 0, or what client_ack gave: some may stand
   there then. */
int queue_load_put(const struct queue_load *load, struct client *client, size_t position);
void queue_load_finish(struct queue_load *load);

/* The first `count` entries of the queue become a playlist; .previous keeps where each of them came
   from. 0 or negative errno, as playlists_save. */
int queue_save(struct server_parts *parts, const char *name, size_t count,
               enum playlists_save mode);

#endif
