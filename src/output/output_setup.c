/* output_setup.c - makes the audio thread and all that it touches, and takes it down. */
#include "output/output_internal.h"

#include <ctype.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#ifdef __SANITIZE_THREAD__ /* keeps 0.8 MB of its own on each thread's stack */
enum { STACK_BYTES = 2 * 1024 * 1024 };
#else
enum { STACK_BYTES = 256 * 1024 };
#endif

enum { LONGEST_RATE_HZ = 768000, MISSING_SIZE = 64 };

/* All the buffers of the audio thread in one locked piece of memory. */
static int make_buffers(struct output *output)
{
    struct output_rt *rt = &output->rt;
    size_t block = output->settings.block_frames;
    size_t held = (size_t)LONGEST_RATE_HZ * OUTPUT_FADE_MS / 1000 + 2 * block;
    size_t doubles = 10 * block + 2 * held;
    double *place;

    output->memory_bytes = doubles * sizeof(double) + 2 * output_tap_bytes(output);
    output->memory_bytes = (output->memory_bytes + 63) / 64 * 64;
    output->memory = aligned_alloc(64, output->memory_bytes);
    if (output->memory == NULL) {
        return -ENOMEM;
    }
    memset(output->memory, 0, output->memory_bytes);
    place = output->memory;
    for (int c = 0; c < 2; c++) {
        rt->a[c] = place;
        rt->b[c] = place + block;
        rt->leaving_a[c] = place + 2 * block;
        rt->leaving_b[c] = place + 3 * block;
        rt->out[c] = place + 4 * block;
        rt->held[c] = place + 5 * block;
        place += 5 * block + held;
    }
    rt->held_capacity = (uint32_t)held;
    output->tap_in = (struct tap_block *)(void *)place;
    output->tap_out = (struct tap_block *)(void *)((char *)place + output_tap_bytes(output));
    return 0;
}

static int make_rings(struct output *output)
{
    output->orders = ring_create(OUTPUT_ORDERS_MAX, sizeof(struct order));
    output->retired_renditions = ring_create(OUTPUT_RETIRED_MAX, sizeof(struct rendition *));
    output->retired_decks = ring_create(OUTPUT_RETIRED_MAX, sizeof(struct deck *));
    output->records = ring_create(OUTPUT_RECORDS_MAX, sizeof(struct log_record));
    output->tap =
        ring_create(OUTPUT_TAP_FRAMES / output->settings.block_frames, output_tap_bytes(output));
    output->performance = performance_create();
    if (output->orders == NULL || output->retired_renditions == NULL ||
        output->retired_decks == NULL || output->records == NULL || output->tap == NULL ||
        output->performance == NULL) {
        return -ENOMEM;
    }
    return 0;
}

/* Locks what the audio thread touches. Without the right to, it plays all the same. */
static void lock_memory(struct output *output)
{
    const struct ring *rings[] = {output->orders, output->retired_renditions, output->retired_decks,
                                  output->records, output->tap};
    void *address;
    size_t bytes;
    bool failed = mlock(output, sizeof *output) < 0 ||
                  mlock(output->memory, output->memory_bytes) < 0 ||
                  mlock(output->stack, output->stack_bytes) < 0;

    for (size_t i = 0; i < sizeof rings / sizeof rings[0]; i++) {
        ring_memory(rings[i], &address, &bytes);
        failed = mlock(address, bytes) < 0 || failed;
    }
    performance_memory(output->performance, &address, &bytes);
    failed = mlock(address, bytes) < 0 || failed;
    if (failed) {
        log_write(output->log, LOG_NOTICE,
                  "the sound's memory could not be locked (limit memlock); `matchplay doctor` says "
                  "how to allow it");
    }
}

/* There is such a processor, and we may use it. */
static bool runs_on(pthread_t thread, unsigned long cpu)
{
    cpu_set_t set;

    if (cpu >= CPU_SETSIZE) {
        return false;
    }
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    return pthread_setaffinity_np(thread, sizeof set, &set) == 0;
}

/* The processors of a list as in "1,3" that are there; those that are not, as words. -EINVAL: it is
   no such list. */
