/* index.c - a hash table of numbers, whose keys lie elsewhere: open addressing, linear probing. */
#include "library/index.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_SIZE = 64 };
#define ID_MASK ((1U << INDEX_ID_BITS) - 1)

void index_init(struct index *index, uint32_t (*hash_of)(const void *context, uint32_t id),
                const void *context)
{
    memset(index, 0, sizeof *index);
    index->hash_of = hash_of;
    index->context = context;
}

void index_finish(struct index *index)
{
    free(index->slots);
    index->slots = NULL;
    index->size = index->used = 0;
}

/* 0 is an empty slot, so ids are kept one higher. */
static uint32_t slot_of(uint32_t hash, uint32_t id)
{
    return (hash & ~ID_MASK) | (id + 1);
}

uint32_t index_find(const struct index *index, uint32_t hash,
                    bool (*equal)(const void *context, uint32_t id, const void *key),
                    const void *key)
{
    if (index->size == 0) {
        return INDEX_NONE;
    }
    for (size_t i = hash & (index->size - 1); index->slots[i] != 0;
         i = (i + 1) & (index->size - 1)) {
        uint32_t slot = index->slots[i];

        if (((slot ^ hash) & ~ID_MASK) == 0 && equal(index->context, (slot & ID_MASK) - 1, key)) {
            return (slot & ID_MASK) - 1;
        }
    }
    return INDEX_NONE;
}

static void put_slot(struct index *index, uint32_t hash, uint32_t slot)
{
    size_t i = hash & (index->size - 1);

    while (index->slots[i] != 0) {
        i = (i + 1) & (index->size - 1);
    }
    index->slots[i] = slot;
}

int index_reserve(struct index *index)
{
    struct index grown = *index;

    if ((index->used + 1) * 4 <= index->size * 3) {
        return 0;
    }
    grown.size = index->size == 0 ? FIRST_SIZE : index->size * 2;
    grown.slots = calloc(grown.size, sizeof *grown.slots);
    if (grown.slots == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < index->size; i++) {
        if (index->slots[i] != 0) {
            put_slot(&grown, index->hash_of(index->context, (index->slots[i] & ID_MASK) - 1),
                     index->slots[i]);
        }
    }
    free(index->slots);
    *index = grown;
    return 0;
}

void index_add(struct index *index, uint32_t hash, uint32_t id)
{
    put_slot(index, hash, slot_of(hash, id));
    index->used++;
}

void index_remove(struct index *index, uint32_t hash, uint32_t id)
{
    size_t mask = index->size - 1, hole, i;

    if (index->size == 0) {
        return;
    }
    for (hole = hash & mask; index->slots[hole] != slot_of(hash, id); hole = (hole + 1) & mask) {
        if (index->slots[hole] == 0) {
            return;
        }
    }
    /* What follows moves up, unless its own place lies behind the hole. */
    for (i = (hole + 1) & mask; index->slots[i] != 0; i = (i + 1) & mask) {
        size_t home = index->hash_of(index->context, (index->slots[i] & ID_MASK) - 1) & mask;

        if (((i - home) & mask) >= ((i - hole) & mask)) {
            index->slots[hole] = index->slots[i];
            hole = i;
        }
    }
    index->slots[hole] = 0;
    index->used--;
}

static uint64_t mix(uint64_t value)
{
    value ^= value >> 32;
    value *= 0x9E3779B97F4A7C15U;
    value ^= value >> 29;
    value *= 0xBF58476D1CE4E5B9U;
    return value ^ value >> 32;
}

uint32_t index_hash_bytes(const void *bytes, size_t length)
{
    const unsigned char *at = bytes;
    uint64_t hash = length, word;

    for (; length >= sizeof word; length -= sizeof word, at += sizeof word) {
        memcpy(&word, at, sizeof word);
        hash = mix(hash ^ word);
    }
    word = 0;
    memcpy(&word, at, length);
    return (uint32_t)mix(hash ^ word);
}

uint32_t index_hash_pair(uint32_t one, uint32_t other)
{
    return (uint32_t)mix((uint64_t)one << 32 | other);
}
