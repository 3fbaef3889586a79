/*
 * radix.h - a stable sort of numbers by keys that lie elsewhere.
 *
 * Threads: any.
 */
#ifndef MP_LIBRARY_RADIX_H
#define MP_LIBRARY_RADIX_H

#include <stddef.h>
#include <stdint.h>

/* Sorts ids[count] by keys[id]; what is equal keeps its order. spare: room for as many ids. */
void radix_sort(uint32_t *ids, size_t count, const uint32_t *keys, uint32_t *spare);

#endif
