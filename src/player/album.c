/* album.c - which tracks are matched as one, and what to. */
#include "player/player_internal.h"

#include <string.h>

static size_t folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL ? (size_t)(slash - path) : 0;
}

static bool same_folder(const char *one, const char *other)
{
    size_t length = folder_length(one);

    return length == folder_length(other) && memcmp(one, other, length) == 0;
}

static bool same_references(const struct player_track *one, const struct player_track *other)
{
    if (one->reference_count != other->reference_count) {
        return false;
    }
    for (size_t i = 0; i < one->reference_count; i++) {
        if (one->weights[i] != other->weights[i] ||
            strcmp(one->references[i], other->references[i]) != 0) {
            return false;
        }
    }
    return true;
}

static bool same_text(const char *one, const char *other)
{
    return strcmp(one != NULL ? one : "", other != NULL ? other : "") == 0;
}

/* Neighbours of one album: by their tags; untagged ones by their folder, if albums were asked for.
 */
static bool one_album(const struct player *player, const struct player_track *one,
                      const struct player_track *other)
{
    if (!other->match || !same_references(one, other) ||
        !amounts_equal(&one->amounts, &other->amounts) || !rack_equal(&one->rack, &other->rack) ||
        one->rate_hz != other->rate_hz || one->rate_hz == 0 ||
        !same_text(one->album, other->album)) {
        return false;
    }
    if (same_text(one->album, "")) {
        return atomic_load(&player->album_mode) == ALBUM_ALBUM &&
               same_folder(one->path, other->path);
    }
    return same_text(one->album_artist, other->album_artist);
}

/* Puts the neighbours of one side that belong to the album behind one another into `found`, which
   has room for `most`. */
static size_t gather(struct player *player, const struct player_track *track, int step,
                     struct player_track **found, size_t most)
{
    uint32_t id = track->id;
    size_t count = 0;

    while (count < most) {
        id = player->list.neighbour(player->list.context, id, step);
        found[count] = id != PLAYER_NO_TRACK ? tracks_fetch(player, id) : NULL;
        if (found[count] == NULL) {
            break;
        }
        tracks_know(player, found[count]);
        if (!one_album(player, track, found[count])) {
            player_track_destroy(found[count]);
            break;
        }
        count++;
    }
    return count;
}

struct match *album_match(struct player *player, struct player_track *track, uint32_t rate_hz,
                          unsigned distance)
{
    const char *paths[PLAYER_ALBUM_MAX];
    struct player_track *before[PLAYER_ALBUM_MAX], *after[PLAYER_ALBUM_MAX];
    size_t before_count = 0, after_count = 0;
    struct match_wish wish = {.paths = paths, .rate_hz = rate_hz, .distance = distance};
    struct match *match;

    if (!player->settings.match || !track->match ||
        (track->reference_count == 0 &&
         (!rack_does_more(&track->rack) || media_is_address(track->path)))) {
        return NULL;
    }
    if (media_is_address(track->path)) {
        return live_match_ask(player, track);
    }
    if (atomic_load(&player->album_mode) != ALBUM_TRACK && track->reference_count > 0) {
        tracks_know(player, track);
        before_count = gather(player, track, -1, before, PLAYER_ALBUM_MAX - 1);
        after_count = gather(player, track, 1, after, PLAYER_ALBUM_MAX - 1 - before_count);
    }
    for (size_t i = before_count; i > 0; i--) {
        paths[wish.path_count++] = before[i - 1]->path;
    }
    paths[wish.path_count++] = track->path;
    for (size_t i = 0; i < after_count; i++) {
        paths[wish.path_count++] = after[i]->path;
    }
    wish.references = (const char *const *)track->references;
    wish.weights = track->weights;
    wish.reference_count = track->reference_count;
    wish.amounts = track->amounts;
    wish.rack = &track->rack;
    match = matcher_ask(player->matcher, &wish);
    for (size_t i = 0; i < before_count; i++) {
        player_track_destroy(before[i]);
    }
    for (size_t i = 0; i < after_count; i++) {
        player_track_destroy(after[i]);
    }
    return match;
}
