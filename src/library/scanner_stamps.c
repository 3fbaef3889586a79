/* scanner_stamps.c - what the library knew before a scan, by folder. */
#include "library/scanner_stamps.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct stamps *stamps_create(void)
{
    struct stamps *stamps = calloc(1, sizeof *stamps);

    if (stamps != NULL) {
        pthread_mutex_init(&stamps->by_time_lock, NULL);
    }
    return stamps;
}

void stamps_destroy(struct stamps *stamps)
{
    if (stamps == NULL) {
        return;
    }
    pthread_mutex_destroy(&stamps->by_time_lock);
    free(stamps->names);
    free(stamps->list);
    free(stamps->folders);
    free(stamps->table);
    free(stamps->by_time);
    free(stamps);
}

const char *stamps_name(const struct stamps *stamps, const struct stamp *stamp)
{
    return stamps->names + stamp->name;
}

const char *stamps_path(const struct stamps *stamps, const struct stamp_folder *folder)
{
    return stamps->names + folder->path;
}

const char *stamps_uri(const struct stamps *stamps, const struct stamp *stamp, char *text)
{
    const char *folder = stamps_path(stamps, &stamps->folders[stamp->folder]);

    snprintf(text, RECORD_URI_LIMIT + 2, "%s%s%s", folder, folder[0] == '\0' ? "" : "/",
             stamps_name(stamps, stamp));
    return text;
}

/* Doubles a list that is full. */
static bool make_room(void **list, size_t *room, size_t needed, size_t element)
{
    size_t wanted = *room * 2 + needed + 64;
    void *grown;

    if (needed <= *room) {
        return true;
    }
    grown = realloc(*list, wanted * element);
    if (grown == NULL) {
        return false;
    }
    *list = grown;
    *room = wanted;
    return true;
}

/* Offset of a copy of the text, or UINT32_MAX. */
static uint32_t keep_text(struct stamps *stamps, const char *text, size_t length)
{
    void *names = stamps->names;
    size_t at = stamps->names_size;

    if (at + length + 1 >= UINT32_MAX ||
        !make_room(&names, &stamps->names_room, at + length + 1, 1)) {
        return UINT32_MAX;
    }
    stamps->names = names;
    memcpy(stamps->names + at, text, length);
    stamps->names[at + length] = '\0';
    stamps->names_size += length + 1;
    return (uint32_t)at;
}

static size_t hash(const char *text, size_t length)
{
    uint64_t value = 1469598103934665603U;

    for (size_t i = 0; i < length; i++) {
        value = (value ^ (unsigned char)text[i]) * 1099511628211U;
    }
    return (size_t)(value ^ value >> 29);
}

/* The slot of a path: where it stands, or where it would. */
static uint32_t *find_slot(const struct stamps *stamps, const char *path, size_t length)
{
    size_t at = hash(path, length) & (stamps->table_size - 1);

    while (stamps->table[at] != 0) {
        const char *have = stamps_path(stamps, &stamps->folders[stamps->table[at] - 1]);

        if (strncmp(have, path, length) == 0 && have[length] == '\0') {
            break;
        }
        at = (at + 1) & (stamps->table_size - 1);
    }
    return &stamps->table[at];
}

static bool grow_table(struct stamps *stamps)
{
    size_t size = stamps->table_size == 0 ? 256 : stamps->table_size * 2;
    uint32_t *table = calloc(size, sizeof *table);

    if (table == NULL) {
        return false;
    }
    free(stamps->table);
    stamps->table = table;
    stamps->table_size = size;
    for (size_t i = 0; i < stamps->folder_count; i++) {
        const char *path = stamps_path(stamps, &stamps->folders[i]);

        *find_slot(stamps, path, strlen(path)) = (uint32_t)i + 1;
    }
    return true;
}

/* The folder of this path, made if need be; UINT32_MAX: no memory. */
static uint32_t enter_folder(struct stamps *stamps, const char *path, size_t length)
{
    void *folders = stamps->folders;
    uint32_t *slot, text;

    if (stamps->folder_count > 0) { /* most often the same as before */
        const char *last = stamps_path(stamps, &stamps->folders[stamps->last]);

        if (strncmp(last, path, length) == 0 && last[length] == '\0') {
            return stamps->last;
        }
    }
    if (stamps->folder_count * 2 >= stamps->table_size && !grow_table(stamps)) {
        return UINT32_MAX;
    }
    slot = find_slot(stamps, path, length);
    if (*slot == 0) {
        text = keep_text(stamps, path, length);
        if (text == UINT32_MAX || !make_room(&folders, &stamps->folder_room,
                                             stamps->folder_count + 1, sizeof *stamps->folders)) {
            return UINT32_MAX;
        }
        stamps->folders = folders;
        stamps->folders[stamps->folder_count] = (struct stamp_folder){.path = text};
        *slot = (uint32_t)++stamps->folder_count;
    }
    stamps->last = *slot - 1;
    return stamps->last;
}

struct loading {
    struct stamps *stamps;
    size_t prefix; /* bytes of the folder's path and its '/', to look only right in it */
    bool deep;
};

