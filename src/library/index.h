/*
 * index.h - a hash table of numbers, whose keys lie elsewhere.
 *
 * Holds ids (0 ... INDEX_ID_MAX); what they stand for is known to the one who asks: `equal` says
 * whether an id is the one looked for, `hash_of` gives its hash when the table grows.
 *
 * Threads: one at a time.
 */
#ifndef MP_LIBRARY_INDEX_H
#define MP_LIBRARY_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The upper five bits of a slot hold a piece of the hash, so that few keys are looked at in vain.
 */
enum { INDEX_ID_BITS = 27, INDEX_ID_MAX = (1 << INDEX_ID_BITS) - 2 };
#define INDEX_NONE UINT32_MAX

struct index {
    uint32_t *slots;
    size_t size, used; /* size: a power of two, or 0 */
    uint32_t (*hash_of)(const void *context, uint32_t id);
    const void *context;
};

void index_init(struct index *index, uint32_t (*hash_of)(const void *context, uint32_t id),
                const void *context);
void index_finish(struct index *index);

/* INDEX_NONE: not there. */
uint32_t index_find(const struct index *index, uint32_t hash,
                    bool (*equal)(const void *context, uint32_t id, const void *key),
                    const void *key);
/* Room for one more, so that the next index_add cannot fail. 0 or -ENOMEM. */
int index_reserve(struct index *index);
void index_add(struct index *index, uint32_t hash, uint32_t id);
void index_remove(struct index *index, uint32_t hash, uint32_t id);

/* Hashes of bytes and of pairs of numbers. */
uint32_t index_hash_bytes(const void *bytes, size_t length);
uint32_t index_hash_pair(uint32_t one, uint32_t other);

#endif
