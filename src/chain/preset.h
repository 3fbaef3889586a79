/*
 * preset.h - named sets of parameters, from presets.ini.
 *
 * [id] is of a-z, 0-9 and -; name, category and description are for people; the parameters of
 * preset_parameters say how far to match, and begin at their defaults: all the way, but no
 * frequency lifted by more than 18 dB; `matchering`, the exact match, has no such bound. What the
 * chain is made of is said by `chain` (its modules, in order), `bypass` (those of them that are
 * left out), and MODULE.PARAMETER as the modules describe them; a module whose parameter is named
 * is in the chain. Without any of these it is the exact chain. A later file is read over an earlier
 * one, section by section, parameter by parameter. What is wrong is told with its line, and costs
 * that line.
 *
 * Threads: one reads files; any may look things up after that.
 */
#ifndef MP_CHAIN_PRESET_H
#define MP_CHAIN_PRESET_H

#include "chain/rack.h"
#include "config/ini.h"
#include "config/options.h"

#include <stdbool.h>

enum { PRESET_ID_MAX = 64 };

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
    struct rack rack;
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
/* True if there is one; else message says that there is none, and which id is nearest. */
bool presets_expect(const struct presets *presets, const char *id, char *message, size_t size);

/* True for what may stand as [id], and is no word of the commands that take one. */
bool preset_id_is_good(const char *id);

/* preset_file.c: puts a section into a file of presets, in place of the one of that id, or takes it
   out. All else in the file, comments too, stays as it is; it is written whole or not at all, its
   folder is made. 0 or negative errno: -EINVAL (preset_save: the id), -ENOENT (preset_remove: there
   is no such section), -EFBIG, or what the file system says. */
int preset_save(const struct preset *preset, const char *path);
int preset_remove(const char *id, const char *path);

#endif
