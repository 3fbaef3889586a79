/* catalogue.c - every track of the library in memory: put, replaced, removed, found. */
#include "library/catalogue.h"

#include "library/catalogue_internal.h"
#include "library/room.h"
#include "library/search_cache.h"

#include <math.h>
#include <string.h>

enum { GARBAGE_LEAST = 65536, FORMATS_MAX = 4096 };

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
    static const struct song_format unknown; /* number 0, of what is not known */
    void *formats = NULL;

    if (catalogue == NULL) {
        return NULL;
    }
    catalogue->free_song = CATALOGUE_NONE;
    index_init(&catalogue->by_name, hash_of, catalogue);
    if (intern_init(&catalogue->strings) < 0 || folders_init(catalogue) < 0 ||
        room_make(&formats, &catalogue->format_capacity, 1, sizeof unknown) < 0) {
        catalogue_destroy(catalogue);
        errno = ENOMEM;
        return NULL;
    }
    catalogue->formats = formats;
    catalogue->formats[catalogue->format_count++] = unknown;
    return catalogue;
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
    free(catalogue->text);
    free(catalogue->lines);
    free(catalogue);
}

/* Songs of one format stand together mostly: the last one first. */
static uint16_t format_number(struct catalogue *catalogue, const struct tags *tags)
{
    struct song_format format;
    void *formats = catalogue->formats;

    memset(&format, 0, sizeof format); /* gaps too: they are compared */
    format.rate_hz = tags->rate_hz;
    format.bits = tags->bits;
    format.channels = tags->channels;
    format.is_float = tags->is_float;
    memccpy(format.codec, tags->codec, '\0', sizeof format.codec - 1);
    for (size_t i = catalogue->format_count; i-- > 0;) {
        if (memcmp(&catalogue->formats[i], &format, sizeof format) == 0) {
            return (uint16_t)i;
        }
    }
    if (catalogue->format_count >= FORMATS_MAX ||
        room_make(&formats, &catalogue->format_capacity, catalogue->format_count + 1,
                  sizeof format) < 0) {
        return 0;
    }
    catalogue->formats = formats;
    catalogue->formats[catalogue->format_count] = format;
    return (uint16_t)catalogue->format_count++;
}

static size_t words_of(const struct song *song)
{
    return song->tag_count + ((song->flags & SONG_HAS_GAINS) != 0 ? SONG_GAINS : 0U);
}

/* Drops the strings of a song's tags; its words become garbage. */
static void drop_content(struct catalogue *catalogue, const struct song *song)
{
    const uint32_t *words = catalogue->words + song->words;

    for (size_t i = 0; i < song->tag_count; i++) {
        intern_drop(&catalogue->strings, word_string(words[i]));
    }
    catalogue->words_garbage += words_of(song);
    if (song->error != 0) {
        intern_drop(&catalogue->strings, song->error);
    }
}

/* By kind, values of one kind as they came: readers stop at the next kind. */
static void sort_words(uint32_t *words, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        uint32_t word = words[i];
        size_t place = i;

        for (; place > 0 && word_kind(words[place - 1]) > word_kind(word); place--) {
            words[place] = words[place - 1];
        }
        words[place] = word;
    }
}

/* Track and disc are kept as MPD sends them: "3" of "03/12". What begins with no number stays. */
static uint32_t take_value(struct catalogue *catalogue, const struct tag_value *value)
{
    const char *text = value->text;
    size_t length = strlen(text);

    if (value->kind == TAG_TRACK || value->kind == TAG_DISC) {
        const char *number = text + strspn(text, " \t0");
        size_t digits = strspn(number, "0123456789");

        if (digits > 0) {
            text = number;
            length = digits;
        }
    }
    return intern_take(&catalogue->strings, text, length);
}

static int take_tags(struct catalogue *catalogue, struct song *song, const struct tags *tags)
{
    float gains[SONG_GAINS] = {(float)tags->track_gain_db, (float)tags->track_peak,
                               (float)tags->album_gain_db, (float)tags->album_peak};
    size_t count = tags->count < TAG_VALUES_MAX ? tags->count : TAG_VALUES_MAX;
    void *words = catalogue->words;

    if (room_make(&words, &catalogue->words_capacity, catalogue->words_used + count + SONG_GAINS,
                  sizeof *catalogue->words) < 0) {
        return -ENOMEM;
    }
    catalogue->words = words;
    for (size_t i = 0; i < count; i++) {
        uint32_t string = take_value(catalogue, &tags->values[i]);

        if (string == INTERN_NONE) {
            return -ENOMEM; /* drop_content gives back what was taken */
        }
        catalogue->words[catalogue->words_used++] = word_make(tags->values[i].kind, string);
        song->tag_count++;
    }
    sort_words(catalogue->words + song->words, song->tag_count);
    if (!isnan(gains[0]) || !isnan(gains[1]) || !isnan(gains[2]) || !isnan(gains[3])) {
        memcpy(catalogue->words + catalogue->words_used, gains, sizeof gains);
        catalogue->words_used += SONG_GAINS;
        song->flags |= SONG_HAS_GAINS;
    }
    song->format = format_number(catalogue, tags);
    song->duration_ms = tags->duration_s > 0 && tags->duration_s < UINT32_MAX / 1000
                            ? (uint32_t)lround(tags->duration_s * 1000)
                            : 0;
    return 0;
}

