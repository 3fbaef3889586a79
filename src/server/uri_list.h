/*
 * uri_list.h - what a client names by one uri: a song, or all songs of a folder; and where in the
 * queue it wants them.
 *
 * Threads: the server's loop.
 */
#ifndef MP_SERVER_URI_LIST_H
#define MP_SERVER_URI_LIST_H

#include "server/client.h"
#include "server/server.h"

struct uri_list {
    char **uris;
    size_t count, room;
};

/* 0 or -ENOMEM. */
int uri_list_add(struct uri_list *list, const char *uri);
int uri_list_add_song(struct uri_list *list, const struct catalogue *catalogue,
                      const struct song *song);
void uri_list_finish(struct uri_list *list);

/* Adds what `uri` names: "a/b.flac", "a" (all below, in the order of the tree; URI_FOLDERS), "" or
   "/" (everything); of local clients also "/path" and "file:///path". What lies in the music folder
   becomes a uri below it; a file from elsewhere becomes a guest of the catalogue. 0, or
   what client_ack gave. */
enum uri_wish { URI_SONG, URI_FOLDERS };
int uri_list_take(struct uri_list *list, struct client *client, const char *uri,
                  enum uri_wish wish);

/* "5", "+1" (that many behind the current entry), "-1" (in front of it); 0, or what client_ack
   gave. */
int queue_place_take(struct client *client, const char *text, size_t *position);
/* The same for entries [first, last) that are moved: where the first of them is to stand. */
int queue_destination_take(struct client *client, const char *text, const struct range *moved,
                           size_t *position);

/* Puts them into the queue there, and tells everybody. 0, or what client_ack gave. */
int uri_list_queue(const struct uri_list *list, struct client *client, size_t position,
                   const char *origin);
/* A change of the queue that did not come about, as MPD would say it. */
int queue_refuse(struct client *client, int error);

#endif
