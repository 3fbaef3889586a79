/* rack_words.c - a rack in words, as presets.ini, the protocol and the screen have it. */
#include "chain/rack_words.h"

#include "config/options.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NAMES_MAX = 128, NAME_SIZE = 64, VALUE_SIZE = 32, MESSAGE_SIZE = 256 };

static const char spaces[] = " \t,";

/* --- kinds --------------------------------------------------------------------------------- */

const struct rack_kind *rack_words_kind(const char *name, char *message, size_t size)
{
    const struct rack_kind *found = rack_kind_named(name);
    const char *names[NAMES_MAX] = {NULL}, *near;
    size_t count;
    const struct rack_kind *kinds = rack_kinds(&count);

    if (found != NULL) {
        return found;
    }
    count = count < NAMES_MAX ? count : NAMES_MAX;
    for (size_t i = 0; i < count; i++) {
        names[i] = kinds[i].class->name;
    }
    near = option_nearest_name(name, names, count);
    snprintf(message, size, "there is no module %.60s%s%s", name,
             near != NULL ? "; the nearest is " : "", near != NULL ? near : "");
    return NULL;
}

/* The table of kinds is in their usual order. */
int rack_words_add(struct rack *rack, const struct rack_kind *kind)
{
    size_t at = 0;
    int result;

    while (at < rack->length && rack->entries[at].kind <= kind) {
        if (rack->entries[at].kind == kind) {
            return 0;
        }
        at++;
    }
    result = rack_add(rack, kind->class->name, at);
    return result == -EEXIST ? 0 : result;
}

/* --- values -------------------------------------------------------------------------------- */

static bool has_names(const struct module_parameter *parameter)
{
    return strchr(parameter->unit, '|') != NULL;
}

/* The name of a value in "off|on"; false: past the last. */
static bool name_at(const struct module_parameter *parameter, unsigned index, char *name,
                    size_t size)
{
    const char *at = parameter->unit;

    for (; index > 0; index--) {
        at = strchr(at, '|');
        if (at == NULL) {
            return false;
        }
        at++;
    }
    snprintf(name, size, "%.*s", (int)strcspn(at, "|"), at);
    return true;
}

/* -1: it is the name of none. */
static int value_named(const struct module_parameter *parameter, const char *text)
{
    char name[VALUE_SIZE];
    bool is_switch = strcmp(parameter->unit, "off|on") == 0;

    for (unsigned i = 0; name_at(parameter, i, name, sizeof name); i++) {
        if (strcasecmp(name, text) == 0) {
            return (int)i;
        }
    }
    return is_switch ? option_truth(text) : -1;
}

void rack_words_write(const struct module_parameter *parameter, double value, char *text,
                      size_t size)
{
    if (!has_names(parameter) || !name_at(parameter, (unsigned)value, text, size)) {
        snprintf(text, size, "%.10g", value);
    }
}

static int refuse_value(const struct rack_kind *kind, const struct module_parameter *parameter,
                        const char *text, char *message, size_t size)
{
    const char *unit = parameter->unit;

    if (has_names(parameter)) {
        snprintf(message, size, "%s.%s: %.60s is none of %s", kind->class->name, parameter->name,
                 text, unit);
    } else {
        snprintf(message, size, "%s.%s: %.60s is no number from %g to %g%s%s", kind->class->name,
                 parameter->name, text, parameter->minimum, parameter->maximum,
                 unit[0] != '\0' ? " " : "", unit);
    }
    return -EINVAL;
}

int rack_words_value(const struct rack_kind *kind, const struct module_parameter *parameter,
                     const char *text, double *value, char *message, size_t size)
{
    int named = has_names(parameter) ? value_named(parameter, text) : -1;
    char *end;
    double number;

    if (named >= 0) {
        *value = named;
        return 0;
    }
    number = strtod(text, &end);
    if (end == text || *end != '\0' || !isfinite(number) ||
        (has_names(parameter) && number != floor(number))) {
        return refuse_value(kind, parameter, text, message, size);
    }
    if (number < parameter->minimum || number > parameter->maximum) {
        refuse_value(kind, parameter, text, message, size);
        return -ERANGE;
    }
    *value = number;
    return 0;
}

