/* riff.c - the sizes in the headers of WAV and DSF files. */
#include "media/riff.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { CHUNKS_MAX = 1000 };

/* Written into a pipe, or never finished: near the largest number, rounded to whole frames. */
#define NOT_KNOWN 0xFFFFF000U

static uint64_t little_endian(const unsigned char *bytes, size_t size)
{
    uint64_t value = 0;

    for (size_t i = size; i-- > 0;) {
        value = value << 8 | bytes[i];
    }
    return value;
}

static int64_t read_data_bytes(FILE *file)
{
    unsigned char head[24];
    uint64_t large = 0;
    bool rf64;

    if (fread(head, 12, 1, file) != 1 || memcmp(head + 8, "WAVE", 4) != 0) {
        return -1;
    }
    rf64 = memcmp(head, "RF64", 4) == 0;
    if (!rf64 && memcmp(head, "RIFF", 4) != 0) {
        return -1;
    }
    for (int i = 0; i < CHUNKS_MAX && fread(head, 8, 1, file) == 1; i++) {
        uint64_t size = little_endian(head + 4, 4);
        off_t next = ftello(file) + (off_t)(size + size % 2);

        if (memcmp(head, "data", 4) == 0) {
            if (rf64 && size == UINT32_MAX) {
                return large > 0 && large < INT64_MAX ? (int64_t)large : -1;
            }
            return size == 0 || size >= NOT_KNOWN ? -1 : (int64_t)size;
        }
        if (memcmp(head, "ds64", 4) == 0 && fread(head, 16, 1, file) == 1) {
            large = little_endian(head + 8, 8);
        }
        if (fseeko(file, next, SEEK_SET) != 0) {
            return -1;
        }
    }
    return -1;
}

/* Not a pipe, whose bytes can be read but once. */
static FILE *open_plain(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISREG(status.st_mode) ? fopen(path, "rbe") : NULL;
}

int64_t riff_data_bytes(const char *path)
{
    FILE *file = open_plain(path);
    int64_t bytes = -1;

    if (file != NULL) {
        bytes = read_data_bytes(file);
        fclose(file);
    }
    return bytes;
}

int64_t dsf_frames(const char *path)
{
    FILE *file = open_plain(path);
    unsigned char head[72];
    int64_t frames = -1;

    if (file == NULL) {
        return -1;
    }
    if (fread(head, sizeof head, 1, file) == 1 && memcmp(head, "DSD ", 4) == 0) {
        frames = (int64_t)(little_endian(head + 64, 8) / 8 & INT64_MAX);
    }
    fclose(file);
    return frames;
}
