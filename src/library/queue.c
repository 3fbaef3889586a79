/* queue.c - the entries: found and read, put in and taken out. */
#include "library/queue_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

enum { ROOM_LEAST = 64, ID_MAX = 0x7fffffff }; /* clients read ids as int */

struct queue *queue_create(void)
{
    struct queue *queue = calloc(1, sizeof *queue);

    if (queue == NULL) {
        return NULL;
    }
    texts_init(&queue->texts);
    queue->version = 1;
    queue->next_id = 1;
    if (getrandom(&queue->chance, sizeof queue->chance, GRND_NONBLOCK) !=
        (ssize_t)sizeof queue->chance) {
        queue->chance = (uint64_t)time(NULL);
    }
    queue->chance |= 1; /* xorshift dies of 0 */
    return queue;
}

void queue_destroy(struct queue *queue)
{
    if (queue == NULL) {
        return;
    }
    texts_finish(&queue->texts);
    free(queue->slots);
    free(queue->free_slots);
    free(queue->at);
    free(queue->changed);
    free(queue->order);
    free(queue->table);
    free(queue->coming);
    free(queue);
}

/* --- finding ------------------------------------------------------------------------------- */

/* Where an id is looked for first. Spread, though ids come one after the other: else they would
   make one long run, and taking one out would go through all of it. */
static size_t home_of(const struct queue *queue, uint32_t id)
{
    return (id * 2654435769U >> 8) & (queue->table_room - 1);
}

static size_t cell_of(const struct queue *queue, uint32_t id)
{
    size_t cell = home_of(queue, id);

    while (queue->table[cell] != 0 && queue->slots[queue->table[cell] - 1].id != id) {
        cell = (cell + 1) & (queue->table_room - 1);
    }
    return cell;
}

uint32_t queue_slot_of(const struct queue *queue, uint32_t id)
{
    return id != QUEUE_NONE && queue->length > 0 ? queue->table[cell_of(queue, id)] - 1
                                                 : QUEUE_NO_SLOT;
}

/* Takes an id out of the table and closes the gap; its slot still has it. */
static void table_remove(struct queue *queue, uint32_t id)
{
    size_t mask = queue->table_room - 1;
    size_t gap = cell_of(queue, id);

    for (size_t cell = (gap + 1) & mask; queue->table[cell] != 0; cell = (cell + 1) & mask) {
        size_t home = home_of(queue, queue->slots[queue->table[cell] - 1].id);

        if (((cell - home) & mask) >= ((cell - gap) & mask)) {
            queue->table[gap] = queue->table[cell];
            gap = cell;
        }
    }
    queue->table[gap] = 0;
}

size_t queue_search_near(const uint32_t *slots, size_t length, size_t hint, uint32_t slot)
{
    size_t below = hint < length ? hint : length - 1, above = below;

    while (slots[below] != slot && slots[above] != slot) {
        below -= below > 0;
        above += above + 1 < length;
    }
    return slots[below] == slot ? below : above;
}

size_t queue_position_of_slot(struct queue *queue, uint32_t slot)
{
    size_t position =
        queue_search_near(queue->at, queue->length, queue->slots[slot].position, slot);

    queue->slots[slot].position = (uint32_t)position;
    return position;
}

/* --- reading ------------------------------------------------------------------------------- */

/* What was marked by queue_touch_uri gets its version when somebody looks. */
static void settle(struct queue *queue)
{
    if (!queue->touched) {
        return;
    }
    queue->touched = false;
    queue->version++;
    for (size_t i = 0; i < queue->length; i++) {
        if (queue->slots[queue->at[i]].uri->marked) {
            queue->changed[i] = queue->version;
        }
    }
    for (size_t i = 0; i < queue->length; i++) {
        queue->slots[queue->at[i]].uri->marked = false;
    }
}

size_t queue_length(struct queue *queue)
{
    return queue->length;
}

uint32_t queue_version(struct queue *queue)
{
    settle(queue);
    return queue->version;
}

uint32_t queue_id_at(struct queue *queue, size_t position)
{
    return position < queue->length ? queue->slots[queue->at[position]].id : (uint32_t)QUEUE_NONE;
}

long queue_position_of(struct queue *queue, uint32_t id)
{
    uint32_t slot = queue_slot_of(queue, id);

    return slot != QUEUE_NO_SLOT ? (long)queue_position_of_slot(queue, slot) : -1;
}

static void read_at(const struct queue *queue, size_t position, struct queue_entry *entry)
{
    const struct queue_slot *slot = &queue->slots[queue->at[position]];

    entry->id = slot->id;
    entry->position = (uint32_t)position;
    entry->version = queue->changed[position];
    entry->priority = slot->priority;
    entry->uri = slot->uri->said;
    entry->origin = slot->origin != NULL ? slot->origin->said : NULL;
}

