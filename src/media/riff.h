/*
 * riff.h - how much sound a WAV or DSF file promises.
 *
 * Private to src/media: libavformat tells what is there, not what should be.
 * Source: as wav_writer.c; Sony's "DSF File Format Specification" 1.01.
 */
#ifndef MP_MEDIA_RIFF_H
#define MP_MEDIA_RIFF_H

#include <stdint.h>

/* Bytes of the data chunk as its header has them; -1: no WAV, or not known when it was written. */
int64_t riff_data_bytes(const char *path);

/* Frames of the PCM that becomes of a DSF file (eight bits make one); -1: no DSF. */
int64_t dsf_frames(const char *path);

#endif
