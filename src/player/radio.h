/*
 * radio.h - what a radio station says while it is heard: its name, titles, and that it was lost.
 *
 * Private to src/player. Titles are shown when they are heard, not when they come: each stands with
 * its place in the stream.
 *
 * Threads: the player's, but for radio_heard (under the player's lock, anyone).
 */
#ifndef MP_PLAYER_RADIO_H
#define MP_PLAYER_RADIO_H

#include "media/decoder.h"

#include <stdint.h>

struct player;

enum { RADIO_WORDS = 8 };

struct radio_words {
    int64_t position; /* in the stream: from there on */
    char name[MEDIA_STATION_NAME_SIZE], title[MEDIA_STATION_TITLE_SIZE];
};

struct radio {
    unsigned changes; /* of the station, as seen last */
    bool lost;        /* told */
    /* Under the lock: */
    struct radio_words words[RADIO_WORDS]; /* oldest first */
    size_t count;
};

/* Another track is decoded. */
void radio_begin(struct player *player);
/* Another stream: no words are known of it. */
void radio_clear(struct player *player);
/* Often: looks at what the station says. */
void radio_serve(struct player *player);
/* What holds at a position; NULL: nothing was said. */
const struct radio_words *radio_heard(const struct radio *radio, int64_t position);

#endif
