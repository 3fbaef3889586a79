/* queue_play.c - what is played after what: repeat, single, random, consume, as MPD 0.23 has them.
 */
#include "library/queue_internal.h"

#include <stdlib.h>

static uint32_t id_at_rank(const struct queue *queue, size_t rank)
{
    return queue->slots[queue_slot_at_rank(queue, rank)].id;
}

void queue_read_modes(struct queue *queue, struct queue_modes *modes)
{
    *modes = queue->modes;
}

void queue_set_modes(struct queue *queue, const struct queue_modes *modes)
{
    struct queue_modes old = queue->modes;

    if (old.random == modes->random && old.repeat == modes->repeat && old.single == modes->single &&
        old.consume == modes->consume) {
        return;
    }
    queue->modes = *modes;
    if (modes->random && !old.random) {
        queue_order_shuffle(queue);
    } else if (!modes->random) {
        queue_order_forget_coming(queue);
    }
    queue_tell(queue, &(struct queue_change){.kind = QUEUE_MODES});
}

/* --- the current entry --------------------------------------------------------------------- */

uint32_t queue_current(struct queue *queue)
{
    return queue->current;
}

/* True when the last of this round's order is heard and the next round begins with `id`. */
static bool begins_next_round(struct queue *queue, uint32_t id)
{
    return queue->modes.random && queue->coming != NULL &&
           queue->slots[queue->coming[0]].id == id &&
           id_at_rank(queue, queue->length - 1) == queue->current;
}

void queue_set_current(struct queue *queue, uint32_t id)
{
    uint32_t slot = queue_slot_of(queue, id);

    if (slot == QUEUE_NO_SLOT) {
        bool ended = queue->current != QUEUE_NONE && queue->modes.random;

        queue->current = QUEUE_NONE;
        if (ended) {
            queue_order_shuffle(queue);
        }
        return;
    }
    if (begins_next_round(queue, id)) {
        uint32_t *ended = queue->order;

        queue->order = queue->coming;
        queue->coming = ended;
        queue_order_number(queue);
        queue_order_forget_coming(queue);
    } else if (queue->modes.random && queue->current == QUEUE_NONE) {
        queue_order_move(queue, queue_rank_of(queue, slot), 0);
    }
    queue->current = id;
    queue->stopped = false;
}

void queue_choose(struct queue *queue, uint32_t id)
{
    uint32_t slot = queue_slot_of(queue, id);
    uint32_t current = queue_slot_of(queue, queue->current);
    size_t from, to = 0;

    if (!queue->modes.random || slot == QUEUE_NO_SLOT || slot == current) {
        return;
    }
    from = queue_rank_of(queue, slot);
    if (current != QUEUE_NO_SLOT && !queue->stopped) {
        to = queue_rank_of(queue, current);
        to += from > to; /* taking it out from before it moves the current one up */
    }
    queue_order_move(queue, from, to);
}

void queue_stopped(struct queue *queue)
{
    queue->stopped = true;
    if (queue->modes.random) {
        queue_order_shuffle(queue);
    }
}

/* --- before and after ---------------------------------------------------------------------- */

/* The next round's first entry. */
static uint32_t round_again(struct queue *queue)
{
    const uint32_t *coming = queue->modes.random ? queue_order_coming(queue) : NULL;

    return coming != NULL ? queue->slots[coming[0]].id : id_at_rank(queue, 0);
}

static uint32_t after(struct queue *queue, uint32_t slot, bool held)
{
    size_t rank = queue_rank_of(queue, slot);
    uint32_t id = queue->slots[slot].id;

    if (held && queue->modes.repeat && queue->modes.consume == QUEUE_CONSUME_OFF) {
        return id;
    }
    if (begins_next_round(queue, id) && id != queue->current && queue->length > 1) {
        return queue->slots[queue->coming[1]].id; /* asked ahead, across the end of the round */
    }
    if (rank + 1 < queue->length) {
        return id_at_rank(queue, rank + 1);
    }
    if (queue->modes.repeat && (rank > 0 || queue->modes.consume == QUEUE_CONSUME_OFF)) {
        return round_again(queue);
    }
    return QUEUE_NONE;
}

uint32_t queue_next(struct queue *queue, uint32_t id, bool by_user, bool *border)
{
    uint32_t slot = queue_slot_of(queue, id);
    bool single = queue->modes.single != QUEUE_SINGLE_OFF;
    uint32_t next;

    if (border != NULL) {
        *border = single && !queue->modes.repeat && !by_user;
    }
    if (slot == QUEUE_NO_SLOT) {
        return QUEUE_NONE;
    }
    next = after(queue, slot, single && !by_user);
    if (by_user) {
        queue->passed = id;
    } else if (id == queue->current) {
        queue->promised = next;
    }
    return next;
}

uint32_t queue_previous(struct queue *queue, uint32_t id)
{
    uint32_t slot = queue_slot_of(queue, id);
    size_t rank;

    if (slot == QUEUE_NO_SLOT) {
        return QUEUE_NONE;
    }
    rank = queue_rank_of(queue, slot);
    if (rank > 0) {
        return id_at_rank(queue, rank - 1);
    }
    return queue->modes.repeat ? id_at_rank(queue, queue->length - 1) : id;
}

uint32_t queue_first(struct queue *queue)
{
    if (queue->current != QUEUE_NONE || queue->length == 0) {
        return queue->current;
    }
    return id_at_rank(queue, 0);
}

uint32_t queue_survivor(struct queue *queue, size_t first, size_t last)
{
    uint32_t id = queue->current;

    for (size_t steps = 0; steps < queue->length; steps++) {
        uint32_t slot = queue_slot_of(queue, id);
        long position = queue_position_of(queue, id);
        uint32_t next;

        if (position < 0 || position < (long)first || position >= (long)last) {
            return position < 0 ? (uint32_t)QUEUE_NONE : id;
        }
        next = after(queue, slot, queue->modes.single != QUEUE_SINGLE_OFF);
        if (next == id || next == QUEUE_NONE) {
            return QUEUE_NONE;
        }
        id = next;
    }
    return QUEUE_NONE;
}

bool queue_played(struct queue *queue, uint32_t id)
{
    long position = queue_position_of(queue, id);
    bool by_user = queue->passed == id;
    struct queue_modes modes = queue->modes;
    bool changed = false;

    queue->passed = QUEUE_NONE;
    if (modes.single == QUEUE_SINGLE_ONESHOT && !modes.repeat && !by_user &&
        queue->current != QUEUE_NONE && queue->current != id) {
        modes.single = QUEUE_SINGLE_OFF;
        queue_set_modes(queue, &modes);
        changed = true;
    }
    if (modes.consume == QUEUE_CONSUME_ON && position >= 0) {
        queue_delete(queue, (size_t)position, (size_t)position + 1);
        changed = true;
    }
    return changed;
}
