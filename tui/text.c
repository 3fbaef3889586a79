/* text.c - UTF-8 as a terminal shows it. */
#include "tui/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

enum { ZERO_WIDTH_NON_JOINER = 0x200c, ZERO_WIDTH_JOINER = 0x200d };

/* The code point at text, and its bytes; -1 and one byte where it is no UTF-8. */
static utf8proc_int32_t point_at(const char *text, utf8proc_ssize_t *bytes)
{
    utf8proc_int32_t point = -1;

    *bytes = utf8proc_iterate((const utf8proc_uint8_t *)text, -1, &point);
    if (*bytes <= 0) {
        *bytes = 1;
        return -1;
    }
    return point;
}

static bool is_control(utf8proc_int32_t point)
{
    return point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0x2028 || point == 0x2029;
}

/* What has no shape but tells a terminal how to set the rest: directions, which would turn the line
   round, soft hyphens, byte order marks. */
static bool is_unseen(utf8proc_int32_t point)
{
    return !is_control(point) &&
           utf8proc_get_property(point)->boundclass == UTF8PROC_BOUNDCLASS_CONTROL;
}

/* Past those, and past joiners with nothing before them: inside a cluster they have a meaning. */
static const char *skip_unseen(const char *at)
{
    while (*at != '\0') {
        utf8proc_ssize_t bytes;
        utf8proc_int32_t point = point_at(at, &bytes);

        if (!is_unseen(point) && point != ZERO_WIDTH_NON_JOINER && point != ZERO_WIDTH_JOINER) {
            break;
        }
        at += bytes;
    }
    return at;
}

bool text_next(const char **text, struct cluster *cluster)
{
    const char *at = skip_unseen(*text);
    utf8proc_ssize_t bytes;
    utf8proc_int32_t before, point, state = 0;
    size_t length;

    if (*at == '\0') {
        *text = at;
        return false;
    }
    before = point_at(at, &bytes);
    if (is_control(before)) { /* also what is no UTF-8 */
        memcpy(cluster->bytes, before == '\t' ? " " : "?", 2);
        cluster->columns = 1;
        *text = skip_unseen(at + bytes);
        return true;
    }
    cluster->columns = utf8proc_charwidth(before) > 1 ? 2 : 1;
    length = (size_t)bytes;
    memcpy(cluster->bytes, at, length);
    if (utf8proc_charwidth(before) == 0) { /* a mark with nothing under it */
        memmove(cluster->bytes + 1, cluster->bytes, length);
        cluster->bytes[0] = ' ';
        length++;
    }
    for (at += bytes; *at != '\0'; at += bytes) {
        point = point_at(at, &bytes);
        if (point < 0 || utf8proc_grapheme_break_stateful(before, point, &state)) {
            break;
        }
        if (length + (size_t)bytes < sizeof cluster->bytes) {
            memcpy(cluster->bytes + length, at, (size_t)bytes);
            length += (size_t)bytes;
        }
        before = point;
    }
    cluster->bytes[length] = '\0';
    *text = skip_unseen(at);
    return true;
}

int text_columns(const char *text)
{
    struct cluster cluster;
    int columns = 0;

    while (text_next(&text, &cluster)) {
        columns += cluster.columns;
    }
    return columns;
}

size_t text_fitting(const char *text, int columns)
{
    const char *at = text;
    const char *fits = skip_unseen(text);
    struct cluster cluster;

    while (text_next(&at, &cluster) && cluster.columns <= columns) {
        columns -= cluster.columns;
        fits = at;
    }
    return (size_t)(fits - text);
}

void text_shorten(char *out, size_t size, const char *text, int columns, bool unicode)
{
    const char *dots = unicode ? "…" : "~";
    size_t fits = text_fitting(text, columns);

    if (fits == strlen(text)) {
        snprintf(out, size, "%s", text);
    } else {
        snprintf(out, size, "%.*s%s", (int)text_fitting(text, columns - 1), text,
                 columns > 0 ? dots : "");
    }
}

void text_fold(char *out, size_t size, const char *text)
{
    utf8proc_uint8_t *folded = NULL;
    utf8proc_option_t options = UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK |
                                UTF8PROC_COMPAT | UTF8PROC_NULLTERM | UTF8PROC_IGNORE;
    size_t length;

    if (utf8proc_map((const utf8proc_uint8_t *)text, 0, &folded, options) < 0) {
        text = text != NULL ? text : "";
    } else {
        text = (const char *)folded;
    }
    length = strnlen(text, size - 1);
    while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80) {
        length--; /* not through a character */
    }
    memcpy(out, text, length);
    out[length] = '\0';
    free(folded);
}
