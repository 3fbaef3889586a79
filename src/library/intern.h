/*
 * intern.h - strings, each kept once and known by a number.
 *
 * Number 0 is "", and always there. A text borrowed from here is valid until the next intern_take.
 * Beside a text that is not all ASCII lies how it is searched: folded, case and marks aside. Others
 * are searched as they are, case aside.
 *
 * Threads: one at a time.
 */
#ifndef MP_LIBRARY_INTERN_H
#define MP_LIBRARY_INTERN_H

#include "library/index.h"

#include <string.h>

#define INTERN_NONE INDEX_NONE
enum { INTERN_PAD = 32 };

struct intern_entry {
    uint32_t offset; /* into text; of a free one: the next free one */
    uint32_t uses : 31, has_folded : 1;
};

struct intern {
    char *text;
    size_t used, capacity, garbage;
    struct intern_entry *entries;
    uint32_t count, entry_capacity, free;
    struct index index;
};

/* The object must not move in memory. 0 or -ENOMEM. */
int intern_init(struct intern *intern);
void intern_finish(struct intern *intern);

/* One use more of a string; made when it is new. INTERN_NONE: no memory. */
uint32_t intern_take(struct intern *intern, const char *text, size_t length);
void intern_take_again(struct intern *intern, uint32_t id);
void intern_drop(struct intern *intern, uint32_t id);
/* INTERN_NONE: not there. */
uint32_t intern_find(const struct intern *intern, const char *text, size_t length);
/* Gives back what dropped strings took, when it is more than half. */
void intern_compact(struct intern *intern);

static inline const char *intern_text(const struct intern *intern, uint32_t id)
{
    return intern->text + intern->entries[id].offset;
}

/* The text to search in; INTERN_PAD bytes behind it can be read. */
static inline const char *intern_searched(const struct intern *intern, uint32_t id)
{
    const char *text = intern_text(intern, id);

    return intern->entries[id].has_folded ? text + strlen(text) + 1 : text;
}

#endif
