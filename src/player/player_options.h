/*
 * player_options.h - from a user's settings to those of a player.
 *
 * Threads: the one that makes the player.
 */
#ifndef MP_PLAYER_PLAYER_OPTIONS_H
#define MP_PLAYER_PLAYER_OPTIONS_H

#include "config/options.h"
#include "player/player.h"

/* Everything but the cache; begin_with_original is false, match true. Texts are the options'. What
   this machine has not got is told, and done without. */
void player_options_read(struct player_settings *settings, const struct options *options,
                         struct log *log);
/* What is asked for and cannot be had on any machine yet: a line of it. */
void player_options_tell(const struct options *options, struct log *log);
/* What `quality` says. */
enum quality_level player_options_quality(const struct options *options);

#endif
