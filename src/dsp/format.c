/* format.c - from the chain's numbers to the words of a device or a file. */
#include "dsp/format.h"

#include <string.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "words are written as the processor keeps them: little-endian only"
#endif

enum { CHUNK_FRAMES = 128, CHANNELS = 2 };

size_t word_bytes(enum word_format format)
{
    switch (format) {
    case WORD_S16:
        return 2;
    case WORD_S24_3LE:
        return 3;
    case WORD_S24:
    case WORD_S32:
    case WORD_FLOAT:
        break;
    }
    return 4;
}

MP_RT static uint32_t bits_of(enum word_format format)
{
    return format == WORD_S16 ? 16 : format == WORD_S32 ? 32 : 24;
}

uint32_t word_bits(enum word_format format)
{
    return bits_of(format);
}

const char *word_name(enum word_format format)
{
    switch (format) {
    case WORD_S16:
        return "S16";
    case WORD_S24_3LE:
        return "S24_3LE";
    case WORD_S24:
        return "S24";
    case WORD_S32:
        return "S32";
    case WORD_FLOAT:
        break;
    }
    return "FLOAT";
}

/* SplitMix64 (Steele, Lea, Flood 2014): spreads a small seed over the state. */
static uint64_t spread(uint64_t *seed)
{
    uint64_t z = *seed += 0x9e3779b97f4a7c15ULL;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

void dither_init(struct dither *dither, uint64_t seed, bool enabled, uint32_t bits)
{
    dither->state[0] = spread(&seed);
    dither->state[1] = spread(&seed);
    dither->kernels = kernels_select(SIMD_AUTO);
    dither->enabled = enabled;
    dither->bits = bits;
}

MP_RT static inline uint64_t rotate(uint64_t x, unsigned int by)
{
    return (x << by) | (x >> (64 - by));
}

/* Triangular, -1 to 1, from one step of xoroshiro128++ (Blackman, Vigna 2019): the difference of
   two independent uniform halves. */
MP_RT static inline double dither_next(uint64_t state[2])
{
    uint64_t s0 = state[0], s1 = state[1];
    uint64_t bits = rotate(s0 + s1, 17) + s0;

    s1 ^= s0;
    state[0] = rotate(s0, 49) ^ s1 ^ (s1 << 21);
    state[1] = rotate(s1, 28);
    return (double)((int64_t)(bits >> 32) - (int64_t)(bits & 0xffffffffU)) * 0x1p-32;
}

/* Added and taken away again, this rounds a double of less than 2^51 to the nearest whole number
   (ties to even). */
static const double ROUNDER = 6755399441055744.0; /* 1.5 * 2^52 */
static const double FAR = 1099511627776.0;        /* 2^40 */

/* The significant bits stand left-justified in the word, *shift above its lowest. */
MP_RT static struct kernels_word word_of(enum word_format format, uint32_t bits, uint32_t *shift)
{
    uint32_t most = bits_of(format);
    struct kernels_word word;

    if (bits == 0 || bits > most) {
        bits = most;
    }
    *shift = most - bits;
    word.scale = (double)(UINT64_C(1) << (bits - 1));
    word.low = -word.scale;
    word.high = word.scale - 1.0;
    return word;
}

/* Left and right; every processor here has such vectors. */
typedef double pair __attribute__((vector_size(16)));
typedef int64_t pair_bits __attribute__((vector_size(16)));
typedef float float_pair __attribute__((vector_size(8)));

/* A number for each sample that is not a word already, in the order of the words. */
MP_RT static void draw(struct dither *dither, const struct kernels_word *word, const double *audio,
                       size_t count, double *noise)
{
    uint64_t state[2] = {dither->state[0], dither->state[1]}; /* kept in registers */

    for (size_t i = 0; i < count; i++) {
        double v = audio[i] * word->scale;

        /* Beyond 2^51 all numbers are whole, and so they are taken to be from FAR on; NaN is 0. */
        if (v > -FAR && v < FAR && (v + ROUNDER) - ROUNDER != v) {
            noise[i] = dither_next(state);
        }
    }
    dither->state[0] = state[0];
    dither->state[1] = state[1];
}

/* The same where every sample needs one. */
MP_RT static void draw_all(struct dither *dither, size_t count, double *noise)
{
    uint64_t state[2] = {dither->state[0], dither->state[1]};

    for (size_t i = 0; i < count; i++) {
        noise[i] = dither_next(state);
    }
    dither->state[0] = state[0];
    dither->state[1] = state[1];
}

/* `frames` of interleaved words. Returns how many were held. */
MP_RT static size_t make_words(const struct kernels_word *word, struct dither *dither,
                               const double *left, const double *right, size_t frames,
                               int32_t *words)
{
    double audio[CHUNK_FRAMES * CHANNELS], noise[CHUNK_FRAMES * CHANNELS];
    size_t count = frames * CHANNELS, inexact = 0, held;

    for (size_t i = 0; i < frames; i++) {
        pair both = {left[i], right[i]};

        memcpy(audio + i * CHANNELS, &both, sizeof both);
    }
    held = dither->kernels->quantise(word, audio, NULL, count, words, &inexact);
    if (inexact == 0 || !dither->enabled) {
        return held;
    }
    if (inexact == count) {
        draw_all(dither, count, noise);
    } else {
        draw(dither, word, audio, count, noise);
    }
    return dither->kernels->quantise(word, audio, noise, count, words, &inexact);
}

MP_RT static void pack_16(const int32_t *word, uint32_t shift, size_t count, unsigned char *out)
{
    for (size_t i = 0; i < count; i++) {
        uint16_t half = (uint16_t)((uint32_t)word[i] << shift);

        memcpy(out + i * sizeof half, &half, sizeof half);
    }
}

MP_RT static void pack_24(const int32_t *word, uint32_t shift, size_t count, unsigned char *out)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t w = (uint32_t)word[i] << shift;

        out[i * 3] = (unsigned char)w;
        out[i * 3 + 1] = (unsigned char)(w >> 8);
        out[i * 3 + 2] = (unsigned char)(w >> 16);
    }
}

