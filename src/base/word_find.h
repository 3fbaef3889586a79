/*
 * word_find.h - a typed word in a short text, quickly, and whether it begins a word there.
 *
 * Inline, as what is known of the word is then made ready once for many texts.
 *
 * Threads: any.
 * Source: W. Mula, "SIMD-friendly algorithms for substring searching" (generic SIMD): sixteen
 * places are looked at in one go, for the first two bytes of the word.
 */
#ifndef MP_BASE_WORD_FIND_H
#define MP_BASE_WORD_FIND_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* How a word, or the words that were typed, stand in a text: not at all, somewhere, or each at the
   beginning of a word. */
enum words_class { WORDS_FIT_NOT, WORDS_INSIDE, WORDS_BEGIN, WORDS_CLASSES };

struct word {
    const char *text; /* folded */
    size_t length;    /* >= 1 */
};

static inline char word_lower(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte + ('a' - 'A')) : byte;
}

static inline char word_upper(char byte)
{
    return byte >= 'a' && byte <= 'z' ? (char)(byte - ('a' - 'A')) : byte;
}

/* Letters, digits, and all beyond ASCII. */
static inline bool word_is_letter(char byte)
{
    unsigned char value = (unsigned char)word_lower(byte);

    return (value >= 'a' && value <= 'z') || (value >= '0' && value <= '9') || value >= 0x80;
}

/* A NUL in the text is no byte of the word, so this ends there. */
static inline bool word_stands_at(const char *place, const struct word *word)
{
    for (size_t i = 0; i < word->length; i++) {
        if (word_lower(place[i]) != word->text[i]) {
            return false;
        }
    }
    return true;
}

static inline enum words_class word_class_at(const char *text, const char *place,
                                             const struct word *word)
{
    if (!word_stands_at(place, word)) {
        return WORDS_FIT_NOT;
    }
    return place == text || !word_is_letter(place[-1]) ? WORDS_BEGIN : WORDS_INSIDE;
}

#ifdef __SSE2__

static inline __m128i word_either_case(__m128i block, char byte)
{
    return _mm_or_si128(_mm_cmpeq_epi8(block, _mm_set1_epi8(byte)),
                        _mm_cmpeq_epi8(block, _mm_set1_epi8(word_upper(byte))));
}

/* `text`: ASCII in any case, or folded. Up to 16 bytes behind its NUL are read (not looked at). */
static inline enum words_class word_find(const char *text, const struct word *word)
{
    size_t second = word->length > 1 ? 1 : 0;
    enum words_class best = WORDS_FIT_NOT;

    for (const char *at = text;; at += 16) {
        __m128i block = _mm_loadu_si128((const __m128i_u *)at);
        __m128i behind = _mm_loadu_si128((const __m128i_u *)(at + second));
        unsigned ends = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(block, _mm_setzero_si128()));
        unsigned places = (unsigned)_mm_movemask_epi8(_mm_and_si128(
            word_either_case(block, word->text[0]), word_either_case(behind, word->text[second])));

        if (ends != 0) {
            places &= (ends & -ends) - 1; /* before the first NUL */
        }
        for (; places != 0; places &= places - 1) {
            enum words_class class = word_class_at(text, at + __builtin_ctz(places), word);

            if (class == WORDS_BEGIN) {
                return class;
            }
            best = class > best ? class : best;
        }
        if (ends != 0) {
            return best;
        }
    }
}

#else

static inline enum words_class word_find(const char *text, const struct word *word)
{
    enum words_class best = WORDS_FIT_NOT;

    for (const char *at = text; *at != '\0' && best != WORDS_BEGIN; at++) {
        if (word_lower(*at) == word->text[0]) {
            enum words_class class = word_class_at(text, at, word);

            best = class > best ? class : best;
        }
    }
    return best;
}

#endif

#endif
