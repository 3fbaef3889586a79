/*
 * wav_writer.c - RIFF/WAVE and RF64.
 * Source: Microsoft's "Multiple Channel Audio Data and WAVE Files", EBU Tech 3306 (RF64).
 */
#include "media/writer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER_MAX = 65536, DS64_BYTES = 28, DS64_PLACE = 12, PCM_TAG = 1, FLOAT_TAG = 3 };

struct wav_writer {
    struct writer writer;
    struct outfile *file;
    uint64_t riff_limit, frames;
    uint32_t frame_bytes;
    int64_t fact_place; /* of the count of frames, 0: there is none */
    int64_t data_place; /* of the size of the data */
};

/* A header under construction. */
struct bytes {
    unsigned char at[HEADER_MAX];
    size_t used;
};

static void put(struct bytes *bytes, const void *from, size_t size)
{
    memcpy(bytes->at + bytes->used, from, size);
    bytes->used += size;
}

static void put_number(struct bytes *bytes, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        bytes->at[bytes->used++] = (unsigned char)(value >> (8 * i));
    }
}

static void put_chunk(struct bytes *bytes, const char *name, uint64_t size)
{
    put(bytes, name, 4);
    put_number(bytes, size, 4);
}

/* One text of the INFO list, if there is such a tag and room for it. */
static void put_info(struct bytes *bytes, const char *name, const AVDictionary *tags,
                     const char *key)
{
    const AVDictionaryEntry *entry = av_dict_get(tags, key, NULL, 0);
    size_t size = entry == NULL ? 0 : strlen(entry->value) + 1;

    if (size <= 1 || size > HEADER_MAX / 16) {
        return;
    }
    put_chunk(bytes, name, size);
    put(bytes, entry->value, size);
    if (size % 2 == 1) {
        put_number(bytes, 0, 1);
    }
}

static void put_list(struct bytes *bytes, const AVDictionary *tags)
{
    static const char *const names[][2] = {
        {"INAM", "title"},   {"IART", "artist"},   {"IPRD", "album"},
        {"IPRT", "track"},   {"ICRD", "date"},     {"IGNR", "genre"},
        {"ICMT", "comment"}, {"IMUS", "composer"}, {"ICOP", "copyright"},
    };
    size_t begin = bytes->used;

    put_chunk(bytes, "LIST", 0);
    put(bytes, "INFO", 4);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        put_info(bytes, names[i][0], tags, names[i][1]);
    }
    if (bytes->used == begin + 12) {
        bytes->used = begin; /* no tags, no list */
        return;
    }
    for (size_t i = 0; i < 4; i++) {
        bytes->at[begin + 4 + i] = (unsigned char)((bytes->used - begin - 8) >> (8 * i));
    }
}

static int write_header(struct wav_writer *wav, uint32_t rate_hz, const AVDictionary *tags)
{
    bool is_float = wav->writer.words == WORD_FLOAT;
    struct bytes *bytes = calloc(1, sizeof *bytes);
    int result;

    if (bytes == NULL) {
        return -ENOMEM;
    }
    put_chunk(bytes, "RIFF", UINT32_MAX); /* a pipe's reader learns from it: until the end */
    put(bytes, "WAVE", 4);
    put_chunk(bytes, "JUNK", DS64_BYTES); /* becomes ds64 when the file grows too large */
    bytes->used += DS64_BYTES;
    put_chunk(bytes, "fmt ", is_float ? 18 : 16);
    put_number(bytes, is_float ? FLOAT_TAG : PCM_TAG, 2);
    put_number(bytes, MEDIA_CHANNELS, 2);
    put_number(bytes, rate_hz, 4);
    put_number(bytes, (uint64_t)rate_hz * wav->frame_bytes, 4);
    put_number(bytes, wav->frame_bytes, 2);
    put_number(bytes, wav->frame_bytes / MEDIA_CHANNELS * 8, 2);
    if (is_float) {
        put_number(bytes, 0, 2);
        put_chunk(bytes, "fact", 4);
        wav->fact_place = (int64_t)bytes->used;
        put_number(bytes, UINT32_MAX, 4);
    }
    put_list(bytes, tags);
    put_chunk(bytes, "data", UINT32_MAX);
    wav->data_place = (int64_t)bytes->used - 4;
    result = outfile_write(wav->file, bytes->at, bytes->used);
    free(bytes);
    return result;
}

