/*
 * reference_profiles.h - profiles of references, kept in memory for the next track that has the
 * same one.
 *
 * A file that has changed since (size or time) is read anew, one that is gone still serves; the one
 * used longest ago makes room.
 *
 * Threads: one thread at a time; never the audio thread.
 */
#ifndef MP_PLAYER_REFERENCE_PROFILES_H
#define MP_PLAYER_REFERENCE_PROFILES_H

#include "match/profile.h"

struct reference_profiles;

struct reference_profiles *reference_profiles_create(void); /* NULL with ENOMEM */
void reference_profiles_destroy(struct reference_profiles *references);
/* From memory or made now; borrowed until the next call. NULL with *error. */
const struct profile *reference_profiles_get(struct reference_profiles *references,
                                             const char *path, struct progress *progress,
                                             struct media_error *error);

#endif
