/*
 * shadow.h - what the chain that is heard was built of, so that a copy of it can be built beside
 * it.
 *
 * The player's thread notes each rendition it makes; others ask for the one that is heard.
 *
 * Threads: shadow_note in the player's thread, shadow_forget when there is none any more; the rest
 * in any but the audio thread.
 */
#ifndef MP_PLAYER_SHADOW_H
#define MP_PLAYER_SHADOW_H

#include "player/player.h"
#include "player/run_in.h"

struct shadow {
    struct match *match; /* kept; NULL: it is heard as it is */
    struct rack rack;
    enum fft_precision precision;
    struct economy economy;
    struct module_format format;
    /* The device's words. */
    enum word_format words;
    uint32_t bits; /* significant */
    bool dither;
};

/* The rendition's A and B were made of this (match NULL: of none). */
void shadow_note(struct player *player, uint64_t rendition, const struct run_in *a,
                 const struct run_in *b);
void shadow_forget(struct player *player);

/* Of that side of A/B which is heard; false: nothing is, or it is not known. */
bool shadow_read(struct player *player, struct shadow *shadow);
void shadow_finish(struct shadow *shadow); /* takes what was never read, too */
/* Both would measure the same. */
bool shadow_equal(const struct shadow *one, const struct shadow *other);
/* The same chain, silent. *chain NULL: there is none. 0 or negative errno. */
int shadow_build(const struct shadow *shadow, struct chain **chain);
/* The highest sample of the programme, linear; 1: not known. */
double shadow_programme_peak(const struct shadow *shadow);

#endif
