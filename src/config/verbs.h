/*
 * verbs.h - the subcommands by name, for both executables: matchplay must know which of its words
 * are commands for matchplayd before it starts it.
 *
 * Threads: any.
 */
#ifndef MP_CONFIG_VERBS_H
#define MP_CONFIG_VERBS_H

#include <stdbool.h>
#include <stddef.h>

/* The names, in the order --help shows them. */
const char *const *verbs_table(size_t *count);
bool verb_exists(const char *name);
/* The nearest verb to a word that is none, or NULL. */
const char *verb_nearest(const char *name);

#endif
