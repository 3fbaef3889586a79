/* scanner_mounts.c - folders that were on disks of their own, so that an empty one is known for
   what it is: a place whose disk is not mounted. */
#include "library/scanner_internal.h"

#include <stdlib.h>
#include <string.h>

/* The list is text, one uri a line; uris hold no line ends. */
static bool is_in(const char *list, const char *uri)
{
    size_t length = strlen(uri);

    for (const char *at = list; at != NULL && *at != '\0';) {
        const char *end = strchrnul(at, '\n');

        if ((size_t)(end - at) == length && strncmp(at, uri, length) == 0) {
            return true;
        }
        at = *end == '\0' ? end : end + 1;
    }
    return false;
}

bool scan_mounts_know(struct scan_walk *walk, const char *uri)
{
    return is_in(walk->mounts_before, uri);
}

void scan_mounts_note(struct scan_walk *walk, const char *uri)
{
    char *grown;
    size_t used;

    pthread_mutex_lock(&walk->lock);
    used = walk->mounts == NULL ? 0 : strlen(walk->mounts);
    if (!is_in(walk->mounts, uri)) {
        grown = realloc(walk->mounts, used + strlen(uri) + 2);
        if (grown != NULL) {
            walk->mounts = grown;
            memcpy(stpcpy(grown + used, uri), "\n", 2);
        }
    }
    pthread_mutex_unlock(&walk->lock);
}

void scan_mounts_load(struct scan_walk *walk, struct database *database)
{
    walk->mounts_before = database == NULL ? NULL : database_get_text(database, DATABASE_MOUNTS);
}

/* Those of before stay: that a disk is away now says nothing. */
int scan_mounts_save(struct scan_walk *walk, struct database *database)
{
    char *before = walk->mounts_before == NULL ? NULL : strdup(walk->mounts_before);
    char *save = NULL;
    bool more = false;

    for (const char *at = walk->mounts; at != NULL && *at != '\0' && !more;) {
        const char *end = strchrnul(at, '\n');
        char *uri = strndup(at, (size_t)(end - at));

        more = uri != NULL && !is_in(walk->mounts_before, uri);
        free(uri);
        at = *end == '\0' ? end : end + 1;
    }
    if (more) {
        for (char *at = before == NULL ? NULL : strtok_r(before, "\n", &save); at != NULL;
             at = strtok_r(NULL, "\n", &save)) {
            scan_mounts_note(walk, at);
        }
    }
    free(before);
    return more ? database_set_text(database, DATABASE_MOUNTS, walk->mounts) : 0;
}
