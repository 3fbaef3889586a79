/*
 * gather.h - looks at files from anywhere in a thread of its own: which tracks are below a path,
 * and what a file's tags say. For what is queued from outside of the library.
 *
 * The thread is made with the first request and works one request after the other; paths go before
 * tags. What it found is taken by whoever asked.
 *
 * Threads: one at a time (the server's lock); `news` is called in the gatherer's thread.
 */
#ifndef MP_LIBRARY_GATHER_H
#define MP_LIBRARY_GATHER_H

#include "library/record.h"
#include "library/source.h"

struct gather;

/* news: something can be taken; must not block. NULL with ENOMEM. */
struct gather *gather_create(void (*news)(void *context), void *context);
/* Waits for the file that is being looked at, but not for one on a disk that hangs. */
void gather_destroy(struct gather *gather);

/* Asks which tracks these paths are (source_expand). A ticket, or 0: out of memory. */
uint32_t gather_paths(struct gather *gather, const char *const paths[], size_t count);
/* True if it is done; waits for that, at most so long. */
bool gather_wait(struct gather *gather, uint32_t ticket, int timeout_ms);
/* Asks for the tags of a file. 0 or -ENOMEM. */
int gather_tags(struct gather *gather, const char *path);

/* What was found; borrowed for the call. */
struct gather_find {
    uint32_t ticket;                /* 0: tags */
    const struct source_list *list; /* of the paths; NULL: out of memory */
    const char *const *lines;       /* what was left out, and why */
    size_t line_count;
    const struct record *record; /* the file with its tags; error: why it cannot be read */
};
/* Calls `take` for at most `most` finds, in order, lists before tags. How many there were. */
size_t gather_take(struct gather *gather, size_t most,
                   void (*take)(void *context, const struct gather_find *find), void *context);

#endif