bool queue_read(struct queue *queue, uint32_t id, struct queue_entry *entry)
{
    uint32_t slot = queue_slot_of(queue, id);

    if (slot == QUEUE_NO_SLOT) {
        return false;
    }
    settle(queue);
    read_at(queue, queue_position_of_slot(queue, slot), entry);
    return true;
}

void queue_each(struct queue *queue, size_t first, size_t last,
                bool (*each)(void *context, const struct queue_entry *entry), void *context)
{
    struct queue_entry entry;

    settle(queue);
    for (size_t i = first; i < last && i < queue->length; i++) {
        read_at(queue, i, &entry);
        if (!each(context, &entry)) {
            return;
        }
    }
}

/* --- changing ------------------------------------------------------------------------------ */

void queue_set_watch(struct queue *queue,
                     void (*watch)(void *context, const struct queue_change *change), void *context)
{
    queue->watch = watch;
    queue->watch_context = context;
}

void queue_tell(struct queue *queue, const struct queue_change *change)
{
    if (queue->watch != NULL) {
        queue->watch(queue->watch_context, change);
    }
}

void queue_mark(struct queue *queue, size_t first, size_t last)
{
    uint32_t version = ++queue->version;
    uint32_t *changed = queue->changed;

    for (size_t i = first; i < last; i++) {
        changed[i] = version;
    }
}

static bool grow_array(uint32_t **array, size_t room)
{
    uint32_t *grown = realloc(*array, room * sizeof *grown);

    if (grown != NULL) {
        *array = grown;
    }
    return grown != NULL;
}

static bool grow_table(struct queue *queue, size_t room)
{
    size_t table_room = ROOM_LEAST;
    uint32_t *table;

    while (table_room < room * 2) {
        table_room *= 2;
    }
    table = calloc(table_room, sizeof *table);
    if (table == NULL) {
        return false;
    }
    free(queue->table);
    queue->table = table;
    queue->table_room = table_room;
    for (size_t i = 0; i < queue->length; i++) {
        table[cell_of(queue, queue->slots[queue->at[i]].id)] = queue->at[i] + 1;
    }
    return true;
}

static int reserve(struct queue *queue, size_t count)
{
    size_t room = queue->room;
    struct queue_slot *slots;

    if (count > QUEUE_LENGTH_MAX || queue->length + count > QUEUE_LENGTH_MAX) {
        return -ENOSPC;
    }
    if (queue->length + count <= room) {
        return 0;
    }
    while (room < queue->length + count) {
        room += room / 2 + ROOM_LEAST;
    }
    slots = realloc(queue->slots, room * sizeof *slots);
    if (slots == NULL) {
        return -ENOMEM;
    }
    queue->slots = slots;
    if (!grow_array(&queue->free_slots, room) || !grow_array(&queue->at, room) ||
        !grow_array(&queue->changed, room) || !grow_array(&queue->order, room) ||
        !grow_table(queue, room)) {
        return -ENOMEM;
    }
    for (size_t slot = room; slot-- > queue->room;) { /* the lowest is taken first */
        queue->slots[slot].id = QUEUE_NONE;
        queue->free_slots[queue->free_count++] = (uint32_t)slot;
    }
    queue->room = room;
    return 0;
}

struct insertion {
    const char *const *uris;
    size_t count;
    const char *origin;
    uint32_t id; /* QUEUE_NONE: new ones */
    uint8_t priority;
};

static bool is_one_line(const char *text)
{
    return *text != '\0' && strchr(text, '\n') == NULL;
}

/* Fills the slots that are next to be taken with what is said of the entries. */
static int hold_texts(struct queue *queue, const struct insertion *new)
{
    size_t held = 0;
    int error = 0;

    for (; error == 0 && held < new->count; held++) {
        struct queue_slot *slot = &queue->slots[queue->free_slots[queue->free_count - 1 - held]];

        slot->origin = NULL;
        slot->uri =
            is_one_line(new->uris[held]) ? texts_hold(&queue->texts, new->uris[held]) : NULL;
        if (slot->uri != NULL && new->origin != NULL) {
            slot->origin = texts_hold(&queue->texts, new->origin);
        }
        if (slot->uri == NULL || (slot->origin == NULL && new->origin != NULL)) {
            error = is_one_line(new->uris[held]) ? -ENOMEM : -EINVAL;
        }
    }
    while (error != 0 && held-- > 0) {
        struct queue_slot *slot = &queue->slots[queue->free_slots[queue->free_count - 1 - held]];

        texts_release(&queue->texts, slot->uri);
        texts_release(&queue->texts, slot->origin);
    }
    return error;
}

