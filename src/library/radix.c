/* radix.c - a stable sort of numbers by keys that lie elsewhere: eleven bits at a time. */
#include "library/radix.h"

#include <string.h>

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS };

static void sort_digit(uint32_t *to, const uint32_t *from, size_t count, const uint32_t *keys,
                       unsigned shift)
{
    size_t starts[DIGITS] = {0}, start = 0;

    for (size_t i = 0; i < count; i++) {
        starts[keys[from[i]] >> shift & (DIGITS - 1)]++;
    }
    for (size_t digit = 0; digit < DIGITS; digit++) {
        size_t many = starts[digit];

        starts[digit] = start;
        start += many;
    }
    for (size_t i = 0; i < count; i++) {
        to[starts[keys[from[i]] >> shift & (DIGITS - 1)]++] = from[i];
    }
}

void radix_sort(uint32_t *ids, size_t count, const uint32_t *keys, uint32_t *spare)
{
    uint32_t any = 0, *from = ids, *to = spare;

    for (size_t i = 0; i < count; i++) {
        any |= keys[ids[i]];
    }
    for (unsigned shift = 0; shift < 32 && any >> shift != 0; shift += DIGIT_BITS) {
        uint32_t *sorted = to;

        sort_digit(to, from, count, keys, shift);
        to = from;
        from = sorted;
    }
    if (from != ids) {
        memcpy(ids, from, count * sizeof *ids);
    }
}
