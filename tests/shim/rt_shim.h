/*
 * rt_shim.h - what the files of the preloaded watch over the audio thread share (rt_shim.c).
 *
 * Threads: all.
 */
#ifndef MP_TESTS_RT_SHIM_H
#define MP_TESTS_RT_SHIM_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

/* True in the audio thread. */
bool rt_is_watched(void);
/* Ends the program if this is the audio thread. */
void rt_forbid(const char *function);
/* The function of this name behind ours. */
void *rt_real(const char *name);

/* Calls the real function of this name, which is looked up once. */
#define REAL(name, ...)                                                                            \
    __extension__({                                                                                \
        static _Atomic(void *) found;                                                              \
        union {                                                                                    \
            void *address;                                                                         \
            __typeof__(&(name)) call;                                                              \
        } real_function = {.address = atomic_load(&found)};                                        \
        if (real_function.address == NULL) {                                                       \
            real_function.address = rt_real(#name);                                                \
            atomic_store(&found, real_function.address);                                           \
        }                                                                                          \
        real_function.call(__VA_ARGS__);                                                           \
    })

/* A function that the audio thread may not call: its type, name, parameters and arguments. */
#define FORBIDDEN(type, name, parameters, ...)                                                     \
    type name parameters                                                                           \
    {                                                                                              \
        rt_forbid(#name);                                                                          \
        return REAL(name, __VA_ARGS__);                                                            \
    }

#endif
