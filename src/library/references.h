/*
 * references.h - which reference holds: of the track, its playlist, its album, or of all.
 *
 * The nearest wins, each of references, preset and amounts by itself: the track's own, else that of
 * the playlist its queue entry came from, else its album's, else that of all, else what the
 * settings say. Playlists keep theirs in their files (playlists.h); the others stand in one text
 * file in the data folder, `references`, of sections [track PATH], [album ARTIST / ALBUM], [all],
 * with the lines of a playlist in them, written whole (temp, fsync, rename).
 *
 * Threads: one at a time (the server's lock): the loop changes, the player's thread asks.
 */
#ifndef MP_LIBRARY_REFERENCES_H
#define MP_LIBRARY_REFERENCES_H

#include "library/playlists.h"

enum reference_scope { REFERENCE_TRACK, REFERENCE_PLAYLIST, REFERENCE_ALBUM, REFERENCE_ALL };
enum { REFERENCE_SETTINGS = 4 }; /* where something came from, when from none of the scopes */

struct references;

/* What to look for. */
struct reference_key {
    const char *path;     /* absolute, of the track */
    const char *playlist; /* its origin: a name, or the path of one from elsewhere, or NULL */
    const char *album_artist, *album; /* "" or NULL: none */
};

/* What holds; a copy, to be finished. */
struct reference_answer {
    struct playlist_sound sound;
    int reference_from, preset_from; /* enum reference_scope or REFERENCE_SETTINGS */
    int amount_from[AMOUNTS];
};

struct references *references_open(const char *path, struct playlists *playlists,
                                   config_report report, void *context); /* NULL with errno */
void references_close(struct references *references);
int references_find(struct references *references, const struct reference_key *key,
                    struct reference_answer *answer);
void reference_answer_finish(struct reference_answer *answer);

/* Reads and sets what one scope says itself. `key` names it: path, playlist, or artist and album.
   An empty sound takes it away. Playlists' are passed on to playlists_set_sound. */
int references_read(struct references *references, enum reference_scope scope,
                    const struct reference_key *key, struct playlist_sound *sound);
int references_set(struct references *references, enum reference_scope scope,
                   const struct reference_key *key, const struct playlist_sound *sound);
/* Rises when any of it changed, the playlists' included. */
uint64_t references_version(struct references *references);
/* How often the file was changed by somebody else; looks at once. */
uint64_t references_edits(struct references *references);

#endif
