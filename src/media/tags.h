/*
 * tags.h - what a file says about itself.
 *
 * Text is UTF-8, control characters made spaces, cut at 2,048 bytes on a character's border. A tag
 * may have several values; of people, styles and identifiers they may also stand in one text with
 * ';' between them, as FFmpeg joins them, and are split. Kinds are those of the MPD protocol.
 *
 * Threads: any but the audio thread.
 */
#ifndef MP_MEDIA_TAGS_H
#define MP_MEDIA_TAGS_H

#include "media/decoder.h"

enum { TAG_VALUE_LIMIT = 2048, TAG_VALUES_MAX = 256 };

enum tag {
    TAG_ARTIST,
    TAG_ARTIST_SORT,
    TAG_ALBUM,
    TAG_ALBUM_SORT,
    TAG_ALBUM_ARTIST,
    TAG_ALBUM_ARTIST_SORT,
    TAG_TITLE,
    TAG_TRACK, /* "3" or "3/12" as the file has it */
    TAG_NAME,  /* of a radio station */
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
    TAG_MUSICBRAINZ_ARTIST,
    TAG_MUSICBRAINZ_ALBUM,
    TAG_MUSICBRAINZ_ALBUM_ARTIST,
    TAG_MUSICBRAINZ_TRACK,
    TAG_MUSICBRAINZ_RELEASE_TRACK,
    TAG_MUSICBRAINZ_WORK,
    TAG_KINDS
};

struct tag_value {
    enum tag kind;
    const char *text;
};

struct tags {
    struct tag_value *values; /* by kind, then in the file's order */
    size_t count;
    double duration_s;                /* 0: unknown */
    uint32_t rate_hz, bits, channels; /* bits 0: lossy or unknown */
    bool is_float;
    char codec[32]; /* "FLAC"; "" unknown */
    /* ReplayGain, or R128 made into it; NAN: none */
    double track_gain_db, track_peak, album_gain_db, album_peak;
    void *memory; /* behind the values */
};

/* "AlbumArtist", as MPD writes it. */
const char *tag_name(enum tag tag);
/* By MPD's name, case aside; -1: none such. */
int tag_named(const char *name);

/* Reads the tags of many files, one after the other; a reader keeps what it needs for that. NULL
   with ENOMEM. Threads: one at a time for one reader. */
struct tags_reader;
struct tags_reader *tags_reader_create(void);
void tags_reader_destroy(struct tags_reader *reader);

/* Reads the tags of a file; it opens the container, and decodes nothing unless rate or length can
   be had in no other way. 0 with *tags (to be finished), or negative errno with *error (may be
   NULL). */
int tags_reader_read(struct tags_reader *reader, struct tags *tags, const char *path,
                     struct media_error *error);
/* The same of one file alone. */
int tags_read(struct tags *tags, const char *path, struct media_error *error);
void tags_finish(struct tags *tags); /* takes a zeroed one, too */
/* The index-th value of a kind, or NULL past the last. */
const char *tags_get(const struct tags *tags, enum tag kind, size_t index);
/* The first value, or "". */
const char *tags_first(const struct tags *tags, enum tag kind);

#endif
