/* samples.c - sample conversion and down-mix. */
#include "media/samples.h"

#include <errno.h>
#include <string.h>

#include <libavutil/mathematics.h>
#include <libswresample/swresample.h>

/* The inner loops run over this many frames, a number that the compiler knows: so it makes vector
   code at -O2 too. */
enum { STEP = 16, MIX_FRAMES = 512 };

static const float SCALE_8 = 0x1p-7F, SCALE_16 = 0x1p-15F, SCALE_32 = 0x1p-31F;

enum sample_kind sample_kind_of(enum AVSampleFormat format)
{
    switch (av_get_packed_sample_fmt(format)) {
    case AV_SAMPLE_FMT_U8:
        return SAMPLE_U8;
    case AV_SAMPLE_FMT_S16:
        return SAMPLE_S16;
    case AV_SAMPLE_FMT_S32:
        return SAMPLE_S32;
    case AV_SAMPLE_FMT_S64:
        return SAMPLE_S64;
    case AV_SAMPLE_FMT_FLT:
        return SAMPLE_FLOAT;
    case AV_SAMPLE_FMT_DBL:
        return SAMPLE_DOUBLE;
    default:
        return SAMPLE_NONE;
    }
}

static size_t kind_bytes(enum sample_kind kind)
{
    static const size_t bytes[] = {
        [SAMPLE_NONE] = 1, [SAMPLE_U8] = 1,  [SAMPLE_S16] = 2,   [SAMPLE_S24] = 3,
        [SAMPLE_S32] = 4,  [SAMPLE_S64] = 8, [SAMPLE_FLOAT] = 4, [SAMPLE_DOUBLE] = 8};

    return bytes[kind];
}

/* One value of each kind as float. memcpy, since packets are not aligned. */
static inline float value_u8(const uint8_t *at)
{
    return (float)((int)*at - 128) * SCALE_8;
}

static inline float value_s16(const uint8_t *at)
{
    int16_t word;

    memcpy(&word, at, sizeof word);
    return (float)word * SCALE_16;
}

static inline float value_s24(const uint8_t *at)
{
    uint32_t word;

    memcpy(&word, at, sizeof word); /* one byte too many: packets have room behind their data */
    return (float)(int32_t)(word << 8) * SCALE_32;
}

static inline float value_s32(const uint8_t *at)
{
    int32_t word;

    memcpy(&word, at, sizeof word);
    return (float)word * SCALE_32;
}

static inline float value_s64(const uint8_t *at)
{
    int64_t word;

    memcpy(&word, at, sizeof word);
    return (float)word * 0x1p-63F;
}

static inline float value_float(const uint8_t *at)
{
    float value;

    memcpy(&value, at, sizeof value);
    return value;
}

static inline float value_double(const uint8_t *at)
{
    double value;

    memcpy(&value, at, sizeof value);
    return (float)value;
}

/* A run of one channel, `stride` bytes from sample to sample; and two interleaved channels. */
#define DEFINE_LOOPS(KIND, BYTES)                                                                  \
    static void run_##KIND(const uint8_t *restrict in, size_t stride, size_t frames,               \
                           float *restrict out)                                                    \
    {                                                                                              \
        size_t n = 0;                                                                              \
                                                                                                   \
        if (stride == (BYTES)) {                                                                   \
            for (; n + STEP <= frames; n += STEP) {                                                \
                for (size_t i = 0; i < STEP; i++) {                                                \
                    out[n + i] = value_##KIND(in + (n + i) * (BYTES));                             \
                }                                                                                  \
            }                                                                                      \
        }                                                                                          \
        for (; n < frames; n++) {                                                                  \
            out[n] = value_##KIND(in + n * stride);                                                \
        }                                                                                          \
    }                                                                                              \
    static void pair_##KIND(const uint8_t *restrict in, size_t frames, float *restrict left,       \
                            float *restrict right)                                                 \
    {                                                                                              \
        size_t n = 0;                                                                              \
                                                                                                   \
        for (; n + STEP <= frames; n += STEP) {                                                    \
            for (size_t i = 0; i < STEP; i++) {                                                    \
                left[n + i] = value_##KIND(in + (2 * (n + i)) * (BYTES));                          \
                right[n + i] = value_##KIND(in + (2 * (n + i) + 1) * (BYTES));                     \
            }                                                                                      \
        }                                                                                          \
        for (; n < frames; n++) {                                                                  \
            left[n] = value_##KIND(in + (2 * n) * (BYTES));                                        \
            right[n] = value_##KIND(in + (2 * n + 1) * (BYTES));                                   \
        }                                                                                          \
    }