static uint32_t new_id(struct queue *queue)
{
    uint32_t id;

    do {
        id = queue->next_id;
        queue->next_id = id < ID_MAX ? id + 1 : 1;
    } while (queue_slot_of(queue, id) != QUEUE_NO_SLOT);
    return id;
}

static int insert(struct queue *queue, size_t position, const struct insertion *new)
{
    size_t behind = queue->length - position;
    int error = position > queue->length                           ? -ERANGE
                : new->origin != NULL && !is_one_line(new->origin) ? -EINVAL
                : queue_slot_of(queue, new->id) != QUEUE_NO_SLOT   ? -EEXIST
                                                                   : 0;

    error = error == 0 ? reserve(queue, new->count) : error;
    error = error == 0 ? hold_texts(queue, new) : error;
    if (error != 0 || new->count == 0) {
        return error;
    }
    memmove(queue->at + position + new->count, queue->at + position, behind * sizeof *queue->at);
    queue->length += new->count;
    for (size_t i = 0; i < new->count; i++) {
        uint32_t taken = queue->free_slots[--queue->free_count];
        struct queue_slot *slot = &queue->slots[taken];

        slot->id = new->id != QUEUE_NONE ? new->id : new_id(queue);
        slot->priority = new->priority;
        slot->position = (uint32_t)(position + i);
        slot->rank = 0;
        queue->table[cell_of(queue, slot->id)] = taken + 1;
        queue->at[position + i] = taken;
    }
    queue->prioritised += new->priority > 0 ? new->count : 0;
    queue_mark(queue, position, queue->length);
    queue_order_insert(queue, position, position + new->count);
    queue_tell(queue, &(struct queue_change){.kind = QUEUE_INSERTED,
                                             .first = position,
                                             .last = position + new->count});
    return 0;
}

int queue_insert_many(struct queue *queue, size_t position, const char *const uris[], size_t count,
                      const char *origin, uint32_t *first_id)
{
    struct insertion new = {uris, count, origin, QUEUE_NONE, 0};
    int error = insert(queue, position, &new);

    if (first_id != NULL) {
        *first_id = error == 0 ? queue_id_at(queue, position) : (uint32_t)QUEUE_NONE;
    }
    return error;
}

int queue_insert(struct queue *queue, size_t position, const char *uri, const char *origin,
                 uint32_t *id)
{
    return queue_insert_many(queue, position, &uri, 1, origin, id);
}

int queue_restore(struct queue *queue, const struct queue_entry *entry)
{
    struct insertion new = {&entry->uri, 1, entry->origin, entry->id, entry->priority};
    int error = entry->id == QUEUE_NONE || entry->id > ID_MAX
                    ? -EINVAL
                    : insert(queue, entry->position, &new);

    if (error == 0) {
        queue_set_next_id(queue, entry->id < ID_MAX ? entry->id + 1 : 1);
    }
    return error;
}

uint32_t queue_next_id(struct queue *queue)
{
    return queue->next_id;
}

void queue_set_next_id(struct queue *queue, uint32_t id)
{
    if (id > queue->next_id && id <= ID_MAX) {
        queue->next_id = id;
    }
}

int queue_delete(struct queue *queue, size_t first, size_t last)
{
    if (first >= last || last > queue->length) {
        return -ERANGE;
    }
    queue_order_delete(queue, first, last);
    for (size_t i = first; i < last; i++) {
        struct queue_slot *slot = &queue->slots[queue->at[i]];

        queue->current = slot->id == queue->current ? (uint32_t)QUEUE_NONE : queue->current;
        queue->prioritised -= slot->priority > 0;
        table_remove(queue, slot->id);
        slot->id = QUEUE_NONE;
        texts_release(&queue->texts, slot->uri);
        texts_release(&queue->texts, slot->origin);
        queue->free_slots[queue->free_count++] = queue->at[i];
    }
    memmove(queue->at + first, queue->at + last, (queue->length - last) * sizeof *queue->at);
    queue->length -= last - first;
    queue_mark(queue, first, queue->length);
    queue_tell(queue, &(struct queue_change){.kind = QUEUE_DELETED, .first = first, .last = last});
    return 0;
}

void queue_clear(struct queue *queue)
{
    void (*watch)(void *context, const struct queue_change *change) = queue->watch;

    queue->watch = NULL;
    if (queue->length > 0) {
        queue_delete(queue, 0, queue->length);
    } else {
        queue_mark(queue, 0, 0);
    }
    queue->watch = watch;
    queue->current = QUEUE_NONE;
    queue_tell(queue, &(struct queue_change){.kind = QUEUE_CLEARED});
}
