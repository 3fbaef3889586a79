/*
 * filters.h - saved filters: ~/.config/matchplay/filters, one `name = MPD expression` a line.
 *
 * Threads: one.
 */
#ifndef MP_TUI_FILTERS_H
#define MP_TUI_FILTERS_H

#include <stddef.h>

struct filter_entry {
    char *name, *expression;
};

struct filters {
    struct filter_entry *entries;
    size_t count;
};

/* 0 (also when there is no file), or negative errno. Lines that say nothing are passed over. */
int filters_load(struct filters *filters);
void filters_finish(struct filters *filters);
/* Adds or replaces (expression NULL: removes), and writes the file whole. 0 or negative errno. */
int filters_set(struct filters *filters, const char *name, const char *expression);

#endif
