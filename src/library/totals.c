/* totals.c - how much there is in the library. */
#include "library/totals.h"

#include <stdlib.h>
#include <string.h>

enum { SET_FIRST = 1024 };

/* Different texts, each seen once; open addressing. */
struct text_set {
    const char **texts;
    size_t capacity, count; /* capacity a power of two */
};

struct counting {
    const struct catalogue *catalogue;
    struct totals totals;
    struct text_set artists, albums;
    const char *last_artist, *last_album; /* neighbours mostly share theirs */
};

static uint64_t hash_of(const char *text)
{
    uint64_t hash = 14695981039346656037ULL; /* FNV-1a */

    for (; *text != '\0'; text++) {
        hash = (hash ^ (unsigned char)*text) * 1099511628211ULL;
    }
    return hash ^ hash >> 32;
}

static void put(struct text_set *set, const char *text)
{
    size_t at = hash_of(text) & (set->capacity - 1);

    while (set->texts[at] != NULL && strcmp(set->texts[at], text) != 0) {
        at = (at + 1) & (set->capacity - 1);
    }
    set->count += set->texts[at] == NULL ? 1 : 0;
    set->texts[at] = text;
}

/* Room for one more. False: no memory. */
static bool grow(struct text_set *set)
{
    struct text_set larger = {.capacity = set->capacity == 0 ? SET_FIRST : 2 * set->capacity};

    if (2 * set->count < set->capacity) {
        return true;
    }
    larger.texts = calloc(larger.capacity, sizeof *larger.texts);
    if (larger.texts == NULL) {
        return false;
    }
    for (size_t i = 0; i < set->capacity; i++) {
        if (set->texts[i] != NULL) {
            put(&larger, set->texts[i]);
        }
    }
    free(set->texts);
    *set = larger;
    return true;
}

static void take(struct counting *counting, struct text_set *set, const char **last,
                 const struct song *song, enum tag kind)
{
    const char *text;

    for (size_t i = 0; (text = song_tag(counting->catalogue, song, kind, i)) != NULL; i++) {
        if (text != *last && grow(set)) {
            put(set, text);
            *last = text;
        }
    }
}

static bool count_song(void *context, const struct song *song)
{
    struct counting *counting = context;
    struct song_facts facts;

    song_facts(counting->catalogue, song, &facts);
    if (facts.error == NULL) {
        counting->totals.songs++;
        counting->totals.duration_s += facts.duration_s;
        take(counting, &counting->artists, &counting->last_artist, song, TAG_ARTIST);
        take(counting, &counting->albums, &counting->last_album, song, TAG_ALBUM);
    }
    return true;
}

void totals_read(struct totals *totals, const struct catalogue *catalogue)
{
    struct counting counting = {.catalogue = catalogue};
    const struct catalogue_walk walk = {.context = &counting, .song = count_song};
    uint64_t version = catalogue_version(catalogue) + 1;

    if (totals->version == version) {
        return;
    }
    catalogue_walk(catalogue, "", true, &walk);
    *totals = counting.totals;
    totals->artists = counting.artists.count;
    totals->albums = counting.albums.count;
    totals->version = version;
    free(counting.artists.texts);
    free(counting.albums.texts);
}
