/* queue_order.c - the random order: shuffled once and kept, higher priorities first. */
#include "library/queue_internal.h"

#include <stdlib.h>
#include <string.h>

/* xorshift64*. */
uint32_t queue_chance(struct queue *queue, uint32_t bound)
{
    queue->chance ^= queue->chance >> 12;
    queue->chance ^= queue->chance << 25;
    queue->chance ^= queue->chance >> 27;
    return (uint32_t)(((queue->chance * 2685821657736338717ULL) >> 32) * bound >> 32);
}

uint32_t queue_slot_at_rank(const struct queue *queue, size_t rank)
{
    return queue->modes.random ? queue->order[rank] : queue->at[rank];
}

size_t queue_rank_of(struct queue *queue, uint32_t slot)
{
    size_t rank;

    if (!queue->modes.random) {
        return queue_position_of_slot(queue, slot);
    }
    rank = queue_search_near(queue->order, queue->length, queue->slots[slot].rank, slot);
    queue->slots[slot].rank = (uint32_t)rank;
    return rank;
}

void queue_order_forget_coming(struct queue *queue)
{
    free(queue->coming);
    queue->coming = NULL;
    queue->promised = QUEUE_NONE;
}

static void put(struct queue *queue, uint32_t *order, size_t rank, uint32_t slot)
{
    order[rank] = slot;
    queue->slots[slot].rank = (uint32_t)rank;
}

void queue_order_move(struct queue *queue, size_t from, size_t to)
{
    uint32_t *order = queue->order;
    uint32_t slot = order[from];

    if (from < to) {
        memmove(order + from, order + from + 1, (to - from) * sizeof *order);
    } else {
        memmove(order + to + 1, order + to, (from - to) * sizeof *order);
    }
    put(queue, order, to, slot);
    queue_order_forget_coming(queue);
}

static void shuffle(struct queue *queue, uint32_t *order, size_t first, size_t last)
{
    for (size_t i = last; i > first + 1; i--) {
        size_t other = first + queue_chance(queue, (uint32_t)(i - first));
        uint32_t slot = order[i - 1];

        order[i - 1] = order[other];
        order[other] = slot;
    }
}

static int by_priority(const void *a, const void *b, void *context)
{
    const struct queue *queue = context;
    const uint32_t *one = a, *other = b;

    return queue->slots[*other].priority - queue->slots[*one].priority;
}

static void fill(struct queue *queue, uint32_t *order)
{
    memcpy(order, queue->at, queue->length * sizeof *order);
    shuffle(queue, order, 0, queue->length);
    if (queue->prioritised > 0) {
        qsort_r(order, queue->length, sizeof *order, by_priority, queue);
    }
}

void queue_order_number(struct queue *queue)
{
    for (size_t i = 0; i < queue->length; i++) {
        queue->slots[queue->order[i]].rank = (uint32_t)i;
    }
}

void queue_order_shuffle(struct queue *queue)
{
    uint32_t current = queue_slot_of(queue, queue->current);

    queue_order_forget_coming(queue);
    if (queue->length == 0) {
        return;
    }
    fill(queue, queue->order);
    queue_order_number(queue);
    if (current != QUEUE_NO_SLOT) {
        queue_order_move(queue, queue_rank_of(queue, current), 0);
    }
}

/* The first rank that is still to come; what was promised to come next stays. */
static size_t still_to_come(struct queue *queue)
{
    uint32_t current = queue_slot_of(queue, queue->current);
    uint32_t promised = queue_slot_of(queue, queue->promised);
    size_t rank;

    if (current == QUEUE_NO_SLOT) {
        return 0;
    }
    rank = queue_rank_of(queue, current) + 1;
    if (promised != QUEUE_NO_SLOT && rank < queue->length && queue->order[rank] == promised) {
        rank++;
    }
    return rank;
}

