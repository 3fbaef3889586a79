/* convolver.c - partitioned convolution: the delay line of spectra and its filters. */
#include "dsp/convolver.h"

#include "dsp/spectral.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_MAX = 65536 };

/* Both own one piece of memory, cut in parts that are whole cache lines. */
struct convolver_filter {
    uint64_t identity; /* of its taps: equal for equal filters */
    void *spectra[CONVOLVER_CHANNELS];
    void *memory;
    size_t memory_bytes;
};

struct convolver {
    struct convolver_shape shape;
    struct spectral spectral;
    struct spectral_channel channel[CONVOLVER_CHANNELS];
    /* Every second block is summed ahead, with the filter of then: half the memory is read. */
    bool is_ahead;
    uint64_t ahead_identity;
    void *memory;
    size_t memory_bytes, twiddle_bytes;
};

static bool is_valid(const struct convolver_shape *shape)
{
    uint32_t block = shape->block_frames;

    return (shape->channels == 1 || shape->channels == CONVOLVER_CHANNELS) &&
           block >= SPECTRAL_SIZE_MIN && block <= BLOCK_MAX && (block & (block - 1)) == 0 &&
           shape->taps > 0 && shape->taps <= SIZE_MAX / 64 && shape->kernels != NULL &&
           (shape->precision == FFT_FLOAT32 || shape->precision == FFT_FLOAT64);
}

static size_t slots_of(const struct convolver_shape *shape)
{
    return (shape->taps + shape->block_frames - 1) / shape->block_frames;
}

static size_t number_bytes(const struct convolver_shape *shape)
{
    return shape->precision == FFT_FLOAT64 ? sizeof(double) : sizeof(float);
}

/* Of a spectrum: N complex numbers. */
static size_t spectrum_bytes(const struct convolver_shape *shape)
{
    return (size_t)shape->block_frames * 2 * number_bytes(shape);
}

/* The next part of a piece of memory. */
static void *take(unsigned char **next, size_t bytes)
{
    void *part = *next;

    *next += bytes;
    return part;
}

struct convolver *convolver_create(const struct convolver_shape *shape)
{
    struct convolver *convolver;
    unsigned char *next;
    size_t line_bytes;
    void *work;

    if (!is_valid(shape)) {
        errno = EINVAL;
        return NULL;
    }
    convolver = calloc(1, sizeof *convolver);
    if (convolver == NULL) {
        return NULL;
    }
    convolver->shape = *shape;
    convolver->twiddle_bytes =
        spectral_twiddle_bytes(shape->block_frames, shape->precision, shape->kernels);
    line_bytes = slots_of(shape) * spectrum_bytes(shape);
    convolver->memory_bytes = convolver->twiddle_bytes + spectrum_bytes(shape) +
                              shape->channels * (line_bytes + spectrum_bytes(shape) * 3 / 2);
    convolver->memory = fft_alloc(convolver->memory_bytes);
    if (convolver->memory == NULL) {
        convolver_destroy(convolver);
        errno = ENOMEM;
        return NULL;
    }
    next = convolver->memory;
    spectral_init(&convolver->spectral, shape->block_frames, slots_of(shape), shape->precision,
                  shape->kernels, take(&next, convolver->twiddle_bytes));
    work = take(&next, spectrum_bytes(shape));
    for (uint32_t c = 0; c < shape->channels; c++) {
        convolver->channel[c].work = work;
        convolver->channel[c].overlap = take(&next, spectrum_bytes(shape) / 2);
        convolver->channel[c].ahead = take(&next, spectrum_bytes(shape));
        convolver->channel[c].line = take(&next, line_bytes);
    }
    return convolver;
}

void convolver_destroy(struct convolver *convolver)
{
    if (convolver == NULL) {
        return;
    }
    free(convolver->memory);
    free(convolver);
}

void convolver_reset(struct convolver *convolver)
{
    memset((unsigned char *)convolver->memory + convolver->twiddle_bytes, 0,
           convolver->memory_bytes - convolver->twiddle_bytes);
    convolver->channel[0].newest = convolver->channel[1].newest = 0;
    convolver->is_ahead = false;
}

