/* catalogue.c - every track of the library in memory: put, replaced, removed, found. */
#include "library/catalogue.h"

#include "library/catalogue_internal.h"
#include "library/room.h"
#include "library/search_cache.h"

#include <string.h>

struct name_key {
    uint32_t folder, name;
};

static uint32_t hash_of(const void *context, uint32_t id)
{
    const struct song *song = &((const struct catalogue *)context)->songs[id];

    return index_hash_pair(song->folder, song->name);
}

static bool has_name(const void *context, uint32_t id, const void *key_)
{
    const struct song *song = &((const struct catalogue *)context)->songs[id];
    const struct name_key *key = key_;

    return song->folder == key->folder && song->name == key->name;
}

static uint32_t find_name(const struct catalogue *catalogue, uint32_t folder, uint32_t name)
{
    struct name_key key = {folder, name};

    return index_find(&catalogue->by_name, index_hash_pair(folder, name), has_name, &key);
}

struct catalogue *catalogue_create(void)
{
    struct catalogue *catalogue = calloc(1, sizeof *catalogue);

    if (catalogue == NULL) {
        return NULL;
    }
    catalogue->free_song = CATALOGUE_NONE;
    index_init(&catalogue->by_name, hash_of, catalogue);
    if (intern_init(&catalogue->strings) < 0 || folders_init(catalogue) < 0 ||
        (catalogue->formats = calloc(1, sizeof *catalogue->formats)) == NULL) {
        catalogue_destroy(catalogue);
        errno = ENOMEM;
        return NULL;
    }
    catalogue->format_count = catalogue->format_capacity = 1; /* 0: of what is not known */
    return catalogue;
}

void catalogue_forget_searches(struct catalogue *catalogue)
{
    search_cache_destroy(catalogue->cache);
    catalogue->cache = NULL;
}

void catalogue_destroy(struct catalogue *catalogue)
{
    if (catalogue == NULL) {
        return;
    }
    search_cache_destroy(catalogue->cache);
    index_finish(&catalogue->by_name);
    index_finish(&catalogue->by_path);
    intern_finish(&catalogue->strings);
    free(catalogue->songs);
    free(catalogue->words);
    free(catalogue->formats);
    free(catalogue->folders);
    free(catalogue);
}

static uint32_t new_slot(struct catalogue *catalogue)
{
    uint32_t id = catalogue->free_song;
    void *songs = catalogue->songs;

    if (id != CATALOGUE_NONE) {
        catalogue->free_song = catalogue->songs[id].name;
        return id;
    }
    if (catalogue->song_count >= INDEX_ID_MAX ||
        room_make(&songs, &catalogue->song_capacity, catalogue->song_count + 1,
                  sizeof *catalogue->songs) < 0) {
        return CATALOGUE_NONE;
    }
    catalogue->songs = songs;
    return catalogue->song_count++;
}

static void free_slot(struct catalogue *catalogue, uint32_t id)
{
    catalogue->songs[id].folder = CATALOGUE_NONE;
    catalogue->songs[id].name = catalogue->free_song;
    catalogue->free_song = id;
}

static void remove_slot(struct catalogue *catalogue, uint32_t id)
{
    struct song *song = &catalogue->songs[id];
    uint32_t folder = song->folder;

    catalogue->playable -= song_is_playable(song) ? 1U : 0U;
    catalogue->guests -= song->is_guest ? 1U : 0U;
    index_remove(&catalogue->by_name, index_hash_pair(folder, song->name), id);
    folders_unlink_song(catalogue, id);
    content_drop(catalogue, song);
    intern_drop(&catalogue->strings, song->name);
    free_slot(catalogue, id);
    folders_prune(catalogue, folder);
}

static void changed(struct catalogue *catalogue)
{
    catalogue->version++;
    intern_compact(&catalogue->strings);
    content_compact(catalogue);
}

/* Where a uri's folder ends; its name follows behind *name. */
static size_t split(const char *uri, const char **name)
{
    const char *slash = strrchr(uri, '/');

    *name = slash != NULL ? slash + 1 : uri;
    if (slash == uri) {
        return 1; /* "/x" lies in "/" */
    }
    return slash != NULL ? (size_t)(slash - uri) : 0;
}

