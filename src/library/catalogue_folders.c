/* catalogue_folders.c - the tree of folders: made for the songs in them, gone with the last. */
#include "library/catalogue_internal.h"

#include "library/fold.h"
#include "library/room.h"

#include <string.h>

struct path_key {
    const char *path;
    size_t length;
};

static const char *folder_path(const struct catalogue *catalogue, uint32_t id)
{
    return intern_text(&catalogue->strings, catalogue->folders[id].path);
}

static uint32_t hash_of(const void *context, uint32_t id)
{
    const char *path = folder_path(context, id);

    return index_hash_bytes(path, strlen(path));
}

static bool has_path(const void *context, uint32_t id, const void *key_)
{
    const struct path_key *key = key_;
    const char *path = folder_path(context, id);

    return strncmp(path, key->path, key->length) == 0 && path[key->length] == '\0';
}

uint32_t folders_find(const struct catalogue *catalogue, const char *path, size_t length)
{
    struct path_key key = {path, length};

    return index_find(&catalogue->by_path, index_hash_bytes(path, length), has_path, &key);
}

static uint32_t new_slot(struct catalogue *catalogue)
{
    uint32_t id = catalogue->free_folder;
    void *folders = catalogue->folders;

    if (id != CATALOGUE_NONE) {
        catalogue->free_folder = catalogue->folders[id].next;
        return id;
    }
    if (room_make(&folders, &catalogue->folder_capacity, catalogue->folder_count + 1,
                  sizeof *catalogue->folders) < 0) {
        return CATALOGUE_NONE;
    }
    catalogue->folders = folders;
    return catalogue->folder_count++;
}

static void link_folder(struct catalogue *catalogue, uint32_t id, uint32_t parent)
{
    struct folder *folder = &catalogue->folders[id];

    folder->parent = parent;
    folder->next = folder->previous = CATALOGUE_NONE;
    if (parent != CATALOGUE_NONE) {
        folder->next = catalogue->folders[parent].first_folder;
        if (folder->next != CATALOGUE_NONE) {
            catalogue->folders[folder->next].previous = id;
        }
        catalogue->folders[parent].first_folder = id;
    }
}

static uint32_t new_folder(struct catalogue *catalogue, const char *path, size_t length,
                           uint32_t parent)
{
    uint32_t string = intern_take(&catalogue->strings, path, length);
    uint32_t id;

    if (string == INTERN_NONE) {
        return CATALOGUE_NONE;
    }
    id = index_reserve(&catalogue->by_path) < 0 ? CATALOGUE_NONE : new_slot(catalogue);
    if (id == CATALOGUE_NONE) {
        intern_drop(&catalogue->strings, string);
        return CATALOGUE_NONE;
    }
    catalogue->folders[id] = (struct folder){
        .path = string, .first_folder = CATALOGUE_NONE, .first_song = CATALOGUE_NONE};
    link_folder(catalogue, id, parent);
    index_add(&catalogue->by_path, index_hash_bytes(path, length), id);
    return id;
}

int folders_init(struct catalogue *catalogue)
{
    index_init(&catalogue->by_path, hash_of, catalogue);
    catalogue->free_folder = CATALOGUE_NONE;
    return new_folder(catalogue, "", 0, CATALOGUE_NONE) == FOLDER_ROOT ? 0 : -ENOMEM;
}

uint32_t folders_make(struct catalogue *catalogue, const char *path, size_t length, bool guest)
{
    uint32_t id = folders_find(catalogue, path, length), parent = FOLDER_ROOT;

    if (id != CATALOGUE_NONE) {
        return id;
    }
    if (guest) {
        return new_folder(catalogue, path, length, CATALOGUE_NONE);
    }
    /* From the top down; a piece ends at each '/', and the last at the end. */
    for (size_t end = 1; end <= length; end++) {
        if (end < length && path[end] != '/') {
            continue;
        }
        id = folders_find(catalogue, path, end);
        if (id == CATALOGUE_NONE) {
            id = new_folder(catalogue, path, end, parent);
        }
        if (id == CATALOGUE_NONE) {
            folders_prune(catalogue, parent);
            return CATALOGUE_NONE;
        }
        parent = id;
    }
    return id;
}

void folders_link_song(struct catalogue *catalogue, uint32_t folder, uint32_t song)
{
    struct song *linked = &catalogue->songs[song];
    uint32_t above = folder;

    linked->folder = folder;
    linked->previous = CATALOGUE_NONE;
    linked->next = catalogue->folders[folder].first_song;
    if (linked->next != CATALOGUE_NONE) {
        catalogue->songs[linked->next].previous = song;
    }
    catalogue->folders[folder].first_song = song;
    while (above != CATALOGUE_NONE && catalogue->folders[above].modified_s < linked->modified_s) {
        catalogue->folders[above].modified_s = linked->modified_s;
        above = catalogue->folders[above].parent;
    }
}

void folders_unlink_song(struct catalogue *catalogue, uint32_t song)
{
    const struct song *gone = &catalogue->songs[song];

    if (gone->previous != CATALOGUE_NONE) {
        catalogue->songs[gone->previous].next = gone->next;
    } else {
        catalogue->folders[gone->folder].first_song = gone->next;
    }
    if (gone->next != CATALOGUE_NONE) {
        catalogue->songs[gone->next].previous = gone->previous;
    }
}

static void unlink_folder(struct catalogue *catalogue, uint32_t id)
{
    struct folder *folder = &catalogue->folders[id];

    if (folder->previous != CATALOGUE_NONE) {
        catalogue->folders[folder->previous].next = folder->next;
    } else if (folder->parent != CATALOGUE_NONE) {
        catalogue->folders[folder->parent].first_folder = folder->next;
    }
    if (folder->next != CATALOGUE_NONE) {
        catalogue->folders[folder->next].previous = folder->previous;
    }
    index_remove(&catalogue->by_path, hash_of(catalogue, id), id);
    intern_drop(&catalogue->strings, folder->path);
    folder->path = CATALOGUE_NONE;
    folder->next = catalogue->free_folder;
    catalogue->free_folder = id;
}

void folders_prune(struct catalogue *catalogue, uint32_t folder)
{
    while (folder != CATALOGUE_NONE && folder != FOLDER_ROOT &&
           catalogue->folders[folder].first_song == CATALOGUE_NONE &&
           catalogue->folders[folder].first_folder == CATALOGUE_NONE) {
        uint32_t parent = catalogue->folders[folder].parent;

        unlink_folder(catalogue, folder);
        folder = parent;
    }
}

bool catalogue_is_folder(const struct catalogue *catalogue, const char *uri)
{
    return uri[0] != '/' && folders_find(catalogue, uri, strlen(uri)) != CATALOGUE_NONE;
}
