/*
 * format.h - from the chain's numbers to the words of a device or a file.
 *
 * Audio in: double, planar, two channels, full scale +-1. Out: interleaved little-endian words.
 * Integers: x * 2^(N-1), rounded to nearest, held within the word. A sample that is not already
 * such a word gets TPDF dither of +-1 LSB first (where dither is on); one that is passes untouched,
 * so that a lossless track keeps its own words. Fewer significant bits than the word has stand
 * left-justified in it. NaN is written as 0. FLOAT is the nearest float: no dither, nothing held.
 * A dither number is drawn for each sample that needs one, in the order of the words, so the
 * words do not depend on how the sound was cut into calls.
 * Source: S. P. Lipshitz, R. A. Wannamaker, J. Vanderkooy, "Quantization and Dither: A Theoretical
 * Survey", JAES 40(5), 1992 (the error's power is then 1/4 LSB^2 whatever the sound); generator:
 * D. Blackman, S. Vigna, "Scrambled Linear Pseudorandom Number Generators", 2019.
 *
 * Threads: format_write in the audio thread; dither_init anywhere.
 */
#ifndef MP_DSP_FORMAT_H
#define MP_DSP_FORMAT_H

#include "dsp/kernels.h"

enum word_format {
    WORD_S16,     /* 2 bytes */
    WORD_S24_3LE, /* 3 bytes */
    WORD_S24,     /* 4 bytes, the low 24 bits, sign-extended */
    WORD_S32,     /* 4 bytes */
    WORD_FLOAT,   /* 4 bytes */
};

struct dither {
    const struct kernels *kernels; /* every tier gives the same words */
    uint64_t state[2];
    bool enabled;
    uint32_t bits; /* significant bits, at most the word's: the low ones of a longer word stay 0 */
};

size_t word_bytes(enum word_format format);     /* bytes of one sample */
uint32_t word_bits(enum word_format format);    /* 16, 24, 24, 32, 24 (float: its mantissa) */
const char *word_name(enum word_format format); /* "S16", "S24_3LE", "S24", "S32", "FLOAT" */

/* bits 0: all of the word's. The seed makes runs repeat. */
void dither_init(struct dither *dither, uint64_t seed, bool enabled, uint32_t bits);

/* Writes frames * 2 words to `out`, which needs no alignment. Returns how many samples were held
   at the ends of an integer word (clipped). */
MP_RT uint32_t format_write(enum word_format format, struct dither *dither,
                            const double *const channel[2], size_t frames, void *out);

#endif
