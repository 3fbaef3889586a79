/*
 * catalogue.h - every track of the library in memory, small, for browsing and search.
 *
 * Strings that many tracks share (folders, artists, albums, genres) are kept once. A hundred
 * thousand tracks take about 25 MB. Tracks from outside of the music folder that were queued
 * (guests) are found by their absolute path, and are in no search, list or count.
 *
 * A song pointer is valid until the next catalogue_put, _remove or _clear.
 *
 * Threads: one at a time (the server's lock).
 */
#ifndef MP_LIBRARY_CATALOGUE_H
#define MP_LIBRARY_CATALOGUE_H

#include "library/record.h"

struct catalogue;
struct song;

struct catalogue *catalogue_create(void); /* NULL with ENOMEM */
void catalogue_destroy(struct catalogue *catalogue);
/* What searches have sorted is let go; the next one makes it anew. */
void catalogue_forget_searches(struct catalogue *catalogue);

/* Adds or replaces. An absolute uri (or an address) makes a guest. 0 or -ENOMEM. */
int catalogue_put(struct catalogue *catalogue, const struct record *record);
void catalogue_remove(struct catalogue *catalogue, const char *uri);
void catalogue_clear(struct catalogue *catalogue); /* guests stay */
/* Removes the guests that nobody keeps any more. */
void catalogue_keep_guests(struct catalogue *catalogue,
                           bool (*keeps)(void *context, const char *uri), void *context);

/* Tracks that can be played: what has an error and what is a guest does not count. */
size_t catalogue_count(const struct catalogue *catalogue);
/* NULL: not there. */
const struct song *catalogue_find(const struct catalogue *catalogue, const char *uri);
/* Rises with every change. */
uint64_t catalogue_version(const struct catalogue *catalogue);

enum { SONG_URI_SIZE = 4096 };
/* Writes its uri into text (SONG_URI_SIZE bytes) and returns text. */
const char *song_uri(const struct catalogue *catalogue, const struct song *song, char *text);
/* As tags_get and tags_first. Of track and disc the number alone: "3" of "03/12". */
const char *song_tag(const struct catalogue *catalogue, const struct song *song, enum tag kind,
                     size_t index);
const char *song_first(const struct catalogue *catalogue, const struct song *song, enum tag kind);

struct song_facts {
    int64_t modified_s, added_s;
    double duration_s;
    uint32_t rate_hz, bits, channels;
    bool is_float;
    const char *codec;
    double track_gain_db, track_peak, album_gain_db, album_peak; /* NAN: none */
    const char *error;                                           /* NULL: it can be read */
};
void song_facts(const struct catalogue *catalogue, const struct song *song,
                struct song_facts *facts);

/* The folder tree. `folder` is "" for the music folder. As MPD has it: a folder's songs come first,
   by album, disc, track and name, then its folders by name (case and marks aside). Songs that
   cannot be read are among them: see song_facts.error. A folder's time is that of the newest file
   in it. The callbacks return false to stop. */
struct catalogue_walk {
    void *context;
    bool (*folder)(void *context, const char *uri, int64_t modified_s); /* may be NULL */
    bool (*song)(void *context, const struct song *song);               /* may be NULL */
};
/* 0, -ENOENT (no such folder), -ENOMEM, or -ECANCELED when a callback stopped it. */
int catalogue_walk(const struct catalogue *catalogue, const char *folder, bool recursive,
                   const struct catalogue_walk *walk);
bool catalogue_is_folder(const struct catalogue *catalogue, const char *uri);

#endif
