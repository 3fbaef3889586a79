/* catalogue_songs.c - what is known of one song. */
#include "library/catalogue_internal.h"

#include "library/fold.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *song_uri(const struct catalogue *catalogue, const struct song *song, char *text)
{
    const char *folder = intern_text(&catalogue->strings, catalogue->folders[song->folder].path);

    snprintf(text, SONG_URI_SIZE, "%s%s%s", folder,
             folder[0] == '\0' || strcmp(folder, "/") == 0 ? "" : "/",
             intern_text(&catalogue->strings, song->name));
    return text;
}

const char *song_tag(const struct catalogue *catalogue, const struct song *song, enum tag kind,
                     size_t index)
{
    const uint32_t *words = catalogue->words + song->words;

    for (size_t i = 0; i < song->tag_count; i++) {
        if (word_kind(words[i]) == kind && index-- == 0) {
            return intern_text(&catalogue->strings, word_string(words[i]));
        }
    }
    return NULL;
}

/* Words of a kind stand together, the kinds in order. */
uint32_t song_first_string(const struct catalogue *catalogue, const struct song *song,
                           enum tag kind)
{
    const uint32_t *words = catalogue->words + song->words;

    for (size_t i = 0; i < song->tag_count && word_kind(words[i]) <= kind; i++) {
        if (word_kind(words[i]) == kind) {
            return word_string(words[i]);
        }
    }
    return 0;
}

const char *song_first(const struct catalogue *catalogue, const struct song *song, enum tag kind)
{
    return intern_text(&catalogue->strings, song_first_string(catalogue, song, kind));
}

void song_facts(const struct catalogue *catalogue, const struct song *song,
                struct song_facts *facts)
{
    const struct song_format *format = &catalogue->formats[song->format];
    double gains[4];

    content_gains(catalogue, song, gains);
    *facts = (struct song_facts){
        .modified_s = song->modified_s,
        .added_s = song->added_s,
        .duration_s = song->duration_ms / 1000.0,
        .rate_hz = format->rate_hz,
        .bits = format->bits,
        .channels = format->channels,
        .is_float = format->is_float,
        .codec = format->codec,
        .track_gain_db = gains[0],
        .track_peak = gains[1],
        .album_gain_db = gains[2],
        .album_peak = gains[3],
        .error = song->has_error ? intern_text(&catalogue->strings, content_error(catalogue, song))
                                 : NULL,
    };
}

static bool has_kind(const struct catalogue *catalogue, const struct song *song, enum tag kind)
{
    const uint32_t *words = catalogue->words + song->words;
    size_t i = 0;

    while (i < song->tag_count && word_kind(words[i]) < kind) {
        i++;
    }
    return i < song->tag_count && word_kind(words[i]) == kind;
}

enum tag song_resolve(const struct catalogue *catalogue, const struct song *song, enum tag kind)
{
    enum { CHAIN_MAX = 3 };
    static const struct {
        enum tag kind, next[CHAIN_MAX]; /* TAG_KINDS: no more */
    } chains[] = {
        {TAG_ALBUM_ARTIST, {TAG_ARTIST, TAG_KINDS, TAG_KINDS}},
        {TAG_ARTIST_SORT, {TAG_ARTIST, TAG_KINDS, TAG_KINDS}},
        {TAG_ALBUM_SORT, {TAG_ALBUM, TAG_KINDS, TAG_KINDS}},
        {TAG_ALBUM_ARTIST_SORT, {TAG_ALBUM_ARTIST, TAG_ARTIST_SORT, TAG_ARTIST}},
    };

    if (has_kind(catalogue, song, kind)) {
        return kind;
    }
    for (size_t i = 0; i < sizeof chains / sizeof chains[0]; i++) {
        for (size_t k = 0; chains[i].kind == kind && k < CHAIN_MAX; k++) {
            if (chains[i].next[k] != TAG_KINDS && has_kind(catalogue, song, chains[i].next[k])) {
                return chains[i].next[k];
            }
        }
    }
    return TAG_KINDS;
}

uint32_t song_number(const char *text)
{
    uint64_t number = 0;

    while (*text == ' ' || *text == '\t') {
        text++;
    }
    for (; *text >= '0' && *text <= '9' && number < UINT32_MAX; text++) {
        number = number * 10 + (uint64_t)(*text - '0');
    }
    return number < UINT32_MAX ? (uint32_t)number : UINT32_MAX;
}

static int compare_numbers(const struct catalogue *catalogue, const struct song *one,
                           const struct song *other, enum tag kind)
{
    uint32_t first = song_number(song_first(catalogue, one, kind));
    uint32_t second = song_number(song_first(catalogue, other, kind));

    return (first > second) - (first < second);
}

int song_compare_places(const struct catalogue *catalogue, const struct song *one,
                        const struct song *other)
{
    uint32_t album = song_first_string(catalogue, one, TAG_ALBUM);
    uint32_t other_album = song_first_string(catalogue, other, TAG_ALBUM);
    int order = 0;

    if (album != other_album) {
        order = fold_compare(intern_text(&catalogue->strings, album),
                             intern_text(&catalogue->strings, other_album));
    }
    if (order == 0) {
        order = compare_numbers(catalogue, one, other, TAG_DISC);
    }
    if (order == 0) {
        order = compare_numbers(catalogue, one, other, TAG_TRACK);
    }
    if (order == 0) {
        order = fold_compare(intern_text(&catalogue->strings, one->name),
                             intern_text(&catalogue->strings, other->name));
    }
    return order;
}
