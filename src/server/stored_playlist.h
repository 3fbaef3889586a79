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
/* The uri of an entry: below the music folder where it lies there, whatever way the entry takes
   ("a/../b.flac" is b.flac), else its path. text: SONG_URI_SIZE bytes. */
const char *stored_playlist_uri(const struct server_parts *parts, const char *path, char *text);
/* A change of one that did not come about, as MPD would say it. */
int stored_playlist_refuse(struct client *client, int error);
/* Tells everybody that something about them is new; `sound`: also what is heard may be. */
void stored_playlist_changed(struct client *client, bool sound);

#endif
