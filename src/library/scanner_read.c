/* scanner_read.c - the files of a folder that are new or changed: opened, and told of. */
#include "library/scanner_internal.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH_BYTES = 32768, BATCH_EVENTS = 128 };

int scan_files_add(struct scan_files *files, const char *name, const struct scan_file *file)
{
    size_t size = strlen(name) + 1;
    unsigned char *at = record_bytes_grow(&files->names, size);

    if (at == NULL) {
        return -ENOMEM;
    }
    if (files->count == files->room) {
        size_t room = files->room * 2 + 16;
        struct scan_file *grown = realloc(files->list, room * sizeof *grown);

        if (grown == NULL) {
            return -ENOMEM;
        }
        files->list = grown;
        files->room = room;
    }
    memcpy(at, name, size);
    files->list[files->count] = *file;
    files->list[files->count++].name = files->names.size;
    files->names.size += size;
    return 0;
}

void scan_files_finish(struct scan_files *files)
{
    record_bytes_finish(&files->names);
    free(files->list);
    *files = (struct scan_files){0};
}

void scan_flush(struct scan_worker *worker)
{
    if (worker->batch != NULL && worker->batch->count > 0) {
        scan_walk_give(worker->walk, worker->batch);
        worker->batch = NULL;
    }
    scanner_batch_destroy(worker->batch);
    worker->batch = NULL;
}

/* Is it the machine that fails, and not the file? */
static bool is_passing(int code)
{
    return code == -ENOMEM || code == -EMFILE || code == -ENFILE || code == -EINTR;
}

/* Writes "ROOT/folder/name" into path; *uri is where the part below the root begins. */
static const char *make_path(struct scan_worker *worker, const char *folder, const char *name,
                             const char **uri)
{
    const char *parts[] = {worker->walk->scanner->root, folder, name};
    struct record_bytes *path = &worker->path;

    path->size = 0;
    for (size_t i = 0; i < 3; i++) {
        size_t length = strlen(parts[i]);
        unsigned char *at = record_bytes_grow(path, length + 2);

        if (at == NULL) {
            return NULL;
        }
        memcpy(at, parts[i], length);
        at[length] = i < 2 ? '/' : '\0';
        path->size += i == 1 && length == 0 ? 0 : length + 1;
    }
    *uri = (const char *)path->data + strlen(parts[0]) + 1;
    return (const char *)path->data;
}

static void read_file(struct scan_worker *worker, const char *folder, const char *name,
                      const struct scan_file *file)
{
    struct scanner *scanner = worker->walk->scanner;
    struct record record = {
        .modified_ns = file->modified_ns, .size = file->size, .added_s = file->added_s};
    struct media_error error = {0};
    struct tags tags = {0};
    const char *path = make_path(worker, folder, name, &record.uri);
    int result = path == NULL ? -ENOMEM : tags_reader_read(worker->reader, &tags, path, &error);

    if (is_passing(result) || result == -ENOENT) {
        return;
    }
    atomic_fetch_add(&scanner->read, 1);
    if (result < 0) {
        tags = (struct tags){.track_gain_db = (double)NAN,
                             .track_peak = (double)NAN,
                             .album_gain_db = (double)NAN,
                             .album_peak = (double)NAN};
        record.error =
            strncmp(error.message, path, strlen(path)) == 0
                ? error.message + strlen(path) + strspn(error.message + strlen(path), ": ")
                : error.message;
        atomic_fetch_add(&scanner->errors, 1);
        if (result != -EINVAL) { /* it may be readable later, without another time or size */
            record.size = SCANNER_UNOPENED;
        }
    }
    record.tags = &tags;
    if (record.size != SCANNER_UNOPENED || file->known_size != SCANNER_UNOPENED) {
        scanner_batch_put(worker->batch, &record);
    }
    tags_finish(&tags);
}

void scan_read_files(struct scan_worker *worker, const char *folder, const struct scan_files *files)
{
    for (size_t i = 0; i < files->count && !worker->walk->scanner->stopping; i++) {
        const struct scan_file *file = &files->list[i];

        if (worker->batch != NULL &&
            (worker->batch->count >= BATCH_EVENTS || worker->batch->bytes.size >= BATCH_BYTES)) {
            scan_flush(worker);
        }
        if (worker->batch == NULL) {
            worker->batch = scanner_batch_create();
        }
        if (worker->batch == NULL) {
            return;
        }
        read_file(worker, folder, (const char *)files->names.data + file->name, file);
    }
}
