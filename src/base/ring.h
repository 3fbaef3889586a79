/*
 * ring.h - lock-free queue of fixed-size elements, one writing and one reading thread.
 *
 * Elements are copied in and out in order. Full and empty are answers, never waits. The capacity
 * is rounded up to a power of two. The two indices stand on cache lines of their own; each side
 * keeps a copy of the other's index and looks again only when it seems to run out.
 *
 * Threads: the functions say which side may call them; create and destroy need both sides idle.
 */
#ifndef MP_BASE_RING_H
#define MP_BASE_RING_H

#include "base/rt.h"

#include <stdbool.h>
#include <stddef.h>

struct ring;

/* A ring for at least `capacity` elements of `element_size` bytes each (both > 0).
   NULL with errno EINVAL or ENOMEM. */
struct ring *ring_create(size_t capacity, size_t element_size);
void ring_destroy(struct ring *ring);

/* How many elements it can hold. Any thread. */
MP_RT size_t ring_capacity(const struct ring *ring);
/* The memory that the audio thread touches, for mlock. Setup thread. */
void ring_memory(const struct ring *ring, void **address, size_t *bytes);

/* Only the writing thread: */
MP_RT bool ring_push(struct ring *ring, const void *element); /* false: full, nothing changed */
MP_RT size_t ring_writable(struct ring *ring);                /* at least so many fit */

/* Only the reading thread: */
MP_RT bool ring_pop(struct ring *ring, void *element);  /* false: empty, element untouched */
MP_RT bool ring_peek(struct ring *ring, void *element); /* as pop, but it stays */
MP_RT size_t ring_readable(struct ring *ring);          /* at least so many are there */

/* Any thread: how many are there, right at some moment during the call. */
MP_RT size_t ring_fill(const struct ring *ring);

#endif
