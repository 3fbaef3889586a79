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

/* What is known of another track, or of how its A sounds. NULL: nothing. */
static struct player_track *fetch(struct player *player, uint32_t id, bool a)
{
    struct player_track *track = id != PLAYER_NO_TRACK ? tracks_fetch(player, id) : NULL;
    struct player_track *taken;

    if (track != NULL && a) {
        taken = track->a;
        track->a = NULL;
        player_track_destroy(track);
        track = taken;
    }
    if (track != NULL) {
        tracks_know(player, track);
    }
    return track;
}

/* Which track, and which side of it. */
struct side {
    struct player_track *track;
    bool a;
};

/* Puts the neighbours of one side that belong to the album behind one another into `found`, which
   has room for `most`. */
static size_t gather(struct player *player, const struct side *side, int step,
                     struct player_track **found, size_t most)
{
    uint32_t id = side->track->id;
    size_t count = 0;

    while (count < most) {
        id = player->list.neighbour(player->list.context, id, step);
        found[count] = fetch(player, id, side->a);
        if (found[count] == NULL) {
            break;
        }
        if (!one_album(player, side->track, found[count])) {
            player_track_destroy(found[count]);
            break;
        }
        count++;
    }
    return count;
}

/* Without a reference there is one where more than the match is in the rack. */
static bool has_match(const struct player *player, const struct player_track *track)
{
    return player->settings.match && track->match &&
           (track->reference_count > 0 || rack_does_more(&track->rack));
}

static struct match *match_of(struct player *player, const struct side *side, uint32_t rate_hz,
                              unsigned distance)
{
    struct player_track *track = side->track;
    const char *paths[PLAYER_ALBUM_MAX];
    struct player_track *before[PLAYER_ALBUM_MAX], *after[PLAYER_ALBUM_MAX];
    size_t before_count = 0, after_count = 0;
    struct match_wish wish = {.paths = paths, .rate_hz = rate_hz, .distance = distance};
    struct match *match;

    if (track == NULL || !has_match(player, track)) {
        return NULL;
    }
    if (media_is_address(track->path) && track->reference_count > 0) {
        return live_match_ask(player, track);
    }
    if (atomic_load(&player->album_mode) != ALBUM_TRACK && track->reference_count > 0) {
        tracks_know(player, track);
        before_count = gather(player, side, -1, before, PLAYER_ALBUM_MAX - 1);
        after_count = gather(player, side, 1, after, PLAYER_ALBUM_MAX - 1 - before_count);
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

struct sides album_match(struct player *player, struct player_track *track, uint32_t rate_hz,
                         unsigned distance)
{
    return (struct sides){
        .b = match_of(player, &(struct side){track, false}, rate_hz, distance),
        .a = match_of(player, &(struct side){track->a, true}, rate_hz, distance),
    };
}
