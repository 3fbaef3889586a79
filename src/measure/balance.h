/*
 * balance.h - the parts of the spectrum whose share of the sound is held to a reference's.
 *
 * Third octaves of measure/bands.h, but for those at the ends: below 355 Hz frames of 2048 (at
 * 44.1 kHz) do not tell third octaves apart, and above 14 kHz there is little. So part 0 has those
 * up to 80 Hz together, part 1 those of 100 to 200 Hz, part 2 those of 250 and 315 Hz, and the last
 * one those of 16 and 20 kHz.
 * A part's balance is its power over the power of all parts, in dB.
 *
 * Threads: any.
 */
#ifndef MP_MEASURE_BALANCE_H
#define MP_MEASURE_BALANCE_H

#include <stddef.h>

enum { BALANCE_PARTS = 20 };

/* How a part's balance is spread over the short-term windows of a track. */
struct balance {
    double low_db, middle_db, high_db; /* 10th, 50th and 90th percentile; low <= middle <= high */
};

/* A part with less than this is taken to hold nothing. */
#define BALANCE_NOTHING_DB (-90.0)

/* The first third octave of a part; how many there are, for part BALANCE_PARTS. */
size_t balance_first_band(size_t part);
/* Its lower edge; the upper edge of the last for part BALANCE_PARTS. */
double balance_edge_hz(size_t part);
double balance_middle_hz(size_t part); /* between its edges, in octaves */

#endif
