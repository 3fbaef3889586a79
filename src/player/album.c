/* album.c - which tracks are matched as one, and what to. */
#include "player/player_internal.h"

#include <string.h>

const struct entry *album_probe(struct player *player, size_t index)
{
    struct entry *entry = player_entry(player, index);
    struct media_error error = {0};
    struct tags tags = {0};
    struct decoder *decoder = NULL;

    if (entry->probed) {
        return entry;
    }
    tags_read(&tags, entry->path, &error);
    pthread_mutex_lock(&player->lock); /* the status shows its title */
    entry->tags = tags;
    pthread_mutex_unlock(&player->lock);
    if (decoder_open(&decoder, entry->path, 0, &error) == 0) {
        entry->rate_hz = decoder_info(decoder)->rate_hz;
        decoder_close(decoder);
    }
    entry->probed = true;
    return entry;
}

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

/* Neighbours of one album: by their tags; untagged ones by their folder, if albums were asked for.
 */
static bool one_album(const struct player *player, const struct entry *one,
                      const struct entry *other)
{
    if (one->references != other->references || one->rate_hz != other->rate_hz ||
        one->rate_hz == 0) {
        return false;
    }
    if (tags_get(&one->tags, TAG_ALBUM, 0) == NULL &&
        tags_get(&other->tags, TAG_ALBUM, 0) == NULL) {
        return player->settings.album_mode == ALBUM_ALBUM && same_folder(one->path, other->path);
    }
    return strcmp(tags_first(&one->tags, TAG_ALBUM), tags_first(&other->tags, TAG_ALBUM)) == 0 &&
           strcmp(tags_first(&one->tags, TAG_ALBUM_ARTIST),
                  tags_first(&other->tags, TAG_ALBUM_ARTIST)) == 0;
}

struct match *album_match(struct player *player, size_t index, uint32_t rate_hz)
{
    const char *paths[PLAYER_ALBUM_MAX];
    const struct entry *entry = player_entry(player, index);
    const struct player_references *references = entry->references;
    struct match_wish wish = {.paths = paths, .rate_hz = rate_hz};
    size_t first = index;
    size_t last = index;

    if (!player->settings.match || references == NULL || references->count == 0) {
        return NULL;
    }
    if (player->settings.album_mode != ALBUM_TRACK) {
        entry = album_probe(player, index);
        while (first > 0 && last - first + 1 < PLAYER_ALBUM_MAX &&
               one_album(player, entry, album_probe(player, first - 1))) {
            first--;
        }
        while (last + 1 < player_entry_count(player) && last - first + 1 < PLAYER_ALBUM_MAX &&
               one_album(player, entry, album_probe(player, last + 1))) {
            last++;
        }
    }
    for (size_t i = first; i <= last; i++) {
        paths[wish.path_count++] = player_entry(player, i)->path;
    }
    wish.references = references->paths;
    wish.weights = references->weights;
    wish.reference_count = references->count;
    wish.amounts = player->settings.amounts;
    return matcher_ask(player->matcher, &wish);
}
