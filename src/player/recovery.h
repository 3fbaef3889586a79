/*
 * recovery.h - what went wrong while playing, what was done about it, and what is left out since.
 *
 * The last events are kept for meters. Modules whose numbers fail (NaN) are begun anew; one that
 * fails again within a minute is left out until playing is stopped.
 *
 * Threads: recovery_note, recovery_read and recovery_without in any but the audio thread; the rest
 * in the player's.
 */
#ifndef MP_PLAYER_RECOVERY_H
#define MP_PLAYER_RECOVERY_H

#include "chain/rack.h"

#include <pthread.h>
#include <stdint.h>

enum {
    RECOVERY_KEPT = 32,
    RECOVERY_TEXT_SIZE = 192,
    RECOVERY_MODULES_MAX = 8,
};

enum recovery_kind {
    RECOVERY_DROPOUT, /* xruns and late files */
    RECOVERY_DEVICE,
    RECOVERY_FILE,
    RECOVERY_CHAIN,
};

struct recovery_event {
    uint64_t time_ns; /* of CLOCK_MONOTONIC */
    enum recovery_kind kind;
    char text[RECOVERY_TEXT_SIZE]; /* "hw:1,0 is gone (No such device): the music waits for it" */
};

struct recovery {
    pthread_mutex_t lock; /* all of this group */
    struct recovery_event events[RECOVERY_KEPT];
    uint64_t count; /* of all that there were; the last stands at (count - 1) % RECOVERY_KEPT */
    const char *without[RECOVERY_MODULES_MAX]; /* names of classes that are left out */
    size_t without_count;

    /* The player's thread. */
    uint64_t told_dropouts, told_resumes;
    struct {
        const char *module; /* NULL: which, could not be told */
        uint64_t at_ms;     /* 0: none */
    } faults[RECOVERY_MODULES_MAX];
    size_t next_fault;
    bool without_chain; /* all of it is left out */
};

void recovery_init(struct recovery *recovery);
void recovery_finish(struct recovery *recovery);

/* time_ns 0: now. */
void recovery_note(struct recovery *recovery, enum recovery_kind kind, uint64_t time_ns,
                   const char *format, ...) __attribute__((format(printf, 4, 5)));
/* The last events, newest first; returns how many were written. *count: of all there were. */
size_t recovery_read(struct recovery *recovery, struct recovery_event *events, size_t capacity,
                     uint64_t *count);
const char *recovery_kind_name(enum recovery_kind kind); /* "device" */
/* The names of what is left out, with spaces between; "" nothing. */
void recovery_without(struct recovery *recovery, char *text, size_t size);

/* A module (NULL: not known which) made no numbers. True: it is left out from now on; false: it is
   to be begun anew. */
bool recovery_fault(struct recovery *recovery, const char *module, uint64_t now_ms);
/* Bypasses what is left out. */
void recovery_apply(const struct recovery *recovery, struct rack *rack);
/* Everything is tried again. */
void recovery_forgive(struct recovery *recovery);

#endif
