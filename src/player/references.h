/*
 * references.h - profiles of references, kept in memory for the next track that has the same one.
 *
 * A file that has changed since (size or time) is read anew, one that is gone still serves; the one
 * used longest ago makes room.
 *
 * Threads: one thread at a time; never the audio thread.
 */
#ifndef MP_PLAYER_REFERENCES_H
#define MP_PLAYER_REFERENCES_H

#include "match/profile.h"

struct references;

struct references *references_create(void); /* NULL with ENOMEM */
void references_destroy(struct references *references);
/* From memory or made now; borrowed until the next call. NULL with *error. */
const struct profile *references_profile(struct references *references, const char *path,
                                         struct progress *progress, struct media_error *error);

#endif
