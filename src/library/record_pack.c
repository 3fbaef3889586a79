/* record_pack.c - what a record says, in one run of bytes. */
#include "library/record_pack.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* version, six numbers of at most 10 bytes, four doubles, codec */
enum { PACK_VERSION = 1, FACTS_MOST = 1 + 6 * 10 + 4 * 8 + 32, VALUE_MOST = 10 + 10 + 1 };

unsigned char *record_bytes_grow(struct record_bytes *bytes, size_t more)
{
    if (bytes->room - bytes->size < more) {
        size_t room = bytes->room * 2 + more + 256;
        unsigned char *grown = realloc(bytes->data, room);

        if (grown == NULL) {
            errno = ENOMEM;
            return NULL;
        }
        bytes->data = grown;
        bytes->room = room;
    }
    return bytes->data + bytes->size;
}

void record_bytes_finish(struct record_bytes *bytes)
{
    free(bytes->data);
    *bytes = (struct record_bytes){0};
}

static unsigned char *put_number(unsigned char *at, uint64_t value)
{
    for (; value >= 128; value >>= 7) {
        *at++ = (unsigned char)(value | 128);
    }
    *at++ = (unsigned char)value;
    return at;
}

static unsigned char *put_double(unsigned char *at, double value)
{
    memcpy(at, &value, sizeof value);
    return at + sizeof value;
}

static unsigned char *put_text(unsigned char *at, const char *text, size_t length)
{
    memcpy(at, text, length);
    at[length] = '\0';
    return at + length + 1;
}

static uint64_t milliseconds(double seconds)
{
    return seconds > 0.0 && seconds < 1e12 ? (uint64_t)(seconds * 1000.0 + 0.5) : 0;
}

int record_pack_tags(struct record_bytes *bytes, const struct tags *tags)
{
    unsigned char *at = record_bytes_grow(bytes, FACTS_MOST);

    if (at == NULL) {
        return -ENOMEM;
    }
    *at++ = PACK_VERSION;
    at = put_number(at, milliseconds(tags->duration_s));
    at = put_number(at, tags->rate_hz);
    at = put_number(at, tags->bits);
    at = put_number(at, tags->channels);
    at = put_number(at, tags->is_float);
    at = put_double(at, tags->track_gain_db);
    at = put_double(at, tags->track_peak);
    at = put_double(at, tags->album_gain_db);
    at = put_double(at, tags->album_peak);
    at = put_text(at, tags->codec, strnlen(tags->codec, sizeof tags->codec - 1));
    at = put_number(at, tags->count);
    bytes->size = (size_t)(at - bytes->data);
    for (size_t i = 0; i < tags->count; i++) {
        size_t length = strlen(tags->values[i].text);

        at = record_bytes_grow(bytes, length + VALUE_MOST);
        if (at == NULL) {
            return -ENOMEM;
        }
        at = put_number(at, (uint64_t)tags->values[i].kind);
        at = put_number(at, length);
        at = put_text(at, tags->values[i].text, length);
        bytes->size = (size_t)(at - bytes->data);
    }
    return 0;
}

/* What is left to be read; `wrong` once something did not fit. */
struct reading {
    const unsigned char *at, *end;
    bool wrong;
};

static uint64_t take_number(struct reading *reading)
{
    uint64_t value = 0;

    for (unsigned shift = 0; reading->at < reading->end && shift < 64; shift += 7) {
        unsigned char byte = *reading->at++;

        value |= (uint64_t)(byte & 127) << shift;
        if (byte < 128) {
            return value;
        }
    }
    reading->wrong = true;
    return 0;
}

static double take_double(struct reading *reading)
{
    double value = 0.0;

    if ((size_t)(reading->end - reading->at) < sizeof value) {
        reading->wrong = true;
        return 0.0;
    }
    memcpy(&value, reading->at, sizeof value);
    reading->at += sizeof value;
    return value;
}

static const char *take_text(struct reading *reading, size_t length)
{
    const char *text = (const char *)reading->at;

    if ((size_t)(reading->end - reading->at) <= length || memchr(text, '\0', length) != NULL ||
        text[length] != '\0') {
        reading->wrong = true;
        return "";
    }
    reading->at += length + 1;
    return text;
}

static void take_facts(struct reading *reading, struct tags *tags)
{
    const char *codec;
    size_t length;

    tags->duration_s = (double)take_number(reading) / 1000.0;
    tags->rate_hz = (uint32_t)take_number(reading);
    tags->bits = (uint32_t)take_number(reading);
    tags->channels = (uint32_t)take_number(reading);
    tags->is_float = take_number(reading) != 0;
    tags->track_gain_db = take_double(reading);
    tags->track_peak = take_double(reading);
    tags->album_gain_db = take_double(reading);
    tags->album_peak = take_double(reading);
    length = strnlen((const char *)reading->at, (size_t)(reading->end - reading->at));
    codec = take_text(reading, length);
    if (length >= sizeof tags->codec) {
        reading->wrong = true;
    } else if (!reading->wrong) {
        memcpy(tags->codec, codec, length);
    }
}

int record_unpack_tags(struct record_view *view, const void *data, size_t size)
{
    struct reading reading = {data, (const unsigned char *)data + size, false};
    struct tags *tags = &view->tags;
    uint64_t count;

    memset(tags, 0, sizeof *tags);
    tags->values = view->values;
    if (size == 0 || *reading.at++ != PACK_VERSION) {
        return -EINVAL;
    }
    take_facts(&reading, tags);
    count = take_number(&reading);
    if (reading.wrong || count > TAG_VALUES_MAX) {
        return -EINVAL;
    }
    for (size_t i = 0; i < count; i++) {
        uint64_t kind = take_number(&reading);
        uint64_t length = take_number(&reading);

        view->values[i].text = take_text(&reading, length);
        if (reading.wrong || kind >= TAG_KINDS || length > TAG_VALUE_LIMIT) {
            return -EINVAL;
        }
        view->values[i].kind = (enum tag)kind;
    }
    tags->count = count;
    return reading.at == reading.end ? 0 : -EINVAL;
}
