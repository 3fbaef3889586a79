/*
 * preset.h - named sets of parameters, from presets.ini.
 *
 * [id] is of a-z, 0-9 and -; name, category and description are for people; the rest are the
 * parameters of preset_parameters, which begin at their defaults: an exact match. A later file is
 * read over an earlier one, section by section, parameter by parameter.
 *
 * Threads: one reads files; any may look things up after that.
 */
#ifndef MP_CONFIG_PRESET_H
#define MP_CONFIG_PRESET_H

#include "config/ini.h"
#include "config/options.h"

#include <stdbool.h>

enum preset_parameter {
    PRESET_MATCH, /* 0: the original is played */
    PRESET_LEVEL, /* percent */
    PRESET_EQ,
    PRESET_WIDTH,
    PRESET_LIMITER,      /* 0 or 1 */
    PRESET_MAX_BOOST_DB, /* 0: no bound */
    PRESET_PARAMETERS
};

extern const struct option preset_parameters[PRESET_PARAMETERS];

struct preset {
    char *id;
    char *name, *category, *description; /* "" when the file does not say */
    double values[PRESET_PARAMETERS];
};

struct presets;

/* Holds `matchering` alone. NULL with ENOMEM. */
struct presets *presets_create(void);
void presets_destroy(struct presets *presets);
/* 0 or negative errno as rcfile_read; what is wrong inside is reported with its line. */
int presets_read(struct presets *presets, const char *path, config_report report, void *context);

/* The shipped ones, and the user's over them. NULL with ENOMEM. */
struct presets *presets_load(config_report report, void *context);
void presets_swap(struct presets *one, struct presets *other);

size_t presets_count(const struct presets *presets);
const struct preset *presets_get(const struct presets *presets, size_t index);
const struct preset *presets_find(const struct presets *presets, const char *id); /* or NULL */
/* The id nearest to one that does not exist, or NULL. */
const char *presets_nearest(const struct presets *presets, const char *id);

#endif
