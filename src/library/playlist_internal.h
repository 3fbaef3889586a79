/*
 * playlist_internal.h - what readers of playlists share about text. Private to playlist*.c.
 *
 * Threads: any.
 */
#ifndef MP_LIBRARY_PLAYLIST_INTERNAL_H
#define MP_LIBRARY_PLAYLIST_INTERNAL_H

#include <stdbool.h>

/* Above an entry, and of it alone: the playlist it came from. */
#define PLAYLIST_ORIGIN_MARK "#MATCHPLAY-ORIGIN:"

bool playlist_is_utf8(const char *text);
char *playlist_from_latin1(const char *text); /* the caller's; NULL: no memory */

#endif
