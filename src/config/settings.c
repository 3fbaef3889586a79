/* settings.c - what was set while the player ran, in a file of its own. */
#include "config/settings.h"

#include "config/atomic_file.h"
#include "config/rcfile.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VALUE_LIMIT = 900 }; /* what ini.h reads back of one line */

/* Always in quotes: a # in it is no comment then. */
static void write_entry(FILE *file, const char *name, const char *value)
{
    char quote = strchr(value, '"') != NULL ? '\'' : '"';

    fprintf(file, "%s = %c%s%c\n", name, quote, value, quote);
}

bool settings_can_keep(const struct option *option, const char *value, char *message, size_t size)
{
    const char *why = NULL;

    if (strpbrk(value, "\r\n") != NULL) {
        why = "a value cannot hold the end of a line";
    } else if (strchr(value, '"') != NULL && strchr(value, '\'') != NULL) {
        why = "a value cannot hold both kinds of quotes";
    } else if (strlen(value) > VALUE_LIMIT) {
        why = "the value is too long";
    }
    if (why != NULL) {
        snprintf(message, size, "%s: %s", option->name, why);
    }
    return why == NULL;
}

/* The old file's settings, but for the one that is set; then that one. Names are unique, so that
   sections may come twice. */
static void write_all(FILE *file, const struct ini *old, const struct option *option,
                      const char *value)
{
    const char *section = "";

    fprintf(file, "# Set while the player ran; matchplayrc, which is read after this, wins.\n");
    for (size_t i = 0; old != NULL && i < old->count; i++) {
        const struct ini_entry *entry = &old->entries[i];

        if (entry->key == NULL || entry->section[0] == '\0' ||
            strcmp(entry->key, option->name) == 0) {
            continue;
        }
        if (strcmp(entry->section, section) != 0) {
            fprintf(file, "\n[%s]\n", entry->section);
            section = entry->section;
        }
        write_entry(file, entry->key, entry->value);
    }
    if (value != NULL) {
        if (strcmp(section, option->section) != 0) {
            fprintf(file, "\n[%s]\n", option->section);
        }
        write_entry(file, option->name, value);
    }
}

int settings_keep(const char *path, const struct option *option, const char *value, char *message,
                  size_t size)
{
    struct ini *old = NULL;
    char *text = NULL;
    size_t length;
    FILE *file;
    int error;

    if (value != NULL && !settings_can_keep(option, value, message, size)) {
        return -EINVAL;
    }
    error = ini_load(&old, path, NULL, NULL);
    if (error != 0 && error != -ENOENT) {
        snprintf(message, size, "%s: %s; nothing was kept", path, strerror(-error));
        return error;
    }
    file = open_memstream(&text, &length);
    error = -ENOMEM;
    if (file != NULL) {
        write_all(file, old, option, value);
        if (fclose(file) == 0) {
            error = atomic_file_write(path, text, length);
        }
    }
    if (error != 0) {
        snprintf(message, size, "%s: %s; it holds until the player ends", path, strerror(-error));
    }
    free(text);
    ini_destroy(old);
    return error;
}

static int read_one(struct options *options, const char *path, config_report report, void *context)
{
    int error = rcfile_read(options, path, report, context);

    if (error == -ENOENT || error == -ENOMEM) {
        return error == -ENOENT ? 0 : error;
    }
    if (error != 0) {
        config_tell(report, context, path, 0, "%s; its settings are not used", strerror(-error));
    }
    return 0;
}

struct options *settings_read(const char *settings_path, const char *config_path,
                              config_report report, void *context)
{
    struct options *options = options_create();
    int error = options != NULL ? read_one(options, settings_path, report, context) : -ENOMEM;

    if (error == 0) {
        error = read_one(options, config_path, report, context);
    }
    if (error != 0) {
        options_destroy(options);
        errno = -error;
        return NULL;
    }
    return options;
}

bool settings_overruled(const char *config_path, const struct option *option)
{
    struct options *options = options_create();
    bool overruled = options != NULL && rcfile_read(options, config_path, NULL, NULL) == 0 &&
                     options_is_set(options, option->name);

    options_destroy(options);
    return overruled;
}
