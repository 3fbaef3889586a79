/* sink_pattern.c - words that tell their place. */
#include "tests/sink_pattern.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void pattern_path(char path[SINK_TEXT_SIZE])
{
    char folder[] = "/tmp/matchplay-test-XXXXXX";

    if (mkdtemp(folder) == NULL) {
        abort();
    }
    snprintf(path, SINK_TEXT_SIZE, "%s/words.raw", folder);
}

void pattern_remove(const char *path)
{
    char folder[SINK_TEXT_SIZE];
    char *slash;

    unlink(path);
    snprintf(folder, sizeof folder, "%s", path);
    slash = strrchr(folder, '/');
    if (slash != NULL) {
        *slash = '\0';
        rmdir(folder);
    }
}

/* Valid words of every format; neighbours and channels differ. */
void pattern_fill(void *words, enum word_format format, uint64_t frame, uint32_t frames)
{
    unsigned char *word = words;

    for (uint32_t i = 0; i < 2 * frames; i++) {
        uint32_t number = (uint32_t)(2 * frame + i + 1);
        int32_t value = (int32_t)(number * 2654435761U);
        float real = (float)(value >> 8) / 8388608.0F;

        switch (format) {
        case WORD_S16:
            value >>= 16;
            break;
        case WORD_S24_3LE:
        case WORD_S24:
            value >>= 8;
            break;
        case WORD_S32:
            break;
        case WORD_FLOAT:
            memcpy(&value, &real, sizeof value);
            break;
        }
        memcpy(word, &value, word_bytes(format));
        word += word_bytes(format);
    }
}

/* Goes on after trouble: the number of xruns in it, or a negative errno value. */
static int mend(struct sink *sink, int error)
{
    int result = sink->class->recover(sink, error);

    return result < 0 ? result : error == -EPIPE;
}

static int drain(struct sink *sink)
{
    int error = sink->class->drain(sink);
    long queued = error < 0 ? error : sink->class->queued(sink);

    while (queued > 0) {
        error = sink->class->wait(sink, 0, -1, 100);
        queued = error < 0 ? error : sink->class->queued(sink);
    }
    return (int)queued;
}

int pattern_play(struct sink *sink, const struct sink_format *format, uint64_t first,
                 uint64_t frames, uint32_t block)
{
    uint64_t end = first + frames;
    uint32_t high = format->buffer_frames / 4 * 3;
    int xruns = 0;
    int drained;

    while (first < end) {
        uint32_t piece = end - first < block ? (uint32_t)(end - first) : block;
        void *words;
        long result = sink->class->queued(sink);

        if (result >= high) {
            result = sink->class->start(sink);
            result = result < 0 ? result : sink->class->wait(sink, high / 2, -1, 1000);
        }
        if (result >= 0) {
            result = sink->class->begin(sink, &words, &piece);
        }
        if (result >= 0 && piece > 0) {
            pattern_fill(words, format->words, first, piece);
            result = sink->class->commit(sink, piece);
            first += result > 0 ? (uint64_t)result : 0;
        }
        if (result < 0) {
            int mended = mend(sink, (int)result);

            if (mended < 0) {
                return mended;
            }
            xruns += mended;
        }
    }
    drained = drain(sink);
    return drained < 0 ? drained : xruns;
}

int64_t pattern_first_difference(const char *path, const struct sink_format *format,
                                 uint64_t frames)
{
    size_t size = 2 * word_bytes(format->words);
    unsigned char expected[8];
    unsigned char found[8];
    FILE *file = fopen(path, "rb");
    int64_t place = -1;

    if (file == NULL) {
        return 0;
    }
    for (uint64_t i = 0; i < frames && place < 0; i++) {
        pattern_fill(expected, format->words, i, 1);
        if (fread(found, size, 1, file) != 1 || memcmp(found, expected, size) != 0) {
            place = (int64_t)i;
        }
    }
    if (place < 0 && fgetc(file) != EOF) {
        place = (int64_t)frames;
    }
    fclose(file);
    return place;
}
