/*
 * playlist_document.h - the text of a playlist, to be changed line by line and written again.
 *
 * Entries carry the comments above them along. What stands at the top (#EXTM3U, #PLAYLIST, and all
 * lines of ours, wherever they stood) is the head and stays. Lines, their ends and a byte order
 * mark are kept as they are; new lines end as the first one did.
 *
 * Threads: one at a time.
 */
#ifndef MP_LIBRARY_PLAYLIST_DOCUMENT_H
#define MP_LIBRARY_PLAYLIST_DOCUMENT_H

#include "library/playlist.h"

/* Lines one after the other, in the text that was read or in one of their own. */
struct playlist_part {
    char *text;
    size_t size;
    bool owned;
};

struct playlist_parts {
    struct playlist_part *parts;
    size_t count, room;
};

struct playlist_document {
    char *text;                  /* as it was read */
    struct playlist_parts head;  /* of one line each */
    struct playlist_parts entry; /* comments and all */
    struct playlist_part tail;   /* what stands below the last entry */
    const char *line_end;
    bool has_mark; /* a byte order mark */
};

/* Takes `text` (NULL: a new playlist), which is its own from then on, also on failure. 0 or
   -ENOMEM. */
int playlist_document_read(struct playlist_document *document, char *text_taken, size_t size);
void playlist_document_finish(struct playlist_document *document);

/* origins: the playlists they came from; NULL, or "" for one: none. 0, -ERANGE (no such
   position), -EINVAL (what cannot stand in a line), -ENOSPC (too many) or -ENOMEM. */
int playlist_document_insert(struct playlist_document *document, size_t position,
                             const char *const paths[], const char *const origins[], size_t count);
int playlist_document_delete(struct playlist_document *document, size_t first, size_t last);
int playlist_document_move(struct playlist_document *document, size_t from, size_t to);
/* Instead of all lines of ours that there were. */
int playlist_document_set_sound(struct playlist_document *document,
                                const struct playlist_sound *sound);

/* The whole of it; the caller's. NULL: no memory. */
char *playlist_document_write(const struct playlist_document *document, size_t *size);

#endif
