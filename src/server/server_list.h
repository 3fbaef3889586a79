/*
 * server_list.h - the queue as the player asks for it: tracks with what holds for them, and what
 * follows what.
 *
 * Threads: made in the loop's; its functions run in the player's and take the server's lock.
 */
#ifndef MP_SERVER_SERVER_LIST_H
#define MP_SERVER_SERVER_LIST_H

#include "player/player.h"

struct server;

struct player_list server_list(struct server *server);

#endif
