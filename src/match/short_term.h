/*
 * short_term.h - how a track's sound varies from moment to moment: what dynamics and spectral
 * processing bring to a reference's.
 *
 * The four bands are those of the dynamics, with their slopes.
 * Levels are mean squares, mean of both channels (of mid and side summed: the same), in dBFS: a
 * full-scale sine in both has -3.01. They are taken from Hann frames as long as the profile's
 * transform (93 ms at 44.1 kHz), one every 50 ms; eight in a row are a window of 400 ms, and
 * windows begin every 100 ms. Windows below -70 dBFS, and those more than 20 dB below the mean
 * power of the rest, do not count: fades and gaps are no dynamics.
 * Source: EBU Tech 3342 for gates and percentiles.
 *
 * Threads: any but the audio thread; a table may be filled by several listeners at once, as each
 * frame of it belongs to one chunk.
 */
#ifndef MP_MATCH_SHORT_TERM_H
#define MP_MATCH_SHORT_TERM_H

#include "measure/balance.h"

#include <stddef.h>
#include <stdint.h>

enum {
    SHORT_TERM_BANDS = 4,          /* those of the dynamics: dynamics_borders_hz is between them */
    SHORT_TERM_WINDOWS_LEAST = 20, /* two seconds: fewer make no percentiles */
    SHORT_TERM_WINDOW_FRAMES = 8,  /* in a window; */
    SHORT_TERM_WINDOW_STEP = 2,    /* and from one window to the next */
};

/* Numbers of less than nothing: what is below stands at it. */
#define SHORT_TERM_FLOOR_DB (-150.0)

/* What one of the four bands does. */
struct short_term_band {
    double median_db, loud_db; /* 50th and 95th percentile of the windows' levels */
    double mean_db;            /* of the windows' powers */
};

struct short_term {
    uint64_t windows; /* that counted; 0: too short or silent, and the rest says nothing */
    struct short_term_band band[SHORT_TERM_BANDS];
    struct balance part[BALANCE_PARTS]; /* of the spectrum, against all of them together */
};

/* From the begin of one Hann frame to the next, in frames of audio. */
size_t short_term_hop(uint32_t rate_hz);
/* Which windows count, by the powers of all bands together; how many. */
size_t short_term_gate(const double *powers, size_t count, size_t *windows);

struct short_term_table;
struct short_term_listener;

/* Of a stream of `frames` frames. NULL with ENOMEM. */
struct short_term_table *short_term_table_create(uint32_t rate_hz, int64_t frames);
void short_term_table_destroy(struct short_term_table *table);

/* One who fills the table, which it does not own. */
struct short_term_listener *short_term_listener_create(struct short_term_table *table);
void short_term_listener_destroy(struct short_term_listener *listener);
/* The chunk that begins at frame `start`; the profile_fft_size - 1 frames before it stand in front
   of channel[c]. */
void short_term_listen(struct short_term_listener *listener, int64_t start,
                       const float *const channel[2], size_t frames);

/* When all of the stream was listened to. 0 or -ENOMEM. */
int short_term_read(const struct short_term_table *table, struct short_term *result);

#endif
