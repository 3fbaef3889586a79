/*
 * queue_store_internal.h - the file of the queue, as its writer and its reader know it.
 *
 * Private to queue_store*.c. The first line is QUEUE_STORE_TITLE. Then one change a line:
 *   next-id ID                    no smaller one is given again
 *   from NAME | from              where the entries that follow came from
 *   add ID URI        at the end
 *   insert POSITION ID URI
 *   delete FIRST LAST             positions [FIRST, LAST)
 *   move FIRST LAST TO
 *   swap ONE OTHER
 *   order FIRST ID ID ...         what stands from FIRST on
 *   clear
 *   priority ID PRIORITY
 *   rename FROM<tab>TO            an origin; TO empty: none
 *   modes RANDOM REPEAT SINGLE CONSUME
 *   place ID SECONDS playing|paused|stopped
 *   begin ... end                 around changes that were one
 * A backslash stands before t, n, r and itself in names, for tab, line ends and itself. A uri goes
 * to the end of the line as it is.
 */
#ifndef MP_LIBRARY_QUEUE_STORE_INTERNAL_H
#define MP_LIBRARY_QUEUE_STORE_INTERNAL_H

#include "library/queue_store.h"

#define QUEUE_STORE_TITLE "matchplay queue 1\n"

struct queue_store_reading {
    const char *path; /* for messages */
    struct queue *queue;
    struct queue_place *place;
    config_report report;
    void *context;
};

/* Reads `text`, NUL-terminated, and does what it says to the empty queue. *kept: how much of it
   stands (a last line, or a `begin`, that has no end is not heeded). 0, -EBADMSG (it is none of
   ours; not told) or -ENOMEM. */
int queue_store_read(const struct queue_store_reading *reading, char *text, size_t size,
                     size_t *kept);

#endif
