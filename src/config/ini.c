/* ini.c - an INI file, line by line: what is bad in it is told and costs that line alone. */
#include "config/ini.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <iniparser/iniparser.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* iniparser cuts what it reads at 1024 bytes, key and quotes included. */
enum { LINE_LIMIT = 1000, FILE_LIMIT = 256 * 1024, MESSAGE_SIZE = 1024 };

struct reading {
    struct ini *ini;
    const char *path;
    const char *section; /* owned by the entry of its line; NULL before the first */
    size_t room;
    unsigned line;
    config_report report;
    void *context;
};

void config_tell(config_report report, void *context, const char *path, unsigned line,
                 const char *format, ...)
{
    char text[MESSAGE_SIZE], message[MESSAGE_SIZE + 256];
    va_list arguments;

    if (report == NULL) {
        return;
    }
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (line > 0) {
        snprintf(message, sizeof message, "%s:%u: %s", path, line, text);
    } else {
        snprintf(message, sizeof message, "%s: %s", path, text);
    }
    report(context, message);
}

/* Reads to the end, or one byte past the limit. 0 or errno. */
static int read_all(int file, char *text, size_t limit, size_t *length)
{
    *length = 0;
    for (;;) {
        ssize_t got = read(file, text + *length, limit + 1 - *length);

        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return got < 0 ? errno : 0;
        }
        *length += (size_t)got;
        if (*length > limit) {
            return EFBIG;
        }
    }
}

char *config_read_file(const char *path, size_t limit, size_t *length)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    char *text;
    int error;

    if (file < 0) {
        return NULL;
    }
    text = malloc(limit + 1);
    error = text == NULL ? ENOMEM : read_all(file, text, limit, length); /* EISDIR for a folder */
    close(file);
    if (error != 0) {
        free(text);
        errno = error;
        return NULL;
    }
    text[*length] = '\0';
    return text;
}

void ini_destroy(struct ini *ini)
{
    if (ini == NULL) {
        return;
    }
    for (size_t i = 0; i < ini->count; i++) {
        free(ini->entries[i].section);
        free(ini->entries[i].key);
        free(ini->entries[i].value);
    }
    free(ini->entries);
    free(ini);
}

static char *trim(char *text)
{
    char *end;

    while (isspace((unsigned char)*text)) {
        text++;
    }
    end = text + strlen(text);
    while (end > text && isspace((unsigned char)end[-1])) {
        end--;
    }
    *end = '\0';
    return text;
}

/* Lower-cases a name; false when a letter of it is none of `letters`. */
static bool make_name(char *name, const char *letters)
{
    for (char *letter = name; *letter != '\0'; letter++) {
        if (*letter >= 'A' && *letter <= 'Z') {
            *letter = (char)(*letter - 'A' + 'a');
        }
    }
    return *name != '\0' && name[strspn(name, letters)] == '\0';
}

static int add_entry(struct reading *reading, const char *section, const char *key,
                     const char *value)
{
    struct ini *ini = reading->ini;
    struct ini_entry *entry;

    if (ini->count == reading->room) {
        size_t room = reading->room * 2 + 64;
        struct ini_entry *grown = realloc(ini->entries, room * sizeof *grown);

        if (grown == NULL) {
            return -ENOMEM;
        }
        ini->entries = grown;
        reading->room = room;
    }
    entry = &ini->entries[ini->count];
    entry->line = reading->line;
    entry->section = strdup(section);
    entry->key = key != NULL ? strdup(key) : NULL;
    entry->value = value != NULL ? strdup(value) : NULL;
    ini->count++; /* what was copied is freed with the rest */
    return entry->section == NULL || (key != NULL && entry->key == NULL) ||
                   (value != NULL && entry->value == NULL)
               ? -ENOMEM
               : 0;
}

/* A setting may be one of a part: MODULE.PARAMETER. */
static const char section_letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_-";
static const char key_letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_-.";

static int read_section(struct reading *reading, char *text)
{
    char *end = strchr(text, ']');
    char *after = end != NULL ? trim(end + 1) : NULL;
    char *name = text + 1;
    int error;

    if (end != NULL) {
        *end = '\0';
        name = trim(name);
    }
    if (end == NULL || (*after != '\0' && *after != '#' && *after != ';') ||
        !make_name(name, section_letters)) {
        config_tell(reading->report, reading->context, reading->path, reading->line,
                    "this is no [section]: letters, digits, _ and - between brackets are wanted");
        name = text;
        *name = '\0';
    }
    error = add_entry(reading, name, NULL, NULL);
    reading->section = error == 0 ? reading->ini->entries[reading->ini->count - 1].section : NULL;
    return error;
}

/* What stands after the '=', without quotes and comment. NULL: wrong, with *why. */
static char *read_value(char *text, const char **why)
{
    char quote = *text;
    char *end;

    if (quote != '"' && quote != '\'') {
        text[strcspn(text, "#;")] = '\0';
        text = trim(text);
        if (*text != '\0' && text[strlen(text) - 1] == '\\') {
            *why = "a line cannot go on in the next; put a value that ends in \\ in quotes";
            return NULL;
        }
        return text;
    }
    end = strchr(text + 1, quote);
    if (end == NULL) {
        *why = "a quote is opened and not closed";
        return NULL;
    }
    *end++ = '\0';
    end = trim(end);
    if (*end != '\0' && *end != '#' && *end != ';') {
        *why = "something stands after the closing quote";
        return NULL;
    }
    return text + 1;
}

