/*
 * summaries.h - listens through the library while nothing plays: a summary of every track that has
 * none.
 *
 * One track after the other, in a thread that gets the processor and the disk only when nobody else
 * wants them. A pause cancels what is in hand within a tenth of a second or so; it is begun again
 * when the pause is over. A file that cannot be measured is not tried again until it changes.
 *
 * Threads: any but the audio thread. `next` is called in a thread of its own with no lock held; it
 * may take its owner's, which therefore must not be held in summaries_destroy.
 */
#ifndef MP_PLAYER_SUMMARIES_H
#define MP_PLAYER_SUMMARIES_H

#include "match/cache.h"

enum { SUMMARIES_PATH_SIZE = 8192, SUMMARIES_IDLE_MS = 5000 };

struct summaries_settings {
    struct cache *cache;
    struct log *log;
    /* The absolute path of another track of the library, the first one if `first`; false: there is
       none left, and nothing more is asked for until summaries_again. */
    bool (*next)(void *context, bool first, char *path, size_t size);
    void *context;
    unsigned idle_ms; /* how long a pause must have been over; SUMMARIES_IDLE_MS */
};

struct summaries;

/* Paused. NULL with errno; EINVAL without a cache: nothing could be kept. */
struct summaries *summaries_create(const struct summaries_settings *settings);
void summaries_destroy(struct summaries *summaries); /* takes NULL, as all of these do */
/* While music plays or a match is wanted. */
void summaries_pause(struct summaries *summaries, bool paused);
/* The library has changed: looks through all of it once more. */
void summaries_again(struct summaries *summaries);

struct summaries_status {
    bool working;         /* at this moment */
    bool complete;        /* all of the library was looked through */
    size_t known, failed; /* tracks met in this pass that have one; that cannot have one */
};
void summaries_read_status(struct summaries *summaries, struct summaries_status *status);

#endif
