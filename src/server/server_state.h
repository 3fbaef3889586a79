/*
 * server_state.h - volume, original or matched, and loudness, kept over a restart.
 *
 * State folder, `state`: an INI file of a few lines, written whole when one of them changes. A
 * loudness that matchplayrc has set anew since wins over the one kept.
 *
 * Threads: the server's loop.
 */
#ifndef MP_SERVER_SERVER_STATE_H
#define MP_SERVER_SERVER_STATE_H

#include "server/server_playing.h"

struct server;

/* Into server->playing.kept; what is not there is as the settings say. */
void server_state_read(struct server *server);
/* What it is now, if that differs from `kept`. */
void server_state_write(struct server *server, const struct server_seen *now);

#endif
