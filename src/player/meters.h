/*
 * meters.h - what is measured of a player: the analyser on what it plays, the reference's spectrum,
 * and what each module costs.
 *
 * What is measured is what leaves the device now: blocks wait until they are heard.
 *
 * Threads: one at a time (the server's loop), never the audio thread.
 */
#ifndef MP_PLAYER_METERS_H
#define MP_PLAYER_METERS_H

#include "chain/probe.h"
#include "match/cache.h"
#include "measure/analyser.h"
#include "player/player.h"

struct meters;

/* The player must outlive it; cache may be NULL. NULL with errno. */
struct meters *meters_create(struct player *player, struct cache *cache);
void meters_destroy(struct meters *meters);

/* As analyser_read and analyser_reset. */
void meters_read(struct meters *meters, unsigned want, struct analyser_figures *figures);
void meters_reset(struct meters *meters);

/* The spectrum of a reference's loud pieces, on the scale of bands.h; false: not known. */
struct meters_spectrum {
    float bands_dbfs[BANDS];
    bool fine; /* the lines are known, too */
    float lines_dbfs[BANDS_LINES];
};
bool meters_reference(struct meters *meters, const char *path, struct meters_spectrum *spectrum);

/* What each module of the chain that is heard took of the time there was for a block, over about
   the last second. Returns how many there are; 0 on the first request. */
struct meters_module {
    const char *name; /* "limiter" */
    double block_us;  /* for one block */
};
size_t meters_modules(struct meters *meters, struct meters_module modules[PERFORMANCE_MODULES]);

/* What the chain that is heard and the device's words add to a tone (quality.h): asks for it;
   false: it is not measured yet. */
bool meters_quality(struct meters *meters, struct probe_figures *figures);

/* Bytes of this process in memory; 0: not known. */
uint64_t meters_memory(void);

#endif
