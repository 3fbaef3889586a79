/*
 * queue.h - what is to be played: the entries, their order, and what comes after what.
 *
 * Positions run from 0. Ids are never used again. The version rises with every change; each entry
 * knows the version that last changed it (place, tags or priority), which is how plchanges answers.
 * Each entry keeps the name of the playlist it came from (origin), through moves, shuffle and
 * restarts. Random plays in an order that is shuffled once and kept; entries of higher priority
 * come first there. The rules of repeat, single and consume are MPD's (0.23).
 *
 * Threads: one at a time. The server's loop changes it; the player's thread asks what comes next,
 * under the server's lock.
 */
#ifndef MP_LIBRARY_QUEUE_H
#define MP_LIBRARY_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { QUEUE_LENGTH_MAX = 1000000, QUEUE_NONE = 0 /* no id */ };

enum queue_single { QUEUE_SINGLE_OFF, QUEUE_SINGLE_ON, QUEUE_SINGLE_ONESHOT };
enum queue_consume { QUEUE_CONSUME_OFF, QUEUE_CONSUME_ON };

struct queue_entry {
    uint32_t id;
    uint32_t position;
    uint32_t version;
    uint8_t priority;
    const char *uri;    /* below the music folder, or absolute */
    const char *origin; /* name of its playlist; NULL: none */
};

struct queue_modes {
    bool random, repeat;
    enum queue_single single;
    enum queue_consume consume;
};

struct queue;

struct queue *queue_create(void); /* NULL with ENOMEM */
void queue_destroy(struct queue *queue);

size_t queue_length(struct queue *queue);
uint32_t queue_version(struct queue *queue);
uint32_t queue_id_at(struct queue *queue, size_t position); /* QUEUE_NONE past the end */
long queue_position_of(struct queue *queue, uint32_t id);   /* -1: not there */
/* Borrowed until the next change. False: not there. */
bool queue_read(struct queue *queue, uint32_t id, struct queue_entry *entry);
/* Entries [first, last), borrowed; the callback must not change the queue. */
void queue_each(struct queue *queue, size_t first, size_t last,
                bool (*each)(void *context, const struct queue_entry *entry), void *context);

/* Changes; 0 or negative errno: -ENOENT (no such id), -ERANGE (no such position), -ENOSPC (too
   long), -ENOMEM. */
/* Inserts at `position` (queue_length: at the end). *id: the new one's. */
int queue_insert(struct queue *queue, size_t position, const char *uri, const char *origin,
                 uint32_t *id);
int queue_delete(struct queue *queue, size_t first, size_t last);
int queue_move(struct queue *queue, size_t first, size_t last, size_t to);
int queue_swap(struct queue *queue, size_t one, size_t other);
int queue_shuffle(struct queue *queue, size_t first, size_t last);
void queue_clear(struct queue *queue);
int queue_set_priority(struct queue *queue, uint32_t id, uint8_t priority);
/* The tags of what stands there were read anew: its version rises. */
void queue_touch_uri(struct queue *queue, const char *uri);
/* A playlist was renamed (to NULL: deleted): its entries follow. */
void queue_rename_origin(struct queue *queue, const char *from, const char *to);

void queue_read_modes(struct queue *queue, struct queue_modes *modes);
void queue_set_modes(struct queue *queue, const struct queue_modes *modes);

/* What is played. The loop says which entry is heard; random orders begin there. */
void queue_set_current(struct queue *queue, uint32_t id); /* QUEUE_NONE: none */
uint32_t queue_current(struct queue *queue);
/* What follows an entry when it has been played to its end (`by_user`: when `next` is asked for,
   which single does not hold back). *border: playing stops there (paused on what is returned, as
   single has it). QUEUE_NONE: the end. */
uint32_t queue_next(struct queue *queue, uint32_t id, bool by_user, bool *border);
uint32_t queue_previous(struct queue *queue, uint32_t id);
/* Where `play` without a place begins. */
uint32_t queue_first(struct queue *queue);
/* Has been played (moved on from): consume takes it out, oneshot turns single off. True if the
   queue or its modes changed. */
bool queue_played(struct queue *queue, uint32_t id);

#endif
