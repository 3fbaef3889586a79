/*
 * source.h - the paths of a command line as a list of tracks.
 *
 * Files as they are; folders with all that is below them, sorted by name byte by byte within each
 * folder, hidden names and what is no sound passed over, and a link back to a folder above cut;
 * playlists with their entries, which may be folders and playlists again.
 *
 * Threads: any but the audio thread.
 */
#ifndef MP_LIBRARY_SOURCE_H
#define MP_LIBRARY_SOURCE_H

#include "library/playlist.h"

struct source_entry {
    char *path;
    long playlist; /* index into playlists: whose references hold for it; -1: none */
};

struct source_list {
    struct source_entry *entries;
    size_t count;
    struct playlist **playlists;
    size_t playlist_count;
    size_t errors; /* paths that were reported and left out */
};

/* Fills *list; what cannot be read is reported in one line each and left out, so that the others
   go on. 0 or -ENOMEM. An entry of a playlist that has no reference of its own and is named in
   another one is ruled by that. */
int source_expand(struct source_list **list, const char *const paths[], size_t count,
                  config_report report, void *context);
void source_list_destroy(struct source_list *list);
/* The playlist whose references rule an entry, or NULL. */
const struct playlist *source_playlist(const struct source_list *list, size_t entry);
/* True for names that end as files of sound do. */
bool source_is_sound(const char *path);
/* The index-th of these endings, without the dot; NULL past the last. */
const char *source_ending(size_t index);

#endif