int rack_words_parameter(const struct rack_kind *kind, const char *name, char *message, size_t size)
{
    const struct module_class *class = kind->class;
    const char *names[NAMES_MAX] = {NULL}, *near;
    size_t count = class->parameter_count < NAMES_MAX ? class->parameter_count : NAMES_MAX;

    for (size_t i = 0; i < count; i++) {
        names[i] = class->parameters[i].name;
        if (strcmp(names[i], name) == 0) {
            return (int)i;
        }
    }
    near = option_nearest_name(name, names, count);
    snprintf(message, size, "%s has no parameter %.60s%s%s%s", class->name, name,
             near != NULL ? "; the nearest is " : "", near != NULL ? near : "",
             count == 0 ? ", nor any other" : "");
    return -1;
}

/* --- whole racks --------------------------------------------------------------------------- */

void rack_words_list(const struct rack *rack, const char *between, char *text, size_t size)
{
    size_t used = 0;

    text[0] = '\0';
    for (size_t i = 0; i < rack->length; i++) {
        if (!rack->entries[i].bypassed && used < size) {
            used += (size_t)snprintf(text + used, size - used, "%s%s", used > 0 ? between : "",
                                     rack->entries[i].kind->class->name);
        }
    }
}

int rack_words_set(struct rack *rack, const char *name, const char *text, char *message,
                   size_t size)
{
    const char *dot = strchr(name, '.');
    const struct rack_kind *kind;
    char module[NAME_SIZE];
    double value = 0;
    int index, result;

    if (dot == NULL) {
        snprintf(message, size, "%.60s is not MODULE.PARAMETER", name);
        return -ENOENT;
    }
    snprintf(module, sizeof module, "%.*s", (int)(dot - name), name);
    kind = rack_words_kind(module, message, size);
    index = kind != NULL ? rack_words_parameter(kind, dot + 1, message, size) : -1;
    if (index < 0) {
        return -ENOENT;
    }
    result = rack_words_value(kind, &kind->class->parameters[index], text, &value, message, size);
    if (result == 0) {
        result = rack_words_add(rack, kind);
        if (result < 0) {
            snprintf(message, size, "no more than %d modules can stand in a chain",
                     RACK_ENTRIES_MAX);
        }
    }
    if (result == 0) {
        rack->entries[rack_find(rack, module)].values[index] = value;
    }
    return result;
}

/* Calls for each word of a list; a copy is taken apart. */
static void each_word(const char *text, rack_words_tell *tell, void *context,
                      void (*take)(struct rack *rack, const struct rack_kind *kind, char *message),
                      struct rack *rack)
{
    char *copy = strdup(text), *rest = copy, *word;
    char message[MESSAGE_SIZE];

    while (rest != NULL && (word = strsep(&rest, spaces)) != NULL) {
        const struct rack_kind *kind;

        message[0] = '\0';
        if (*word == '\0') {
            continue;
        }
        kind = rack_words_kind(word, message, sizeof message);
        if (kind != NULL) {
            take(rack, kind, message);
        }
        if (message[0] != '\0' && tell != NULL) {
            tell(context, message);
        }
    }
    free(copy);
}

static void append(struct rack *rack, const struct rack_kind *kind, char *message)
{
    const char *name = kind->class->name;
    int result = rack_add(rack, name, rack->length);

    if (result == -EEXIST) {
        snprintf(message, MESSAGE_SIZE, "%s stands in the chain twice; the first holds", name);
    } else if (result < 0) {
        snprintf(message, MESSAGE_SIZE, "%s: no more than %d modules can stand in a chain", name,
                 RACK_ENTRIES_MAX);
    }
}

void rack_words_order(struct rack *rack, const char *text, rack_words_tell *tell, void *context)
{
    struct rack before = *rack;

    rack_init(rack);
    each_word(text, tell, context, append, rack);
    for (size_t i = 0; i < rack->length; i++) {
        int was = rack_find(&before, rack->entries[i].kind->class->name);

        if (was >= 0) {
            rack->entries[i] = before.entries[was];
            rack->entries[i].bypassed = false;
        }
    }
}

static void bypass(struct rack *rack, const struct rack_kind *kind, char *message)
{
    int index = rack_find(rack, kind->class->name);

    if (index < 0) {
        snprintf(message, MESSAGE_SIZE, "%s does not stand in the chain, so it cannot be bypassed",
                 kind->class->name);
    } else {
        rack->entries[index].bypassed = true;
    }
}

void rack_words_bypass(struct rack *rack, const char *text, rack_words_tell *tell, void *context)
{
    for (size_t i = 0; i < rack->length; i++) {
        rack->entries[i].bypassed = false;
    }
    each_word(text, tell, context, bypass, rack);
}
