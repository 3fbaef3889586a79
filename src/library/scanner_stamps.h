/*
 * scanner_stamps.h - what the library knew before a scan, by folder, so that a walk sees what is
 * new, changed or gone.
 *
 * Threads: filled by one; then looked up by any number. What a folder's entry says is written only
 * by the thread that lists that folder.
 */
#ifndef MP_LIBRARY_SCANNER_STAMPS_H
#define MP_LIBRARY_SCANNER_STAMPS_H

#include "library/database.h"

#include <pthread.h>

struct stamp {
    uint32_t name; /* offset in names */
    uint32_t folder;
    int64_t modified_ns;
    int64_t size; /* SCANNER_UNOPENED: it could not be opened */
    int64_t added_s;
    bool seen;
};

struct stamp_folder {
    uint32_t path;         /* offset in names */
    uint32_t first, count; /* of stamps */
    bool listed;           /* all that is in it was seen */
};

struct stamps {
    char *names;
    size_t names_size, names_room;
    struct stamp *list; /* by folder, in it by name */
    size_t count, room;
    struct stamp_folder *folders;
    size_t folder_count, folder_room;
    uint32_t *table; /* of folder + 1 by path, 0: free; a power of two */
    size_t table_size;
    uint32_t last;     /* folder that was added to last */
    uint32_t *by_time; /* stamps by modified_ns and size, made when first asked for */
    pthread_mutex_t by_time_lock;
    bool failed; /* no memory */
};

enum { SCANNER_UNOPENED = -1 };

struct stamps *stamps_create(void); /* NULL with ENOMEM */
void stamps_destroy(struct stamps *stamps);
/* What the database has below a folder; deep false: right in it only. 0 or negative errno. */
int stamps_load(struct stamps *stamps, struct database *database, const char *folder, bool deep);
/* Call after the last load, before any look-up. 0 or -ENOMEM. */
int stamps_sort(struct stamps *stamps);

const char *stamps_name(const struct stamps *stamps, const struct stamp *stamp);
const char *stamps_path(const struct stamps *stamps, const struct stamp_folder *folder);
/* Its uri, written into text (RECORD_URI_LIMIT + 2 bytes), which is returned. */
const char *stamps_uri(const struct stamps *stamps, const struct stamp *stamp, char *text);
struct stamp_folder *stamps_folder(const struct stamps *stamps, const char *path); /* or NULL */
struct stamp *stamps_find(const struct stamps *stamps, const struct stamp_folder *folder,
                          const char *name); /* folder may be NULL; or NULL */
/* Is anything known below this folder? */
bool stamps_know_below(const struct stamps *stamps, const char *path);
/* The index of the first stamp with this time and size, counting through `nth`; NULL: none. A file
   that was moved keeps both. */
const struct stamp *stamps_alike(struct stamps *stamps, int64_t modified_ns, int64_t size,
                                 size_t nth);

#endif
