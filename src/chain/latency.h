/*
 * latency.h - how late the sound is, part by part.
 *
 * Frames at rate_hz, and ms. Every part is what is known of it at the call; nothing is estimated.
 *
 * Files are read ahead, so that their chain's latency is not heard. A source that arrives as it is
 * heard cannot be: latency_fit finds what its chain must do without to stay under a bound.
 *
 * Threads: any thread that may read the chain (the latency of a chain never changes).
 */
#ifndef MP_CHAIN_LATENCY_H
#define MP_CHAIN_LATENCY_H

#include "chain/rack.h"

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
    struct latency_part buffer; /* the output buffer, as full as it is or is to be */
    struct latency_part device; /* behind the buffer: what the driver says beyond it */
    struct latency_part total;
};

/* chain NULL: the original is heard, 0 frames. rate_hz > 0. */
void latency_calculate(struct latency_report *report, const struct chain *chain, uint32_t rate_hz,
                       uint32_t fill_frames, uint32_t device_frames);

/* The parts behind the chain, and with them the total, anew. */
void latency_place(struct latency_report *report, uint32_t fill_frames, uint32_t device_frames);

/* The fill target that follows a target: half as much again after the device has run out, up to
   `most`; after a long time in which it has not, a quarter of the way back down to `least`. */
MP_RT uint32_t latency_optimise(uint32_t target, uint32_t least, uint32_t most, bool ran_out);

/* `max_latency` frames at 44.1 kHz are so many at another rate. */
uint32_t latency_bound(uint32_t max_latency, uint32_t rate_hz);

/* What a chain of this rack for a live source does without so that its latency is at most
   max_frames. In this order, each step with those before it, as few as are needed: filters of
   minimum phase, the limiter's short look-ahead, no spectral. Spectral has its short transforms
   from the start. What else plan->economy asks for is kept. Returns the chain's latency in frames,
   above max_frames when even all of it is not enough, or negative errno. Makes chains to find out.
   Not in the audio thread. */
int64_t latency_fit(const struct rack *rack, const struct module_format *format,
                    const struct rack_plan *plan, uint32_t max_frames, struct economy *economy);

#endif
