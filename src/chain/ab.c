/* ab.c - cross-fades between two sources that run side by side. */
#include "chain/ab.h"

#include <string.h>

MP_RT static void pass_through(const double *const from[AB_CHANNELS],
                               double *const out[AB_CHANNELS], uint32_t first, uint32_t frames)
{
    for (size_t c = 0; c < AB_CHANNELS; c++) {
        if (out[c] != from[c]) {
            memmove(out[c] + first, from[c] + first, frames * sizeof(double));
        }
    }
}

/* Frame n of `frames` from `first` on gets the weight w + (n+1)*step. */
struct ramp {
    uint32_t first, frames;
    double w, step;
};

MP_RT static void mix(const double *const a[AB_CHANNELS], const double *const b[AB_CHANNELS],
                      double *const out[AB_CHANNELS], struct ramp ramp)
{
    for (uint32_t n = 0; n < ramp.frames; n++) {
        double w = ramp.w + (n + 1) * ramp.step;
        size_t at = (size_t)ramp.first + n;

        for (size_t c = 0; c < AB_CHANNELS; c++) {
            out[c][at] = (1 - w) * a[c][at] + w * b[c][at];
        }
    }
}

void ab_init(struct ab *ab, uint32_t rate_hz, double w)
{
    *ab = (struct ab){.w = w, .target = w, .start = w, .ramp_frames = rate_hz * AB_RAMP_MS / 1000};
    if (ab->ramp_frames == 0) {
        ab->ramp_frames = 1;
    }
}

MP_RT void ab_set(struct ab *ab, double target)
{
    if (target == ab->target) {
        return;
    }
    ab->start = ab->w;
    ab->target = target;
    ab->done = 0;
    ab->length = ab->ramp_frames;
}

MP_RT bool ab_is_still(const struct ab *ab)
{
    return ab->done == ab->length;
}

MP_RT void ab_process(struct ab *ab, const double *const a[AB_CHANNELS],
                      const double *const b[AB_CHANNELS], double *const out[AB_CHANNELS],
                      uint32_t frames)
{
    uint32_t at = 0;

    if (ab->done < ab->length) {
        double step = (ab->target - ab->start) / ab->length;
        uint32_t left = ab->length - ab->done - 1; /* the last frame of a ramp is its goal itself */

        at = left < frames ? left : frames;
        mix(a, b, out, (struct ramp){0, at, ab->start + ab->done * step, step});
        ab->done += at;
        ab->w = ab->start + ab->done * step;
    }
    if (at == frames) {
        return;
    }
    ab->done = ab->length;
    ab->w = ab->target;
    if (ab->w == 0 || ab->w == 1) {
        pass_through(ab->w == 0 ? a : b, out, at, frames - at);
    } else {
        mix(a, b, out, (struct ramp){at, frames - at, ab->w, 0});
    }
}

MP_RT void fade_begin(struct fade *fade, uint64_t wait, uint32_t length)
{
    *fade = (struct fade){.wait = wait, .length = length};
}

MP_RT bool fade_is_over(const struct fade *fade)
{
    return fade->wait == 0 && fade->done == fade->length;
}

MP_RT bool fade_process(struct fade *fade, const double *const from[AB_CHANNELS],
                        const double *const to[AB_CHANNELS], double *const out[AB_CHANNELS],
                        uint32_t frames)
{
    uint32_t wait = fade->wait < frames ? (uint32_t)fade->wait : frames;
    uint32_t left = fade->length - fade->done;
    uint32_t both = left < frames - wait ? left : frames - wait;

    pass_through(from, out, 0, wait);
    fade->wait -= wait;
    if (both > 0) {
        double step = 1.0 / fade->length;

        mix(from, to, out, (struct ramp){wait, both, (fade->done - 0.5) * step, step});
        fade->done += both;
    }
    if (wait + both < frames) {
        pass_through(to, out, wait + both, frames - wait - both);
    }
    return fade_is_over(fade);
}