void convolver_memory(const struct convolver *convolver, void **address, size_t *bytes)
{
    *address = convolver->memory;
    *bytes = convolver->memory_bytes;
}

/* The partitions' spectra, the last one first, scaled for the way back. */
static void transform_taps(const struct convolver_shape *shape, const struct spectral *spectral,
                           const double *taps, double *time, void *work, void *spectra)
{
    struct spectral_channel channel = {.line = spectra, .work = work};
    const size_t block = shape->block_frames;
    const double scale = 1.0 / (double)block;

    for (size_t k = 0; k < spectral->slots; k++) {
        for (size_t i = 0; i < block; i++) {
            size_t tap = k * block + i;

            time[i] = tap < shape->taps ? taps[tap] * scale : 0.0;
        }
        channel.newest = spectral->slots - 1 - k;
        spectral->kernels->forward(spectral, &channel, time);
    }
}

/* FNV-1a over 64-bit words, with the high half brought down. */
static uint64_t mix_taps(uint64_t identity, const double *taps, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t word;

        memcpy(&word, &taps[i], sizeof word);
        identity = (identity ^ word) * UINT64_C(0x100000001b3);
        identity ^= identity >> 32;
    }
    return identity;
}

struct convolver_filter *convolver_filter_create(const struct convolver_shape *shape,
                                                 const double *const taps[])
{
    struct convolver_filter *filter = NULL;
    struct spectral spectral;
    unsigned char *next;
    void *twiddles, *work;
    double *time;

    if (!is_valid(shape)) {
        errno = EINVAL;
        return NULL;
    }
    twiddles =
        fft_alloc(spectral_twiddle_bytes(shape->block_frames, shape->precision, shape->kernels));
    work = fft_alloc(spectrum_bytes(shape));
    time = fft_alloc(shape->block_frames * sizeof *time);
    filter = calloc(1, sizeof *filter);
    if (twiddles == NULL || work == NULL || time == NULL || filter == NULL) {
        goto fail;
    }
    filter->memory_bytes = shape->channels * slots_of(shape) * spectrum_bytes(shape);
    filter->memory = next = fft_alloc(filter->memory_bytes);
    if (filter->memory == NULL) {
        goto fail;
    }
    spectral_init(&spectral, shape->block_frames, slots_of(shape), shape->precision, shape->kernels,
                  twiddles);
    for (uint32_t c = 0; c < shape->channels; c++) {
        filter->spectra[c] = take(&next, slots_of(shape) * spectrum_bytes(shape));
        transform_taps(shape, &spectral, taps[c], time, work, filter->spectra[c]);
        filter->identity = mix_taps(filter->identity, taps[c], shape->taps);
    }
    free(twiddles);
    free(work);
    free(time);
    return filter;
fail:
    free(twiddles);
    free(work);
    free(time);
    convolver_filter_destroy(filter);
    errno = ENOMEM;
    return NULL;
}

void convolver_filter_destroy(struct convolver_filter *filter)
{
    if (filter == NULL) {
        return;
    }
    free(filter->memory);
    free(filter);
}

void convolver_filter_memory(const struct convolver_filter *filter, void **address, size_t *bytes)
{
    *address = filter->memory;
    *bytes = filter->memory_bytes;
}

MP_RT void convolver_process(struct convolver *convolver, const struct convolver_filter *filter,
                             double *const audio[])
{
    const struct spectral *spectral = &convolver->spectral;
    const bool known = convolver->is_ahead && convolver->ahead_identity == filter->identity;

    for (uint32_t c = 0; c < convolver->shape.channels; c++) {
        struct spectral_channel *channel = &convolver->channel[c];

        channel->newest = channel->newest + 1 < spectral->slots ? channel->newest + 1 : 0;
        spectral->kernels->forward(spectral, channel, audio[c]);
        spectral->kernels->backward(spectral, channel, filter->spectra[c], known, audio[c]);
    }
    convolver->is_ahead = !known;
    convolver->ahead_identity = filter->identity;
}
