/*
 * play_status.h - the status line of `play`: time, A or B, levels, load, latency, dropouts,
 * headroom.
 *
 * Threads: the main thread.
 */
#ifndef MP_COMMAND_PLAY_STATUS_H
#define MP_COMMAND_PLAY_STATUS_H

#include "command/terminal.h"
#include "player/player.h"

struct play_status;

struct play_status *play_status_create(struct player *player); /* borrowed; NULL with ENOMEM */
void play_status_destroy(struct play_status *status);
/* Reads the meters' blocks and writes the line. */
void play_status_show(struct play_status *status, struct terminal *terminal,
                      const struct player_status *now);
/* The keys, once, at the beginning. */
void play_status_hint(struct terminal *terminal, struct log *log);
/* A line about the track that has begun: "mix.flac: FLAC 44.1 kHz 16 bit > match > S32 44.1 kHz
   hw:1,0". */
void play_status_track(const struct player_status *now, struct log *log);

#endif
