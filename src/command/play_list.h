/*
 * play_list.h - the list that `play` plays, for the player: in order, once.
 *
 * Threads: filled before the player plays; all else from any thread but the audio thread.
 */
#ifndef MP_COMMAND_PLAY_LIST_H
#define MP_COMMAND_PLAY_LIST_H

#include "player/player.h"

struct play_list;

/* How a track is to sound; borrowed. */
struct play_sound {
    const char *paths[MATCH_REFERENCES_MAX];
    double weights[MATCH_REFERENCES_MAX];
    size_t count; /* 0: as it is */
    struct amounts amounts;
    bool match; /* false: its preset plays the original */
    struct rack rack;
};

struct play_list *play_list_create(void); /* NULL with ENOMEM */
void play_list_destroy(struct play_list *list);
/* Appends a track; copies. Ids are 1, 2, ... 0 or -ENOMEM. */
int play_list_add(struct play_list *list, const char *path, const struct play_sound *sound);

/* What the player asks; holds the list. */
struct player_list play_list_for_player(struct play_list *list);
/* Where a step from a track leads (+1 next, -1 previous): back past what cannot be played, not back
   beyond the first; PLAYER_NO_TRACK: past the last. */
uint32_t play_list_step(struct play_list *list, uint32_t id, int step);

#endif
