/* queue_store_read.c - the file of the queue, done over again. */
#include "library/queue_store_internal.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    const struct queue_store_reading *given;
    struct queue *queue;
    struct queue_modes modes;
    const char *origin; /* of the entries that follow, in the text itself; NULL: none */
    unsigned line;
};

/* --- words of a line ------------------------------------------------------------------------ */

static bool take_number(char **text, uint32_t *number)
{
    char *end = NULL;
    unsigned long value;

    if (**text < '0' || **text > '9') {
        return false;
    }
    errno = 0;
    value = strtoul(*text, &end, 10);
    if (errno != 0 || value > UINT32_MAX || (*end != ' ' && *end != '\0')) {
        return false;
    }
    *number = (uint32_t)value;
    *text = end + (*end == ' ');
    return true;
}

static bool take_numbers(char *text, uint32_t *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!take_number(&text, &numbers[i])) {
            return false;
        }
    }
    return *text == '\0';
}

/* In place. */
static char *unescape(char *text)
{
    char *out = text;

    for (char *in = text; *in != '\0'; in++) {
        if (*in == '\\' && in[1] != '\0') {
            in++;
            *out++ = (char)(*in == 't' ? '\t' : *in == 'n' ? '\n' : *in == 'r' ? '\r' : *in);
        } else {
            *out++ = *in;
        }
    }
    *out = '\0';
    return text;
}

/* --- what each line does: 0, -EBADMSG for one that makes no sense, or -ENOMEM --------------- */

static int outcome(int error)
{
    return error == 0 || error == -ENOMEM ? error : -EBADMSG;
}

static int do_entry(struct reader *reader, char *text, bool insert)
{
    struct queue_entry entry = {.position = (uint32_t)queue_length(reader->queue),
                                .origin = reader->origin};

    if ((insert && !take_number(&text, &entry.position)) || !take_number(&text, &entry.id)) {
        return -EBADMSG;
    }
    entry.uri = text;
    return outcome(queue_restore(reader->queue, &entry));
}

static int do_add(struct reader *reader, char *text)
{
    return do_entry(reader, text, false);
}

static int do_insert(struct reader *reader, char *text)
{
    return do_entry(reader, text, true);
}

static int do_from(struct reader *reader, char *text)
{
    reader->origin = *text != '\0' ? unescape(text) : NULL;
    return 0;
}

static int do_next_id(struct reader *reader, char *text)
{
    uint32_t id;

    if (!take_numbers(text, &id, 1)) {
        return -EBADMSG;
    }
    queue_set_next_id(reader->queue, id);
    return 0;
}

static int do_delete(struct reader *reader, char *text)
{
    uint32_t range[2];

    return take_numbers(text, range, 2) ? outcome(queue_delete(reader->queue, range[0], range[1]))
                                        : -EBADMSG;
}

static int do_move(struct reader *reader, char *text)
{
    uint32_t words[3];

    return take_numbers(text, words, 3)
               ? outcome(queue_move(reader->queue, words[0], words[1], words[2]))
               : -EBADMSG;
}

static int do_swap(struct reader *reader, char *text)
{
    uint32_t words[2];

    return take_numbers(text, words, 2) ? outcome(queue_swap(reader->queue, words[0], words[1]))
                                        : -EBADMSG;
}

static int do_order(struct reader *reader, char *text)
{
    uint32_t position, id;

    if (!take_number(&text, &position)) {
        return -EBADMSG;
    }
    for (; *text != '\0'; position++) {
        long from = take_number(&text, &id) ? queue_position_of(reader->queue, id) : -1;

        if (from < 0 || queue_swap(reader->queue, position, (size_t)from) != 0) {
            return -EBADMSG;
        }
    }
    return 0;
}

static int do_clear(struct reader *reader, char *text)
{
    queue_clear(reader->queue);
    return *text == '\0' ? 0 : -EBADMSG;
}

static int do_priority(struct reader *reader, char *text)
{
    uint32_t words[2];

    if (!take_numbers(text, words, 2) || words[1] > 255) {
        return -EBADMSG;
    }
    return outcome(queue_set_priority(reader->queue, words[0], (uint8_t)words[1]));
}

static int do_rename(struct reader *reader, char *text)
{
    char *tab = strchr(text, '\t');

    if (tab == NULL) {
        return -EBADMSG;
    }
    *tab = '\0';
    unescape(tab + 1);
    queue_rename_origin(reader->queue, unescape(text), tab[1] != '\0' ? tab + 1 : NULL);
    return 0;
}

