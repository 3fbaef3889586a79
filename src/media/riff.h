/*
 * riff.h - how much sound a WAV file promises.
 *
 * Private to src/media: libavformat tells what is there, not what should be.
 * Source: as wav_writer.c.
 */
#ifndef MP_MEDIA_RIFF_H
#define MP_MEDIA_RIFF_H

#include <stdint.h>

/* Bytes of the data chunk as its header has them; -1: no WAV, or not known when it was written. */
int64_t riff_data_bytes(const char *path);

#endif
