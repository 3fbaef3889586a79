/*
 * errand.h - what a command has to ask the disk for: done in a thread of libuv's, while its client
 * waits for the answer and all others are served. A disk may sleep, or never answer.
 *
 * Threads: the server's loop, but for `work`.
 */
#ifndef MP_SERVER_ERRAND_H
#define MP_SERVER_ERRAND_H

#include "server/client.h"

struct errand_kind {
    void (*work)(void *context); /* in another thread, without the lock: touches context alone */
    /* What it found, as a command answers; not called when the client has gone meanwhile. */
    int (*answer)(struct client *client, void *context);
    void (*destroy)(void *context);
};

/* The last thing a command does: takes the context, whatever comes of it. What the client sends
   meanwhile is carried out behind the answer. 0, or what client_ack gave. */
int errand_send(struct client *client, const struct errand_kind *kind, void *context_taken);

#endif
