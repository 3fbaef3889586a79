/*
 * rt.h - how code that the audio thread runs is marked.
 *
 * Every function that the audio thread can reach is marked MP_RT and so lands in the section
 * "rt_text". contrib/check-rt reads the relocations of that section in the object files and fails
 * when marked code refers to a function that is neither marked nor on its short list.
 * Function pointers are invisible to it: a table that the audio thread calls through is checked
 * with rt_is_marked() once, when it is put in place.
 *
 * MP_RT code allocates nothing, locks nothing, logs nothing, opens nothing, and every loop in it
 * has a bound that is known when it starts.
 */
#ifndef MP_BASE_RT_H
#define MP_BASE_RT_H

#include <stdbool.h>

#define MP_RT __attribute__((section("rt_text")))

/* The bounds of the section, made by the linker. */
extern const char __start_rt_text[];
extern const char __stop_rt_text[];

/* A function pointer of any type. */
typedef void (*rt_function)(void);

/* True if `function` is marked MP_RT. Any thread. */
bool rt_is_marked(rt_function function);

/* Makes this thread flush denormal numbers to zero. Every thread that runs chain code calls it. */
MP_RT void rt_flush_denormals(void);

#endif
