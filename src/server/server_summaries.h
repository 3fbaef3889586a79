/*
 * server_summaries.h - summaries of the library's tracks: which is next, and when there is time.
 *
 * Threads: the server's loop, its lock held; server_summaries_close without the lock, as the thread
 * that asks for tracks takes it.
 */
#ifndef MP_SERVER_SERVER_SUMMARIES_H
#define MP_SERVER_SERVER_SUMMARIES_H

#include "player/summaries.h"

struct server;

struct server_summaries {
    struct summaries *job; /* NULL: none, there is nowhere to keep them */
    uint64_t version;      /* of the catalogue that is looked through */
    /* Uris that were copied from the catalogue and not yet given; one behind the other. */
    char *texts;
    size_t used, room, at;
    size_t passed; /* songs of the catalogue copied so far */
};

void server_summaries_open(struct server *server);
void server_summaries_close(struct server *server);
/* Goes on, or makes room, as it is now: the setting, the player, the scanner, the library. */
void server_summaries_look(struct server *server);

#endif
