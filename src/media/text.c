/* text.c - clean UTF-8. */
#include "media/text.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Bytes of the character at `in` and its code point; 0: no UTF-8. */
static size_t decode_utf8(const unsigned char *in, uint32_t *code)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = in[0] < 0x80 ? 1 : in[0] >> 5 == 6 ? 2 : in[0] >> 4 == 14 ? 3 : 4;

    *code = in[0];
    if (length == 1) {
        return 1;
    }
    if (in[0] >> 3 != 30 && length == 4) {
        return 0;
    }
    *code = in[0] & (0xFFU >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if (in[i] >> 6 != 2) {
            return 0; /* the 0 at the end too */
        }
        *code = *code << 6 | (in[i] & 0x3F);
    }
    if (*code < least[length] || *code > 0x10FFFF || (*code >= 0xD800 && *code <= 0xDFFF)) {
        return 0;
    }
    return length;
}

static size_t encode_utf8(unsigned char out[4], uint32_t code)
{
    if (code < 0x80) {
        out[0] = (unsigned char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (unsigned char)(0xC0 | code >> 6);
        out[1] = (unsigned char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (unsigned char)(0xE0 | code >> 12);
        out[1] = (unsigned char)(0x80 | (code >> 6 & 0x3F));
        out[2] = (unsigned char)(0x80 | (code & 0x3F));
        return 3;
    }
    out[0] = (unsigned char)(0xF0 | code >> 18);
    out[1] = (unsigned char)(0x80 | (code >> 12 & 0x3F));
    out[2] = (unsigned char)(0x80 | (code >> 6 & 0x3F));
    out[3] = (unsigned char)(0x80 | (code & 0x3F));
    return 4;
}

bool text_is_utf8(const char *text)
{
    const unsigned char *in = (const unsigned char *)text;
    uint32_t code;
    size_t length;

    for (; *in != '\0'; in += length) {
        length = decode_utf8(in, &code);
        if (length == 0) {
            return false;
        }
    }
    return true;
}

void text_clean(char *out, size_t size, const char *in)
{
    const unsigned char *at = (const unsigned char *)in;
    bool utf8 = text_is_utf8(in);
    size_t used = 0;

    while (*at != '\0') {
        unsigned char bytes[4];
        uint32_t code = *at;
        size_t length;

        at += utf8 ? decode_utf8(at, &code) : 1;
        if (code < ' ' || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029) {
            code = ' ';
        }
        if (code == ' ' && used == 0) {
            continue;
        }
        length = encode_utf8(bytes, code);
        if (used + length >= size) {
            break;
        }
        memcpy(out + used, bytes, length);
        used += length;
    }
    while (used > 0 && out[used - 1] == ' ') {
        used--;
    }
    out[used] = '\0';
}
