/*
 * audition.h - the reference itself heard in place of the track ("C"), and back to where it was.
 *
 * Private to src/player. While it goes on the list is led by its nose: the track PLAYER_AUDITION is
 * what plays and what follows itself, and the status tells the track that will be gone back to.
 *
 * How loud reference and track are is measured while it plays, as a rehearsal does it.
 *
 * Threads: the player's, but for audition_show (under the player's lock).
 */
#ifndef MP_PLAYER_AUDITION_H
#define MP_PLAYER_AUDITION_H

#include "player/player_internal.h"

/* What was asked for: begins, or (no path) goes back. */
void audition_obey(struct player *player);
/* Something else is to be played: there is nothing to go back to any more. */
void audition_forget(struct player *player);
/* True: a place was asked for meanwhile; goes back to it. */
bool audition_seek(struct player *player, double seconds, bool relative);
/* The track that is heard, or NULL: `id` is one of the list. */
struct player_track *audition_track(struct player *player, uint32_t id);
/* Linear, of the reference that is heard, so that it is as loud as the track; 1: none is. Reckoned
   anew each time. */
double audition_gain(struct player *player);
/* Shows the track that will be gone back to. */
void audition_show(const struct player *player, struct player_status *status);

#endif
