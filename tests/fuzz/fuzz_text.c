/*
 * fuzz_text.c - any bytes as a matchplayrc, a presets.ini and a playlist: `make fuzz`.
 *
 * libFuzzer calls LLVMFuzzerTestOneInput with what it made up. A fault is a crash or a leak; what
 * the readers say about the text is passed over.
 */
#include "chain/preset.h"
#include "config/options.h"
#include "config/rcfile.h"
#include "library/playlist.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void pass_over(void *context, const char *message)
{
    (void)context;
    if (message[0] == '\0' || strchr(message, '\n') != NULL) {
        abort(); /* a report is one line, and says something */
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct options *options = options_create();
    struct presets *presets = presets_create();
    struct playlist *playlist = NULL;
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    char path[64];

    if (options == NULL || presets == NULL || fd < 0 || write(fd, data, size) != (ssize_t)size) {
        abort();
    }
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    rcfile_read(options, path, pass_over, NULL);
    presets_read(presets, path, pass_over, NULL);
    if (playlist_read(&playlist, path, pass_over, NULL) == 0) {
        playlist_destroy(playlist);
    }
    close(fd);
    presets_destroy(presets);
    options_destroy(options);
    return 0;
}
