/*
 * server_memory.h - keeps the player's memory under `memory_limit`.
 *
 * Past it what is kept for speed is let go: pages of the cache, what searches have sorted,
 * matches that nobody plays, plans made two tracks ahead; and what was freed is given back to the
 * system. While that is not enough, new references are refused. The music goes on as it is.
 *
 * Threads: the server's loop.
 */
#ifndef MP_SERVER_SERVER_MEMORY_H
#define MP_SERVER_SERVER_MEMORY_H

#include <stdbool.h>
#include <uv.h>

struct server;

struct server_memory {
    uv_timer_t timer;
    bool tight;   /* what can be spared is spared */
    bool refuses; /* and that is not enough */
};

void server_memory_start(struct server *server);
/* Looks now. */
void server_memory_look(struct server *server);
/* True: no new reference is to be taken. Looks first. */
bool server_memory_refuses(struct server *server);

#endif
