/* loudness.c - libebur128 behind planar buffers. */
#include "measure/loudness.h"

#include <ebur128.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>

enum { CHUNK_FRAMES = 1024, CHANNELS = 2 };

struct loudness {
    ebur128_state *state;
    enum loudness_depth depth;
    union {
        float f32[CHUNK_FRAMES * CHANNELS];
        double f64[CHUNK_FRAMES * CHANNELS];
    } chunk;
};

struct loudness *loudness_create(uint32_t rate_hz, enum loudness_depth depth)
{
    int mode = EBUR128_MODE_I;
    struct loudness *loudness = calloc(1, sizeof(*loudness));

    if (!loudness)
        return NULL;
    if (depth == LOUDNESS_FULL)
        mode |= EBUR128_MODE_LRA | EBUR128_MODE_TRUE_PEAK;
    loudness->depth = depth;
    loudness->state = ebur128_init(CHANNELS, rate_hz, mode);
    if (!loudness->state) {
        free(loudness);
        errno = rate_hz < 16 || rate_hz > 2822400 ? EINVAL : ENOMEM;
        return NULL;
    }
    return loudness;
}

void loudness_destroy(struct loudness *loudness)
{
    if (!loudness)
        return;
    ebur128_destroy(&loudness->state);
    free(loudness);
}

int loudness_add_f32(struct loudness *loudness, const float *const channel[2], size_t frames)
{
    for (size_t done = 0; done < frames;) {
        size_t count = frames - done < CHUNK_FRAMES ? frames - done : CHUNK_FRAMES;
        float *chunk = loudness->chunk.f32;

        for (size_t i = 0; i < count; i++) {
            chunk[2 * i] = channel[0][done + i];
            chunk[2 * i + 1] = channel[1][done + i];
        }
        if (ebur128_add_frames_float(loudness->state, chunk, count) != EBUR128_SUCCESS)
            return -ENOMEM;
        done += count;
    }
    return 0;
}

int loudness_add_f64(struct loudness *loudness, const double *const channel[2], size_t frames)
{
    for (size_t done = 0; done < frames;) {
        size_t count = frames - done < CHUNK_FRAMES ? frames - done : CHUNK_FRAMES;
        double *chunk = loudness->chunk.f64;

        for (size_t i = 0; i < count; i++) {
            chunk[2 * i] = channel[0][done + i];
            chunk[2 * i + 1] = channel[1][done + i];
        }
        if (ebur128_add_frames_double(loudness->state, chunk, count) != EBUR128_SUCCESS)
            return -ENOMEM;
        done += count;
    }
    return 0;
}

double loudness_lufs(const struct loudness *loudness)
{
    double lufs = -HUGE_VAL;

    if (ebur128_loudness_global(loudness->state, &lufs) != EBUR128_SUCCESS)
        return -HUGE_VAL;
    return lufs;
}

double loudness_range_lu(const struct loudness *loudness)
{
    double range = 0.0;

    if (loudness->depth != LOUDNESS_FULL ||
        ebur128_loudness_range(loudness->state, &range) != EBUR128_SUCCESS)
        return 0.0;
    return range;
}

double loudness_true_peak_dbtp(const struct loudness *loudness)
{
    double highest = 0.0;

    if (loudness->depth != LOUDNESS_FULL)
        return -HUGE_VAL;
    for (unsigned c = 0; c < CHANNELS; c++) {
        double peak = 0.0;

        if (ebur128_true_peak(loudness->state, c, &peak) == EBUR128_SUCCESS && peak > highest)
            highest = peak;
    }
    return highest > 0.0 ? 20.0 * log10(highest) : -HUGE_VAL;
}
