/* fold.c - text as it is compared: case aside, and marks where asked. */
#include "library/fold.h"

#include <stdint.h>
#include <string.h>

#include <utf8proc.h>

enum { CHARACTER_SPACE = 32, COMPARED_BYTES = 8192 };

static unsigned char lower(unsigned char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (unsigned char)(byte + ('a' - 'A')) : byte;
}

static bool is_mark(utf8proc_int32_t character)
{
    utf8proc_category_t category = utf8proc_category(character);

    return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC ||
           category == UTF8PROC_CATEGORY_ME;
}

/* Folds the character at `in` into `out` (CHARACTER_SPACE x 4 bytes). Returns the bytes written;
 *taken: those read. */
static size_t fold_character(char *out, const char *in, size_t *taken, bool marks_too)
{
    utf8proc_int32_t character, folded[CHARACTER_SPACE];
    utf8proc_option_t options = UTF8PROC_CASEFOLD;
    utf8proc_ssize_t read, count;
    size_t used = 0;
    int last_class = 0;

    /* Four bytes at most are looked at, and the NUL ends a broken character. */
    read = utf8proc_iterate((const utf8proc_uint8_t *)in, (utf8proc_ssize_t)strnlen(in, 4),
                            &character);
    if (read <= 0) {
        *out = *in;
        *taken = 1;
        return 1;
    }
    *taken = (size_t)read;
    if (marks_too) {
        options |= UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT;
    }
    count = utf8proc_decompose_char(character, folded, CHARACTER_SPACE, options, &last_class);
    if (count < 0 || count > CHARACTER_SPACE) {
        memcpy(out, in, *taken);
        return *taken;
    }
    for (utf8proc_ssize_t i = 0; i < count; i++) {
        if (!marks_too || !is_mark(folded[i])) {
            used += (size_t)utf8proc_encode_char(folded[i], (utf8proc_uint8_t *)out + used);
        }
    }
    return used;
}

size_t fold_text(char *out, size_t size, const char *in, bool marks_too)
{
    char character[CHARACTER_SPACE * 4];
    size_t used = 0;

    while (*in != '\0' && used + 1 < size) {
        size_t length, taken;

        if ((unsigned char)*in < 0x80) {
            out[used++] = (char)lower((unsigned char)*in++);
            continue;
        }
        length = fold_character(character, in, &taken, marks_too);
        if (used + length >= size) {
            break;
        }
        memcpy(out + used, character, length);
        used += length;
        in += taken;
    }
    out[used] = '\0';
    return used;
}

static int compare_beyond_ascii(const char *one, const char *other)
{
    char folded_one[COMPARED_BYTES], folded_other[COMPARED_BYTES];

    fold_text(folded_one, sizeof folded_one, one, true);
    fold_text(folded_other, sizeof folded_other, other, true);
    return strcmp(folded_one, folded_other);
}

int fold_compare(const char *one, const char *other)
{
    size_t i = 0;
    int order = 0;

    while (one[i] != '\0' && (((unsigned char)one[i] | (unsigned char)other[i]) & 0x80) == 0 &&
           lower((unsigned char)one[i]) == lower((unsigned char)other[i])) {
        i++;
    }
    if ((((unsigned char)one[i] | (unsigned char)other[i]) & 0x80) != 0) {
        order = compare_beyond_ascii(one + i, other + i);
    } else {
        order = (int)lower((unsigned char)one[i]) - (int)lower((unsigned char)other[i]);
    }
    return order != 0 ? order : strcmp(one, other);
}
