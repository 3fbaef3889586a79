/*
 * fuzz_tags.c - any bytes as a sound file that is asked for its tags: `make fuzz`.
 *
 * Half of them behind the head of an MP3 file's ID3 tag, so that our own reader has its share. What
 * is looked for is a crash, a leak, or tags that are not clean.
 */
#include "library/record_pack.h"
#include "media/tags.h"
#include "media/text.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct tags *tags)
{
    struct record_view *view = malloc(sizeof *view);
    struct record_bytes bytes = {0};

    for (size_t i = 0; i < tags->count; i++) {
        const char *text = tags->values[i].text;

        if (text[0] == '\0' || !text_is_utf8(text) || strlen(text) > TAG_VALUE_LIMIT ||
            strpbrk(text, "\r\n") != NULL) {
            abort();
        }
    }
    if (view == NULL || record_pack_tags(&bytes, tags) != 0 ||
        record_unpack_tags(view, bytes.data, bytes.size) != 0 || view->tags.count != tags->count) {
        abort();
    }
    record_bytes_finish(&bytes);
    free(view);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const unsigned char head[] = {'I', 'D', '3', 4, 0, 0, 0, 0, 8, 0};
    struct record_view *view;
    int file = memfd_create("fuzz", MFD_CLOEXEC);
    struct tags tags;
    char path[64];

    if (file < 0 || size == 0) {
        close(file);
        return 0;
    }
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    if (((data[0] & 1) != 0 && write(file, head, sizeof head) != (ssize_t)sizeof head) ||
        write(file, data, size) != (ssize_t)size) {
        abort();
    }
    if (tags_read(&tags, path, NULL) == 0) {
        check(&tags);
        tags_finish(&tags);
    }
    close(file);
    view = malloc(sizeof *view);
    if (view != NULL && record_unpack_tags(view, data, size) == 0 &&
        view->tags.count > TAG_VALUES_MAX) {
        abort();
    }
    free(view);
    return 0;
}
