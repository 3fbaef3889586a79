/*
 * codecs.h - what the FFmpeg of this machine can decode.
 *
 * Threads: any but the audio thread.
 */
#ifndef MP_MEDIA_CODECS_H
#define MP_MEDIA_CODECS_H

#include <stdbool.h>
#include <stddef.h>

struct codec_support {
    const char *name; /* "FLAC" */
    bool available;
};

/* The codecs that matchplay promises, each with whether it is there; the array is constant in
   length. Returns how many; the caller frees the list. NULL with ENOMEM. */
struct codec_support *codecs_survey(size_t *count);
/* True if libswresample was built with the soxr resampler. */
bool codecs_have_soxr(void);

#endif