static void wav_destroy(struct writer *writer)
{
    free(writer);
}

static int wav_write(struct writer *writer, const void *words, size_t frames)
{
    struct wav_writer *wav = (struct wav_writer *)writer;

    wav->frames += frames;
    return outfile_write(wav->file, words, frames * wav->frame_bytes);
}

static int patch(struct wav_writer *wav, int64_t place, const struct bytes *bytes)
{
    int result = outfile_seek(wav->file, place);

    return result < 0 ? result : outfile_write(wav->file, bytes->at, bytes->used);
}

static int patch_number(struct wav_writer *wav, int64_t place, uint64_t value)
{
    unsigned char bytes[4];
    int result = outfile_seek(wav->file, place);

    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (unsigned char)(value >> (8 * i));
    }
    return result < 0 ? result : outfile_write(wav->file, bytes, sizeof bytes);
}

/* Sizes that do not fit into 32 bits move into the chunk that was kept free for them. */
static int become_rf64(struct wav_writer *wav, uint64_t riff_bytes, uint64_t data_bytes)
{
    struct bytes *bytes = calloc(1, sizeof *bytes);
    int result;

    if (bytes == NULL) {
        return -ENOMEM;
    }
    put_chunk(bytes, "RF64", UINT32_MAX);
    put(bytes, "WAVE", 4);
    put_chunk(bytes, "ds64", DS64_BYTES);
    put_number(bytes, riff_bytes, 8);
    put_number(bytes, data_bytes, 8);
    put_number(bytes, wav->frames, 8);
    put_number(bytes, 0, 4); /* no table of other large chunks */
    result = patch(wav, 0, bytes);
    free(bytes);
    return result;
}

static int wav_finish(struct writer *writer)
{
    struct wav_writer *wav = (struct wav_writer *)writer;
    uint64_t data_bytes = wav->frames * wav->frame_bytes;
    uint64_t riff_bytes = (uint64_t)outfile_size(wav->file) - 8;
    int result = 0;

    if (!outfile_seekable(wav->file)) {
        return 0;
    }
    if (riff_bytes > wav->riff_limit) {
        return become_rf64(wav, riff_bytes, data_bytes);
    }
    if (wav->fact_place > 0) {
        result = patch_number(wav, wav->fact_place, wav->frames);
    }
    if (result == 0) {
        result = patch_number(wav, wav->data_place, data_bytes);
    }
    return result == 0 ? patch_number(wav, 4, riff_bytes) : result;
}

static const struct writer_class WAV_WRITER = {wav_destroy, wav_write, wav_finish};

int wav_writer_create(struct writer **writer, struct outfile *file, enum encoder_format format,
                      uint32_t rate_hz, const AVDictionary *tags, uint64_t riff_limit)
{
    struct wav_writer *wav = calloc(1, sizeof *wav);
    int result;

    *writer = NULL;
    if (wav == NULL) {
        return -ENOMEM;
    }
    wav->writer.class = &WAV_WRITER;
    wav->writer.words = format == ENCODER_S16   ? WORD_S16
                        : format == ENCODER_S24 ? WORD_S24_3LE
                                                : WORD_FLOAT;
    wav->writer.bits = word_bits(wav->writer.words);
    wav->file = file;
    wav->riff_limit = riff_limit;
    wav->frame_bytes = (uint32_t)word_bytes(wav->writer.words) * MEDIA_CHANNELS;
    result = write_header(wav, rate_hz, tags);
    if (result < 0) {
        free(wav);
        return result;
    }
    *writer = &wav->writer;
    return 0;
}