static int read_processors(const char *list, pthread_t thread, cpu_set_t *set,
                           char missing[MISSING_SIZE])
{
    size_t used = 0;
    int length;
    char *end;

    CPU_ZERO(set);
    missing[0] = '\0';
    for (const char *place = list;; place = end + 1) {
        unsigned long cpu;

        place += strspn(place, " ");
        cpu = strtoul(place, &end, 10);
        if (!isdigit((unsigned char)*place) || (*end != ',' && *end != '\0')) {
            return -EINVAL;
        }
        if (runs_on(thread, cpu)) {
            CPU_SET(cpu, set);
        } else if (used < MISSING_SIZE) {
            length =
                snprintf(missing + used, MISSING_SIZE - used, "%s%lu", used > 0 ? ", " : "", cpu);
            used += length > 0 ? (size_t)length : 0;
        }
        if (*end == '\0') {
            return 0;
        }
    }
}

/* A setting that does not fit this computer must not keep the music from playing. */
static void set_affinity(struct output *output)
{
    const char *list = output->settings.cpu_affinity;
    char missing[MISSING_SIZE];
    cpu_set_t any, set;

    if (list == NULL || list[0] == '\0') {
        return;
    }
    pthread_getaffinity_np(output->thread, sizeof any, &any);
    if (read_processors(list, output->thread, &set, missing) < 0) {
        log_write(
            output->log, LOG_WARNING,
            "cpu_affinity = %s: write numbers of processors, as in 1,3; the sound runs on any",
            list);
        CPU_ZERO(&set);
    } else if (missing[0] != '\0') {
        log_write(output->log, LOG_WARNING,
                  "cpu_affinity = %s: this computer has no processor %s; the sound runs on %s",
                  list, missing, CPU_COUNT(&set) > 0 ? "the others" : "any");
    }
    pthread_setaffinity_np(output->thread, sizeof set, CPU_COUNT(&set) > 0 ? &set : &any);
}

static int start_thread(struct output *output)
{
    pthread_attr_t attributes;
    int result;

    output->stack_bytes = STACK_BYTES;
    output->stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (output->stack == MAP_FAILED) {
        output->stack = NULL;
        return -ENOMEM;
    }
    lock_memory(output);
    pthread_attr_init(&attributes);
    pthread_attr_setstack(&attributes, output->stack, output->stack_bytes);
    result = -pthread_create(&output->thread, &attributes, output_thread, output);
    pthread_attr_destroy(&attributes);
    if (result == 0) {
        pthread_setname_np(output->thread, "mp-audio");
        set_affinity(output);
    }
    return result;
}

static void free_parts(struct output *output)
{
    if (output->stack != NULL) {
        munmap(output->stack, output->stack_bytes);
    }
    if (output->wake_fd >= 0) {
        close(output->wake_fd);
    }
    ring_destroy(output->orders);
    ring_destroy(output->retired_renditions);
    ring_destroy(output->retired_decks);
    ring_destroy(output->records);
    ring_destroy(output->tap);
    performance_destroy(output->performance);
    pthread_mutex_destroy(&output->order_lock);
    free(output->memory);
    free(output);
}

struct output *output_create(const struct output_settings *settings, struct log *log)
{
    size_t bytes = (sizeof(struct output) + 63) / 64 * 64;
    struct output *output = aligned_alloc(64, bytes);
    int result;

    if (output == NULL) {
        errno = ENOMEM;
        return NULL;
    }
    memset(output, 0, bytes);
    output->settings = *settings;
    output->log = log;
    pthread_mutex_init(&output->order_lock, NULL);
    ab_init(&output->rt.ab, 44100, 1.0);
    atomic_init(&output->volume, 1.0);
    output->rt.volume = (struct volume){.now = 1.0, .start = 1.0, .target = 1.0};
    output->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    result = output->wake_fd < 0 ? -errno : make_buffers(output);
    if (result == 0) {
        result = make_rings(output);
    }
    if (result == 0) {
        result = start_thread(output);
    }
    if (result < 0) {
        free_parts(output);
        errno = -result;
        return NULL;
    }
    return output;
}

void output_destroy(struct output *output)
{
    if (output == NULL) {
        return;
    }
    output_close(output);
    output_give_order(output, &(struct order){.kind = ORDER_QUIT});
    pthread_join(output->thread, NULL);
    for (size_t i = 0; i < sizeof output->playing / sizeof output->playing[0]; i++) {
        if (output->playing[i].deck != NULL) {
            output_forget(output, output->playing[i].deck);
        }
    }
    while (output_reap(output) != 0) {
    }
    free_parts(output);
}
