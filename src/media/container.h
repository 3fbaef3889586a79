/*
 * container.h - opens a file for libavformat, and says in plain words why it could not.
 *
 * Private to src/media. Paths are files, whatever they look like ("http:x.flac", "a:b"): they
 * reach libavformat through its file protocol only, and nothing it opens may open anything else.
 *
 * Threads: any but the audio thread.
 */
#ifndef MP_MEDIA_CONTAINER_H
#define MP_MEDIA_CONTAINER_H

#include "media/decoder.h"

#include <libavformat/avformat.h>

/* Fills *error (NULL: nobody asks) and returns `code`, a negative errno value. */
int media_fail(struct media_error *error, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The errno value (negative) of an FFmpeg error; the one place where they are mapped. */
int media_code(int averror);

/* What can be said before libavformat looks: is there a file with something in it, and may it be
   read? 0, or negative errno with *error. */
int container_check(const char *path, struct media_error *error);
/* Says in *error what libavformat's answer to opening means, and returns its errno value. */
int container_fail(const char *path, int result, struct media_error *error);
/* The demuxers that may be chosen, as libavformat's format_whitelist. */
const char *container_formats(void);

/* How long a file is searched for the next packet: garbage without end is given up. */
struct patience {
    uint32_t reads; /* of some 32 KiB, since the last packet, which sets it to 0 */
    bool lost;      /* 64 MiB held nothing; from then on nothing is read */
};

/* 0 with *container, which the caller closes with avformat_close_input. keep_edits: MP4 edit lists
   are followed by libavformat, else passed over. `patience` must live as long. */
int container_open(AVFormatContext **container, const char *path, bool keep_edits,
                   struct patience *patience, struct media_error *error);
/* Its first sound stream; all others are then not read. NULL: none. */
AVStream *container_sound(AVFormatContext *container);
/* True if `name` is one of the demuxer's names. */
bool container_is(const AVFormatContext *container, const char *name);

#endif
