/*
 * latency.h - how late the sound is, part by part.
 *
 * Frames at rate_hz, and ms. Every part is what is known of it at the call; nothing is estimated.
 *
 * Threads: any thread that may read the chain (the latency of a chain never changes).
 */
#ifndef MP_CHAIN_LATENCY_H
#define MP_CHAIN_LATENCY_H

#include "chain/chain.h"

struct latency_part {
    const char *name; /* a module's title, "chain", "buffer", "device", "total" */
    uint32_t frames;
    double ms;
};

struct latency_report {
    uint32_t rate_hz;
    size_t module_count;
    struct latency_part modules[CHAIN_MODULES_MAX]; /* in the chain's order */
    struct latency_part chain;                      /* sum of the modules */
    struct latency_part buffer;                     /* fill target of the output buffer */
    struct latency_part device; /* behind the buffer: what the driver says beyond it */
    struct latency_part total;
};

/* chain NULL: the original is heard, 0 frames. rate_hz > 0. */
void latency_calculate(struct latency_report *report, const struct chain *chain, uint32_t rate_hz,
                       uint32_t fill_frames, uint32_t device_frames);

#endif
