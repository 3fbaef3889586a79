/* preset.c - named sets of parameters, from presets.ini. */
#include "chain/preset.h"

#include "chain/rack_words.h"
#include "config/paths.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGE_SIZE = 768, NEAREST_MAX = 256, OTHER_KEYS = 5 };

/* Names, ranges and defaults are those of the [match] settings. */
const struct option preset_parameters[PRESET_PARAMETERS] = {
    [PRESET_MATCH] = {"preset", "match", OPTION_BOOLEAN, 0, 0, NULL, "yes", "",
                      "No plays the original."},
    [PRESET_LEVEL] = {"preset", "level", OPTION_NUMBER, 0, 100, NULL, "100", "%",
                      "How far the level follows the reference's."},
    [PRESET_EQ] = {"preset", "eq", OPTION_NUMBER, 0, 100, NULL, "100", "%",
                   "How far the tone follows the reference's."},
    [PRESET_WIDTH] = {"preset", "width", OPTION_NUMBER, 0, 100, NULL, "100", "%",
                      "How far the width follows the reference's."},
    [PRESET_LIMITER] = {"preset", "limiter", OPTION_BOOLEAN, 0, 0, NULL, "yes", "",
                        "Hold peaks under full scale."},
    [PRESET_MAX_BOOST_DB] = {"preset", "max_boost_db", OPTION_NUMBER, 0, 60, NULL, "18", "dB",
                             "No frequency is lifted by more than this; 0: no bound."},
};

struct presets {
    struct preset *list;
    size_t count;
};

static double value_of(const struct option *parameter, const char *text)
{
    return parameter->type == OPTION_BOOLEAN ? option_truth(text) : strtod(text, NULL);
}

static struct preset *add_preset(struct presets *presets, const char *id)
{
    struct preset *grown = realloc(presets->list, (presets->count + 1) * sizeof *grown);
    struct preset *preset;

    if (grown == NULL) {
        return NULL;
    }
    presets->list = grown;
    preset = &grown[presets->count];
    preset->id = strdup(id);
    preset->name = strdup(id);
    preset->category = strdup("");
    preset->description = strdup("");
    presets->count++; /* presets_destroy frees what there is of it */
    for (size_t i = 0; i < PRESET_PARAMETERS; i++) {
        preset->values[i] = value_of(&preset_parameters[i], preset_parameters[i].standard);
    }
    rack_init_exact(&preset->rack);
    return preset->id == NULL || preset->name == NULL || preset->category == NULL ||
                   preset->description == NULL
               ? NULL
               : preset;
}

struct presets *presets_create(void)
{
    struct presets *presets = calloc(1, sizeof *presets);
    struct preset *exact = presets != NULL ? add_preset(presets, "matchering") : NULL;

    if (exact == NULL) {
        presets_destroy(presets);
        errno = ENOMEM;
        return NULL;
    }
    exact->values[PRESET_MAX_BOOST_DB] = 0; /* the offline matcher knows no bound */
    return presets;
}

void presets_destroy(struct presets *presets)
{
    if (presets == NULL) {
        return;
    }
    for (size_t i = 0; i < presets->count; i++) {
        free(presets->list[i].id);
        free(presets->list[i].name);
        free(presets->list[i].category);
        free(presets->list[i].description);
    }
    free(presets->list);
    free(presets);
}

size_t presets_count(const struct presets *presets)
{
    return presets->count;
}

const struct preset *presets_get(const struct presets *presets, size_t index)
{
    return &presets->list[index];
}

static struct preset *find(const struct presets *presets, const char *id)
{
    for (size_t i = 0; i < presets->count; i++) {
        if (strcmp(presets->list[i].id, id) == 0) {
            return &presets->list[i];
        }
    }
    return NULL;
}

const struct preset *presets_find(const struct presets *presets, const char *id)
{
    return find(presets, id);
}

const char *presets_nearest(const struct presets *presets, const char *id)
{
    const char *ids[NEAREST_MAX];
    size_t count = presets->count < NEAREST_MAX ? presets->count : NEAREST_MAX;

    for (size_t i = 0; i < count; i++) {
        ids[i] = presets->list[i].id;
    }
    return option_nearest_name(id, ids, count);
}

bool presets_expect(const struct presets *presets, const char *id, char *message, size_t size)
{
    const char *near;

    if (presets_find(presets, id) != NULL) {
        return true;
    }
    near = presets_nearest(presets, id);
    snprintf(message, size, "there is no preset %s%s%s", id,
             near != NULL ? "; the nearest is " : "", near != NULL ? near : "");
    return false;
}

static void tell_unknown(const char *path, const struct ini_entry *entry, config_report report,
                         void *context)
{
    const char *names[PRESET_PARAMETERS + OTHER_KEYS] = {"name", "category", "description", "chain",
                                                         "bypass"};
    const char *near;

    for (size_t i = 0; i < PRESET_PARAMETERS; i++) {
        names[i + OTHER_KEYS] = preset_parameters[i].name;
    }
    near = option_nearest_name(entry->key, names, PRESET_PARAMETERS + OTHER_KEYS);
    config_tell(report, context, path, entry->line, "[%s] there is no parameter %s%s%s",
                entry->section, entry->key, near != NULL ? "; the nearest is " : "",
                near != NULL ? near : "");
}

