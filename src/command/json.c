/* json.c - a small JSON writer. */
#include "command/json.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

void json_start(struct json *json, FILE *file)
{
    json->file = file;
    json->has_before = false;
}

void json_end(struct json *json)
{
    fputc('\n', json->file);
    json->has_before = false;
}

/* Bytes of the UTF-8 character at text, 0 when there is none. (Overlong forms and surrogates are
   none either.) */
static size_t character_bytes(const unsigned char *text)
{
    size_t count = text[0] < 0x80   ? 1
                   : text[0] < 0xc2 ? 0
                   : text[0] < 0xe0 ? 2
                   : text[0] < 0xf0 ? 3
                   : text[0] < 0xf5 ? 4
                                    : 0;

    for (size_t i = 1; i < count; i++) {
        if ((text[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    if ((text[0] == 0xe0 && text[1] < 0xa0) || (text[0] == 0xed && text[1] > 0x9f) ||
        (text[0] == 0xf0 && text[1] < 0x90) || (text[0] == 0xf4 && text[1] > 0x8f)) {
        return 0;
    }
    return count;
}

static void write_string(FILE *file, const char *string)
{
    const unsigned char *text = (const unsigned char *)string;

    fputc('"', file);
    while (*text != '\0') {
        size_t count = character_bytes(text);

        if (count == 0) {
            fputs("\\ufffd", file);
            text++;
            continue;
        }
        if (*text == '"' || *text == '\\') {
            fputc('\\', file);
        }
        if (*text < 0x20 || *text == 0x7f) {
            fprintf(file, "\\u%04x", *text);
        } else {
            fwrite(text, 1, count, file);
        }
        text += count;
    }
    fputc('"', file);
}

static void write_key(struct json *json, const char *key)
{
    if (json->has_before) {
        fputs(", ", json->file);
    }
    if (key != NULL) {
        write_string(json->file, key);
        fputs(": ", json->file);
    }
    json->has_before = true;
}

static void open_group(struct json *json, const char *key, char bracket)
{
    write_key(json, key);
    fputc(bracket, json->file);
    json->has_before = false;
}

static void close_group(struct json *json, char bracket)
{
    fputc(bracket, json->file);
    json->has_before = true;
}

void json_object(struct json *json, const char *key)
{
    open_group(json, key, '{');
}

void json_object_end(struct json *json)
{
    close_group(json, '}');
}

void json_array(struct json *json, const char *key)
{
    open_group(json, key, '[');
}

void json_array_end(struct json *json)
{
    close_group(json, ']');
}

void json_string(struct json *json, const char *key, const char *value)
{
    write_key(json, key);
    if (value == NULL) {
        fputs("null", json->file);
    } else {
        write_string(json->file, value);
    }
}

void json_number(struct json *json, const char *key, double value)
{
    write_key(json, key);
    if (isfinite(value)) {
        fprintf(json->file, "%.9g", value);
    } else {
        fputs("null", json->file);
    }
}

void json_integer(struct json *json, const char *key, int64_t value)
{
    write_key(json, key);
    fprintf(json->file, "%" PRId64, value);
}

void json_boolean(struct json *json, const char *key, bool value)
{
    write_key(json, key);
    fputs(value ? "true" : "false", json->file);
}
