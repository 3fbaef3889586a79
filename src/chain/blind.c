/* blind.c - a switch between A and B that does not tell which way it went. */
#include "chain/blind.h"

#include <string.h>

MP_RT void blind_begin(struct blind *blind, double target, uint32_t length)
{
    blind->target = target;
    if (!blind->active || length != blind->length) {
        *blind = (struct blind){.active = true, .length = length, .target = target};
    } else if (blind->done >= 2 * length) { /* coming in: goes out again from where it is */
        blind->done = 3 * length - blind->done;
    } /* on its way out, or silent: it is not too late to come in as something else */
}

/* Stands at w at once; nothing is heard of it. */
MP_RT static void stand_at(struct ab *ab, double w)
{
    ab->w = ab->start = ab->target = w;
    ab->done = ab->length = 0;
}

MP_RT static void apply(const struct blind *blind, double *const out[AB_CHANNELS], uint32_t frames)
{
    uint32_t length = blind->length;

    for (uint32_t c = 0; c < AB_CHANNELS; c++) {
        if (blind->done >= length && blind->done < 2 * length) {
            memset(out[c], 0, frames * sizeof(double));
            continue;
        }
        for (uint32_t i = 0; i < frames; i++) {
            uint32_t k = (blind->done + i) % length + 1;
            double gain = (double)k / length;

            if (blind->done < length) { /* no 0 * NaN in the last frame, and no -0 */
                out[c][i] = k == length ? 0.0 : (1.0 - gain) * out[c][i];
            } else if (k < length) {
                out[c][i] *= gain;
            }
        }
    }
}

MP_RT void blind_process(struct blind *blind, struct ab *ab, const double *const a[AB_CHANNELS],
                         const double *const b[AB_CHANNELS], double *const out[AB_CHANNELS],
                         uint32_t frames)
{
    uint32_t at = 0;

    while (at < frames && blind->active) { /* at most three parts */
        uint32_t left = blind->length - blind->done % blind->length;
        uint32_t count = left < frames - at ? left : frames - at;
        const double *const from_a[AB_CHANNELS] = {a[0] + at, a[1] + at};
        const double *const from_b[AB_CHANNELS] = {b[0] + at, b[1] + at};
        double *const to[AB_CHANNELS] = {out[0] + at, out[1] + at};

        if (blind->done >= blind->length && blind->done < 2 * blind->length) {
            stand_at(ab, blind->target);
        }
        ab_process(ab, from_a, from_b, to, count);
        apply(blind, to, count);
        blind->done += count;
        blind->active = blind->done < 3 * blind->length;
        at += count;
    }
    if (at < frames) {
        const double *const from_a[AB_CHANNELS] = {a[0] + at, a[1] + at};
        const double *const from_b[AB_CHANNELS] = {b[0] + at, b[1] + at};
        double *const to[AB_CHANNELS] = {out[0] + at, out[1] + at};

        ab_process(ab, from_a, from_b, to, frames - at);
    }
}
