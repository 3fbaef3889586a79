/* performance.c - what the audio thread costs, and every dropout there was. */
#include "measure/performance.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 16, SECOND = 10, PARTS = 1000 }; /* 100 ms each; 10 a second */

static const uint64_t slot_ns = 100000000;

/* The audio thread writes `epoch` last when it takes a slot into use; a reader that sees the same
   epoch before and after has figures of that tenth of a second, at most one block short. */
struct slot {
    _Atomic uint64_t epoch; /* now_ns / slot_ns + 1; 0: never used */
    _Atomic uint64_t spent_ns, block_ns;
    _Atomic uint64_t worst_ppm;    /* highest load of one block */
    _Atomic uint64_t least_margin; /* in PARTS */
};

struct module_time {
    _Atomic(const char *) name;
    _Atomic uint64_t spent_ns, blocks;
};

struct kept_dropout {
    _Atomic uint64_t number; /* counted from 1, while it is whole; 0: being written */
    _Atomic uint64_t time_ns;
    _Atomic uint32_t cause, frames;
};

struct performance {
    struct slot slots[SLOTS];
    _Atomic uint64_t blocks, spent_ns, sound_ns;
    _Atomic uint64_t causes[2];
    _Atomic uint64_t dropout_count;
    _Atomic uint64_t margins[PERFORMANCE_MARGINS];
    struct module_time modules[PERFORMANCE_MODULES];
    struct kept_dropout dropouts[PERFORMANCE_DROPOUTS_KEPT];
};

struct performance *performance_create(void)
{
    struct performance *performance = aligned_alloc(64, (sizeof *performance + 63) / 64 * 64);

    if (performance == NULL) {
        errno = ENOMEM;
        return NULL;
    }
    memset(performance, 0, sizeof *performance);
    return performance;
}

void performance_destroy(struct performance *performance)
{
    free(performance);
}

void performance_memory(const struct performance *performance, void **address, size_t *bytes)
{
    *address = (void *)(uintptr_t)performance;
    *bytes = sizeof *performance;
}

/* One thread writes, so a load and a store do where an atomic addition would lock the bus. */
MP_RT static void add(_Atomic uint64_t *sum, uint64_t value)
{
    atomic_store_explicit(sum, atomic_load_explicit(sum, memory_order_relaxed) + value,
                          memory_order_relaxed);
}

/* The slot of this moment, cleared if it was another's. */
MP_RT static struct slot *slot_of(struct performance *performance, uint64_t now_ns)
{
    uint64_t epoch = now_ns / slot_ns + 1;
    struct slot *slot = &performance->slots[epoch % SLOTS];

    if (atomic_load_explicit(&slot->epoch, memory_order_relaxed) != epoch) {
        atomic_store_explicit(&slot->epoch, 0, memory_order_relaxed);
        atomic_thread_fence(memory_order_release);
        atomic_store_explicit(&slot->spent_ns, 0, memory_order_relaxed);
        atomic_store_explicit(&slot->block_ns, 0, memory_order_relaxed);
        atomic_store_explicit(&slot->worst_ppm, 0, memory_order_relaxed);
        atomic_store_explicit(&slot->least_margin, PARTS, memory_order_relaxed);
        atomic_store_explicit(&slot->epoch, epoch, memory_order_release);
    }
    return slot;
}

MP_RT void performance_block(struct performance *performance, uint64_t now_ns, uint64_t spent_ns,
                             uint64_t block_ns)
{
    struct slot *slot = slot_of(performance, now_ns);
    uint64_t ppm = block_ns == 0 ? 0 : spent_ns * 1000000 / block_ns;

    add(&slot->spent_ns, spent_ns);
    add(&slot->block_ns, block_ns);
    if (ppm > atomic_load_explicit(&slot->worst_ppm, memory_order_relaxed)) {
        atomic_store_explicit(&slot->worst_ppm, ppm, memory_order_relaxed);
    }
    add(&performance->blocks, 1);
    add(&performance->spent_ns, spent_ns);
    add(&performance->sound_ns, block_ns);
}

MP_RT void performance_margin(struct performance *performance, uint64_t now_ns, uint32_t queued,
                              uint32_t meant)
{
    struct slot *slot = slot_of(performance, now_ns);
    uint64_t margin = queued >= meant ? PARTS : (uint64_t)queued * PARTS / meant;
    uint64_t tenth = margin * PERFORMANCE_MARGINS / PARTS;

    if (margin < atomic_load_explicit(&slot->least_margin, memory_order_relaxed)) {
        atomic_store_explicit(&slot->least_margin, margin, memory_order_relaxed);
    }
    add(&performance->margins[tenth < PERFORMANCE_MARGINS ? tenth : PERFORMANCE_MARGINS - 1], 1);
}

MP_RT void performance_module(struct performance *performance, size_t index, const char *name,
                              uint64_t spent_ns)
{
    struct module_time *module = &performance->modules[index % PERFORMANCE_MODULES];

    if (atomic_load_explicit(&module->name, memory_order_relaxed) != name) {
        atomic_store_explicit(&module->spent_ns, 0, memory_order_relaxed);
        atomic_store_explicit(&module->blocks, 0, memory_order_relaxed);
        atomic_store_explicit(&module->name, name, memory_order_release);
    }
    if (name != NULL) {
        add(&module->spent_ns, spent_ns);
        add(&module->blocks, 1);
    }
}

