/* protocol.c - the MPD protocol: a line as words, arguments as values. */
#include "server/protocol.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_space(char byte)
{
    return byte != '\0' && (unsigned char)byte <= 0x20;
}

static bool is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static bool is_word(char byte)
{
    return is_letter(byte) || (byte >= '0' && byte <= '9') || byte == '_';
}

static char *skip_space(char *at)
{
    while (is_space(*at)) {
        at++;
    }
    return at;
}

/* The command's name; NULL with a message. *rest: what follows. */
static const char *take_name(char *at, char **rest, const char **message)
{
    char *begin = at;

    if (*at == '\0') {
        *message = "No command given";
        return NULL;
    }
    if (!is_letter(*at)) {
        *message = "Letter expected";
        return NULL;
    }
    while (is_word(*at)) {
        at++;
    }
    if (*at != '\0' && !is_space(*at)) {
        *message = "Invalid word character";
        return NULL;
    }
    if (*at != '\0') {
        *at++ = '\0';
    }
    *rest = skip_space(at);
    return begin;
}

/* "...", with what stood behind a \ taken as it is; written over itself. */
static const char *take_quoted(char *at, char **rest, const char **message)
{
    char *begin = at, *to = at;

    for (at++; *at != '"'; at++) {
        if (*at == '\\') {
            at++;
        }
        if (*at == '\0') {
            *message = "Missing closing '\"'";
            return NULL;
        }
        *to++ = *at;
    }
    at++;
    if (*at != '\0' && !is_space(*at)) {
        *message = "Space expected after closing '\"'";
        return NULL;
    }
    *rest = skip_space(at);
    *to = '\0';
    return begin;
}

static const char *take_plain(char *at, char **rest, const char **message)
{
    char *begin = at;

    for (; *at != '\0' && !is_space(*at); at++) {
        if (*at == '"' || *at == '\'') {
            *message = "Invalid unquoted character";
            return NULL;
        }
    }
    if (*at != '\0') {
        *at++ = '\0';
    }
    *rest = skip_space(at);
    return begin;
}

int protocol_split(char *line, struct words *words, const char **message)
{
    char *rest = line;
    const char *word = take_name(line, &rest, message);

    words->count = 0;
    if (word == NULL) {
        return ACK_UNKNOWN;
    }
    words->word[words->count++] = word;
    while (*rest != '\0') {
        if (words->count == PROTOCOL_WORDS_MAX) {
            *message = "Too many arguments";
            return ACK_ARG;
        }
        word = *rest == '"' ? take_quoted(rest, &rest, message) : take_plain(rest, &rest, message);
        if (word == NULL) {
            return ACK_UNKNOWN;
        }
        words->word[words->count++] = word;
    }
    return 0;
}

__attribute__((format(printf, 3, 4))) static bool refuse(char *message, size_t size,
                                                         const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(message, size, format, arguments);
    va_end(arguments);
    return false;
}

bool protocol_unsigned(const char *text, uint32_t *value, char *message, size_t size)
{
    unsigned long long number;
    char *end;

    errno = 0;
    number = strtoull(text, &end, 10);
    if (end == text || *end != '\0') {
        return refuse(message, size, "Integer expected: %s", text);
    }
    if (errno == ERANGE || number > UINT32_MAX || strchr(text, '-') != NULL) {
        return refuse(message, size, "Number too large: %s", text);
    }
    *value = (uint32_t)number;
    return true;
}

bool protocol_integer(const char *text, int *value, int minimum, int maximum, char *message,
                      size_t size)
{
    long number;
    char *end;

    number = strtol(text, &end, 10);
    if (end == text || *end != '\0') {
        return refuse(message, size, "Integer expected: %s", text);
    }
    if (number < minimum || number > maximum) {
        return refuse(message, size, "Number too large: %s", text);
    }
    *value = (int)number;
    return true;
}

bool protocol_number(const char *text, double *value, char *message, size_t size)
{
    double number;
    char *end;

    number = strtod(text, &end);
    if (end == text || *end != '\0' || !isfinite(number)) {
        return refuse(message, size, "Float expected: %s", text);
    }
    *value = number;
    return true;
}

bool protocol_boolean(const char *text, bool *value, char *message, size_t size)
{
    if (strcmp(text, "0") != 0 && strcmp(text, "1") != 0) {
        return refuse(message, size, "Boolean (0/1) expected: %s", text);
    }
    *value = text[0] == '1';
    return true;
}

/* One side of a range, `whole` being what the message shows. */
static bool take_place(const char *text, char **end, size_t *value, const char *whole,
                       char *message, size_t size)
{
    long number = strtol(text, end, 10);

    if (number < 0) {
        return refuse(message, size, "Number is negative: %s", whole);
    }
    if (number > INT_MAX) {
        return refuse(message, size, "Number too large: %s", whole);
    }
    *value = (size_t)number;
    return true;
}

bool protocol_range(const char *text, struct range *range, char *message, size_t size)
{
    const char *second;
    char *end;

    if (strtol(text, &end, 10) == -1 && end != text && *end == '\0') {
        range->first = 0; /* what old clients send for all of it */
        range->last = SIZE_MAX;
        return true;
    }
    if (end == text || (*end != '\0' && *end != ':')) {
        return refuse(message, size, "Integer or range expected: %s", text);
    }
    if (!take_place(text, &end, &range->first, text, message, size)) {
        return false;
    }
    if (*end == '\0') {
        range->last = range->first + 1;
        return true;
    }
    second = end + 1;
    strtol(second, &end, 10);
    if (*end != '\0') {
        return refuse(message, size, "Integer or range expected: %s", text);
    }
    if (*second == '\0') {
        range->last = SIZE_MAX;
        return true;
    }
    if (!take_place(second, &end, &range->last, text, message, size)) {
        return false;
    }
    if (range->last < range->first) {
        return refuse(message, size, "Malformed range: %s", text);
    }
    return true;
}
