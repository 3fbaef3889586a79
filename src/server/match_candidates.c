/*
 * match_candidates.c - `match candidates [PLAYLIST]`: tracks that would do as the reference of a
 * playlist (or of the queue), the nearest first.
 *
 * Looked at are the tracks of the list itself and the references that hold in it, as far as they
 * have been measured. The distance is between a track's balance and the mean balance of the list
 * (summary_distance_db): what is near changes the music least.
 */
#include "match/summary.h"
#include "server/match_verbs.h"
#include "server/track_sound.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TRACKS_MAX = 200, SHOWN_MAX = 40 };

struct candidate {
    char *path;
    struct summary summary;
    bool of_list; /* counts for the mean */
    double distance_db;
};

struct candidates {
    struct server_parts *parts;
    struct candidate *list;
    size_t count;
};

static void add(struct candidates *candidates, const char *path, bool of_list)
{
    struct candidate *candidate = &candidates->list[candidates->count];
    struct cache_key key;

    for (size_t i = 0; i < candidates->count; i++) {
        if (strcmp(candidates->list[i].path, path) == 0) {
            candidates->list[i].of_list = candidates->list[i].of_list || of_list;
            return;
        }
    }
    if (candidates->count == TRACKS_MAX) {
        return;
    }
    cache_key_init(&key, &path, 1);
    if (cache_summary(candidates->parts->cache, &key, &candidate->summary) == CACHE_SUMMARY) {
        candidate->path = strdup(path);
        candidate->of_list = of_list;
        candidates->count += candidate->path != NULL ? 1 : 0;
    }
    cache_key_finish(&key);
}

static void add_references(struct candidates *candidates, const struct playlist_sound *sound)
{
    for (size_t i = 0; i < sound->reference_count; i++) {
        add(candidates, sound->references[i].path, false);
    }
}

static int add_playlist(struct candidates *candidates, const char *name)
{
    struct playlist *playlist;
    int error = playlists_read(candidates->parts->playlists, name, &playlist);

    if (error != 0) {
        return error;
    }
    add_references(candidates, &playlist->sound);
    for (size_t i = 0; i < playlist->count; i++) {
        add(candidates, playlist->entries[i].path, true);
    }
    playlist_destroy(playlist);
    return 0;
}

static bool add_entry(void *context, const struct queue_entry *entry)
{
    struct candidates *candidates = context;
    char *path = track_path(candidates->parts, entry->uri);
    struct track_sound sound;

    if (path != NULL) {
        add(candidates, path, true);
    }
    free(path);
    if (track_sound_find(candidates->parts, entry->uri, entry->origin, &sound) == 0) {
        add_references(candidates, &sound.said);
        track_sound_finish(&sound);
    }
    return candidates->count < TRACKS_MAX;
}

static int by_distance(const void *one, const void *other)
{
    const struct candidate *a = one, *b = other;

    return a->distance_db < b->distance_db ? -1 : a->distance_db > b->distance_db ? 1 : 0;
}

static void rank(struct candidates *candidates)
{
    struct summary_mean mean;

    summary_mean_init(&mean);
    for (size_t i = 0; i < candidates->count; i++) {
        if (candidates->list[i].of_list) {
            summary_mean_add(&mean, &candidates->list[i].summary);
        }
    }
    for (size_t i = 0; i < candidates->count; i++) {
        candidates->list[i].distance_db = summary_distance_db(&mean, &candidates->list[i].summary);
    }
    qsort(candidates->list, candidates->count, sizeof *candidates->list, by_distance);
}

int match_candidates(struct client *client, const struct words *words)
{
    struct server_parts *parts = server_parts(client_server(client));
    struct candidates candidates = {.parts = parts,
                                    .list = calloc(TRACKS_MAX + 1, sizeof *candidates.list)};
    int error = 0;

    if (candidates.list == NULL) {
        return client_ack_errno(client, -ENOMEM, "candidates");
    }
    if (words->count > 1) {
        error = add_playlist(&candidates, words->word[1]);
    } else {
        queue_each(parts->queue, 0, queue_length(parts->queue), add_entry, &candidates);
    }
    if (error == 0) {
        rank(&candidates);
        for (size_t i = 0; i < candidates.count && i < SHOWN_MAX; i++) {
            client_pair(client, "file", playlists_uri(parts->playlists, candidates.list[i].path));
            client_pairf(client, "distance", "%.2f", candidates.list[i].distance_db);
        }
    }
    for (size_t i = 0; i < candidates.count; i++) {
        free(candidates.list[i].path);
    }
    free(candidates.list);
    return error == 0 ? 0 : client_ack_errno(client, error, words->word[1]);
}