static bool is_guest(const char *uri)
{
    return uri[0] == '/' || strstr(uri, "://") != NULL;
}

/* Gives a filled song its place. On -ENOMEM the place is as before. */
static int put_in_place(struct catalogue *catalogue, struct song *filled,
                        const struct record *record)
{
    const char *name;
    size_t length = split(record->uri, &name);
    uint32_t name_string = intern_take(&catalogue->strings, name, strlen(name));
    uint32_t folder = CATALOGUE_NONE, id = CATALOGUE_NONE;

    filled->is_guest = is_guest(record->uri);
    if (name_string != INTERN_NONE && index_reserve(&catalogue->by_name) == 0) {
        folder = folders_make(catalogue, record->uri, length, is_guest(record->uri));
    }
    if (folder != CATALOGUE_NONE) {
        id = new_slot(catalogue);
    }
    if (id != CATALOGUE_NONE) {
        catalogue->songs[id] = *filled;
        catalogue->songs[id].folder = folder;
        catalogue->songs[id].name = name_string;
        folders_link_song(catalogue, folder, id);
        index_add(&catalogue->by_name, index_hash_pair(folder, name_string), id);
        catalogue->playable += song_is_playable(&catalogue->songs[id]) ? 1U : 0U;
        catalogue->guests += filled->is_guest ? 1U : 0U;
        return 0;
    }
    if (folder != CATALOGUE_NONE) {
        folders_prune(catalogue, folder);
    }
    if (name_string != INTERN_NONE) {
        intern_drop(&catalogue->strings, name_string);
    }
    return -ENOMEM;
}

static uint32_t find_slot(const struct catalogue *catalogue, const char *uri)
{
    const char *name;
    uint32_t folder = folders_find(catalogue, uri, split(uri, &name));
    uint32_t string = folder != CATALOGUE_NONE
                          ? intern_find(&catalogue->strings, name, strlen(name))
                          : INTERN_NONE;

    return string != INTERN_NONE ? find_name(catalogue, folder, string) : CATALOGUE_NONE;
}

int catalogue_put(struct catalogue *catalogue, const struct record *record)
{
    uint32_t old = find_slot(catalogue, record->uri);
    struct song filled;
    int result = content_take(catalogue, &filled, record);

    if (result < 0) {
        return result;
    }
    if (old != CATALOGUE_NONE) {
        remove_slot(catalogue, old);
    }
    result = put_in_place(catalogue, &filled, record);
    if (result < 0) {
        content_drop(catalogue, &filled);
    }
    changed(catalogue);
    return result;
}

void catalogue_remove(struct catalogue *catalogue, const char *uri)
{
    uint32_t id = find_slot(catalogue, uri);

    if (id != CATALOGUE_NONE) {
        remove_slot(catalogue, id);
        changed(catalogue);
    }
}

void catalogue_clear(struct catalogue *catalogue)
{
    for (uint32_t id = 0; id < catalogue->song_count; id++) {
        const struct song *song = &catalogue->songs[id];

        if (song->folder != CATALOGUE_NONE && !song->is_guest) {
            remove_slot(catalogue, id);
        }
    }
    changed(catalogue);
}

void catalogue_keep_guests(struct catalogue *catalogue,
                           bool (*keeps)(void *context, const char *uri), void *context)
{
    char uri[SONG_URI_SIZE];
    bool any = false;

    for (uint32_t id = 0; catalogue->guests > 0 && id < catalogue->song_count; id++) {
        const struct song *song = &catalogue->songs[id];

        if (song->folder != CATALOGUE_NONE && song->is_guest &&
            !keeps(context, song_uri(catalogue, song, uri))) {
            remove_slot(catalogue, id);
            any = true;
        }
    }
    if (any) {
        changed(catalogue);
    }
}

size_t catalogue_count(const struct catalogue *catalogue)
{
    return catalogue->playable;
}

const struct song *catalogue_find(const struct catalogue *catalogue, const char *uri)
{
    uint32_t id = find_slot(catalogue, uri);

    return id != CATALOGUE_NONE ? &catalogue->songs[id] : NULL;
}

uint64_t catalogue_version(const struct catalogue *catalogue)
{
    return catalogue->version;
}
