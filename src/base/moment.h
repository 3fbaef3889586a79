/*
 * moment.h - a moment from now on, for waits that end.
 *
 * Threads: any but the audio thread.
 */
#ifndef MP_BASE_MOMENT_H
#define MP_BASE_MOMENT_H

#include <time.h>

/* In so many ms (below 0: now), on CLOCK_MONOTONIC. */
static inline struct timespec moment_in(int ms)
{
    struct timespec moment;

    clock_gettime(CLOCK_MONOTONIC, &moment);
    if (ms > 0) {
        moment.tv_nsec += ms % 1000 * 1000000L;
        moment.tv_sec += ms / 1000 + moment.tv_nsec / 1000000000;
        moment.tv_nsec %= 1000000000;
    }
    return moment;
}

#endif
