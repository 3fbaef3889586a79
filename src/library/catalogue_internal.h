/*
 * catalogue_internal.h - how the catalogue lies in memory, for its own files and the search.
 *
 * Songs stand in one array, in slots that keep their number as long as the song is there. Their
 * tags are runs of 32-bit words in another: kind and number of the string, which is kept once for
 * all songs.
 *
 * Threads: as catalogue.h.
 */
#ifndef MP_LIBRARY_CATALOGUE_INTERNAL_H
#define MP_LIBRARY_CATALOGUE_INTERNAL_H

#include "library/catalogue.h"
#include "library/intern.h"

#define CATALOGUE_NONE UINT32_MAX

enum { FOLDER_ROOT = 0, SONG_GAIN_WORDS = 2, SONG_FORMATS_MAX = 4096 };

struct song {
    uint32_t modified_s, added_s;
    uint32_t folder;         /* CATALOGUE_NONE: the slot is free */
    uint32_t name;           /* string; of a free slot: the next free one */
    uint32_t words;          /* of its tags, then of its gains, then the string of its error */
    uint32_t next, previous; /* of the same folder */
    uint32_t duration_ms;
    uint16_t tag_count : 10, is_guest : 1, has_gains : 1, has_error : 1;
    uint16_t format;
};

/* A word of a song's tags. */
static inline uint32_t word_make(enum tag kind, uint32_t string)
{
    return (uint32_t)kind << INDEX_ID_BITS | string;
}

static inline enum tag word_kind(uint32_t word)
{
    return (enum tag)(word >> INDEX_ID_BITS);
}

static inline uint32_t word_string(uint32_t word)
{
    return word & ((1U << INDEX_ID_BITS) - 1);
}

struct song_format {
    uint32_t rate_hz, bits, channels;
    bool is_float;
    char codec[32];
};

struct folder {
    int64_t modified_s; /* the newest that was put into it or below */
    uint32_t path;      /* string, whole; CATALOGUE_NONE: the slot is free */
    uint32_t parent;    /* CATALOGUE_NONE: the music folder, or one of guests */
    uint32_t first_folder, first_song;
    uint32_t next, previous; /* of the same parent; of a free slot: the next free one */
};

struct search_cache;

struct catalogue {
    struct intern strings;

    struct song *songs;
    size_t song_capacity, playable, guests;
    uint32_t song_count, free_song; /* slots, free ones too */
    struct index by_name;           /* songs by folder and name */

    uint32_t *words;
    size_t words_used, words_capacity, words_garbage;

    struct song_format *formats;
    size_t format_count, format_capacity;

    struct folder *folders;
    size_t folder_capacity;
    uint32_t folder_count, free_folder;
    struct index by_path;

    uint64_t version;
    struct search_cache *cache; /* of search.h; NULL: none yet */
};

static inline uint32_t song_slot(const struct catalogue *catalogue, const struct song *song)
{
    return (uint32_t)(song - catalogue->songs);
}

/* Of the library, and can be played: what search, list and count see. */
static inline bool song_is_playable(const struct song *song)
{
    return song->folder != CATALOGUE_NONE && !song->has_error && !song->is_guest;
}

/* The string of the first value of a kind; 0 ("") when there is none. */
uint32_t song_first_string(const struct catalogue *catalogue, const struct song *song,
                           enum tag kind);
/* The kind that a song has values of in place of `kind`: itself, or what it falls back to
   (AlbumArtist to Artist, the *Sort tags to what they sort). TAG_KINDS: none. */
enum tag song_resolve(const struct catalogue *catalogue, const struct song *song, enum tag kind);
/* "3/12" as 3; 0: no number. */
uint32_t song_number(const char *text);
/* Songs of one folder: by album, disc, track, name. */
int song_compare_places(const struct catalogue *catalogue, const struct song *one,
                        const struct song *other);

/* catalogue_folders.c. A folder and those above it are made where they are missing. */
int folders_init(struct catalogue *catalogue);
uint32_t folders_find(const struct catalogue *catalogue, const char *path, size_t length);
uint32_t folders_make(struct catalogue *catalogue, const char *path, size_t length, bool guest);
void folders_link_song(struct catalogue *catalogue, uint32_t folder, uint32_t song);
void folders_unlink_song(struct catalogue *catalogue, uint32_t song);
/* Takes out a folder that nothing is in, and those above it that are empty then. */
void folders_prune(struct catalogue *catalogue, uint32_t folder);

/* catalogue_content.c: what a song has beside its place. */
/* On -ENOMEM nothing is held. */
int content_take(struct catalogue *catalogue, struct song *song, const struct record *record);
void content_drop(struct catalogue *catalogue, const struct song *song);
/* Gives back what dropped words took, when it is more than half. */
void content_compact(struct catalogue *catalogue);
/* gains[4]: track gain and peak, album gain and peak; NAN: none. */
void content_gains(const struct catalogue *catalogue, const struct song *song, double gains[4]);
/* 0: none. */
uint32_t content_error(const struct catalogue *catalogue, const struct song *song);

#endif
