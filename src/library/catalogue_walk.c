/* catalogue_walk.c - the folder tree in the order in which it is shown. */
#include "library/catalogue_internal.h"

#include "library/fold.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What is in one folder, sorted. */
struct listing {
    uint32_t *songs, *folders;
    size_t song_count, folder_count;
};

static const char *path_of(const struct catalogue *catalogue, uint32_t folder)
{
    return intern_text(&catalogue->strings, catalogue->folders[folder].path);
}

static int compare_songs(const void *one, const void *other, void *context)
{
    const struct catalogue *catalogue = context;

    return song_compare_places(catalogue, &catalogue->songs[*(const uint32_t *)one],
                               &catalogue->songs[*(const uint32_t *)other]);
}

/* Of one parent, so whole paths are as good as names. */
static int compare_folders(const void *one, const void *other, void *context)
{
    const struct catalogue *catalogue = context;

    return fold_compare(path_of(catalogue, *(const uint32_t *)one),
                        path_of(catalogue, *(const uint32_t *)other));
}

/* What was put in order stands in order mostly. */
static void sort(uint32_t *ids, size_t count, int (*compare)(const void *, const void *, void *),
                 void *context)
{
    for (size_t i = 1; i < count; i++) {
        if (compare(&ids[i - 1], &ids[i], context) > 0) {
            qsort_r(ids, count, sizeof *ids, compare, context);
            return;
        }
    }
}

static void listing_finish(struct listing *listing)
{
    free(listing->songs);
}

/* Songs, of which there may be very many, only where they are asked for. */
static int listing_read(struct listing *listing, const struct catalogue *catalogue, uint32_t folder,
                        bool with_songs)
{
    const struct folder *from = &catalogue->folders[folder];
    uint32_t first_song = with_songs ? from->first_song : CATALOGUE_NONE;
    void *context = (void *)(uintptr_t)catalogue; /* of qsort_r, which knows no const */
    size_t songs = 0, folders = 0;

    for (uint32_t id = first_song; id != CATALOGUE_NONE; id = catalogue->songs[id].next) {
        songs++;
    }
    for (uint32_t id = from->first_folder; id != CATALOGUE_NONE; id = catalogue->folders[id].next) {
        folders++;
    }
    *listing =
        (struct listing){calloc(songs + folders + 1, sizeof(uint32_t)), NULL, songs, folders};
    if (listing->songs == NULL) {
        return -ENOMEM;
    }
    listing->folders = listing->songs + songs;
    for (uint32_t id = first_song; id != CATALOGUE_NONE; id = catalogue->songs[id].next) {
        listing->songs[--songs] = id;
    }
    for (uint32_t id = from->first_folder; id != CATALOGUE_NONE; id = catalogue->folders[id].next) {
        listing->folders[--folders] = id;
    }
    sort(listing->songs, listing->song_count, compare_songs, context);
    sort(listing->folders, listing->folder_count, compare_folders, context);
    return 0;
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as a path has folders */
static int walk_folder(const struct catalogue *catalogue, uint32_t folder, bool recursive,
                       const struct catalogue_walk *walk)
{
    struct listing listing;
    int result = listing_read(&listing, catalogue, folder, walk->song != NULL);

    for (size_t i = 0; walk->song != NULL && result == 0 && i < listing.song_count; i++) {
        if (!walk->song(walk->context, &catalogue->songs[listing.songs[i]])) {
            result = -ECANCELED;
        }
    }
    for (size_t i = 0; result == 0 && i < listing.folder_count; i++) {
        const struct folder *child = &catalogue->folders[listing.folders[i]];

        if (walk->folder != NULL &&
            !walk->folder(walk->context, path_of(catalogue, listing.folders[i]),
                          child->modified_s)) {
            result = -ECANCELED;
        } else if (recursive) {
            result = walk_folder(catalogue, listing.folders[i], true, walk);
        }
    }
    listing_finish(&listing);
    return result;
}

int catalogue_walk(const struct catalogue *catalogue, const char *folder, bool recursive,
                   const struct catalogue_walk *walk)
{
    uint32_t id = folders_find(catalogue, folder, strlen(folder));

    if (id == CATALOGUE_NONE || folder[0] == '/') {
        return -ENOENT;
    }
    return walk_folder(catalogue, id, recursive, walk);
}
