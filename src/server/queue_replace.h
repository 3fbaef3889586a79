/*
 * queue_replace.h - another list in place of the queue, and the queue back.
 *
 * What is replaced is kept as playlist .previous, with where it was heard; but a queue that is
 * itself what was put there so, and was not changed since, does not take the place of one that
 * somebody has put together: so that survives any number of lists that are only tried out. Undoing
 * changes the two for one another, so undoing twice leaves all as it was. Nothing is taken out of
 * the queue before it is kept. A restart forgets none of this: it stands in `previous` in the state
 * folder.
 *
 * Threads: the server's loop.
 */
#ifndef MP_SERVER_QUEUE_REPLACE_H
#define MP_SERVER_QUEUE_REPLACE_H

#include "server/queue_load.h"

/* Plays from `position` on. 0, or what client_ack gave: then the queue is as it was (out of memory
   aside, when it is kept and may be undone). */
int queue_replace(struct client *client, const struct queue_load *load, size_t position);
/* The music goes on at the place where the queue was heard; it neither begins nor stops playing
   otherwise than it did then, or does now. 0, or what client_ack gave: all is as it was. */
int queue_undo(struct client *client);

#endif
