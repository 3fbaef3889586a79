/*
 * record.h - what the library knows of one file: as read from it, kept in the database, shown.
 *
 * Borrowed throughout: whoever gets a record copies what it keeps.
 *
 * Threads: any.
 */
#ifndef MP_LIBRARY_RECORD_H
#define MP_LIBRARY_RECORD_H

#include "media/tags.h"

/* Longest path below the music folder, in bytes; longer ones are left out and named in the log, as
   a line of the protocol is at most 4,000 bytes long. */
enum { RECORD_URI_LIMIT = 3900 };

struct record {
    const char *uri; /* "Artist/Album/01.flac", below the music folder; or an absolute path */
    int64_t modified_ns, size; /* of the file, when it was read */
    int64_t added_s;           /* when the library first saw it, seconds since 1970 */
    const char *error;         /* why it cannot be read; NULL: it can */
    const struct tags *tags;
};

/* Why a line of the protocol cannot hold this uri; NULL: it can. */
const char *record_uri_trouble(const char *uri);

#endif
