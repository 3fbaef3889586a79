/*
 * options.h - every setting: one table of name, type, range, default, unit and help.
 *
 * The table is the only list: matchplayrc's comments, `:set`, the settings view, --help and the
 * parser of the file all come from it. A value is kept as text, checked against its entry; typed
 * getters read it.
 *
 * Names are unique across sections, so the getters take the name alone; they assert that it exists
 * and is of their type.
 *
 * Threads: one thread sets; any thread reads after that.
 */
#ifndef MP_CONFIG_OPTIONS_H
#define MP_CONFIG_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

enum option_type { OPTION_TEXT, OPTION_INTEGER, OPTION_NUMBER, OPTION_BOOLEAN, OPTION_CHOICE };

struct option {
    const char *section; /* "output" */
    const char *name;    /* "block_size" */
    enum option_type type;
    double minimum, maximum;    /* numbers */
    const char *const *choices; /* NULL-terminated, OPTION_CHOICE */
    const char *standard;       /* the default, as it would be written */
    const char *unit;           /* "frames", "ms", "" */
    const char *help;           /* one or two lines for a person */
};

const struct option *options_table(size_t *count);
/* The entry of a name; section NULL: any. NULL: there is none. */
const struct option *options_find(const char *section, const char *name);
/* The nearest name to one that does not exist, or NULL when none is near. */
const struct option *options_nearest(const char *section, const char *name);

struct options; /* a value for each entry */

struct options *options_create(void); /* all defaults; NULL with ENOMEM */
void options_destroy(struct options *options);
/* What one holds the other gets; texts of both stay valid. */
void options_swap(struct options *one, struct options *other);
/* 0, -ENOENT (no such option), -EINVAL or -ERANGE with a line in message that says what is wrong
   and what would be right. */
int options_set(struct options *options, const char *section, const char *name, const char *value,
                char *message, size_t message_size);
const char *options_text(const struct options *options, const char *name);
long options_integer(const struct options *options, const char *name);
double options_number(const struct options *options, const char *name);
bool options_boolean(const struct options *options, const char *name);
/* Index into the entry's choices. */
int options_choice(const struct options *options, const char *name);
/* True once options_set gave it a value, be it the default one. */
bool options_is_set(const struct options *options, const char *name);

/* Key bindings of the section [keys]: action = keys. What the actions are, the screen knows.
   0 or -ENOMEM; the last one for an action holds. */
int options_bind(struct options *options, const char *action, const char *keys);
/* The index-th binding in the order they came; NULL past the last. */
const char *options_binding(const struct options *options, size_t index, const char **keys);

/* Checks a value against an entry without keeping it; `message` as options_set. */
int option_check(const struct option *option, const char *value, char *message, size_t size);
/* The index of text in choices (case aside), or -1. */
int option_choice_index(const struct option *option, const char *text);
/* Yes, no, true, false, on, off, 1, 0: 1 or 0; -1 for anything else. */
int option_truth(const char *text);
/* The name in names[count] nearest to `name` by edits, or NULL when none is near. */
const char *option_nearest_name(const char *name, const char *const names[], size_t count);

#endif
