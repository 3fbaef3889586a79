/*
 * find_bytes.h - a short word in a long text, quickly.
 *
 * Sixteen places are looked at in one go, for the first and the last byte of the word; so up to
 * FIND_BYTES_PAD bytes behind the end of the text are read (and not looked at).
 *
 * Threads: any.
 * Source: W. Mula, "SIMD-friendly algorithms for substring searching" (generic SIMD).
 */
#ifndef MP_LIBRARY_FIND_BYTES_H
#define MP_LIBRARY_FIND_BYTES_H

#include <stddef.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { FIND_BYTES_PAD = 16 };

/* The first place of word[length] (length >= 1) in [at, end), or NULL. */
static inline const char *find_bytes(const char *at, const char *end, const char *word,
                                     size_t length)
{
#ifdef __SSE2__
    const __m128i first = _mm_set1_epi8(word[0]), last = _mm_set1_epi8(word[length - 1]);

    for (; end - at >= (ptrdiff_t)length; at += 16) {
        __m128i firsts = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i_u *)at), first);
        __m128i lasts = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i_u *)(at + length - 1)), last);
        unsigned places = (unsigned)_mm_movemask_epi8(_mm_and_si128(firsts, lasts));

        for (; places != 0; places &= places - 1) {
            const char *place = at + __builtin_ctz(places);

            if (end - place < (ptrdiff_t)length) {
                return NULL;
            }
            if (length <= 2 || memcmp(place + 1, word + 1, length - 2) == 0) {
                return place;
            }
        }
        if (end - at < 16) {
            return NULL; /* `at` must not go further than one behind the end */
        }
    }
    return NULL;
#else
    return memmem(at, (size_t)(end - at), word, length);
#endif
}

#endif