DEFINE_LOOPS(u8, 1)
DEFINE_LOOPS(s16, 2)
DEFINE_LOOPS(s24, 3)
DEFINE_LOOPS(s32, 4)
DEFINE_LOOPS(s64, 8)
DEFINE_LOOPS(float, 4)
DEFINE_LOOPS(double, 8)

/* The common pair, two samples at once. */
static void pair_s16_fast(const uint8_t *restrict in, size_t frames, float *restrict left,
                          float *restrict right)
{
    size_t whole = frames / STEP * STEP;

    for (size_t n = 0; n < whole; n += STEP) {
        for (size_t i = 0; i < STEP; i++) {
            uint32_t both;

            memcpy(&both, in + 4 * (n + i), sizeof both);
            left[n + i] = (float)(int32_t)(both << 16) * SCALE_32;
            right[n + i] = (float)(int32_t)(both & 0xFFFF0000U) * SCALE_32;
        }
    }
    pair_s16(in + 4 * whole, frames - whole, left + whole, right + whole);
}

static const struct loops {
    void (*run)(const uint8_t *restrict, size_t, size_t, float *restrict);
    void (*pair)(const uint8_t *restrict, size_t, float *restrict, float *restrict);
} LOOPS[] = {
    [SAMPLE_U8] = {run_u8, pair_u8},
    [SAMPLE_S16] = {run_s16, pair_s16_fast},
    [SAMPLE_S24] = {run_s24, pair_s24},
    [SAMPLE_S32] = {run_s32, pair_s32},
    [SAMPLE_S64] = {run_s64, pair_s64},
    [SAMPLE_FLOAT] = {run_float, pair_float},
    [SAMPLE_DOUBLE] = {run_double, pair_double},
};

static inline bool is_bad(float value)
{
    uint32_t bits;

    memcpy(&bits, &value, sizeof bits);
    return (bits & 0x7F800000U) == 0x7F800000U;
}

/* NaN and infinite values become 0. Returns how many there were. */
static uint64_t clean(float *values, size_t count)
{
    uint64_t bad = 0;
    size_t n = 0;

    while (n < count) {
        size_t end = n + STEP;
        uint32_t any = 0;

        if (end <= count) {
            for (size_t i = 0; i < STEP; i++) {
                any |= is_bad(values[n + i]) ? 1U : 0U;
            }
        } else {
            end = count;
            any = 1;
        }
        for (size_t i = n; any != 0 && i < end; i++) {
            if (is_bad(values[i])) {
                values[i] = 0.0F;
                bad++;
            }
        }
        n = end;
    }
    return bad;
}

/* Where channel c begins, and the bytes between its samples. */
static const uint8_t *channel_at(const struct samples *samples, int c, size_t from, size_t *stride)
{
    size_t bytes = kind_bytes(samples->kind);

    if (samples->planar) {
        *stride = bytes;
        return samples->plane[c] + from * bytes;
    }
    *stride = bytes * (size_t)samples->channels;
    return samples->plane[0] + from * *stride + (size_t)c * bytes;
}

