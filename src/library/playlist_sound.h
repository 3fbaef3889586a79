/*
 * playlist_sound.h - the lines of a playlist that say how its tracks shall sound, read and written.
 *
 * Shared by playlist.c, playlists.c and references.c.
 *
 * Threads: any.
 */
#ifndef MP_LIBRARY_PLAYLIST_SOUND_H
#define MP_LIBRARY_PLAYLIST_SOUND_H

#include "library/playlist.h"

enum { PLAYLIST_PATH_LIMIT = 4096, PLAYLIST_REFERENCES_MAX = 64 };

/* True for "#MATCHPLAY-...", ours even where it is not understood. */
bool playlist_sound_is_line(const char *line);
/* Reads one into `sound`. `resolve` makes an absolute path of what a reference says (the caller's;
   NULL: no memory). 0, -EINVAL with what is wrong in *message, or -ENOMEM. */
int playlist_sound_read_line(struct playlist_sound *sound, const char *line,
                             char *(*resolve)(void *context, const char *text), void *context,
                             const char **message);
/* Only these lines of a stored playlist; bad ones are passed over. 0 or negative errno. */
int playlist_sound_read(struct playlist_sound *sound, const char *path, const char *folder);
/* All of it as lines, ended by `line_end`; the caller's. NULL: no memory. */
char *playlist_sound_write(const struct playlist_sound *sound, const char *line_end);
/* False: something in it cannot stand in a line, or is out of its range. */
bool playlist_sound_is_good(const struct playlist_sound *sound);

/* A line of a playlist as a path: below `folder`, or absolute, or an address as it is. The first
   one that exists of: as it stands, with / for \, as Latin-1; where none does, as it stands. */
char *playlist_resolve(const char *folder, const char *text);

#endif
