/*
 * performance.h - what the audio thread costs, and every dropout there was.
 *
 * Times in ns of CLOCK_MONOTONIC. Load is processing time over block time: 1 is all there is.
 *
 * Threads: the functions marked "audio" in the one audio thread; the others in any, at any time,
 * without a lock (all that is shared is atomic).
 */
#ifndef MP_MEASURE_PERFORMANCE_H
#define MP_MEASURE_PERFORMANCE_H

#include "base/rt.h"

#include <stddef.h>
#include <stdint.h>

enum { PERFORMANCE_DROPOUTS_KEPT = 64 };

struct performance;

struct performance *performance_create(void); /* NULL with ENOMEM */
void performance_destroy(struct performance *performance);
/* The memory that the audio thread touches, for mlock. */
void performance_memory(const struct performance *performance, void **address, size_t *bytes);

enum dropout_cause {
    DROPOUT_DEVICE,     /* the device ran out though frames were there */
    DROPOUT_STARVATION, /* there were no decoded frames */
};

struct dropout {
    uint64_t time_ns;
    enum dropout_cause cause;
    uint32_t frames; /* how many were late, 0: not known */
};

/* audio: a block of block_ns of sound took spent_ns; it is now now_ns. */
MP_RT void performance_block(struct performance *performance, uint64_t now_ns, uint64_t spent_ns,
                             uint64_t block_ns);
/* audio */
MP_RT void performance_dropout(struct performance *performance, uint64_t now_ns,
                               enum dropout_cause cause, uint32_t frames);

/* audio: a block is about to be made for a device that still holds `queued` frames, of `meant` that
   it holds when all is in time. */
MP_RT void performance_margin(struct performance *performance, uint64_t now_ns, uint32_t queued,
                              uint32_t meant);
/* audio: the index-th module of the chain took so long for a block. `name` is constant. */
MP_RT void performance_module(struct performance *performance, size_t index, const char *name,
                              uint64_t spent_ns);

/* How much of what the device is meant to hold was left when the next block was begun, in tenths:
   [9] 90 % and more (in time), [0] below 10 % (the next thing would have been a dropout). */
enum { PERFORMANCE_MARGINS = 10 };

struct performance_figures {
    double load_mean, load_max;  /* over the last second (in steps of 100 ms); 0 when nothing ran */
    uint64_t blocks;             /* since the beginning ... */
    uint64_t spent_ns, sound_ns; /* ... spent on them, and how long they last */
    uint64_t dropouts[2];        /* by cause, since the beginning */
    double margin_least;         /* over the last second, 0 ... 1; 1 when nothing ran */
    uint64_t margins[PERFORMANCE_MARGINS]; /* blocks, since the beginning */
};

void performance_read(const struct performance *performance, uint64_t now_ns,
                      struct performance_figures *figures);
/* The last dropouts, newest first; returns how many were written. */
size_t performance_dropouts(const struct performance *performance, struct dropout *dropouts,
                            size_t capacity);
/* What each module has cost, as long as somebody asks for it (output_time_modules). The sums only
   rise until another chain stands there; take the difference of two readings. */
enum { PERFORMANCE_MODULES = 16 };
struct performance_module {
    const char *name; /* NULL: no such module */
    uint64_t spent_ns, blocks;
};
void performance_modules(const struct performance *performance,
                         struct performance_module modules[PERFORMANCE_MODULES]);
const char *dropout_cause_name(enum dropout_cause cause); /* "device", "starvation" */

#endif
