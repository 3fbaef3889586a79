/*
 * database.h - the library: every track of the music folder and its tags, in one SQLite file.
 *
 * WAL, one writer, any number of readers (each with a connection of its own); migrations by
 * user_version. SQLite is named in src/library alone. Paths are relative to the music folder,
 * UTF-8, without "./"; what is not UTF-8, holds a newline or is longer than 3,900 bytes is left out
 * by the scan. Tag values are at most 2,048 bytes.
 *
 * Errors: 0 or negative errno; SQLite's are mapped in one place.
 * Threads: one thread at a time for one struct database; open another for another thread.
 */
#ifndef MP_LIBRARY_DATABASE_H
#define MP_LIBRARY_DATABASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* MPD's names and order; several values of one tag are several entries. */
enum library_tag {
    TAG_ARTIST,
    TAG_ARTIST_SORT,
    TAG_ALBUM,
    TAG_ALBUM_SORT,
    TAG_ALBUM_ARTIST,
    TAG_ALBUM_ARTIST_SORT,
    TAG_TITLE,
    TAG_TRACK,
    TAG_NAME,
    TAG_GENRE,
    TAG_DATE,
    TAG_ORIGINAL_DATE,
    TAG_COMPOSER,
    TAG_PERFORMER,
    TAG_CONDUCTOR,
    TAG_WORK,
    TAG_GROUPING,
    TAG_COMMENT,
    TAG_DISC,
    TAG_LABEL,
    TAG_MUSICBRAINZ_ARTISTID,
    TAG_MUSICBRAINZ_ALBUMID,
    TAG_MUSICBRAINZ_ALBUMARTISTID,
    TAG_MUSICBRAINZ_TRACKID,
    TAG_MUSICBRAINZ_RELEASETRACKID,
    TAG_COUNT
};

const char *library_tag_name(enum library_tag tag); /* "AlbumArtist" */
int library_tag_named(const char *name);            /* case aside; -1: none */

struct library_value {
    enum library_tag tag;
    char *value;
};

/* One track, as the protocol shows it. */
struct library_track {
    char *path;
    int64_t modified_s; /* of the file, seconds since 1970 */
    int64_t size;
    double seconds;                           /* < 0: unknown */
    uint32_t rate_hz, bits, channels;         /* 0: unknown */
    double replay_gain_db[2], replay_peak[2]; /* track, album; NAN: none */
    struct library_value *values; /* in the order of enum library_tag, then as in the file */
    size_t value_count;
    char *fault; /* why it cannot be read; NULL: it can */
};

void library_track_finish(struct library_track *track);
/* The first value of a tag, or NULL. */
const char *library_track_value(const struct library_track *track, enum library_tag tag);

#endif