/* What a line is wrong about. */
struct complaint {
    const char *path;
    const struct ini_entry *entry;
    config_report report;
    void *context;
};

static void complain(void *context, const char *message)
{
    const struct complaint *complaint = context;

    config_tell(complaint->report, complaint->context, complaint->path, complaint->entry->line,
                "[%s] %s", complaint->entry->section, message);
}

/* True if the line is one of the chain. */
static bool take_chain(struct rack *rack, struct complaint *complaint)
{
    const char *key = complaint->entry->key, *value = complaint->entry->value;
    char message[MESSAGE_SIZE];

    if (strcmp(key, "chain") == 0) {
        return true; /* it was taken before all else */
    }
    if (strcmp(key, "bypass") == 0) {
        rack_words_bypass(rack, value, complain, complaint);
        return true;
    }
    if (strchr(key, '.') == NULL) {
        return false;
    }
    if (rack_words_set(rack, key, value, message, sizeof message) < 0) {
        complain(complaint, message);
    }
    return true;
}

static int replace(char **text, const char *value)
{
    char *copy = strdup(value);

    if (copy == NULL) {
        return -ENOMEM;
    }
    free(*text);
    *text = copy;
    return 0;
}

static int take_value(struct preset *preset, const char *path, const struct ini_entry *entry,
                      config_report report, void *context)
{
    struct complaint complaint = {path, entry, report, context};
    char message[MESSAGE_SIZE];

    if (strcmp(entry->key, "name") == 0) {
        return replace(&preset->name, entry->value);
    }
    if (strcmp(entry->key, "category") == 0) {
        return replace(&preset->category, entry->value);
    }
    if (strcmp(entry->key, "description") == 0) {
        return replace(&preset->description, entry->value);
    }
    for (size_t i = 0; i < PRESET_PARAMETERS; i++) {
        const struct option *parameter = &preset_parameters[i];

        if (strcmp(parameter->name, entry->key) != 0) {
            continue;
        }
        if (option_check(parameter, entry->value, message, sizeof message) == 0) {
            preset->values[i] = value_of(parameter, entry->value);
        } else {
            config_tell(report, context, path, entry->line, "[%s] %s", entry->section, message);
        }
        return 0;
    }
    if (!take_chain(&preset->rack, &complaint)) {
        tell_unknown(path, entry, report, context);
    }
    return 0;
}

bool preset_id_is_good(const char *id)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

    return *id != '\0' && strlen(id) <= PRESET_ID_MAX && id[strspn(id, letters)] == '\0' &&
           strcmp(id, "save") != 0 && strcmp(id, "delete") != 0;
}

static int take_entry(struct presets *presets, const char *path, const struct ini_entry *entry,
                      config_report report, void *context)
{
    bool header = entry->key == NULL;

    if (entry->section[0] == '\0') {
        return 0; /* after a [section] that could not be read, and has been told */
    }
    if (!preset_id_is_good(entry->section)) {
        if (header) {
            config_tell(
                report, context, path, entry->line,
                "[%s] a preset's id is of a-z, 0-9 and -, at most %d of them, and not save or "
                "delete; it is left out",
                entry->section, PRESET_ID_MAX);
        }
        return 0;
    }
    return header ? 0 : take_value(find(presets, entry->section), path, entry, report, context);
}

/* The presets, as the file has them, and the modules of their chains. */
static int take_order(struct presets *presets, const char *path, const struct ini_entry *entry,
                      config_report report, void *context)
{
    struct complaint complaint = {path, entry, report, context};
    struct preset *preset;

    if (!preset_id_is_good(entry->section)) {
        return 0;
    }
    preset = find(presets, entry->section);
    if (preset == NULL) {
        preset = add_preset(presets, entry->section);
    }
    if (preset == NULL) {
        return -ENOMEM;
    }
    if (entry->key != NULL && strcmp(entry->key, "chain") == 0) {
        rack_words_order(&preset->rack, entry->value, complain, &complaint);
    }
    return 0;
}

int presets_read(struct presets *presets, const char *path, config_report report, void *context)
{
    struct ini *ini;
    int error = ini_load(&ini, path, report, context);

    /* The modules of a chain first: the other lines are about them, wherever they stand. */
    for (size_t i = 0; error == 0 && i < ini->count; i++) {
        error = take_order(presets, path, &ini->entries[i], report, context);
    }
    for (size_t i = 0; error == 0 && i < ini->count; i++) {
        error = take_entry(presets, path, &ini->entries[i], report, context);
    }
    ini_destroy(ini);
    return error;
}

struct presets *presets_load(config_report report, void *context)
{
    struct presets *presets = presets_create();
    char *files[] = {path_shipped("presets.ini"), path_in(PATH_CONFIG, "presets.ini")};

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        int error = presets != NULL && files[i] != NULL
                        ? presets_read(presets, files[i], report, context)
                        : 0;

        if (error != 0 && error != -ENOENT) {
            config_tell(report, context, files[i], 0, "%s; its presets are not used",
                        strerror(-error));
        }
        free(files[i]);
    }
    return presets;
}

void presets_swap(struct presets *one, struct presets *other)
{
    struct presets held = *one;

    *one = *other;
    *other = held;
}
