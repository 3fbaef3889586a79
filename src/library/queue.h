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
   long), -EINVAL (a uri or origin that is empty or holds a line end), -ENOMEM. Nothing is changed
   then. */
/* Inserts at `position` (queue_length: at the end). *id: the new one's; may be NULL. */
int queue_insert(struct queue *queue, size_t position, const char *uri, const char *origin,
                 uint32_t *id);
/* All or nothing; ids follow one another from *first_id on (may be NULL). Much quicker than one by
   one. */
int queue_insert_many(struct queue *queue, size_t position, const char *const uris[], size_t count,
                      const char *origin, uint32_t *first_id);
/* If the current entry is among them there is none afterwards; see queue_survivor. */
int queue_delete(struct queue *queue, size_t first, size_t last);
/* What playing goes on with when [first, last) are taken out and the current entry is among them.
   QUEUE_NONE: nothing, it stops. Ask before. */
uint32_t queue_survivor(struct queue *queue, size_t first, size_t last);
/* `to`: where the first of them stands afterwards. */
int queue_move(struct queue *queue, size_t first, size_t last, size_t to);
int queue_swap(struct queue *queue, size_t one, size_t other);
/* The current entry, if it is among them, comes first. */
int queue_shuffle(struct queue *queue, size_t first, size_t last);
void queue_clear(struct queue *queue);
int queue_set_priority(struct queue *queue, uint32_t id, uint8_t priority);
/* The tags of what stands there were read anew: its version rises (when somebody looks next).
   False: nothing of that uri is queued. */
bool queue_touch_uri(struct queue *queue, const char *uri);
bool queue_holds_uri(const struct queue *queue, const char *uri);
/* A playlist was renamed (to NULL: deleted): its entries follow. */
void queue_rename_origin(struct queue *queue, const char *from, const char *to);

void queue_read_modes(struct queue *queue, struct queue_modes *modes);
void queue_set_modes(struct queue *queue, const struct queue_modes *modes);

/* What is played. */
/* Another entry is heard: playing moves on in the random order. QUEUE_NONE: the end was reached;
   the next random order is another one. */
void queue_set_current(struct queue *queue, uint32_t id);
uint32_t queue_current(struct queue *queue);
/* A user picked this entry (play N, playid): call it before queue_set_current. In the random order
   it comes right after the current entry, or first when playing was stopped. */
void queue_choose(struct queue *queue, uint32_t id);
/* Playing was stopped by a user: the current entry stays, the next random order is another one. */
void queue_stopped(struct queue *queue);
/* What follows an entry when it has been played to its end (`by_user`: when `next` is asked for,
   which single does not hold back). *border: playing stops there (paused on what is returned, as
   single has it). QUEUE_NONE: the end. The answer stays the same until something changes. */
uint32_t queue_next(struct queue *queue, uint32_t id, bool by_user, bool *border);
/* Itself where nothing comes before it. */
uint32_t queue_previous(struct queue *queue, uint32_t id);
/* Where `play` without a place begins: the current entry, or the first in the order. */
uint32_t queue_first(struct queue *queue);
/* Has been played to its end, or passed over by `next` (not by `previous`, `play N` or `stop`), and
   the current entry is another now, or none: consume takes it out, oneshot turns single off where
   something follows, but not when queue_next was asked `by_user` for this entry (all this is what
   MPD does). True if the queue or its modes changed. */
bool queue_played(struct queue *queue, uint32_t id);

/* What was just done, for who keeps the queue on disk. */
enum queue_change_kind {
    QUEUE_INSERTED, /* [first, last) are new */
    QUEUE_DELETED,  /* [first, last) were */
    QUEUE_MOVED,    /* [first, last) to `to` */
    QUEUE_SWAPPED,  /* first and last */
    QUEUE_SHUFFLED, /* [first, last) stand in another order */
    QUEUE_CLEARED,
    QUEUE_PRIORITY, /* of id */
    QUEUE_RENAMED,  /* the origin `from` is `name` now, which may be NULL */
    QUEUE_MODES,
};
struct queue_change {
    enum queue_change_kind kind;
    size_t first, last, to;
    uint32_t id;
    uint8_t priority;
    const char *from, *name;
};
/* Called after each change, in the changing call; must not change the queue. NULL: nobody. */
void queue_set_watch(struct queue *queue,
                     void (*watch)(void *context, const struct queue_change *change),
                     void *context);
/* An entry as it was, with its own id, at the end or wherever; of a queue that is restored.
   -EEXIST: the id is taken. */
int queue_restore(struct queue *queue, const struct queue_entry *entry);
/* The id that comes next; a smaller one than now is not heeded. */
uint32_t queue_next_id(struct queue *queue);
void queue_set_next_id(struct queue *queue, uint32_t id);

#endif
