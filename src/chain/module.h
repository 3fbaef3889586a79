/*
 * module.h - what a part of the processing chain is.
 *
 * A module is a const class (a table of functions and described parameters) and instances of it.
 * Audio: double, planar, two channels, in place, whole blocks of module_format.block_frames.
 * What leaves process() is `latency` frames later than what went in; the latency of an instance
 * never changes.
 *
 * Threads: process in the audio thread (or, before the chain is handed over, in the worker that
 * runs it in); all else in setup threads while the audio thread does not have the instance.
 * A structural change is a new chain, run in beside the old one and cross-faded (chain/rack.h).
 */
#ifndef MP_CHAIN_MODULE_H
#define MP_CHAIN_MODULE_H

#include "base/rt.h"
#include "dsp/kernels.h"

#include <stddef.h>
#include <stdint.h>

enum { CHAIN_CHANNELS = 2, MODULE_BANDS = 4 };

struct module_format {
    uint32_t rate_hz;
    uint32_t block_frames; /* power of two, 64 to 4096 */
    const struct kernels *kernels;
};

/* One parameter, described once for presets, protocol and screen. */
struct module_parameter {
    const char *name; /* "ceiling", lower case, the key in presets.ini */
    const char *unit; /* "dB", "ms", "%", ""; "off|on": the values 0, 1 ... have these names */
    double minimum, maximum, standard;
    const char *help; /* one line */
};

struct module;

typedef void module_memory_visit(void *context, const void *address, size_t bytes);

struct module_class {
    const char *name;  /* "limiter": the id in presets.ini */
    const char *title; /* "Limiter" */
    const struct module_parameter *parameters;
    size_t parameter_count;

    void (*destroy)(struct module *module);
    /* In the audio thread: MP_RT. Exactly block_frames frames. */
    void (*process)(struct module *module, double *const audio[CHAIN_CHANNELS]);
    /* Back to silence: before the beginning of a stream. */
    void (*reset)(struct module *module);
    /* Anywhere: MP_RT. */
    uint32_t (*latency_frames)(const struct module *module);

    /* The rest may be NULL. */
    /* After a reset: the stream itself begins only after `lead_frames` more frames. What comes
       before that is what the modules in front of this one sound before their first frame. */
    void (*begin)(struct module *module, uint64_t lead_frames);
    /* In the audio thread: MP_RT. The stream ends `frames` frames after all that was processed so
       far; what follows (zeros, and what the modules in front make of them) is no part of it. */
    void (*end)(struct module *module, uint64_t frames);
    /* In the audio thread: MP_RT. The lowest gain by which it turned a frame of its last block
       down, linear, at most 1; for meters. */
    double (*lowest_gain)(const struct module *module);
    /* In the audio thread: MP_RT. By how much it changes each of MODULE_BANDS bands now, in dB (the
       borders are those of the dynamics); for meters. */
    void (*band_gains)(const struct module *module, float gains_db[MODULE_BANDS]);
    /* In the audio thread: MP_RT. Takes what `from`, of the same class and of a chain that stands
       at the same frame, remembers for longer than a chain can always be run in for. */
    void (*take_over)(struct module *module, const struct module *from);
    /* Shows each piece of memory that process() touches. */
    void (*memory)(const struct module *module, module_memory_visit *visit, void *context);
};

/* The head of every instance. */
struct module {
    const struct module_class *class;
};

/* Cleared memory on pages of its own, so that locking and unlocking it touches nobody else's.
   NULL with ENOMEM. Freed by free(). */
void *module_alloc(size_t bytes);

/* True if the functions that the audio thread calls are marked MP_RT. */
bool module_class_is_rt(const struct module_class *class);

#endif
