/* module.c - the check that a module may be called by the audio thread. */
#include "chain/module.h"

bool module_class_is_rt(const struct module_class *class)
{
    return rt_is_marked((rt_function)class->process) &&
           (class->end == NULL || rt_is_marked((rt_function)class->end));
}
