/*
 * economy.h - what a chain does without: for a source that cannot be read ahead (latency.h), or
 * where the computer is too slow for all of it (degrade.h).
 *
 * All false is the chain as its rack and its plan want it.
 */
#ifndef MP_CHAIN_ECONOMY_H
#define MP_CHAIN_ECONOMY_H

#include <stdbool.h>
#include <stddef.h>

enum { ECONOMY_TEXT_SIZE = 96 };

struct economy {
    bool minimum_phase; /* match EQ: filters of minimum phase, 0 frames in place of half a filter */
    bool short_lookahead; /* limiter: 88 frames in place of 396, at 44.1 kHz */
    bool short_spectral;  /* spectral: transforms of 1024 by 256 in place of 2048 by 512 */
    bool no_spectral;     /* no spectral module at all */
    bool no_dynamics;     /* nor a dynamics one */
    bool float32;         /* match EQ: convolved in single precision */
};

/* For a person, and `match status`: "minimum-phase short-spectral"; "" when nothing is spared. */
void economy_write(const struct economy *economy, char *text, size_t size);

#endif
