/*
 * writer.h - the two kinds of file that can be written.
 *
 * Private to src/media. Words come interleaved, two channels, little-endian, as dsp/format.h makes
 * them; the writer puts them into its container. The outfile and the tags are borrowed.
 *
 * Threads: one at a time for one writer.
 * Errors: negative errno; the caller knows the file's name.
 */
#ifndef MP_MEDIA_WRITER_H
#define MP_MEDIA_WRITER_H

#include "dsp/format.h"
#include "media/encoder.h"
#include "media/outfile.h"

#include <libavutil/dict.h>

struct writer;

struct writer_class {
    void (*destroy)(struct writer *writer);
    int (*write)(struct writer *writer, const void *words, size_t frames);
    /* Completes the file: lengths and checksums into its header. */
    int (*finish)(struct writer *writer);
};

/* The head of every writer. */
struct writer {
    const struct writer_class *class;
    enum word_format words; /* what write() takes */
    uint32_t bits;          /* significant ones in them */
};

/* RIFF up to riff_limit bytes (UINT32_MAX), RF64 beyond. Formats F32, S24, S16. */
int wav_writer_create(struct writer **writer, struct outfile *file, enum encoder_format format,
                      uint32_t rate_hz, const AVDictionary *tags, uint64_t riff_limit);
/* Formats S24, S16. -ERANGE: FLAC has no such rate. */
int flac_writer_create(struct writer **writer, struct outfile *file, enum encoder_format format,
                       uint32_t rate_hz, const AVDictionary *tags);

#endif