/* Of two lines for one setting the later holds, as in iniparser, but not in silence. */
static void drop_duplicate(struct reading *reading, const char *key)
{
    struct ini *ini = reading->ini;

    for (size_t i = 0; i < ini->count; i++) {
        struct ini_entry *entry = &ini->entries[i];

        if (entry->key == NULL || strcmp(entry->key, key) != 0 ||
            strcmp(entry->section, reading->section) != 0) {
            continue;
        }
        config_tell(reading->report, reading->context, reading->path, reading->line,
                    "%s was set in line %u already; this line holds", key, entry->line);
        free(entry->section);
        free(entry->key);
        free(entry->value);
        ini->count--;
        memmove(entry, entry + 1, (ini->count - i) * sizeof *entry);
        return;
    }
}

static int read_setting(struct reading *reading, char *text)
{
    char *equals = strchr(text, '=');
    const char *why = NULL;
    char *key, *value = NULL;

    if (equals == NULL) {
        why = "this is neither [section] nor name = value";
    } else {
        *equals = '\0';
        key = trim(text);
        value = read_value(trim(equals + 1), &why);
        if (!make_name(key, key_letters)) {
            why = "a name of letters, digits, _, - and . is wanted before the =";
        } else if (value != NULL && strchr(value, '"') != NULL && strchr(value, '\'') != NULL) {
            why = "a value cannot hold both kinds of quotes";
        } else if (value != NULL && reading->section == NULL) {
            why = "this stands before the first [section]";
        }
    }
    if (why != NULL) {
        config_tell(reading->report, reading->context, reading->path, reading->line, "%s", why);
        return 0;
    }
    drop_duplicate(reading, key);
    return add_entry(reading, reading->section, key, value);
}

static int read_line(struct reading *reading, char *line, size_t length)
{
    char *text;

    if (strlen(line) != length) {
        config_tell(reading->report, reading->context, reading->path, reading->line,
                    "a zero byte stands in this line; is this a text file?");
        return 0;
    }
    text = trim(line);
    if (*text == '\0' || *text == '#' || *text == ';') {
        return 0;
    }
    if (length > LINE_LIMIT) {
        config_tell(reading->report, reading->context, reading->path, reading->line,
                    "this line is longer than %d bytes", LINE_LIMIT);
        return 0;
    }
    return *text == '[' ? read_section(reading, text) : read_setting(reading, text);
}

static int read_lines(struct reading *reading, char *text, size_t length)
{
    char *end = text + length;
    int error = 0;

    if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        text += 3;
    }
    while (error == 0 && text < end) {
        char *next = memchr(text, '\n', (size_t)(end - text));

        next = next != NULL ? next : end;
        *next = '\0';
        reading->line++;
        error = read_line(reading, text, (size_t)(next - text));
        text = next + 1;
    }
    return error;
}

/* The good lines as iniparser wants them, each named by its number, so that none meets another. */
static int write_good_lines(const struct ini *ini, int file)
{
    int copy = dup(file);
    FILE *stream = copy >= 0 ? fdopen(copy, "w") : NULL;
    bool failed;

    if (stream == NULL) {
        if (copy >= 0) {
            close(copy);
        }
        return -EIO;
    }
    fprintf(stream, "[ini]\n");
    for (size_t i = 0; i < ini->count; i++) {
        const struct ini_entry *entry = &ini->entries[i];

        if (entry->key != NULL) {
            char quote = strchr(entry->value, '"') != NULL ? '\'' : '"';

            fprintf(stream, "%u = %c%s%c\n", entry->line, quote, entry->value, quote);
        }
    }
    failed = ferror(stream) != 0;
    return fclose(stream) != 0 || failed ? -EIO : 0;
}

static int parse_good_lines(struct ini *ini)
{
    int file = memfd_create("matchplay", MFD_CLOEXEC);
    dictionary *values = NULL;
    char path[64];
    int error = file < 0 ? -errno : write_good_lines(ini, file);

    if (error == 0) {
        snprintf(path, sizeof path, "/proc/self/fd/%d", file);
        values = iniparser_load(path);
        error = values == NULL ? -EIO : 0;
    }
    for (size_t i = 0; error == 0 && i < ini->count; i++) {
        struct ini_entry *entry = &ini->entries[i];
        char name[32];
        const char *value;

        if (entry->key == NULL) {
            continue;
        }
        snprintf(name, sizeof name, "ini:%u", entry->line);
        value = iniparser_getstring(values, name, entry->value);
        if (strcmp(value, entry->value) != 0) {
            free(entry->value);
            entry->value = strdup(value);
            error = entry->value == NULL ? -ENOMEM : 0;
        }
    }
    if (values != NULL) {
        iniparser_freedict(values);
    }
    if (file >= 0) {
        close(file);
    }
    return error;
}

int ini_load(struct ini **ini, const char *path, config_report report, void *context)
{
    struct reading reading = {NULL, path, NULL, 0, 0, report, context};
    size_t length;
    char *text = config_read_file(path, FILE_LIMIT, &length);
    int error;

    *ini = NULL;
    if (text == NULL) {
        return -errno;
    }
    reading.ini = calloc(1, sizeof *reading.ini);
    error = reading.ini == NULL ? -ENOMEM : read_lines(&reading, text, length);
    free(text);
    if (error == 0) {
        error = parse_good_lines(reading.ini);
    }
    if (error != 0) {
        ini_destroy(reading.ini);
        return error;
    }
    *ini = reading.ini;
    return 0;
}
