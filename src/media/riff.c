/* riff.c - the size in the header of a WAV file. */
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

int64_t riff_data_bytes(const char *path)
{
    struct stat status;
    FILE *file = stat(path, &status) == 0 && S_ISREG(status.st_mode) ? fopen(path, "rbe") : NULL;
    int64_t bytes = -1;

    if (file != NULL) {
        bytes = read_data_bytes(file);
        fclose(file);
    }
    return bytes;
}
