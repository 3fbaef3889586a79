/* module.c - memory of a module, and the check that the audio thread may call it. */
#include "chain/module.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE_BYTES = 4096 };

void *module_alloc(size_t bytes)
{
    size_t whole = (bytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    void *memory = aligned_alloc(PAGE_BYTES, whole);

    if (memory == NULL) {
        errno = ENOMEM;
        return NULL;
    }
    memset(memory, 0, whole);
    return memory;
}

bool module_class_is_rt(const struct module_class *class)
{
    return rt_is_marked((rt_function) class->process) &&
           rt_is_marked((rt_function) class->latency_frames) &&
           (class->end == NULL || rt_is_marked((rt_function) class->end)) &&
           (class->lowest_gain == NULL || rt_is_marked((rt_function) class->lowest_gain)) &&
           (class->band_gains == NULL || rt_is_marked((rt_function) class->band_gains)) &&
           (class->take_over == NULL || rt_is_marked((rt_function) class->take_over));
}
