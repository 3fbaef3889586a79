/*
 * song_print.h - songs as the protocol answers them: file, Last-Modified, Format, tags, duration.
 *
 * Tags that the client turned off (tagtypes) are left out. What a queue adds (Pos, Id, Prio) is
 * printed by its commands, after this.
 *
 * Threads: the server's loop.
 */
#ifndef MP_SERVER_SONG_PRINT_H
#define MP_SERVER_SONG_PRINT_H

#include "server/client.h"
#include "server/server.h"

void song_print(struct client *client, struct server_parts *parts, const struct song *song);
/* A song of the queue or of a playlist: all that is known of it; of what is in no library, the
   "file" line alone. */
void song_print_uri(struct client *client, struct server_parts *parts, const char *uri);
/* What was just read of a file from outside of the library. */
void song_print_tags(struct client *client, const char *uri, const struct tags *tags);
/* "NAME: 2026-01-31T12:00:00Z". */
void song_print_time(struct client *client, const char *name, int64_t time_s);

#endif
