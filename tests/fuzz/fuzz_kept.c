/* fuzz_kept.c - what is kept on disk and may be edited by anything: the queue, and playlists that
 * are changed line by line. */
#include "library/playlist_document.h"
#include "library/queue_store_internal.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *copy_of(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);

    if (text == NULL) {
        abort();
    }
    memcpy(text, data, size);
    text[size] = '\0';
    return text;
}

static bool count_entry(void *context, const struct queue_entry *entry)
{
    size_t *count = context;

    *count += strlen(entry->uri) > 0;
    return true;
}

static void read_queue(const uint8_t *data, size_t size)
{
    size_t title = strlen(QUEUE_STORE_TITLE), kept, count = 0;
    char *text = malloc(title + size + 1);
    struct queue *queue = queue_create();
    struct queue_place place = {0};
    struct queue_store_reading reading = {.path = "queue", .queue = queue, .place = &place};

    if (text == NULL || queue == NULL) {
        abort();
    }
    memcpy(text, QUEUE_STORE_TITLE, title);
    memcpy(text + title, data, size);
    text[title + size] = '\0';
    if (queue_store_read(&reading, text, title + size, &kept) != 0 || kept > title + size) {
        abort();
    }
    queue_each(queue, 0, SIZE_MAX, count_entry, &count);
    if (count != queue_length(queue)) {
        abort();
    }
    for (uint32_t id = queue_first(queue); count > 0 && id != QUEUE_NONE; count--) {
        id = queue_next(queue, id, true, NULL);
    }
    free(text);
    queue_destroy(queue);
}

/* Changes that take each other back leave the same entries. */
static void change_playlist(const uint8_t *data, size_t size)
{
    static const char *const paths[] = {"new.flac"};
    struct playlist_document document, again;
    size_t count, written = 0;
    char *text;

    if (playlist_document_read(&document, copy_of(data, size), size) != 0) {
        abort();
    }
    count = document.entry.count;
    if (playlist_document_insert(&document, count / 2, paths, NULL, 1) != 0 ||
        playlist_document_move(&document, count / 2, 0) != 0) {
        abort();
    }
    text = playlist_document_write(&document, &written);
    if (text == NULL || playlist_document_read(&again, text, written) != 0 ||
        again.entry.count != count + 1 || playlist_document_delete(&again, 0, 1) != 0) {
        abort();
    }
    playlist_document_finish(&document);
    playlist_document_finish(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_queue(data, size);
    change_playlist(data, size);
    return 0;
}
