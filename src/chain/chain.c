/* chain.c - the modules that make B out of A, in order. */
#include "chain/chain.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#ifdef MP_BURN
/* A test's own, which compiles this file: makes each module cost more than it does. */
MP_RT static void burn_module(const struct module *module, const struct module_format *format);
#else
#define burn_module(module, format) ((void)0)
#endif

struct chain {
    struct module_format format;
    size_t length;
    uint32_t latency_frames;
    bool locked;
    bool timed;
    bool failed;
    const char *fault; /* the module's name; NULL: not known */
    struct module *modules[CHAIN_MODULES_MAX];
    uint64_t spent_ns[CHAIN_MODULES_MAX]; /* of the last block, while timed */
};

struct chain *chain_create(const struct module_format *format)
{
    struct chain *chain;
    uint32_t block = format->block_frames;

    if (block < 64 || block > 4096 || (block & (block - 1)) != 0) {
        errno = EINVAL;
        return NULL;
    }
    chain = module_alloc(sizeof *chain);
    if (chain == NULL) {
        return NULL;
    }
    chain->format = *format;
    if (chain->format.kernels == NULL) {
        chain->format.kernels = kernels_select(SIMD_SCALAR);
    }
    return chain;
}

/* mlock also faults every page in. */
static void lock_piece(void *context, const void *address, size_t bytes)
{
    int *result = context;

    if (bytes > 0 && mlock(address, bytes) != 0 && *result == 0) {
        *result = -errno;
    }
}

static void unlock_piece(void *context, const void *address, size_t bytes)
{
    (void)context;
    if (bytes > 0) {
        munlock(address, bytes);
    }
}

static void visit_memory(const struct chain *chain, module_memory_visit *visit, void *context)
{
    visit(context, chain, sizeof *chain);
    for (size_t i = 0; i < chain->length; i++) {
        const struct module *module = chain->modules[i];

        if (module->class->memory != NULL) {
            module->class->memory(module, visit, context);
        }
    }
}

int chain_lock_memory(struct chain *chain)
{
    int result = 0;

    chain->locked = true;
    visit_memory(chain, lock_piece, &result);
    return result;
}

void chain_destroy(struct chain *chain)
{
    if (chain == NULL) {
        return;
    }
    if (chain->locked) { /* freed pages would stay locked, and count against the limit */
        visit_memory(chain, unlock_piece, NULL);
    }
    for (size_t i = 0; i < chain->length; i++) {
        chain->modules[i]->class->destroy(chain->modules[i]);
    }
    free(chain);
}

int chain_append(struct chain *chain, struct module *module)
{
    if (chain->length == CHAIN_MODULES_MAX) {
        return -ENOSPC;
    }
    if (!module_class_is_rt(module->class)) {
        return -EINVAL;
    }
    if (module->class->begin != NULL) {
        module->class->begin(module, chain->latency_frames);
    }
    chain->modules[chain->length++] = module;
    chain->latency_frames += module->class->latency_frames(module);
    return 0;
}

size_t chain_length(const struct chain *chain)
{
    return chain->length;
}

struct module *chain_module(const struct chain *chain, size_t index)
{
    return index < chain->length ? chain->modules[index] : NULL;
}

MP_RT static uint64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

/* --- numbers, and what is none ------------------------------------------------------------- */

/* The sum of all squares is not finite if one of the numbers is not. */
MP_RT static bool block_is_finite(const struct module_format *format,
                                  double *const audio[CHAIN_CHANNELS])
{
    double sum = 0.0;

    for (uint32_t c = 0; c < CHAIN_CHANNELS; c++) {
        sum += format->kernels->sum_of_squares(audio[c], format->block_frames);
    }
    return sum - sum == 0.0;
}

/* The last frame alone: what makes no numbers once makes none from then on, most often. */
MP_RT static inline bool end_is_finite(double *const audio[CHAIN_CHANNELS], uint32_t frames)
{
    double last = audio[0][frames - 1] + audio[1][frames - 1];

    return last - last == 0.0;
}

