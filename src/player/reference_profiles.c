/* reference_profiles.c - profiles of references, kept in memory. */
#include "player/reference_profiles.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { PROFILES_KEPT = 32 };

struct kept_profile {
    char *path;
    struct timespec modified;
    off_t size;
    struct profile *profile;
    uint64_t used;
};

struct reference_profiles {
    struct kept_profile profiles[PROFILES_KEPT];
    uint64_t uses;
};

struct reference_profiles *reference_profiles_create(void)
{
    return calloc(1, sizeof(struct reference_profiles));
}

static void kept_finish(struct kept_profile *kept)
{
    free(kept->path);
    profile_destroy(kept->profile);
    memset(kept, 0, sizeof *kept);
}

/* The place of `path` among the kept profiles; a changed or unknown file gets the least used one.
 */
static struct kept_profile *kept_place(struct reference_profiles *references, const char *path,
                                       const struct stat *status)
{
    struct kept_profile *oldest = &references->profiles[0];

    for (size_t i = 0; i < PROFILES_KEPT; i++) {
        struct kept_profile *kept = &references->profiles[i];

        if (kept->path != NULL && strcmp(kept->path, path) == 0) {
            if (kept->size == status->st_size && kept->modified.tv_sec == status->st_mtim.tv_sec &&
                kept->modified.tv_nsec == status->st_mtim.tv_nsec) {
                return kept;
            }
            oldest = kept;
            break;
        }
        if (kept->used < oldest->used) {
            oldest = kept;
        }
    }
    kept_finish(oldest);
    return oldest;
}

/* The profile of a file that is gone still serves: its sound is known. NULL: it is not. */
static const struct profile *gone_profile(struct reference_profiles *references, const char *path)
{
    for (size_t i = 0; i < PROFILES_KEPT; i++) {
        struct kept_profile *kept = &references->profiles[i];

        if (kept->path != NULL && strcmp(kept->path, path) == 0) {
            kept->used = ++references->uses;
            return kept->profile;
        }
    }
    return NULL;
}

const struct profile *reference_profiles_get(struct reference_profiles *references,
                                             const char *path, struct progress *progress,
                                             struct media_error *error)
{
    struct programme *programme = NULL;
    struct stat status = {0};
    struct kept_profile *kept;

    if (stat(path, &status) < 0) {
        const struct profile *profile = gone_profile(references, path);

        if (profile != NULL) {
            return profile;
        }
        memset(&status, 0, sizeof status); /* opening it tells */
    }
    kept = kept_place(references, path, &status);
    kept->used = ++references->uses;
    if (kept->profile != NULL) {
        return kept->profile;
    }
    if (programme_open(&programme, &path, 1, 0, error) < 0) {
        return NULL;
    }
    kept->profile = profile_create(programme, PROFILE_MATCH, progress, error);
    programme_close(programme);
    if (kept->profile == NULL) {
        return NULL;
    }
    kept->path = strdup(path);
    kept->size = status.st_size;
    kept->modified = status.st_mtim;
    return kept->profile;
}

void reference_profiles_destroy(struct reference_profiles *references)
{
    for (size_t i = 0; references != NULL && i < PROFILES_KEPT; i++) {
        kept_finish(&references->profiles[i]);
    }
    free(references);
}
