/*
 * queue_internal.h - what the files of the queue share.
 *
 * Private to queue*.c. Entries live in slots, which never move; at[] says which slot stands at a
 * position, order[] which is played at a rank while random is on (else rank and position are one).
 * A slot's own position and rank are hints: where it was, from where it is searched for in both
 * directions. So inserting and deleting move one array each and touch no entry.
 * changed[] holds the version that last changed what stands at a position.
 */
#ifndef MP_LIBRARY_QUEUE_INTERNAL_H
#define MP_LIBRARY_QUEUE_INTERNAL_H

#include "library/queue.h"
#include "library/texts.h"

struct queue_slot {
    struct text *uri;
    struct text *origin; /* NULL: none */
    uint32_t id;         /* QUEUE_NONE: the slot is free */
    uint32_t position, rank;
    uint8_t priority;
};

struct queue {
    struct texts texts;
    struct queue_slot *slots;
    uint32_t *free_slots; /* a stack */
    size_t free_count;
    uint32_t *at, *changed, *order;
    size_t length, room; /* room: of all arrays above */
    uint32_t *table;     /* id -> slot + 1, open addressing */
    size_t table_room;   /* a power of two, at least twice `room` */
    uint32_t version, next_id;
    struct queue_modes modes;
    uint32_t current;
    uint32_t passed;    /* queue_next was asked by a user for it */
    uint32_t promised;  /* what queue_next said of the current entry */
    uint32_t *coming;   /* the random order of the next round, once it was asked for */
    size_t prioritised; /* entries with a priority above 0 */
    bool stopped;       /* by a user, since the last entry was heard */
    bool touched;       /* some texts are marked: see queue_touch_uri */
    uint64_t chance;    /* state of the generator */
    void (*watch)(void *context, const struct queue_change *change);
    void *watch_context;
};

#define QUEUE_NO_SLOT UINT32_MAX

/* queue.c */
uint32_t queue_slot_of(const struct queue *queue, uint32_t id); /* or QUEUE_NO_SLOT */
size_t queue_position_of_slot(struct queue *queue, uint32_t slot);
/* Where `slot`, which must be there, stands in an array; quick if that is not far from `hint`. */
size_t queue_search_near(const uint32_t *slots, size_t length, size_t hint, uint32_t slot);
void queue_tell(struct queue *queue, const struct queue_change *change);
/* A new version for [first, last). */
void queue_mark(struct queue *queue, size_t first, size_t last);

/* queue_order.c: the order in which entries are played. */
uint32_t queue_chance(struct queue *queue, uint32_t bound); /* 0 ... bound-1 */
size_t queue_rank_of(struct queue *queue, uint32_t slot);
uint32_t queue_slot_at_rank(const struct queue *queue, size_t rank);
/* A new random order; the current entry comes first. */
void queue_order_shuffle(struct queue *queue);
/* Ranks as order[] has them, for all. */
void queue_order_number(struct queue *queue);
/* The slots of at[first ... last) are new: they get their chance among what is still to come.
   queue->length counts them already. */
void queue_order_insert(struct queue *queue, size_t first, size_t last);
/* The slots of at[first ... last) are about to go. */
void queue_order_delete(struct queue *queue, size_t first, size_t last);
void queue_order_move(struct queue *queue, size_t from, size_t to);
/* After its priority went from `old` to what it is. */
void queue_order_priority(struct queue *queue, uint32_t slot, uint8_t old);
/* The next round's order, made once; NULL: no memory. */
const uint32_t *queue_order_coming(struct queue *queue);
void queue_order_forget_coming(struct queue *queue);

#endif
