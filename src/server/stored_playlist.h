/*
 * stored_playlist.h - a playlist by the name that a client gives: a stored one, or a file of the
 * music folder.
 *
 * Threads: the server's loop.
 */
#ifndef MP_SERVER_STORED_PLAYLIST_H
#define MP_SERVER_STORED_PLAYLIST_H

#include "server/client.h"
#include "server/server.h"

/* Whichever there is; *stored: the former. Freed with playlist_destroy. 0, or what client_ack gave.
 */
int stored_playlist_open(struct client *client, const char *name, struct playlist **playlist,
                         bool *stored);
/* A change of one that did not come about, as MPD would say it. */
int stored_playlist_refuse(struct client *client, int error);
/* Tells everybody that something about them is new; `sound`: also what is heard may be. */
void stored_playlist_changed(struct client *client, bool sound);

#endif
