/* queue_edit.c - entries that stay: moved, swapped, shuffled, given a priority, told apart anew. */
#include "library/queue_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void reverse(uint32_t *at, size_t first, size_t last)
{
    while (first + 1 < last) {
        uint32_t slot = at[first];

        at[first++] = at[--last];
        at[last] = slot;
    }
}

int queue_move(struct queue *queue, size_t first, size_t last, size_t to)
{
    size_t begin, middle, end;

    if (first >= last || last > queue->length || to > queue->length - (last - first)) {
        return -ERANGE;
    }
    if (to == first) {
        return 0;
    }
    begin = to < first ? to : first;
    middle = to < first ? first : last;
    end = to < first ? last : to + (last - first);
    reverse(queue->at, begin, middle);
    reverse(queue->at, middle, end);
    reverse(queue->at, begin, end);
    queue_mark(queue, begin, end);
    queue_tell(queue,
               &(struct queue_change){.kind = QUEUE_MOVED, .first = first, .last = last, .to = to});
    return 0;
}

static void swap_at(struct queue *queue, size_t one, size_t other)
{
    uint32_t slot = queue->at[one];

    queue->at[one] = queue->at[other];
    queue->at[other] = slot;
    queue->slots[queue->at[one]].position = (uint32_t)one;
    queue->slots[slot].position = (uint32_t)other;
}

int queue_swap(struct queue *queue, size_t one, size_t other)
{
    if (one >= queue->length || other >= queue->length) {
        return -ERANGE;
    }
    swap_at(queue, one, other);
    queue_mark(queue, one, one + 1);
    queue->changed[other] = queue->version;
    queue_tell(queue, &(struct queue_change){.kind = QUEUE_SWAPPED, .first = one, .last = other});
    return 0;
}

int queue_shuffle(struct queue *queue, size_t first, size_t last)
{
    long current = queue_position_of(queue, queue->current);
    size_t begin = first;

    if (first > last || last > queue->length) {
        return -ERANGE;
    }
    if (last - first < 2) {
        return 0;
    }
    if (current >= (long)first && current < (long)last) {
        swap_at(queue, begin++, (size_t)current);
    }
    for (size_t i = last - 1; i > begin; i--) {
        swap_at(queue, i, begin + queue_chance(queue, (uint32_t)(i - begin + 1)));
    }
    queue_mark(queue, first, last);
    queue_tell(queue, &(struct queue_change){.kind = QUEUE_SHUFFLED, .first = first, .last = last});
    return 0;
}

int queue_set_priority(struct queue *queue, uint32_t id, uint8_t priority)
{
    uint32_t slot = queue_slot_of(queue, id);
    uint8_t old;
    size_t position;

    if (slot == QUEUE_NO_SLOT) {
        return -ENOENT;
    }
    old = queue->slots[slot].priority;
    if (old == priority) {
        return 0;
    }
    queue->slots[slot].priority = priority;
    queue->prioritised += (size_t)(priority > 0) - (size_t)(old > 0);
    queue_order_priority(queue, slot, old);
    position = queue_position_of_slot(queue, slot);
    queue_mark(queue, position, position + 1);
    queue_tell(queue,
               &(struct queue_change){.kind = QUEUE_PRIORITY, .id = id, .priority = priority});
    return 0;
}

bool queue_touch_uri(struct queue *queue, const char *uri)
{
    struct text *text = texts_find(&queue->texts, uri);

    if (text != NULL) {
        text->marked = true;
        queue->touched = true;
    }
    return text != NULL;
}

bool queue_holds_uri(const struct queue *queue, const char *uri)
{
    return texts_find(&queue->texts, uri) != NULL;
}

void queue_rename_origin(struct queue *queue, const char *from, const char *to)
{
    struct text *old = texts_find(&queue->texts, from);
    size_t renamed = 0;

    if (old == NULL || (to != NULL && strcmp(from, to) == 0)) {
        return;
    }
    for (size_t i = 0; i < queue->length; i++) {
        struct queue_slot *slot = &queue->slots[queue->at[i]];

        if (slot->origin == old) {
            slot->origin = to != NULL ? texts_hold(&queue->texts, to) : NULL;
            renamed++;
        }
    }
    for (size_t i = 0; i < renamed; i++) { /* `from` may be the text itself */
        texts_release(&queue->texts, old);
    }
    if (renamed > 0) {
        queue_tell(queue, &(struct queue_change){.kind = QUEUE_RENAMED, .from = from, .name = to});
    }
}
