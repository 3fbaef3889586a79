/* spectral.c - twiddles of the transform under the convolver. */
#include "dsp/spectral.h"

#include <assert.h>
#include <math.h>

enum { LANES_MAX = 16 };

static const long double PI = 3.141592653589793238462643383279502884L;

/* Where the next twiddle goes. */
struct writer {
    float *f32;
    double *f64;
    size_t count;
    bool count_only;
    enum fft_precision precision;
};

static void put(struct writer *writer, long double value)
{
    if (writer->precision == FFT_FLOAT64) {
        writer->f64[writer->count] = (double)value;
    } else {
        writer->f32[writer->count] = (float)value;
    }
    writer->count++;
}

static const void *writer_place(struct writer *writer)
{
    size_t per_line =
        SPECTRAL_GROUP / (writer->precision == FFT_FLOAT64 ? sizeof(double) : sizeof(float));

    writer->count = (writer->count + per_line - 1) / per_line * per_line;
    if (writer->count_only) {
        return NULL;
    }
    return writer->precision == FFT_FLOAT64 ? (const void *)(writer->f64 + writer->count)
                                            : (const void *)(writer->f32 + writer->count);
}

/* A vector of real parts, then one of imaginary parts, of e^(-2 pi i power n / length) for the
   lanes n = at, at+1, ..., taken modulo `wrap`. */
static void put_vector(struct writer *writer, size_t lanes, size_t at, size_t wrap, size_t power,
                       size_t length)
{
    long double sine[LANES_MAX], cosine[LANES_MAX];

    if (writer->count_only) {
        writer->count += 2 * lanes;
        return;
    }
    for (size_t lane = 0; lane < lanes; lane++) {
        size_t turn = power * ((at + lane) % wrap) % length;
        long double angle = -2.0L * PI * (long double)turn / (long double)length;

        sincosl(angle, &sine[lane], &cosine[lane]);
    }
    for (size_t lane = 0; lane < lanes; lane++) {
        put(writer, cosine[lane]);
    }
    for (size_t lane = 0; lane < lanes; lane++) {
        put(writer, sine[lane]);
    }
}

/* One radix-`radix` step on blocks of `length`. */
static void put_step(struct writer *writer, size_t lanes, size_t length, unsigned int radix)
{
    for (size_t at = 0; at < length / radix; at += lanes) {
        for (unsigned int q = 1; q < radix; q++) {
            put_vector(writer, lanes, at, length, q, length);
        }
    }
}

/* The transform inside a vector: chunks of 128 bits come first, and the steps inside a chunk need
   no twiddles. */
static void put_inside(struct writer *writer, size_t lanes)
{
    size_t chunk = writer->precision == FFT_FLOAT64 ? 2 : 4;
    size_t chunks = lanes / chunk;

    for (size_t q = 1; q < chunks; q++) {
        put_vector(writer, lanes, 0, chunk, q, lanes);
    }
}

static const struct spectral_kernels *kernels_for(size_t size, enum fft_precision precision,
                                                  const struct kernels *kernels)
{
    while (size < 8 * kernels->spectral[precision].lanes) {
        kernels = kernels->narrower;
    }
    return &kernels->spectral[precision];
}

static void fill(struct spectral *spectral, struct writer *writer)
{
    size_t size = spectral->size, lanes = spectral->kernels->lanes;
    size_t length = size / 4;

    spectral->first = writer_place(writer);
    for (size_t at = 0; at < size / 4; at += lanes) {
        for (unsigned int q = 0; q < 4; q++) {
            put_vector(writer, lanes, at, size, 4 * q + 1, 4 * size);
        }
    }
    spectral->passes = 0;
    for (; length > 4 * lanes; length /= 4) {
        assert(spectral->passes < SPECTRAL_PASSES_MAX);
        spectral->pass[spectral->passes].length = length;
        spectral->pass[spectral->passes].twiddles = writer_place(writer);
        spectral->passes++;
        put_step(writer, lanes, length, 4);
    }
    spectral->last_radix = length == 4 * lanes ? 4 : 2;
    spectral->last = writer_place(writer);
    put_step(writer, lanes, length, spectral->last_radix);
    spectral->inside = writer_place(writer);
    put_inside(writer, lanes);
    writer_place(writer);
}

size_t spectral_twiddle_bytes(size_t size, enum fft_precision precision,
                              const struct kernels *kernels)
{
    struct spectral spectral = {.size = size, .kernels = kernels_for(size, precision, kernels)};
    struct writer writer = {.count_only = true, .precision = precision};

    fill(&spectral, &writer);
    return writer.count * (precision == FFT_FLOAT64 ? sizeof(double) : sizeof(float));
}

void spectral_init(struct spectral *spectral, size_t size, size_t slots,
                   enum fft_precision precision, const struct kernels *kernels, void *memory)
{
    struct writer writer = {.f32 = memory, .f64 = memory, .precision = precision};

    assert(size >= SPECTRAL_SIZE_MIN && (size & (size - 1)) == 0 && slots > 0);
    *spectral = (struct spectral){.size = size, .slots = slots};
    spectral->kernels = kernels_for(size, precision, kernels);
    fill(spectral, &writer);
}
