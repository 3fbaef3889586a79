/* ape_tag.c - the APE tag at the end of a file. */
#include "media/id3.h"

#include "media/bytes.h"

#include <stdlib.h>
#include <string.h>

enum { FOOTER = 32, ID3V1 = 128, ITEMS_MOST = 256, TAG_MOST = 1 << 20 };

/* One item at `at`; where the next one begins, or NULL. */
static const uint8_t *read_item(const uint8_t *at, const uint8_t *end, struct tag_gather *gather,
                                enum tag_source source)
{
    uint32_t size, flags;
    const char *key;
    size_t key_size;

    if (end - at < 10) {
        return NULL;
    }
    size = bytes_le32(at);
    flags = bytes_le32(at + 4);
    key = (const char *)at + 8;
    key_size = strnlen(key, (size_t)(end - at) - 8);
    at += 8 + key_size + 1;
    if (at > end || size > (size_t)(end - at)) {
        return NULL;
    }
    if ((flags >> 1 & 3) == 0) { /* text: values with a 0 between them */
        for (size_t place = 0; place < size;) {
            size_t length = strnlen((const char *)at + place, size - place);
            char *value = strndup((const char *)at + place, length);

            if (value != NULL) {
                tag_gather_add(gather, source, key, value);
            }
            free(value);
            place += length + 1;
        }
    }
    return at + size;
}

void ape_read(struct tag_file *file, struct tag_gather *gather, enum tag_source source)
{
    const uint8_t *at = tag_file_bytes(file, file->size - FOOTER, FOOTER);
    int64_t end = file->size;
    uint32_t size, items;

    if (at == NULL || memcmp(at, "APETAGEX", 8) != 0) {
        end -= ID3V1;
        at = tag_file_bytes(file, end - FOOTER, FOOTER);
    }
    if (at == NULL || memcmp(at, "APETAGEX", 8) != 0) {
        return;
    }
    size = bytes_le32(at + 12); /* items and this footer */
    items = bytes_le32(at + 16);
    if (size < FOOTER || size > TAG_MOST || items > ITEMS_MOST) {
        return;
    }
    at = tag_file_bytes(file, end - size, size);
    if (at != NULL) {
        const uint8_t *behind = at + size - FOOTER;

        for (uint32_t i = 0; at != NULL && i < items; i++) {
            at = read_item(at, behind, gather, source);
        }
    }
}
