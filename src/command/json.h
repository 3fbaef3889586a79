/*
 * json.h - a small JSON writer.
 *
 * Source: RFC 8259. Strings are UTF-8 (what is not becomes U+FFFD); a number that JSON cannot write
 * (NaN, infinity) becomes null.
 *
 * Threads: one at a time for one writer.
 */
#ifndef MP_COMMAND_JSON_H
#define MP_COMMAND_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct json {
    FILE *file;
    bool has_before; /* a comma is due before the next value */
};

void json_start(struct json *json, FILE *file);
/* Ends the line. */
void json_end(struct json *json);

/* key NULL: an element of an array, or the outermost value. */
void json_object(struct json *json, const char *key);
void json_object_end(struct json *json);
void json_array(struct json *json, const char *key);
void json_array_end(struct json *json);
void json_string(struct json *json, const char *key, const char *value); /* NULL: null */
/* With as many digits as tell it from its neighbours as float would: %.9g. */
void json_number(struct json *json, const char *key, double value);
void json_integer(struct json *json, const char *key, int64_t value);
void json_boolean(struct json *json, const char *key, bool value);

#endif
