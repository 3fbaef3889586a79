/*
 * reference_profiles.h - profiles of references, kept in memory for the next track that has the
 * same one, and on disk for the next time.
 *
 * A file that has changed since (size or time) is read anew, one that is gone still serves; the one
 * used longest ago makes room.
 *
 * Threads: one thread at a time; never the audio thread.
 */
#ifndef MP_PLAYER_REFERENCE_PROFILES_H
#define MP_PLAYER_REFERENCE_PROFILES_H

#include "match/cache.h"

struct reference_profiles;

/* cache may be NULL and stays the caller's. NULL with ENOMEM. */
struct reference_profiles *reference_profiles_create(struct cache *cache);
void reference_profiles_destroy(struct reference_profiles *references);

/* Borrowed until another 31 have been asked for. */
struct reference_profile {
    const struct profile *profile;
    const struct cache_key *key; /* as it was when the profile was made */
    bool gone;                   /* the file is not there any more */
};
/* From memory, from the cache, or made now. Of a file that is gone what is known serves, less deep
   than asked for or not. 0, or negative errno and *error. */
int reference_profiles_get(struct reference_profiles *references, const char *path,
                           enum profile_depth depth, struct progress *progress,
                           struct reference_profile *found, struct media_error *error);

#endif
