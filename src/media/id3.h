/*
 * id3.h - the ID3v2 tag at the beginning of a file, and the APE tag at its end.
 *
 * libavformat gives only the first of several values in a frame of ID3v2.4, mixes conductor and
 * performer, and loses the MusicBrainz identifier and the players; in MP3 files it does not look
 * for APE, where mp3gain writes. So these are read here. Pictures are passed over, not read.
 *
 * Private to src/media. Threads: one at a time for one file.
 * Source: id3v2.2, 2.3.0 and 2.4.0 as on id3.org, APEv2 as on wiki.hydrogenaud.io.
 */
#ifndef MP_MEDIA_ID3_H
#define MP_MEDIA_ID3_H

#include "media/tag_file.h"
#include "media/tag_gather.h"

/* Where the file goes on behind the ID3v2 tags at its beginning; 0: there are none. */
int64_t id3_end(struct tag_file *file);
/* Gathers what the first one of them says. */
void id3_read(struct tag_file *file, struct tag_gather *gather);
/* Gathers what an APEv2 tag at the end says, before an ID3v1 tag or not. */
void ape_read(struct tag_file *file, struct tag_gather *gather, enum tag_source source);

/* "Jazz" for 8; NULL past the last. */
const char *id3_genre(unsigned number);

#endif