void queue_order_insert(struct queue *queue, size_t first, size_t last)
{
    size_t end = queue->length - (last - first); /* of the order as it is */
    size_t begin;
    uint32_t promised = queue->promised;

    if (!queue->modes.random) {
        queue->promised = QUEUE_NONE;
        return;
    }
    for (size_t i = first; i < last; i++) {
        put(queue, queue->order, end + i - first, queue->at[i]);
    }
    begin = still_to_come(queue);
    for (size_t i = first; i < last; i++, end++) {
        uint32_t slot = queue->at[i];
        uint8_t priority = queue->slots[slot].priority;
        size_t from = begin < end ? begin : end, to = end, other;

        while (queue->prioritised > 0 && from < end &&
               queue->slots[queue->order[from]].priority > priority) {
            from++;
        }
        while (priority > 0 && to > from &&
               queue->slots[queue->order[to - 1]].priority < priority) {
            to--;
        }
        if (to < end) { /* among its like, before those of lower priority */
            queue_order_move(queue, end, to);
        }
        other = from + queue_chance(queue, (uint32_t)(to - from + 1));
        if (other != to) {
            put(queue, queue->order, to, queue->order[other]);
        }
        put(queue, queue->order, other, slot);
    }
    queue_order_forget_coming(queue);
    queue->promised = promised;
}

void queue_order_delete(struct queue *queue, size_t first, size_t last)
{
    uint32_t *order = queue->order;
    size_t kept = 0;

    queue_order_forget_coming(queue);
    if (!queue->modes.random) {
        return;
    }
    if (last - first == 1) {
        size_t rank = queue_rank_of(queue, queue->at[first]);

        memmove(order + rank, order + rank + 1, (queue->length - rank - 1) * sizeof *order);
        return;
    }
    for (size_t i = first; i < last; i++) {
        queue->slots[queue->at[i]].rank = QUEUE_NO_SLOT;
    }
    for (size_t rank = 0; rank < queue->length; rank++) {
        uint32_t slot = order[rank];

        if (queue->slots[slot].rank != QUEUE_NO_SLOT) {
            put(queue, order, kept++, slot);
        }
    }
}

/* Of what is still to come, those of one priority stand together, the highest first. Something that
   was played comes again only if its priority rose above that of the current entry. */
void queue_order_priority(struct queue *queue, uint32_t slot, uint8_t old)
{
    uint32_t current = queue_slot_of(queue, queue->current);
    uint8_t priority = queue->slots[slot].priority;
    size_t rank, first = 0, begin, end;

    queue_order_forget_coming(queue);
    if (!queue->modes.random || slot == current) {
        return;
    }
    rank = queue_rank_of(queue, slot);
    if (current != QUEUE_NO_SLOT) {
        uint8_t now = queue->slots[current].priority;

        first = queue_rank_of(queue, current) + 1;
        if (rank < first && (old > now || priority <= now)) {
            return;
        }
    }
    queue_order_move(queue, rank, queue->length - 1); /* out of the way */
    first -= rank < first;
    begin = first;
    while (begin < queue->length - 1 && queue->slots[queue->order[begin]].priority > priority) {
        begin++;
    }
    end = begin;
    while (end < queue->length - 1 && queue->slots[queue->order[end]].priority == priority) {
        end++;
    }
    queue_order_move(queue, queue->length - 1,
                     begin + queue_chance(queue, (uint32_t)(end - begin + 1)));
}

const uint32_t *queue_order_coming(struct queue *queue)
{
    uint32_t last = queue->order[queue->length - 1];
    size_t others = 0;

    if (queue->coming != NULL) {
        return queue->coming;
    }
    queue->coming = malloc(queue->room * sizeof *queue->coming);
    if (queue->coming == NULL) {
        return NULL;
    }
    fill(queue, queue->coming);
    while (others < queue->length &&
           queue->slots[queue->coming[others]].priority == queue->slots[last].priority) {
        others++;
    }
    if (queue->coming[0] == last && others > 1) { /* not the same twice in a row */
        size_t other = 1 + queue_chance(queue, (uint32_t)(others - 1));

        queue->coming[0] = queue->coming[other];
        queue->coming[other] = last;
    }
    return queue->coming;
}
