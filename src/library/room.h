/*
 * room.h - arrays that grow.
 *
 * Threads: any.
 */
#ifndef MP_LIBRARY_ROOM_H
#define MP_LIBRARY_ROOM_H

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

/* Makes room for `wanted` elements in *memory, which has room for *capacity. 0 or -ENOMEM, and then
   nothing changed. */
static inline int room_make(void **memory, size_t *capacity, size_t wanted, size_t element)
{
    size_t grown = *capacity + *capacity / 4 + 64;
    void *fresh;

    if (wanted <= *capacity) {
        return 0;
    }
    if (grown < wanted) {
        grown = wanted;
    }
    if (grown > SIZE_MAX / 2 / element) {
        return -ENOMEM;
    }
    fresh = realloc(*memory, grown * element);
    if (fresh == NULL) {
        return -ENOMEM;
    }
    *memory = fresh;
    *capacity = grown;
    return 0;
}

#endif
