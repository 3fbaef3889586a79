/*
 * tag_gather.h - collects what several sources say of one file, under whatever names they use, and
 * makes tags of it.
 *
 * Names are compared without case, spaces and marks: "MusicBrainz Album Id", MUSICBRAINZ_ALBUMID
 * and MusicBrainz/Album Id are one. Where several say something of one kind, the best source and
 * name count ("date" before "year"); the others are dropped.
 *
 * Private to src/media. One object serves many files. Threads: one at a time for one object.
 * Source: the Vorbis comment, ID3v2, APEv2, MP4 and ASF names as MusicBrainz Picard writes them,
 * and as libavformat 59 gives them.
 */
#ifndef MP_MEDIA_TAG_GATHER_H
#define MP_MEDIA_TAG_GATHER_H

#include "media/tags.h"

/* Best first. */
enum tag_source {
    TAG_OF_ID3,       /* read here: libavformat gives only the first of several values */
    TAG_OF_CONTAINER, /* libavformat's, of the file */
    TAG_OF_STREAM,    /* libavformat's, of the track in it: Ogg has them there */
    TAG_OF_TAIL,      /* ID3v1 and APE at the end of an MP3 file */
    TAG_SOURCES
};

struct tag_gathered {
    enum tag kind;
    uint8_t rank; /* less is better */
    size_t text;  /* offset in texts */
};

enum tag_gain { TAG_TRACK_GAIN, TAG_TRACK_PEAK, TAG_ALBUM_GAIN, TAG_ALBUM_PEAK, TAG_GAINS };

struct tag_gather {
    struct tag_gathered values[TAG_VALUES_MAX];
    size_t count;
    char *texts;
    size_t used, room;
    double gains[TAG_GAINS]; /* NAN: none */
    bool is_r128[TAG_GAINS];
    bool failed; /* no memory */
};

void tag_gather_begin(struct tag_gather *gather); /* of a zeroed one, or one used before */
void tag_gather_finish(struct tag_gather *gather);

/* `value` under `name`; names that mean nothing here are passed over. */
void tag_gather_add(struct tag_gather *gather, enum tag_source source, const char *name,
                    const char *value);
/* A value of a kind that is known. */
void tag_gather_put(struct tag_gather *gather, enum tag_source source, enum tag kind,
                    const char *value);
/* Has this source said anything? */
bool tag_gather_has(const struct tag_gather *gather, enum tag_source source);

/* Fills values, count, gains and memory of *tags. 0 or -ENOMEM. */
int tag_gather_end(struct tag_gather *gather, struct tags *tags);

/* The kind that a name stands for, or -1; *rank: how good a name. */
int tag_gather_kind(const char *name, unsigned *rank);

#endif
