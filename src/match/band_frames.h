/*
 * band_frames.h - what gains in the bands of the dynamics make of a track's short-term levels.
 *
 * The measure is that of match/short_term.h: the same frames, windows and gates, and the same bands
 * cut anew out of what the dynamics put together. There a band holds its own sound and, from
 * beyond its borders, some of its neighbours', and each has its own gain; so of each frame is kept
 * what own and neighbours' sound, and each two together, bring to the band. (The dynamics' bands
 * are in phase with each other at every frequency: amplitudes add.)
 *
 * Threads: one at a time; never the audio thread.
 */
#ifndef MP_MATCH_BAND_FRAMES_H
#define MP_MATCH_BAND_FRAMES_H

#include "chain/dynamics.h"

#include <stddef.h>
#include <stdint.h>

struct band_frames;

/* NULL with errno. */
struct band_frames *band_frames_create(uint32_t rate_hz);
void band_frames_destroy(struct band_frames *frames);

/* The next audio. 0 or -ENOMEM. */
int band_frames_add(struct band_frames *frames, const double *const channel[2], size_t count);
/* All is in: chooses the windows that count; gains are 1. 0 or -ENOMEM. */
int band_frames_end(struct band_frames *frames);

/* After band_frames_end. */
size_t band_frames_windows(const struct band_frames *frames);
size_t band_frames_count(const struct band_frames *frames);
/* The gain of a band in each frame, to be changed. */
double *band_frames_gains(struct band_frames *frames, size_t band);
/* By what its gains must be multiplied to leave the band its power, over the windows that count. */
double band_frames_makeup(const struct band_frames *frames, size_t band);
/* With the gains of all bands, and with windows: 50th and 95th percentile of a band. */
void band_frames_read(struct band_frames *frames, size_t band, double *median_db, double *loud_db);

#endif
