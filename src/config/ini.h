/*
 * ini.h - an INI file, line by line: what is bad in it is told and costs that line alone.
 *
 * [section], name = value, comments after # or ; (not inside "quotes" or 'quotes'). Sections and
 * names are lower-cased, values keep their case. UTF-8, with or without a byte order mark; lines
 * may end in CR LF. iniparser reads the values, but gets good lines only: by itself it loses the
 * whole file to one bad line, and tells neither line numbers nor duplicates.
 *
 * Threads: one at a time (iniparser keeps state of its own while it reads).
 */
#ifndef MP_CONFIG_INI_H
#define MP_CONFIG_INI_H

#include <stddef.h>

/* Gets one line for a user, without its end: "PATH:LINE: what is wrong". */
typedef void (*config_report)(void *context, const char *message);

struct ini_entry {
    char *section; /* "" after a [section] that could not be read */
    char *key;     /* NULL: the section's own line */
    char *value;
    unsigned line;
};

struct ini {
    struct ini_entry *entries; /* in the order of the file; of duplicates the last one only */
    size_t count;
};

/* 0 with *ini, or negative errno (-ENOENT, -EISDIR, -EFBIG past 256 KiB, ...), which is not
   reported. report may be NULL. */
int ini_load(struct ini **ini, const char *path, config_report report, void *context);
void ini_destroy(struct ini *ini);

/* report(context, "PATH:LINE: ..."); line 0 leaves the number out. */
void config_tell(config_report report, void *context, const char *path, unsigned line,
                 const char *format, ...) __attribute__((format(printf, 5, 6)));
/* The whole of a file, NUL-terminated, not longer than limit; the caller's. NULL with errno. */
char *config_read_file(const char *path, size_t limit, size_t *length);

#endif
