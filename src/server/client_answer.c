/* client_answer.c - what commands answer: lines, bytes, errors. */
#include "server/client_internal.h"
#include "server/server_internal.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OUTPUT_FIRST = 4096, OUTPUT_STEP = 64 * 1024 };

/* Room for `length` more bytes. */
static bool make_room(struct client_output *output, size_t length)
{
    size_t capacity = output->capacity > 0 ? output->capacity : OUTPUT_FIRST;
    char *grown;

    if (output->sent > output->capacity / 2) {
        memmove(output->bytes, output->bytes + output->sent, output->length - output->sent);
        output->length -= output->sent;
        output->sent = 0;
    }
    if (output->length + length <= output->capacity) {
        return true;
    }
    while (capacity < output->length + length) {
        capacity *= 2;
    }
    grown = realloc(output->bytes, capacity);
    if (grown == NULL) {
        return false;
    }
    output->bytes = grown;
    output->capacity = capacity;
    return true;
}

void client_write(struct client *client, const void *bytes, size_t length)
{
    struct client_output *output = &client->output;
    size_t waits = output->length - output->sent;

    if (output->overflowed || length == 0) {
        return;
    }
    /* Too slow, or it asked for more than it reads while that is made: it is dropped. */
    output->overflowed =
        waits + length + client_unsent(client) > server_limits(client->server)->output_bytes ||
        !make_room(output, length);
    if (output->overflowed) {
        return;
    }
    memcpy(output->bytes + output->length, bytes, length);
    output->length += length;
    if (waits / OUTPUT_STEP != (waits + length) / OUTPUT_STEP) {
        client_push(client);
    }
}

/* The longest whole-character beginning of text that is at most limit bytes. */
static size_t cut_length(const char *text, size_t length, size_t limit)
{
    if (length <= limit) {
        return length;
    }
    while (limit > 0 && ((unsigned char)text[limit] & 0xc0) == 0x80) {
        limit--;
    }
    return limit;
}

void client_pair(struct client *client, const char *name, const char *value)
{
    char line[PROTOCOL_SENT_LIMIT + 1];
    size_t used = (size_t)snprintf(line, sizeof line, "%s: ", name), length;

    if (used + 1 >= PROTOCOL_SENT_LIMIT) {
        return; /* no name of ours */
    }
    length = cut_length(value, strlen(value), PROTOCOL_SENT_LIMIT - used - 1);
    memcpy(line + used, value, length);
    for (char *byte = line + used; byte < line + used + length; byte++) {
        if (*byte == '\n' || *byte == '\r') {
            *byte = ' ';
        }
    }
    used += length;
    line[used++] = '\n';
    client_write(client, line, used);
}

void client_pairf(struct client *client, const char *name, const char *format, ...)
{
    char value[PROTOCOL_SENT_LIMIT];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(value, sizeof value, format, arguments);
    va_end(arguments);
    client_pair(client, name, value);
}

void client_binary(struct client *client, const void *bytes, size_t size)
{
    client_pairf(client, "binary", "%zu", size);
    client_write(client, bytes, size);
    client_write(client, "\n", 1);
}

int client_ack(struct client *client, enum ack code, const char *format, ...)
{
    char line[PROTOCOL_SENT_LIMIT];
    size_t used = (size_t)snprintf(line, sizeof line / 2, "ACK [%d@%u] {%.64s} ", (int)code,
                                   client->index, client->command);
    va_list arguments;
    size_t length;

    va_start(arguments, format);
    vsnprintf(line + used, sizeof line - used - 1, format, arguments);
    va_end(arguments);
    length = strlen(line);
    for (size_t i = 0; i < length; i++) {
        if (line[i] == '\n' || line[i] == '\r') {
            line[i] = ' ';
        }
    }
    line[length++] = '\n';
    client_write(client, line, length);
    client->failed = true;
    return (int)code;
}

int client_ack_errno(struct client *client, int error, const char *what)
{
    switch (error < 0 ? -error : error) {
    case ENOENT:
        return client_ack(client, ACK_NO_EXIST, "No such %s", what);
    case EEXIST:
        return client_ack(client, ACK_EXIST, "%s already exists", what);
    case ERANGE:
        return client_ack(client, ACK_ARG, "Bad song index");
    case EINVAL:
        return client_ack(client, ACK_ARG, "%s is malformed", what);
    case ENOSPC:
        return client_ack(client, ACK_PLAYLIST_MAX, "%s is too large", what);
    default:
        return client_ack(client, ACK_SYSTEM, "%s: %s", what, strerror(error < 0 ? -error : error));
    }
}
