/* output_volume.c - the volume of all that is heard: the last thing done before the device's words.
 */
#include "output/output_internal.h"

MP_RT void output_rt_volume_begin(struct output *output)
{
    double wish = atomic_load_explicit(&output->volume, memory_order_relaxed);

    output->rt.volume = (struct volume){.now = wish, .start = wish, .target = wish};
}

MP_RT static void scale(struct output_rt *rt, uint32_t i, double gain)
{
    rt->out[0][i] *= gain;
    rt->out[1][i] *= gain;
}

MP_RT void output_rt_volume(struct output *output)
{
    struct output_rt *rt = &output->rt;
    struct volume *volume = &rt->volume;
    double wish = atomic_load_explicit(&output->volume, memory_order_relaxed);
    uint32_t i = 0;

    if (wish != volume->target) {
        volume->start = volume->now;
        volume->target = wish;
        volume->done = 0;
        volume->length = rt->fade_frames;
    }
    for (; i < rt->out_frames && volume->done < volume->length; i++) {
        volume->done++;
        volume->now =
            volume->start + (volume->target - volume->start) * volume->done / volume->length;
        scale(rt, i, volume->now);
    }
    if (volume->done < volume->length) {
        return;
    }
    volume->now = volume->target;
    for (; volume->now != 1.0 && i < rt->out_frames; i++) {
        scale(rt, i, volume->now);
    }
}
