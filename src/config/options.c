/* options.c - the values of the settings, checked against the table. */
#include "config/options.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NAME_MAX_NEAR = 64 };

struct binding {
    char *action, *keys;
};

struct options {
    char **values; /* one an entry of the table; NULL: the default */
    size_t count;
    struct binding *bindings;
    size_t binding_count;
};

const struct option *options_find(const char *section, const char *name)
{
    size_t count;
    const struct option *table = options_table(&count);

    for (size_t i = 0; i < count; i++) {
        if ((section == NULL || strcmp(table[i].section, section) == 0) &&
            strcmp(table[i].name, name) == 0) {
            return &table[i];
        }
    }
    return NULL;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Edits (insert, delete, replace, swap of neighbours) that make b of a. */
static size_t edit_distance(const char *a, const char *b)
{
    size_t rows[3][NAME_MAX_NEAR + 1];
    size_t *before = rows[0], *last = rows[1], *row = rows[2];
    size_t length = strlen(b);

    for (size_t j = 0; j <= length; j++) {
        last[j] = j;
        before[j] = 0;
    }
    for (size_t i = 1; a[i - 1] != '\0'; i++) {
        size_t *spare = before;

        row[0] = i;
        for (size_t j = 1; j <= length; j++) {
            size_t replace = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);

            row[j] = least(replace, least(last[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = least(row[j], before[j - 2] + 1);
            }
        }
        before = last;
        last = row;
        row = spare;
    }
    return last[length];
}

const char *option_nearest_name(const char *name, const char *const names[], size_t count)
{
    const char *nearest = NULL;
    size_t best = strlen(name) / 3 + 1; /* further off, it is another word */

    if (strlen(name) > NAME_MAX_NEAR) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        size_t distance;

        if (strlen(names[i]) > NAME_MAX_NEAR) {
            continue;
        }
        distance = edit_distance(name, names[i]);
        if (distance < best || (distance == best && nearest == NULL)) {
            best = distance;
            nearest = names[i];
        }
    }
    return nearest;
}

const struct option *options_nearest(const char *section, const char *name)
{
    const char *names[128];
    const char *nearest;
    size_t count, found = 0;
    const struct option *table = options_table(&count);

    assert(count <= sizeof names / sizeof names[0]);
    for (size_t i = 0; i < count; i++) {
        if (section == NULL || strcmp(table[i].section, section) == 0) {
            names[found++] = table[i].name;
        }
    }
    nearest = option_nearest_name(name, names, found);
    return nearest != NULL ? options_find(section, nearest) : NULL;
}

struct options *options_create(void)
{
    struct options *options = calloc(1, sizeof *options);

    if (options == NULL) {
        return NULL;
    }
    options_table(&options->count);
    options->values = calloc(options->count, sizeof *options->values);
    if (options->values == NULL) {
        free(options);
        return NULL;
    }
    return options;
}

void options_destroy(struct options *options)
{
    if (options == NULL) {
        return;
    }
    for (size_t i = 0; i < options->count; i++) {
        free(options->values[i]);
    }
    for (size_t i = 0; i < options->binding_count; i++) {
        free(options->bindings[i].action);
        free(options->bindings[i].keys);
    }
    free(options->bindings);
    free(options->values);
    free(options);
}

int option_truth(const char *text)
{
    static const char *const words[][4] = {{"no", "false", "off", "0"}, {"yes", "true", "on", "1"}};

    for (int truth = 0; truth < 2; truth++) {
        for (size_t i = 0; i < 4; i++) {
            if (strcasecmp(text, words[truth][i]) == 0) {
                return truth;
            }
        }
    }
    return -1;
}

int option_choice_index(const struct option *option, const char *text)
{
    for (int i = 0; option->choices[i] != NULL; i++) {
        if (strcasecmp(text, option->choices[i]) == 0) {
            return i;
        }
    }
    return -1;
}

static int check_number(const struct option *option, const char *value, char *message, size_t size)
{
    const char *kind = option->type == OPTION_INTEGER ? "a whole number" : "a number";
    const char *gap = option->unit[0] != '\0' ? " " : "";
    char *end = NULL;
    double number = strtod(value, &end);

    if (end == value || *end != '\0' || !isfinite(number) ||
        (option->type == OPTION_INTEGER && number != floor(number))) {
        snprintf(message, size, "%s = %s: %s from %g to %g%s%s is wanted", option->name, value,
                 kind, option->minimum, option->maximum, gap, option->unit);
        return -EINVAL;
    }
    if (number < option->minimum || number > option->maximum) {
        snprintf(message, size, "%s = %s: it goes from %g to %g%s%s", option->name, value,
                 option->minimum, option->maximum, gap, option->unit);
        return -ERANGE;
    }
    return 0;
}

static int check_choice(const struct option *option, const char *value, char *message, size_t size)
{
    size_t used;

    if (option_choice_index(option, value) >= 0) {
        return 0;
    }
    used = (size_t)snprintf(message, size, "%s = %s: it is one of", option->name, value);
    for (size_t i = 0; option->choices[i] != NULL && used < size; i++) {
        used += (size_t)snprintf(message + used, size - used, "%s %s", i == 0 ? "" : ",",
                                 option->choices[i]);
    }
    return -EINVAL;
}

int option_check(const struct option *option, const char *value, char *message, size_t size)
{
    switch (option->type) {
    case OPTION_INTEGER:
    case OPTION_NUMBER:
        return check_number(option, value, message, size);
    case OPTION_CHOICE:
        return check_choice(option, value, message, size);
    case OPTION_BOOLEAN:
        if (option_truth(value) < 0) {
            snprintf(message, size, "%s = %s: it is yes or no", option->name, value);
            return -EINVAL;
        }
        return 0;
    case OPTION_TEXT:
    default:
        return 0;
    }
}

static size_t entry_index(const struct option *option)
{
    size_t count;

    return (size_t)(option - options_table(&count));
}

/* It may be a slip of the pen, or stand in the wrong section. */
static void tell_unknown(const char *section, const char *name, char *message, size_t size)
{
    const struct option *near = options_find(NULL, name);

    if (near == NULL) {
        near = options_nearest(section, name);
    }
    if (near == NULL) {
        near = options_nearest(NULL, name);
    }
    if (near == NULL) {
        snprintf(message, size, "there is no setting %s", name);
    } else if (strcmp(near->name, name) == 0) {
        snprintf(message, size, "%s is a setting of section [%s]", name, near->section);
    } else {
        snprintf(message, size, "there is no setting %s; the nearest is %s in [%s]", name,
                 near->name, near->section);
    }
}

void options_swap(struct options *one, struct options *other)
{
    struct options held = *one;

    *one = *other;
    *other = held;
}

int options_set(struct options *options, const char *section, const char *name, const char *value,
                char *message, size_t message_size)
{
    const struct option *option = options_find(section, name);
    char *copy;
    int error;

    if (option == NULL) {
        tell_unknown(section, name, message, message_size);
        return -ENOENT;
    }
    error = option_check(option, value, message, message_size);
    if (error != 0) {
        return error;
    }
    copy = strdup(value);
    if (copy == NULL) {
        snprintf(message, message_size, "%s: out of memory", name);
        return -ENOMEM;
    }
    free(options->values[entry_index(option)]);
    options->values[entry_index(option)] = copy;
    return 0;
}

static const struct option *entry_named(const char *name)
{
    const struct option *option = options_find(NULL, name);

    assert(option != NULL);
    return option;
}

const char *options_text(const struct options *options, const char *name)
{
    const struct option *option = entry_named(name);
    const char *value = options->values[entry_index(option)];

    return value != NULL ? value : option->standard;
}

long options_integer(const struct options *options, const char *name)
{
    assert(entry_named(name)->type != OPTION_BOOLEAN);
    return (long)strtod(options_text(options, name), NULL); /* "1e3" passed the check, too */
}

double options_number(const struct options *options, const char *name)
{
    assert(entry_named(name)->type != OPTION_BOOLEAN);
    return strtod(options_text(options, name), NULL);
}

bool options_boolean(const struct options *options, const char *name)
{
    assert(entry_named(name)->type == OPTION_BOOLEAN);
    return option_truth(options_text(options, name)) == 1;
}

int options_choice(const struct options *options, const char *name)
{
    const struct option *option = entry_named(name);

    assert(option->type == OPTION_CHOICE);
    return option_choice_index(option, options_text(options, name));
}

bool options_is_set(const struct options *options, const char *name)
{
    return options->values[entry_index(entry_named(name))] != NULL;
}

int options_bind(struct options *options, const char *action, const char *keys)
{
    struct binding binding = {strdup(action), strdup(keys)};
    struct binding *grown = NULL;

    if (binding.action == NULL || binding.keys == NULL) {
        goto fail;
    }
    for (size_t i = 0; i < options->binding_count; i++) {
        if (strcmp(options->bindings[i].action, action) == 0) {
            free(options->bindings[i].keys);
            options->bindings[i].keys = binding.keys;
            free(binding.action);
            return 0;
        }
    }
    grown = realloc(options->bindings, (options->binding_count + 1) * sizeof *grown);
    if (grown == NULL) {
        goto fail;
    }
    options->bindings = grown;
    options->bindings[options->binding_count++] = binding;
    return 0;
fail:
    free(binding.action);
    free(binding.keys);
    return -ENOMEM;
}

const char *options_binding(const struct options *options, size_t index, const char **keys)
{
    if (index >= options->binding_count) {
        return NULL;
    }
    *keys = options->bindings[index].keys;
    return options->bindings[index].action;
}
