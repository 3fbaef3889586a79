/*
 * quality.h - the quality control: probes a copy of the chain that is heard, while somebody asks.
 *
 * A worker of the lowest priority measures once for each chain (rack, match, rate, device words);
 * when nobody asks it sleeps, and does not notice that the chain has changed.
 *
 * Threads: one at a time, never the audio thread. The player must outlive it.
 */
#ifndef MP_PLAYER_QUALITY_H
#define MP_PLAYER_QUALITY_H

#include "chain/probe.h"
#include "player/player.h"

struct quality;

struct quality *quality_create(struct player *player); /* NULL with errno */
void quality_destroy(struct quality *quality);

/* Asks. False: what is heard has not been measured yet, cannot be, or nothing is. */
bool quality_read(struct quality *quality, struct probe_figures *figures);

#endif