static bool add_stamp(void *context, const char *uri, int64_t modified_ns, int64_t size,
                      int64_t added_s)
{
    struct loading *loading = context;
    struct stamps *stamps = loading->stamps;
    const char *slash = strrchr(uri, '/');
    const char *name = slash == NULL ? uri : slash + 1;
    void *list = stamps->list;
    uint32_t folder, text;

    if (!loading->deep && strchr(uri + loading->prefix, '/') != NULL) {
        return true;
    }
    folder = enter_folder(stamps, uri, slash == NULL ? 0 : (size_t)(slash - uri));
    text = keep_text(stamps, name, strlen(name));
    if (folder == UINT32_MAX || text == UINT32_MAX ||
        !make_room(&list, &stamps->room, stamps->count + 1, sizeof *stamps->list)) {
        stamps->failed = true;
        return false;
    }
    stamps->list = list;
    stamps->list[stamps->count++] = (struct stamp){text, folder, modified_ns, size, added_s, false};
    stamps->folders[folder].count++;
    return true;
}

int stamps_load(struct stamps *stamps, struct database *database, const char *folder, bool deep)
{
    struct loading loading = {stamps, folder[0] == '\0' ? 0 : strlen(folder) + 1, deep};
    int error = database_each_stamp(database, folder, add_stamp, &loading);

    return stamps->failed ? -ENOMEM : error;
}

/* A counting sort by folder: within one the order of names, in which they came, stays. */
int stamps_sort(struct stamps *stamps)
{
    struct stamp *sorted = malloc((stamps->count + 1) * sizeof *sorted);
    uint32_t first = 0;

    if (sorted == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < stamps->folder_count; i++) {
        stamps->folders[i].first = first;
        first += stamps->folders[i].count;
        stamps->folders[i].count = 0;
    }
    for (size_t i = 0; i < stamps->count; i++) {
        struct stamp_folder *folder = &stamps->folders[stamps->list[i].folder];

        sorted[folder->first + folder->count++] = stamps->list[i];
    }
    free(stamps->list);
    stamps->list = sorted;
    stamps->room = stamps->count + 1;
    return 0;
}

struct stamp_folder *stamps_folder(const struct stamps *stamps, const char *path)
{
    uint32_t slot;

    if (stamps->table_size == 0) {
        return NULL;
    }
    slot = *find_slot(stamps, path, strlen(path));
    return slot == 0 ? NULL : &stamps->folders[slot - 1];
}

struct stamp *stamps_find(const struct stamps *stamps, const struct stamp_folder *folder,
                          const char *name)
{
    size_t low = 0, high = folder == NULL ? 0 : folder->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        struct stamp *stamp = &stamps->list[folder->first + middle];
        int order = strcmp(name, stamps_name(stamps, stamp));

        if (order == 0) {
            return stamp;
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return NULL;
}

bool stamps_know_below(const struct stamps *stamps, const char *path)
{
    size_t length = strlen(path);

    for (size_t i = 0; i < stamps->folder_count; i++) {
        const char *have = stamps_path(stamps, &stamps->folders[i]);

        if (strncmp(have, path, length) == 0 && (have[length] == '\0' || have[length] == '/')) {
            return true;
        }
    }
    return false;
}

static int by_time_and_size(const void *one, const void *other, void *context)
{
    const struct stamps *stamps = context;
    const struct stamp *a = &stamps->list[*(const uint32_t *)one];
    const struct stamp *b = &stamps->list[*(const uint32_t *)other];

    if (a->modified_ns != b->modified_ns) {
        return a->modified_ns < b->modified_ns ? -1 : 1;
    }
    return a->size < b->size ? -1 : a->size > b->size;
}

static bool make_by_time(struct stamps *stamps)
{
    pthread_mutex_lock(&stamps->by_time_lock);
    if (stamps->by_time == NULL) {
        uint32_t *order = malloc((stamps->count + 1) * sizeof *order);

        for (size_t i = 0; order != NULL && i < stamps->count; i++) {
            order[i] = (uint32_t)i;
        }
        if (order != NULL) {
            qsort_r(order, stamps->count, sizeof *order, by_time_and_size, stamps);
        }
        stamps->by_time = order;
    }
    pthread_mutex_unlock(&stamps->by_time_lock);
    return stamps->by_time != NULL;
}

const struct stamp *stamps_alike(struct stamps *stamps, int64_t modified_ns, int64_t size,
                                 size_t nth)
{
    size_t low = 0, high = stamps->count;
    const struct stamp *found;

    if (stamps->count == 0 || !make_by_time(stamps)) {
        return NULL;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct stamp *stamp = &stamps->list[stamps->by_time[middle]];

        if (stamp->modified_ns < modified_ns ||
            (stamp->modified_ns == modified_ns && stamp->size < size)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low + nth >= stamps->count) {
        return NULL;
    }
    found = &stamps->list[stamps->by_time[low + nth]];
    return found->modified_ns == modified_ns && found->size == size ? found : NULL;
}
