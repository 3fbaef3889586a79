/*
 * gapless.h - how many frames of a lossy file are the encoder's own and not the music's.
 *
 * An encoder begins with frames of silence (delay) and fills its last packet up (padding). How
 * much is written in the file: read here from its bytes, since libavformat rounds or loses part
 * of it.
 * Frames are counted in the decoder's raw output, which begins with the first packet.
 *
 * Threads: any but the audio thread. It reads the file.
 * Source: LAME tag revision 1 (Info/Xing header), ISO 14496-12 (edit lists), iTunSMPB as iTunes
 * writes it.
 */
#ifndef MP_MEDIA_GAPLESS_H
#define MP_MEDIA_GAPLESS_H

#include <stdbool.h>
#include <stdint.h>

struct gapless {
    int64_t skip; /* raw frames before the first of the music */
    int64_t end;  /* raw frame behind the last one of the music, -1: unknown */
};

/* The Xing, Info or VBRI header of an MP3 file. False: it has none, or one that does not fit the
   file (*gapless is unknown then: 0, -1). */
bool gapless_read_mp3(struct gapless *gapless, const char *path);

/* What an MP4 file says about its first sound track. */
struct mp4_edit {
    int64_t movie_timescale, media_timescale;
    int64_t media_duration;   /* in media_timescale, 0: not said */
    int64_t media_time;       /* begin of the one edit, in media_timescale; -1: no edit */
    int64_t segment_duration; /* of that edit, in movie_timescale, 0: to the end */
    bool several;             /* more than one edit: not for us */
};
/* False: no MP4, or no sound in it. */
bool gapless_read_mp4(struct mp4_edit *edit, const char *path);
/* The same in frames at rate_hz. itunes: the value of the iTunSMPB tag, or NULL. */
void gapless_from_mp4(struct gapless *gapless, const struct mp4_edit *edit, uint32_t rate_hz,
                      const char *itunes);

#endif
