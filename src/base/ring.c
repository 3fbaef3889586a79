/* ring.c - lock-free queue between two threads. */
#include "base/ring.h"

#include <errno.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { CACHE_LINE = 64 };

struct ring {
    /* The writer's line: its index, and the reader's as it last saw it. */
    alignas(CACHE_LINE) _Atomic size_t head;
    size_t tail_seen;
    /* The reader's line. */
    alignas(CACHE_LINE) _Atomic size_t tail;
    size_t head_seen;
    /* Never written after creation. */
    alignas(CACHE_LINE) size_t mask;
    size_t element_size;
    unsigned char *elements;
    size_t total_bytes;
};

static size_t round_up(size_t value, size_t unit)
{
    return (value + unit - 1) / unit * unit;
}

struct ring *ring_create(size_t capacity, size_t element_size)
{
    struct ring *ring;
    size_t slots = 1;
    size_t total;

    if (capacity == 0 || element_size == 0 || capacity > SIZE_MAX / 4 / element_size) {
        errno = EINVAL;
        return NULL;
    }
    while (slots < capacity) {
        slots *= 2;
    }
    total = sizeof *ring + round_up(slots * element_size, CACHE_LINE);
    ring = aligned_alloc(CACHE_LINE, total);
    if (ring == NULL) {
        errno = ENOMEM;
        return NULL;
    }
    memset(ring, 0, total);
    ring->mask = slots - 1;
    ring->element_size = element_size;
    ring->elements = (unsigned char *)(ring + 1);
    ring->total_bytes = total;
    return ring;
}

void ring_destroy(struct ring *ring)
{
    free(ring);
}

MP_RT size_t ring_capacity(const struct ring *ring)
{
    return ring->mask + 1;
}

void ring_memory(const struct ring *ring, void **address, size_t *bytes)
{
    *address = (void *)(uintptr_t)ring;
    *bytes = ring->total_bytes;
}

MP_RT size_t ring_writable(struct ring *ring)
{
    size_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);

    ring->tail_seen = atomic_load_explicit(&ring->tail, memory_order_acquire);
    return ring->mask + 1 - (head - ring->tail_seen);
}

MP_RT bool ring_push(struct ring *ring, const void *element)
{
    size_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);

    if (head - ring->tail_seen > ring->mask && ring_writable(ring) == 0) {
        return false;
    }
    memcpy(ring->elements + (head & ring->mask) * ring->element_size, element, ring->element_size);
    atomic_store_explicit(&ring->head, head + 1, memory_order_release);
    return true;
}

MP_RT size_t ring_readable(struct ring *ring)
{
    size_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);

    ring->head_seen = atomic_load_explicit(&ring->head, memory_order_acquire);
    return ring->head_seen - tail;
}

MP_RT bool ring_peek(struct ring *ring, void *element)
{
    size_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);

    if (tail == ring->head_seen && ring_readable(ring) == 0) {
        return false;
    }
    memcpy(element, ring->elements + (tail & ring->mask) * ring->element_size, ring->element_size);
    return true;
}

MP_RT bool ring_pop(struct ring *ring, void *element)
{
    size_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);

    if (!ring_peek(ring, element)) {
        return false;
    }
    atomic_store_explicit(&ring->tail, tail + 1, memory_order_release);
    return true;
}

MP_RT size_t ring_fill(const struct ring *ring)
{
    size_t tail = atomic_load_explicit(&ring->tail, memory_order_acquire);
    size_t head = atomic_load_explicit(&ring->head, memory_order_acquire);
    size_t fill = head - tail; /* the reader may have moved on in between: never past what fits */

    return fill > ring->mask + 1 ? ring->mask + 1 : fill;
}
