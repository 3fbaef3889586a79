/* rt.c - checks of real-time marks, and the thread's floating point mode. */
#include "base/rt.h"

#include <stdint.h>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

bool rt_is_marked(rt_function function)
{
    uintptr_t address = (uintptr_t)function;

    return address >= (uintptr_t)__start_rt_text && address < (uintptr_t)__stop_rt_text;
}

MP_RT void rt_flush_denormals(void)
{
#if defined(__SSE2__)
    _mm_setcsr(_mm_getcsr() | 0x8040U); /* FTZ and DAZ */
#elif defined(__aarch64__)
    uint64_t control;

    __asm__ volatile("mrs %0, fpcr" : "=r"(control));
    __asm__ volatile("msr fpcr, %0" : : "r"(control | (1ULL << 24)));
#endif
}
