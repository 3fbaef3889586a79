/*
 * texts.h - a pool of texts that many share: each kept once, counted, found by what it says.
 *
 * A text stays where it is as long as somebody holds it; those of intern.h take less, and move.
 *
 * Threads: one at a time.
 */
#ifndef MP_LIBRARY_TEXTS_H
#define MP_LIBRARY_TEXTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
    struct text *next; /* in the same chain */
    uint32_t hash;
    uint32_t holders;
    bool marked; /* the owner's, false at first */
    char said[];
};

struct texts {
    struct text **chains;
    size_t room; /* a power of two, or 0 */
    size_t count;
};

void texts_init(struct texts *texts);
void texts_finish(struct texts *texts); /* frees what is still held, too */

/* One more holder. NULL with ENOMEM. */
struct text *texts_hold(struct texts *texts, const char *said);
/* The last one to let go frees it; takes NULL. */
void texts_release(struct texts *texts, struct text *text);
/* NULL: nobody holds it. */
struct text *texts_find(const struct texts *texts, const char *said);

#endif
