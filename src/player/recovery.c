/* recovery.c - what went wrong while playing, and what was done about it. */
#include "player/recovery.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { AGAIN_MS = 60000 };

void recovery_init(struct recovery *recovery)
{
    *recovery = (struct recovery){.count = 0};
    pthread_mutex_init(&recovery->lock, NULL);
}

void recovery_finish(struct recovery *recovery)
{
    pthread_mutex_destroy(&recovery->lock);
}

/* --- history ------------------------------------------------------------------------------- */

static uint64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

__attribute__((format(printf, 2, 0))) static void write_text(char text[RECOVERY_TEXT_SIZE],
                                                             const char *format, va_list arguments)
{
    vsnprintf(text, RECOVERY_TEXT_SIZE, format, arguments);
}

void recovery_note(struct recovery *recovery, enum recovery_kind kind, uint64_t time_ns,
                   const char *format, ...)
{
    struct recovery_event event = {.time_ns = time_ns != 0 ? time_ns : now_ns(), .kind = kind};
    va_list arguments;

    va_start(arguments, format);
    write_text(event.text, format, arguments);
    va_end(arguments);
    for (char *c = event.text; *c != '\0'; c++) { /* file names: it is one line */
        *c = (unsigned char)*c < ' ' ? '?' : *c;
    }
    pthread_mutex_lock(&recovery->lock);
    recovery->events[recovery->count++ % RECOVERY_KEPT] = event;
    pthread_mutex_unlock(&recovery->lock);
}

size_t recovery_read(struct recovery *recovery, struct recovery_event *events, size_t capacity,
                     uint64_t *count)
{
    size_t kept;

    pthread_mutex_lock(&recovery->lock);
    *count = recovery->count;
    kept = recovery->count < RECOVERY_KEPT ? (size_t)recovery->count : RECOVERY_KEPT;
    kept = kept < capacity ? kept : capacity;
    for (size_t i = 0; i < kept; i++) {
        events[i] = recovery->events[(recovery->count - 1 - i) % RECOVERY_KEPT];
    }
    pthread_mutex_unlock(&recovery->lock);
    return kept;
}

const char *recovery_kind_name(enum recovery_kind kind)
{
    static const char *const names[] = {"dropout", "device", "file", "chain"};

    return names[kind];
}

/* --- modules ------------------------------------------------------------------------------- */

static bool is_same(const char *one, const char *other)
{
    return one == other || (one != NULL && other != NULL && strcmp(one, other) == 0);
}

static bool is_without(const struct recovery *recovery, const char *module)
{
    for (size_t i = 0; i < recovery->without_count; i++) {
        if (strcmp(recovery->without[i], module) == 0) {
            return true;
        }
    }
    return false;
}

static void leave_out(struct recovery *recovery, const char *module)
{
    pthread_mutex_lock(&recovery->lock);
    if (module == NULL || recovery->without_count == RECOVERY_MODULES_MAX) {
        recovery->without_chain = true;
    } else if (!is_without(recovery, module)) {
        recovery->without[recovery->without_count++] = module;
    }
    pthread_mutex_unlock(&recovery->lock);
}

bool recovery_fault(struct recovery *recovery, const char *module, uint64_t now_ms)
{
    for (size_t i = 0; i < RECOVERY_MODULES_MAX; i++) {
        uint64_t at_ms = recovery->faults[i].at_ms;

        if (at_ms != 0 && now_ms - at_ms < AGAIN_MS &&
            is_same(recovery->faults[i].module, module)) {
            recovery->faults[i].at_ms = 0;
            leave_out(recovery, module);
            return true;
        }
    }
    recovery->faults[recovery->next_fault].module = module;
    recovery->faults[recovery->next_fault].at_ms = now_ms > 0 ? now_ms : 1;
    recovery->next_fault = (recovery->next_fault + 1) % RECOVERY_MODULES_MAX;
    return false;
}

void recovery_apply(const struct recovery *recovery, struct rack *rack)
{
    for (size_t i = 0; i < rack->length; i++) {
        if (recovery->without_chain || is_without(recovery, rack->entries[i].kind->class->name)) {
            rack_bypass(rack, i, true);
        }
    }
}

void recovery_forgive(struct recovery *recovery)
{
    pthread_mutex_lock(&recovery->lock);
    recovery->without_count = 0;
    recovery->without_chain = false;
    memset(recovery->faults, 0, sizeof recovery->faults);
    pthread_mutex_unlock(&recovery->lock);
}

void recovery_without(struct recovery *recovery, char *text, size_t size)
{
    size_t used = 0;

    text[0] = '\0';
    pthread_mutex_lock(&recovery->lock);
    if (recovery->without_chain) {
        snprintf(text, size, "the chain");
    }
    for (size_t i = 0; i < recovery->without_count && !recovery->without_chain; i++) {
        int length =
            snprintf(text + used, size - used, "%s%s", i > 0 ? " " : "", recovery->without[i]);

        if (length < 0 || (size_t)length >= size - used) {
            break;
        }
        used += (size_t)length;
    }
    pthread_mutex_unlock(&recovery->lock);
}