MP_RT void performance_dropout(struct performance *performance, uint64_t now_ns,
                               enum dropout_cause cause, uint32_t frames)
{
    uint64_t count = atomic_load_explicit(&performance->dropout_count, memory_order_relaxed);
    struct kept_dropout *kept = &performance->dropouts[count % PERFORMANCE_DROPOUTS_KEPT];

    atomic_store_explicit(&kept->number, 0, memory_order_relaxed);
    atomic_thread_fence(memory_order_release);
    atomic_store_explicit(&kept->time_ns, now_ns, memory_order_relaxed);
    atomic_store_explicit(&kept->cause, (uint32_t)cause, memory_order_relaxed);
    atomic_store_explicit(&kept->frames, frames, memory_order_relaxed);
    atomic_store_explicit(&kept->number, count + 1, memory_order_release);
    add(&performance->causes[cause == DROPOUT_DEVICE ? 0 : 1], 1);
    atomic_store_explicit(&performance->dropout_count, count + 1, memory_order_release);
}

void performance_read(const struct performance *performance, uint64_t now_ns,
                      struct performance_figures *figures)
{
    uint64_t now = now_ns / slot_ns + 1;
    uint64_t spent = 0, sound = 0, worst = 0, least = PARTS;

    for (size_t i = 0; i < SLOTS; i++) {
        const struct slot *slot = &performance->slots[i];
        uint64_t epoch = atomic_load_explicit(&slot->epoch, memory_order_acquire);
        uint64_t slot_spent = atomic_load_explicit(&slot->spent_ns, memory_order_relaxed);
        uint64_t slot_sound = atomic_load_explicit(&slot->block_ns, memory_order_relaxed);
        uint64_t slot_worst = atomic_load_explicit(&slot->worst_ppm, memory_order_relaxed);
        uint64_t slot_least = atomic_load_explicit(&slot->least_margin, memory_order_relaxed);

        atomic_thread_fence(memory_order_acquire);
        if (epoch == 0 || epoch > now || now - epoch >= SECOND ||
            atomic_load_explicit(&slot->epoch, memory_order_relaxed) != epoch) {
            continue;
        }
        spent += slot_spent;
        sound += slot_sound;
        worst = slot_worst > worst ? slot_worst : worst;
        least = slot_least < least ? slot_least : least;
    }
    figures->load_mean = sound == 0 ? 0 : (double)spent / (double)sound;
    figures->load_max = (double)worst / 1e6;
    figures->margin_least = (double)least / PARTS;
    for (size_t i = 0; i < PERFORMANCE_MARGINS; i++) {
        figures->margins[i] = atomic_load_explicit(&performance->margins[i], memory_order_relaxed);
    }
    figures->blocks = atomic_load_explicit(&performance->blocks, memory_order_relaxed);
    figures->spent_ns = atomic_load_explicit(&performance->spent_ns, memory_order_relaxed);
    figures->sound_ns = atomic_load_explicit(&performance->sound_ns, memory_order_relaxed);
    for (size_t i = 0; i < 2; i++) {
        figures->dropouts[i] = atomic_load_explicit(&performance->causes[i], memory_order_relaxed);
    }
}

size_t performance_dropouts(const struct performance *performance, struct dropout *dropouts,
                            size_t capacity)
{
    uint64_t count = atomic_load_explicit(&performance->dropout_count, memory_order_acquire);
    size_t written = 0;

    for (uint64_t number = count;
         number > 0 && count - number < PERFORMANCE_DROPOUTS_KEPT && written < capacity; number--) {
        const struct kept_dropout *kept =
            &performance->dropouts[(number - 1) % PERFORMANCE_DROPOUTS_KEPT];
        struct dropout *dropout = &dropouts[written];

        if (atomic_load_explicit(&kept->number, memory_order_acquire) != number) {
            break; /* overwritten in the meantime, and so are all older ones */
        }
        dropout->time_ns = atomic_load_explicit(&kept->time_ns, memory_order_relaxed);
        dropout->cause =
            (enum dropout_cause)atomic_load_explicit(&kept->cause, memory_order_relaxed);
        dropout->frames = atomic_load_explicit(&kept->frames, memory_order_relaxed);
        atomic_thread_fence(memory_order_acquire);
        if (atomic_load_explicit(&kept->number, memory_order_relaxed) != number) {
            break;
        }
        written++;
    }
    return written;
}

void performance_modules(const struct performance *performance,
                         struct performance_module modules[PERFORMANCE_MODULES])
{
    for (size_t i = 0; i < PERFORMANCE_MODULES; i++) {
        const struct module_time *module = &performance->modules[i];

        modules[i].name = atomic_load_explicit(&module->name, memory_order_acquire);
        modules[i].spent_ns = atomic_load_explicit(&module->spent_ns, memory_order_relaxed);
        modules[i].blocks = atomic_load_explicit(&module->blocks, memory_order_relaxed);
    }
}

const char *dropout_cause_name(enum dropout_cause cause)
{
    return cause == DROPOUT_DEVICE ? "device" : "starvation";
}
