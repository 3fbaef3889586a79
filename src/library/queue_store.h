/*
 * queue_store.h - the queue on disk, as of its last change: a snapshot and a journal behind it.
 *
 * State folder, `queue`: text, one entry a line. Every change is one line, written before it is
 * answered, so that a kill loses nothing; when the file is twice as long as it was when it was
 * written whole, it is written anew (temp, fsync, rename). A last line that was cut off is passed
 * over. What is not understood is told with its line and left out.
 *
 * Threads: the server's loop.
 */
#ifndef MP_LIBRARY_QUEUE_STORE_H
#define MP_LIBRARY_QUEUE_STORE_H

#include "config/ini.h"
#include "library/queue.h"

struct queue_store;

/* Where it was: kept with the queue. */
struct queue_place {
    uint32_t id; /* QUEUE_NONE: nothing was playing */
    double elapsed_s;
    bool playing, paused;
};

/* Restores `queue` (empty) from the file, if there is one, current entry and all, and keeps it from
   then on: it is the queue's watch. A file that is none of ours is set aside as PATH.bad and told;
   one that cannot be written is told, and tried again with each change. NULL with errno: it cannot
   be read. */
struct queue_store *queue_store_open(const char *path, struct queue *queue,
                                     struct queue_place *place, config_report report,
                                     void *context);
/* After each change of the queue, before it is answered: what became of it since the last call, in
   one write; after a kill it is there as a whole or not at all. Nothing is written when neither the
   queue nor the place changed. 0 or negative errno (told once). */
int queue_store_save(struct queue_store *store, const struct queue_place *place);
void queue_store_close(struct queue_store *store); /* written anew, whole and synced */

#endif
