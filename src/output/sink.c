/* sink.c - which driver a device name means. */
#include "output/sink.h"

#include "output/alsa.h"

#include <string.h>

void sink_setup(void)
{
    alsa_setup();
}

const struct sink_class *sink_class_for(const char *device)
{
    if (strcmp(device, "clock") == 0 || strncmp(device, "clock:", 6) == 0) {
        return &sink_clock;
    }
    return &sink_alsa;
}

bool sink_class_is_rt(const struct sink_class *class)
{
    return rt_is_marked((rt_function) class->queued) && rt_is_marked((rt_function) class->begin) &&
           rt_is_marked((rt_function) class->commit) && rt_is_marked((rt_function) class->start) &&
           rt_is_marked((rt_function) class->wait) && rt_is_marked((rt_function) class->drain) &&
           rt_is_marked((rt_function) class->recover);
}
