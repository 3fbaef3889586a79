/* tone_support.h - tones for the tests of filters and dynamics, and where their energy lies. */
#ifndef MP_TESTS_TONE_SUPPORT_H
#define MP_TESTS_TONE_SUPPORT_H

#include "tests/chain_support.h"

/* A sine in both channels; amplitude 1 is full scale. */
struct stereo tone_create(size_t frames, double hz, double amplitude, uint32_t rate_hz);
/* RMS in dBFS of what lies above hz in the left channel's frames [first, first + count), through a
   Blackman-Harris window; count even. */
double energy_above_db(const struct stereo *sound, size_t first, size_t count, double hz,
                       uint32_t rate_hz);
/* RMS in dBFS of [first, last) of the left channel. */
double rms_db(const struct stereo *sound, size_t first, size_t last);
/* One sound and then the other, faded over in a straight line that begins at `at`. */
struct stereo fade_over(const struct stereo *one, const struct stereo *other, size_t at,
                        size_t frames);

#endif