static uint64_t mix(const struct samples *samples, const struct mixdown *mixdown, size_t from,
                    size_t frames, float *const channel[MEDIA_CHANNELS])
{
    bool check = samples->kind == SAMPLE_FLOAT || samples->kind == SAMPLE_DOUBLE;
    uint64_t bad = 0;

    for (size_t done = 0; done < frames; done += MIX_FRAMES) {
        size_t count = frames - done < MIX_FRAMES ? frames - done : MIX_FRAMES;
        double sum[MEDIA_CHANNELS][MIX_FRAMES] = {{0.0}};
        float run[MIX_FRAMES];

        for (int c = 0; c < samples->channels; c++) {
            size_t stride;
            const uint8_t *in = channel_at(samples, c, from + done, &stride);

            LOOPS[samples->kind].run(in, stride, count, run);
            bad += check ? clean(run, count) : 0;
            for (size_t i = 0; i < count; i++) {
                sum[0][i] += mixdown->gain[0][c] * (double)run[i];
                sum[1][i] += mixdown->gain[1][c] * (double)run[i];
            }
        }
        for (size_t i = 0; i < count; i++) {
            channel[0][done + i] = (float)sum[0][i];
            channel[1][done + i] = (float)sum[1][i];
        }
    }
    return bad;
}

uint64_t samples_convert(const struct samples *samples, const struct mixdown *mixdown, size_t from,
                         size_t frames, float *const channel[MEDIA_CHANNELS])
{
    const struct loops *loops = &LOOPS[samples->kind];
    bool check = samples->kind == SAMPLE_FLOAT || samples->kind == SAMPLE_DOUBLE;
    size_t stride;

    if (samples->channels > MEDIA_CHANNELS) {
        return mix(samples, mixdown, from, frames, channel);
    }
    if (samples->channels == 2 && !samples->planar) {
        loops->pair(channel_at(samples, 0, from, &stride), frames, channel[0], channel[1]);
    } else {
        for (int c = 0; c < samples->channels; c++) {
            const uint8_t *in = channel_at(samples, c, from, &stride);

            loops->run(in, stride, frames, channel[c]);
        }
    }
    if (samples->channels == 1) {
        uint64_t bad = check ? clean(channel[0], frames) : 0;

        memcpy(channel[1], channel[0], frames * sizeof(float));
        return bad;
    }
    return check ? clean(channel[0], frames) + clean(channel[1], frames) : 0;
}

/* Channels without a known place: the even ones left, the odd ones right. */
static void spread_evenly(struct mixdown *mixdown, int channels)
{
    memset(mixdown->gain, 0, sizeof mixdown->gain);
    for (int c = 0; c < channels; c++) {
        mixdown->gain[c % 2][c] = 2.0 / (double)(channels + 1);
    }
}

/* libswresample's own matrix. False: it knows none for this layout. */
static bool standard_matrix(struct mixdown *mixdown, const AVChannelLayout *layout)
{
    AVChannelLayout stereo = AV_CHANNEL_LAYOUT_STEREO;
    double matrix[SAMPLES_CHANNELS_MAX][SAMPLES_CHANNELS_MAX] = {{0.0}}; /* it scales all of it */

    if (layout->order != AV_CHANNEL_ORDER_NATIVE ||
        swr_build_matrix2(layout, &stereo, M_SQRT1_2, M_SQRT1_2, 0.0, 1.0, 1.0, &matrix[0][0],
                          SAMPLES_CHANNELS_MAX, AV_MATRIX_ENCODING_NONE, NULL) < 0) {
        return false;
    }
    memcpy(mixdown->gain, matrix, sizeof mixdown->gain);
    return true;
}

int mixdown_set(struct mixdown *mixdown, const AVChannelLayout *layout)
{
    AVChannelLayout known = {0};
    int channels = layout->nb_channels;

    if (channels < 1 || channels > SAMPLES_CHANNELS_MAX) {
        return -EINVAL;
    }
    if (av_channel_layout_compare(&mixdown->layout, layout) == 0) {
        return 0;
    }
    if (av_channel_layout_copy(&mixdown->layout, layout) < 0) {
        return -ENOMEM;
    }
    if (channels <= MEDIA_CHANNELS) {
        return 0;
    }
    if (layout->order == AV_CHANNEL_ORDER_NATIVE) {
        known = *layout; /* native layouts own nothing */
    } else {
        av_channel_layout_default(&known, channels);
    }
    if (!standard_matrix(mixdown, &known)) {
        spread_evenly(mixdown, channels);
    }
    return 0;
}

void mixdown_finish(struct mixdown *mixdown)
{
    av_channel_layout_uninit(&mixdown->layout);
}