/* Fills what does not depend on the place. On -ENOMEM nothing is held. */
static int take_content(struct catalogue *catalogue, struct song *song, const struct record *record)
{
    int result = 0;

    *song = (struct song){.modified_s = record->modified_ns / 1000000000,
                          .added_s = record->added_s,
                          .line = CATALOGUE_NONE,
                          .words = (uint32_t)catalogue->words_used};
    if (record->error != NULL) {
        /* "" says nothing, and could not be told from no error. */
        const char *error = record->error[0] != '\0' ? record->error : "cannot be read";

        song->error = intern_take(&catalogue->strings, error, strlen(error));
        if (song->error == INTERN_NONE) {
            song->error = 0;
            return -ENOMEM;
        }
    }
    if (record->tags != NULL) {
        result = take_tags(catalogue, song, record->tags);
    }
    if (result < 0) {
        drop_content(catalogue, song);
    }
    return result;
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
    catalogue->songs[id].line = CATALOGUE_NONE;
    catalogue->free_song = id;
}

static void remove_slot(struct catalogue *catalogue, uint32_t id)
{
    struct song *song = &catalogue->songs[id];
    uint32_t folder = song->folder;

    catalogue->playable -= song_is_playable(song) ? 1U : 0U;
    index_remove(&catalogue->by_name, index_hash_pair(folder, song->name), id);
    folders_unlink_song(catalogue, id);
    lines_remove(catalogue, id);
    drop_content(catalogue, song);
    intern_drop(&catalogue->strings, song->name);
    free_slot(catalogue, id);
    folders_prune(catalogue, folder);
}

static void compact_words(struct catalogue *catalogue)
{
    size_t used = 0;
    uint32_t *fresh;

    if (catalogue->words_garbage < GARBAGE_LEAST / sizeof *fresh ||
        catalogue->words_garbage * 2 < catalogue->words_used) {
        return;
    }
    fresh = malloc((catalogue->words_used - catalogue->words_garbage + 1) * sizeof *fresh);
    if (fresh == NULL) {
        return; /* garbage is no harm */
    }
    for (uint32_t id = 0; id < catalogue->song_count; id++) {
        struct song *song = &catalogue->songs[id];

        if (song->folder != CATALOGUE_NONE) {
            memcpy(fresh + used, catalogue->words + song->words, words_of(song) * sizeof *fresh);
            song->words = (uint32_t)used;
            used += words_of(song);
        }
    }
    free(catalogue->words);
    catalogue->words = fresh;
    catalogue->words_used = used;
    catalogue->words_capacity = used + 1;
    catalogue->words_garbage = 0;
}

static void changed(struct catalogue *catalogue)
{
    catalogue->version++;
    intern_compact(&catalogue->strings);
    compact_words(catalogue);
    lines_compact(catalogue);
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

    filled->flags |= is_guest(record->uri) ? SONG_GUEST : 0;
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
        if (!song_is_playable(&catalogue->songs[id]) || lines_add(catalogue, id, record) == 0) {
            folders_link_song(catalogue, folder, id);
            index_add(&catalogue->by_name, index_hash_pair(folder, name_string), id);
            catalogue->playable += song_is_playable(&catalogue->songs[id]) ? 1U : 0U;
            return 0;
        }
        free_slot(catalogue, id);
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
    int result = take_content(catalogue, &filled, record);

    if (result < 0) {
        return result;
    }
    if (old != CATALOGUE_NONE) {
        remove_slot(catalogue, old);
    }
    result = put_in_place(catalogue, &filled, record);
    if (result < 0) {
        drop_content(catalogue, &filled);
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

        if (song->folder != CATALOGUE_NONE && (song->flags & SONG_GUEST) == 0) {
            remove_slot(catalogue, id);
        }
    }
    changed(catalogue);
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
