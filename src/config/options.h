/*
 * options.h - every setting: one table of name, type, range, default, unit and help.
 *
 * The table is the only list: matchplayrc's comments, `:set`, the settings view, --help and the
 * parser of the file all come from it. A value is kept as text, checked against its entry; typed
 * getters read it.
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

#endif
