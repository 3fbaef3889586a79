/*
 * mpeg_audio.h - rate, channels and length of an MP3 file, from a few of its bytes.
 *
 * libavformat does not say these of MP3 before it has decoded some of it.
 *
 * Private to src/media. Threads: one at a time for one file.
 * Source: ISO 11172-3 and 13818-3 (frame headers), the Xing, LAME and VBRI headers as their
 * encoders write them.
 */
#ifndef MP_MEDIA_MPEG_AUDIO_H
#define MP_MEDIA_MPEG_AUDIO_H

#include "media/tag_file.h"

struct mpeg_audio {
    unsigned layer; /* 1 to 3 */
    uint32_t rate_hz, channels;
    double duration_s; /* without the encoder's delay and padding where they are known */
};

/* Looks for a frame, followed by another, in the bytes from `place` on (behind the ID3v2 tags).
   False: this is no MPEG audio. */
bool mpeg_audio_read(struct mpeg_audio *audio, struct tag_file *file, int64_t place);

#endif
