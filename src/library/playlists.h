/*
 * playlists.h - the stored playlists: M3U8 files in one folder, edited by anything.
 *
 * Each is read when it is asked for; what others wrote is kept: comments and #EXTINF lines stay
 * with their entries, `#MATCHPLAY-` lines at the top. Written whole: temp, fsync, rename. A name is
 * a file name without its ending: no '/', no newline, not empty, not beginning with '.' but for
 * ".previous" (which is not listed). A .m3u is served as well where there is no .m3u8 of its name.
 *
 * Threads: one at a time (the server's lock).
 */
#ifndef MP_LIBRARY_PLAYLISTS_H
#define MP_LIBRARY_PLAYLISTS_H

#include "library/playlist.h"

#include <stdint.h>

struct playlists;

/* `folder`: ~/.local/share/matchplay/playlists; made when the first one is written.
   `music_directory`: what relative uris are below of. Entries in the files are absolute paths or
   relative to the music folder; both are read, uris are written as they are. */
struct playlists *playlists_create(const char *folder, const char *music_directory,
                                   config_report report, void *context);
void playlists_destroy(struct playlists *playlists);
bool playlists_name_is_good(const char *name);

/* Each one there is, by name. */
int playlists_each(struct playlists *playlists,
                   bool (*each)(void *context, const char *name, int64_t modified_s),
                   void *context);
/* What a playlist holds and how it sounds; freed with playlist_destroy. 0, -ENOENT, or another
   negative errno. Entries' paths are absolute. */
int playlists_read(struct playlists *playlists, const char *name, struct playlist **playlist);
/* The uri of an entry: below the music folder when it lies there, else the absolute path. */
const char *playlists_uri(const struct playlists *playlists, const char *path);

/* The file that keeps it, or would; the caller's. NULL: no memory, or a bad name. */
char *playlists_path(const struct playlists *playlists, const char *name);
/* Only how it sounds, quickly: as often as a plan is made. 0, -ENOENT, or another negative errno.
 */
int playlists_read_sound(struct playlists *playlists, const char *name,
                         struct playlist_sound *sound);

/* Where the queue is kept while another is played: its entries know their origins. */
extern const char playlists_previous[];

/* Changes. 0, -ENOENT, -EEXIST, -ERANGE, -EINVAL (bad name, or a uri that cannot be kept), -ENOSPC
   (more than PLAYLIST_ENTRIES_MAX) or another negative errno. */
enum playlists_save { PLAYLISTS_CREATE, PLAYLISTS_REPLACE, PLAYLISTS_APPEND };
/* origins: as playlist_document_insert has them. */
int playlists_save(struct playlists *playlists, const char *name, const char *const uris[],
                   const char *const origins[], size_t count, enum playlists_save mode);
/* position -1: at the end. Makes the playlist when it is not there. */
int playlists_add(struct playlists *playlists, const char *name, const char *const uris[],
                  size_t count, long position);
int playlists_delete(struct playlists *playlists, const char *name, size_t first, size_t last);
int playlists_move(struct playlists *playlists, const char *name, size_t from, size_t to);
int playlists_clear(struct playlists *playlists, const char *name);
int playlists_rename(struct playlists *playlists, const char *from, const char *to);
int playlists_remove(struct playlists *playlists, const char *name);
/* Its own references, preset and amounts (the `sound` of a playlist), written with absolute paths;
   entries stay. -EINVAL: out of range, or nothing that a line can hold. */
int playlists_set_sound(struct playlists *playlists, const char *name,
                        const struct playlist_sound *sound);
/* Rises when a playlist was changed through here, or by others (seen by folder and file times when
   asked, at most once a second). */
uint64_t playlists_version(struct playlists *playlists);
/* How often something changed that was not changed through here; looks at once. */
uint64_t playlists_edits(struct playlists *playlists);

#endif
