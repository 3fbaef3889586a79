/*
 * live_match.h - the match of what has no end and cannot be read ahead (a radio station): made from
 * what was heard of it so far, and made again and again while more is heard. Each takes the place
 * of the one before over 2 s.
 *
 * Private to src/player. Threads: the player's.
 */
#ifndef MP_PLAYER_LIVE_MATCH_H
#define MP_PLAYER_LIVE_MATCH_H

#include "match/running.h"

#include <stdint.h>

struct match;
struct player;
struct player_track;

struct live_match {
    uint32_t id;                   /* of the track */
    struct running *running;       /* NULL: nothing of the kind is decoded */
    uint64_t step;                 /* of what was asked for last; 0: nothing yet */
    struct match *next_b, *next_a; /* waited for; NULL: none */
    bool late_told;                /* that its chain cannot be kept under max_latency */
    double seconds;                /* of sound that the match in use rests on (under the lock) */
};

/* A track begins to be decoded: is it of that kind? Going on with the same one, nothing is lost. */
void live_match_begin(struct player *player, const struct player_track *track);
/* More of it is decoded. */
void live_match_feed(struct player *player, float *const channel[2], size_t frames);
/* As album_match, for such a track, or its A; NULL too while there is too little to go by. */
struct match *live_match_ask(struct player *player, const struct player_track *track);
/* That a match of the kind is to be had of such a track, or its A (track NULL: the original). */
bool live_match_is_wanted(const struct player *player, const struct player_track *track);
/* The list has changed: what is waited for may be wanted no more, and is asked for anew if it is.
 */
void live_match_drop_next(struct player *player);
/* Often: puts a match that has become ready into the place of the one before. */
void live_match_serve(struct player *player);
void live_match_end(struct player *player);

#endif
