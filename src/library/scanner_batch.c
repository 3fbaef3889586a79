/* scanner_batch.c - what the threads of a scan tell each other, many things in one block. */
#include "library/scanner_batch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Before each event's texts: uri, error, packed tags. */
struct head {
    int64_t modified_ns, size, added_s;
    uint32_t uri_size, error_size, tags_size; /* with the 0; error_size 0: none */
    uint8_t kind, changed;
};

struct scanner_batch *scanner_batch_create(void)
{
    return calloc(1, sizeof(struct scanner_batch));
}

void scanner_batch_destroy(struct scanner_batch *batch)
{
    if (batch != NULL) {
        record_bytes_finish(&batch->bytes);
        free(batch);
    }
}

/* Writes head and texts; the head is written again once tags_size is known. */
static int append(struct scanner_batch *batch, struct head *head, const char *uri,
                  const char *error)
{
    unsigned char *at;

    head->uri_size = (uint32_t)strlen(uri) + 1;
    head->error_size = error != NULL ? (uint32_t)strlen(error) + 1 : 0;
    at = record_bytes_grow(&batch->bytes, sizeof *head + head->uri_size + head->error_size);
    if (at == NULL) {
        return -ENOMEM;
    }
    memcpy(at, head, sizeof *head);
    memcpy(at + sizeof *head, uri, head->uri_size);
    if (error != NULL) {
        memcpy(at + sizeof *head + head->uri_size, error, head->error_size);
    }
    batch->bytes.size += sizeof *head + head->uri_size + head->error_size;
    return 0;
}

int scanner_batch_put(struct scanner_batch *batch, const struct record *record)
{
    struct head head = {.modified_ns = record->modified_ns,
                        .size = record->size,
                        .added_s = record->added_s,
                        .kind = SCANNER_PUT};
    size_t begin = batch->bytes.size;
    int error = append(batch, &head, record->uri, record->error);
    size_t tags = batch->bytes.size;

    if (error == 0) {
        error = record_pack_tags(&batch->bytes, record->tags);
    }
    if (error != 0) {
        batch->bytes.size = begin;
        return error;
    }
    head.tags_size = (uint32_t)(batch->bytes.size - tags);
    memcpy(batch->bytes.data + begin, &head, sizeof head);
    batch->count++;
    return 0;
}

int scanner_batch_remove(struct scanner_batch *batch, const char *uri)
{
    struct head head = {.kind = SCANNER_REMOVED};
    int error = append(batch, &head, uri, NULL);

    batch->count += error == 0;
    return error;
}

int scanner_batch_done(struct scanner_batch *batch, bool changed)
{
    struct head head = {.kind = SCANNER_DONE, .changed = changed};
    int error = append(batch, &head, "", NULL);

    batch->count += error == 0;
    return error;
}

bool scanner_batch_next(const struct scanner_batch *batch, size_t *at, struct scanner_item *item)
{
    const unsigned char *data = batch->bytes.data;
    struct head head;

    if (*at >= batch->bytes.size) {
        return false;
    }
    memcpy(&head, data + *at, sizeof head);
    *at += sizeof head;
    *item = (struct scanner_item){
        .kind = (enum scanner_event_kind)head.kind,
        .changed = head.changed != 0,
        .record = {.uri = (const char *)data + *at,
                   .error = head.error_size > 0 ? (const char *)data + *at + head.uri_size : NULL,
                   .modified_ns = head.modified_ns,
                   .size = head.size,
                   .added_s = head.added_s},
        .tags = data + *at + head.uri_size + head.error_size,
        .tags_size = head.tags_size,
    };
    *at += (size_t)head.uri_size + head.error_size + head.tags_size;
    return true;
}