MP_RT static void pack_32(const int32_t *word, uint32_t shift, size_t count, unsigned char *out)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t w = (uint32_t)word[i] << shift;

        memcpy(out + i * sizeof w, &w, sizeof w);
    }
}

MP_RT static void write_float(const double *const channel[CHANNELS], size_t frames,
                              unsigned char *out)
{
    for (size_t i = 0; i < frames; i++) {
        pair x = {channel[0][i], channel[1][i]};
        /* NaN is not equal to itself, and becomes 0. NOLINTNEXTLINE(misc-redundant-expression) */
        float_pair word = __builtin_convertvector((pair)((pair_bits)x & (x == x)), float_pair);

        memcpy(out + i * sizeof word, &word, sizeof word);
    }
}

MP_RT uint32_t format_write(enum word_format format, struct dither *dither,
                            const double *const channel[2], size_t frames, void *out)
{
    int32_t word[CHUNK_FRAMES * CHANNELS];
    size_t frame_bytes = (format == WORD_S16 ? 2 : format == WORD_S24_3LE ? 3 : 4) * CHANNELS;
    unsigned char *to = out;
    struct kernels_word one;
    uint32_t shift, held = 0;

    if (format == WORD_FLOAT) {
        write_float(channel, frames, out);
        return 0;
    }
    one = word_of(format, dither->bits, &shift);
    for (size_t done = 0; done < frames; done += CHUNK_FRAMES) {
        size_t count = frames - done < CHUNK_FRAMES ? frames - done : CHUNK_FRAMES;

        held +=
            (uint32_t)make_words(&one, dither, channel[0] + done, channel[1] + done, count, word);
        if (format == WORD_S16) {
            pack_16(word, shift, count * CHANNELS, to);
        } else if (format == WORD_S24_3LE) {
            pack_24(word, shift, count * CHANNELS, to);
        } else {
            pack_32(word, shift, count * CHANNELS, to);
        }
        to += count * frame_bytes;
    }
    return held;
}
