/*
 * real.h - the function that a preloaded one stands in front of.
 *
 * Include it first, or with _GNU_SOURCE defined before all else.
 */
#ifndef MP_TESTS_SHIM_REAL_H
#define MP_TESTS_SHIM_REAL_H

#include <dlfcn.h>

/* Calls the real function of this name. */
#define REAL(name, ...)                                                                            \
    __extension__({                                                                                \
        union {                                                                                    \
            void *address;                                                                         \
            __typeof__(&(name)) call;                                                              \
        } real_function = {.address = dlsym(RTLD_NEXT, #name)};                                    \
        real_function.call(__VA_ARGS__);                                                           \
    })

#endif