/* Each module's end is looked at, to know whose fault it was, and all of the block at the end. */
MP_RT static inline void watch_module(struct chain *chain, size_t i,
                                      double *const audio[CHAIN_CHANNELS], size_t *suspect)
{
    if (*suspect == chain->length && !end_is_finite(audio, chain->format.block_frames)) {
        *suspect = i;
    }
}

MP_RT static void watch_block(struct chain *chain, double *const audio[CHAIN_CHANNELS],
                              size_t suspect)
{
    if (!chain->failed && !block_is_finite(&chain->format, audio)) {
        chain->failed = true;
        chain->fault = suspect < chain->length ? chain->modules[suspect]->class->name : NULL;
    }
}

MP_RT bool chain_failed(const struct chain *chain)
{
    return chain->failed;
}

MP_RT const char *chain_fault(const struct chain *chain)
{
    return chain->fault;
}

/* --- processing ---------------------------------------------------------------------------- */

MP_RT void chain_process(struct chain *chain, double *const audio[CHAIN_CHANNELS])
{
    size_t suspect = chain->length;
    uint64_t begin = chain->timed ? now_ns() : 0;

    for (size_t i = 0; i < chain->length; i++) {
        chain->modules[i]->class->process(chain->modules[i], audio);
        burn_module(chain->modules[i], &chain->format);
        watch_module(chain, i, audio, &suspect);
        if (chain->timed) {
            uint64_t end = now_ns();

            chain->spent_ns[i] = end - begin;
            begin = end;
        }
    }
    watch_block(chain, audio, suspect);
}

MP_RT double chain_lowest_gain(const struct chain *chain)
{
    double lowest = 1.0;

    for (size_t i = 0; i < chain->length; i++) {
        const struct module_class *class = chain->modules[i]->class;
        double gain = class->lowest_gain != NULL ? class->lowest_gain(chain->modules[i]) : 1.0;

        lowest = gain < lowest ? gain : lowest;
    }
    return lowest;
}

MP_RT bool chain_band_gains(const struct chain *chain, const struct module_class *class,
                            float gains_db[MODULE_BANDS])
{
    for (size_t i = 0; i < chain->length; i++) {
        if (chain->modules[i]->class == class && class->band_gains != NULL) {
            class->band_gains(chain->modules[i], gains_db);
            return true;
        }
    }
    return false;
}

MP_RT void chain_set_timed(struct chain *chain, bool timed)
{
    chain->timed = timed;
}

MP_RT const char *chain_module_time(const struct chain *chain, size_t index, uint64_t *ns)
{
    if (index >= chain->length) {
        return NULL;
    }
    *ns = chain->spent_ns[index];
    return chain->modules[index]->class->name;
}

MP_RT void chain_end(struct chain *chain, uint64_t frames)
{
    for (size_t i = 0; i < chain->length; i++) {
        struct module *module = chain->modules[i];

        if (module->class->end != NULL) {
            module->class->end(module, frames);
        }
        frames += module->class->latency_frames(module); /* later for the next one */
    }
}

MP_RT void chain_take_over(struct chain *chain, const struct chain *from)
{
    for (size_t i = 0, next = 0; i < chain->length; i++) {
        const struct module_class *class = chain->modules[i]->class;
        size_t j = next;

        while (j < from->length && from->modules[j]->class != class) {
            j++;
        }
        if (j < from->length) { /* else it was not there: they stand in the same order */
            if (class->take_over != NULL) {
                class->take_over(chain->modules[i], from->modules[j]);
            }
            next = j + 1;
        }
    }
}

void chain_begin(struct chain *chain, uint64_t lead_frames)
{
    chain->failed = false;
    chain->fault = NULL;
    for (size_t i = 0; i < chain->length; i++) {
        struct module *module = chain->modules[i];

        module->class->reset(module);
        if (module->class->begin != NULL) {
            module->class->begin(module, lead_frames);
        }
        lead_frames += module->class->latency_frames(module);
    }
}

void chain_reset(struct chain *chain)
{
    chain_begin(chain, 0);
}

MP_RT uint32_t chain_latency_frames(const struct chain *chain)
{
    return chain->latency_frames;
}

MP_RT uint32_t chain_block_frames(const struct chain *chain)
{
    return chain->format.block_frames;
}
