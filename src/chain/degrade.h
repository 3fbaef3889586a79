/*
 * degrade.h - what the chain does without while the computer is too slow for all of it.
 *
 * Levels, each doing without what the ones before it do, and one thing more:
 *   full         all that the rack asks for
 *   float32      the match filter in single precision
 *   no-spectral  and no spectral module
 *   no-dynamics  and no dynamics module
 *   original     no chain: A, as loud as B was
 *
 * What is measured is load: the time that the audio thread works on a block over the time the block
 * lasts. Above DEGRADE_OVERLOAD of it over DEGRADE_WINDOW_MS the level goes down, to the first that
 * is expected below that; it goes up where a higher level is expected at DEGRADE_ROOM or less,
 * after DEGRADE_CALM_MS at a level, and one step back down within DEGRADE_FAILED_MS of that doubles
 * the time until the next try. What a level would cost is asked of the caller, who tries it out
 * unheard. A thread that others keep from the processor is not helped by working less: time counts
 * only where the thread itself has used DEGRADE_WORKING of it.
 *
 * Threads: one at a time, not the audio thread. Plain data, no clock of its own.
 */
#ifndef MP_CHAIN_DEGRADE_H
#define MP_CHAIN_DEGRADE_H

#include "chain/economy.h"

#include <stdint.h>

enum quality_level {
    QUALITY_FULL,
    QUALITY_FLOAT32,
    QUALITY_NO_SPECTRAL,
    QUALITY_NO_DYNAMICS,
    QUALITY_ORIGINAL,
    QUALITIES,
    QUALITY_AUTO = QUALITIES, /* as a wish: whichever the computer is fast enough for */
};

#define DEGRADE_OVERLOAD 0.95
#define DEGRADE_ROOM 0.75
#define DEGRADE_WORKING 0.25

enum {
    DEGRADE_WINDOW_MS = 200,
    DEGRADE_CALM_MS = 4000,  /* at a level before a higher one is thought of, and between tries */
    DEGRADE_WAIT_MS = 10000, /* after a step up that failed; doubled each time ... */
    DEGRADE_WAIT_MOST_MS = 320000, /* ... up to this */
    DEGRADE_FAILED_MS = 10000,     /* overload so soon after a step up: it failed */
    DEGRADE_GOOD_MS = 60000,       /* that a step up holds: what failed before is forgotten */
};

const char *quality_level_name(enum quality_level quality); /* "full" ... "original", "auto" */
/* What is missing, for a person: "", "in single precision", "without spectral", ... */
const char *quality_level_missing(enum quality_level quality);
/* Adds what a level does without. */
void quality_level_spare(enum quality_level quality, struct economy *economy);

struct degrade {
    enum quality_level level;                 /* that is to be heard */
    enum quality_level wish;                  /* QUALITY_AUTO, or the one that holds */
    uint64_t changed_ms, raised_ms, tried_ms; /* 0: never */
    uint32_t wait_ms;                         /* until the next try upward */
    bool measuring;                           /* from these on: */
    uint64_t begin_ms, begin_spent_ns, begin_sound_ns, begin_cpu_ns;
    double load; /* of the last whole window; < 0: none yet */
};

/* All that there is to see now; the sums are since the beginning. */
struct degrade_sight {
    uint64_t now_ms;
    uint64_t spent_ns, sound_ns; /* working on blocks, and how long these last */
    uint64_t cpu_ns;             /* processor time of the thread */
    bool settled; /* the level is what is heard, alone; false as well while nothing plays in time */
};

/* What levels would do, asked while degrade_look runs. */
struct degrade_levels {
    void *context;
    /* The load of a chain at that level, or < 0: not known. May take some 50 ms. */
    double (*load)(void *context, enum quality_level level);
    /* True if the chain at that level is another than at the one before. */
    bool (*is_step)(void *context, enum quality_level level);
};

void degrade_init(struct degrade *degrade, enum quality_level wish);
/* True if the level has changed by that. */
bool degrade_wish(struct degrade *degrade, enum quality_level wish);
/* Looks, often while music plays. True if the level has changed: the chain is to be made anew. */
bool degrade_look(struct degrade *degrade, const struct degrade_sight *sight,
                  const struct degrade_levels *levels);

#endif
