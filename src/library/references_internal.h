/*
 * references_internal.h - the sections of the file of references, read and written.
 *
 * Private to references*.c. A section is one line, [track PATH], [album ARTIST / ALBUM] or [all],
 * and the lines below it: those of a playlist's sound, and comments, which are kept. In an artist's
 * name a backslash stands before what would be taken for the slash in between, and before itself.
 */
#ifndef MP_LIBRARY_REFERENCES_INTERNAL_H
#define MP_LIBRARY_REFERENCES_INTERNAL_H

#include "library/playlist_sound.h"
#include "library/references.h"

struct section {
    enum reference_scope scope;
    char *name;   /* path, or album; NULL: all */
    char *artist; /* of an album */
    char *notes;  /* its comments, with their line ends; NULL: none */
    struct playlist_sound sound;
};

struct sections {
    struct section *sections;
    size_t count;
    char *notes; /* above the first section */
};

void sections_finish(struct sections *sections);
/* NULL: there is none. `name` and `artist` as in the struct. */
struct section *sections_find(const struct sections *sections, enum reference_scope scope,
                              const char *name, const char *artist);
/* As sections_find, but made when it is not there. NULL: no memory. */
struct section *sections_need(struct sections *sections, enum reference_scope scope,
                              const char *name, const char *artist);
void sections_remove(struct sections *sections, struct section *section);

/* Bad lines are reported and left out; no file is no section. 0 or negative errno. */
int sections_read(struct sections *sections, const char *path, config_report report, void *context);
/* The whole file; the caller's. NULL: no memory. */
char *sections_write(const struct sections *sections, size_t *size);

#endif