static int do_modes(struct reader *reader, char *text)
{
    uint32_t words[4];

    if (!take_numbers(text, words, 4) || words[0] > 1 || words[1] > 1 ||
        words[2] > QUEUE_SINGLE_ONESHOT || words[3] > QUEUE_CONSUME_ON) {
        return -EBADMSG;
    }
    reader->modes.random = words[0] == 1;
    reader->modes.repeat = words[1] == 1;
    reader->modes.single = (enum queue_single)words[2];
    reader->modes.consume = (enum queue_consume)words[3];
    return 0;
}

static int do_place(struct reader *reader, char *text)
{
    struct queue_place place = {0};
    char *end = NULL;

    if (!take_number(&text, &place.id)) {
        return -EBADMSG;
    }
    place.elapsed_s = strtod(text, &end);
    if (end == text || !isfinite(place.elapsed_s) || place.elapsed_s < 0 || *end != ' ') {
        return -EBADMSG;
    }
    place.playing = strcmp(end, " playing") == 0;
    place.paused = strcmp(end, " paused") == 0;
    *reader->given->place = place;
    return 0;
}

static int do_nothing(struct reader *reader, char *text)
{
    (void)reader;
    return *text == '\0' ? 0 : -EBADMSG;
}

static const struct verb {
    const char *name;
    int (*run)(struct reader *reader, char *text);
} verbs[] = {
    {"add", do_add},           {"begin", do_nothing}, {"clear", do_clear},
    {"delete", do_delete},     {"end", do_nothing},   {"from", do_from},
    {"insert", do_insert},     {"modes", do_modes},   {"move", do_move},
    {"next-id", do_next_id},   {"order", do_order},   {"place", do_place},
    {"priority", do_priority}, {"rename", do_rename}, {"swap", do_swap},
};

static int do_line(struct reader *reader, char *line)
{
    char *space = strchr(line, ' ');
    size_t length = space != NULL ? (size_t)(space - line) : strlen(line);
    char *rest = space != NULL ? space + 1 : line + length;

    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        if (strncmp(verbs[i].name, line, length) == 0 && verbs[i].name[length] == '\0') {
            return verbs[i].run(reader, rest);
        }
    }
    return -EBADMSG;
}

/* --- the file -------------------------------------------------------------------------------- */

static bool is_line(const char *text, const char *end, const char *line)
{
    size_t length = strlen(line);

    return (size_t)(end - text) == length && memcmp(text, line, length) == 0;
}

/* Up to where changes are whole. */
static size_t whole_part(const char *text, size_t size)
{
    size_t whole = 0, place = 0;
    bool open = false;

    while (place < size) {
        const char *end = memchr(text + place, '\n', size - place);

        if (end == NULL) {
            break;
        }
        if (is_line(text + place, end, "begin")) {
            open = true;
        } else if (is_line(text + place, end, "end")) {
            open = false;
        }
        place = (size_t)(end - text) + 1;
        whole = open ? whole : place;
    }
    return whole;
}

int queue_store_read(const struct queue_store_reading *reading, char *text, size_t size,
                     size_t *kept)
{
    struct reader reader = {.given = reading, .queue = reading->queue};
    size_t title = strlen(QUEUE_STORE_TITLE);
    size_t place = title;

    *kept = 0;
    if (size < title && memcmp(text, QUEUE_STORE_TITLE, size) == 0) {
        return 0; /* it was cut off within its first line */
    }
    if (size < title || memcmp(text, QUEUE_STORE_TITLE, title) != 0) {
        return -EBADMSG;
    }
    *kept = whole_part(text, size);
    for (reader.line = 2; place < *kept; reader.line++) {
        char *end = memchr(text + place, '\n', *kept - place);
        int error;

        *end = '\0';
        error = strlen(text + place) == (size_t)(end - (text + place))
                    ? do_line(&reader, text + place)
                    : -EBADMSG;
        if (error == -EBADMSG) {
            config_tell(reading->report, reading->context, reading->path, reader.line,
                        "this line of the queue makes no sense; it is left out");
        } else if (error != 0) {
            return error;
        }
        place = (size_t)(end - text) + 1;
    }
    if (queue_position_of(reader.queue, reading->place->id) < 0) {
        *reading->place = (struct queue_place){0};
    }
    queue_set_current(reader.queue, reading->place->id);
    queue_set_modes(reader.queue, &reader.modes);
    return 0;
}
