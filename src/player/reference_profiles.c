/* reference_profiles.c - profiles of references, kept in memory and on disk. */
#include "player/reference_profiles.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { PROFILES_KEPT = 32 };

struct kept_profile {
    struct cache_key key; /* name NULL: the place is free */
    struct profile *profile;
    uint64_t used;
};

struct reference_profiles {
    struct cache *cache;
    struct kept_profile profiles[PROFILES_KEPT];
    uint64_t uses;
};

struct reference_profiles *reference_profiles_create(struct cache *cache)
{
    struct reference_profiles *references = calloc(1, sizeof *references);

    if (references != NULL) {
        references->cache = cache;
    }
    return references;
}

static void kept_finish(struct kept_profile *kept)
{
    cache_key_finish(&kept->key);
    profile_destroy(kept->profile);
    memset(kept, 0, sizeof *kept);
}

/* A file that is gone still serves: its sound is known. */
static bool serves(const struct kept_profile *kept, const struct cache_key *key)
{
    return key->gone || (kept->key.size == key->size && kept->key.modified_ns == key->modified_ns);
}

/* The place for a key; when the file has changed, or is unknown, an empty one. */
static struct kept_profile *kept_place(struct reference_profiles *references,
                                       const struct cache_key *key)
{
    struct kept_profile *oldest = &references->profiles[0];

    for (size_t i = 0; i < PROFILES_KEPT; i++) {
        struct kept_profile *kept = &references->profiles[i];

        if (kept->key.name != NULL && strcmp(kept->key.name, key->name) == 0) {
            if (serves(kept, key)) {
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

static struct profile *read_file(struct cache *cache, const struct cache_key *key, const char *path,
                                 enum profile_depth depth, struct progress *progress,
                                 struct media_error *error)
{
    char damage[MEDIA_MESSAGE_SIZE];
    struct programme *programme = NULL;
    struct profile *profile;

    if (programme_open_measured(&programme, &path, 1, error) < 0) {
        return NULL;
    }
    profile = profile_create(programme, depth, progress, error);
    if (profile != NULL && !programme_damage_line(programme, damage, sizeof damage)) {
        cache_keep_profile(cache, key, profile, true);
    }
    programme_close(programme);
    return profile;
}

static struct profile *recall(struct cache *cache, struct cache_key *key, bool gone,
                              enum profile_depth depth)
{
    struct profile *profile = cache_profile(cache, key, 0);

    if (profile != NULL && !gone && !profile_has(profile, depth)) {
        profile_destroy(profile);
        profile = NULL;
    }
    return profile;
}

int reference_profiles_get(struct reference_profiles *references, const char *path,
                           enum profile_depth depth, struct progress *progress,
                           struct reference_profile *found, struct media_error *error)
{
    struct kept_profile *kept;
    struct cache_key key;
    bool gone;

    cache_key_init(&key, &path, 1);
    if (key.name == NULL) {
        *error = (struct media_error){.code = -ENOMEM, .message = "out of memory"};
        return error->code;
    }
    gone = key.gone;
    kept = kept_place(references, &key);
    if (kept->profile != NULL && !gone && !profile_has(kept->profile, depth)) {
        kept_finish(kept);
    }
    kept->used = ++references->uses;
    if (kept->profile == NULL) {
        kept->profile = recall(references->cache, &key, gone, depth);
        if (kept->profile == NULL) {
            kept->profile = read_file(references->cache, &key, path, depth, progress, error);
        }
        if (kept->profile == NULL) {
            cache_key_finish(&key);
            return error->code;
        }
        kept->key = key;
    } else {
        cache_key_finish(&key);
    }
    *found = (struct reference_profile){kept->profile, &kept->key, gone};
    return 0;
}

void reference_profiles_destroy(struct reference_profiles *references)
{
    for (size_t i = 0; references != NULL && i < PROFILES_KEPT; i++) {
        kept_finish(&references->profiles[i]);
    }
    free(references);
}
