/* smooth.c - a number that goes to its target in a straight line. */
#include "dsp/smooth.h"

MP_RT void smooth_init(struct smooth *smooth, double value)
{
    *smooth = (struct smooth){.from = value, .to = value};
}

MP_RT bool smooth_is_settled(const struct smooth *smooth)
{
    return smooth->done >= smooth->length;
}

MP_RT double smooth_value(const struct smooth *smooth)
{
    if (smooth_is_settled(smooth)) {
        return smooth->to;
    }
    return smooth->from +
           (smooth->to - smooth->from) * ((double)smooth->done / (double)smooth->length);
}

MP_RT void smooth_set(struct smooth *smooth, double target, uint64_t frames)
{
    smooth->from = smooth_value(smooth);
    smooth->to = target;
    smooth->done = 0;
    smooth->length = frames;
}

MP_RT size_t smooth_take(struct smooth *smooth, size_t frames, double *start, double *step)
{
    uint64_t left = smooth->length - smooth->done;

    *start = smooth_value(smooth);
    if (smooth_is_settled(smooth)) {
        *step = 0.0;
        return frames;
    }
    *step = (smooth->to - smooth->from) / (double)smooth->length;
    frames = left < frames ? (size_t)left : frames;
    smooth->done += frames;
    return frames;
}
