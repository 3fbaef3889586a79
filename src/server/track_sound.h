/*
 * track_sound.h - how a track shall sound: the references, preset and amounts that hold for it, and
 * where each comes from.
 *
 * The nearest wins, each by itself (library/references.h); what none of the scopes says, the
 * settings do. A preset that a scope names brings its own amounts; those of the settings go only
 * over the preset of the settings.
 *
 * Threads: the server's lock is held.
 */
#ifndef MP_SERVER_TRACK_SOUND_H
#define MP_SERVER_TRACK_SOUND_H

#include "match/amounts.h"
#include "server/server.h"

struct track_sound {
    struct playlist_sound said;      /* references (absolute paths) and preset; never NULL */
    enum reference_scope references; /* from where, or REFERENCE_SETTINGS */
    int preset_from, amount_from[AMOUNTS];
    struct amounts amounts;
    struct rack rack; /* the preset's, or as it was edited */
    bool match;       /* false: the preset plays the original */
};

/* `origin`: the playlist that its queue entry came from, or NULL. 0 or negative errno. */
int track_sound_find(struct server_parts *parts, const char *uri, const char *origin,
                     struct track_sound *sound);
void track_sound_finish(struct track_sound *sound);

/* Where a uri lies: below the music folder, or as it is. The caller's; NULL: no memory. */
char *track_path(const struct server_parts *parts, const char *uri);
/* Under which names its album is ruled: the album artist, or the artist where there is none; ""
   for a track without an album. Borrowed until the catalogue changes. */
void track_album(const struct server_parts *parts, const char *uri, const char **artist,
                 const char **album);
/* "track", "playlist", "album", "all", "settings". */
const char *reference_scope_name(int scope);

#endif
