/* match_support.h - what the tests of the match share: the golden pairs, files of made sound. */
#ifndef MP_TESTS_MATCH_SUPPORT_H
#define MP_TESTS_MATCH_SUPPORT_H

#include "match/plan.h"
#include "tests/chain_support.h"

enum { GOLDENS = 3, GOLDEN_TAPS = 4096 };

/* A pair whose offline match is known. */
struct golden {
    const char *name;      /* "mix__master" */
    const char *target;    /* path */
    const char *reference; /* path */
};
extern const struct golden goldens[GOLDENS];

/* coefficients[5], final amplitude; taps[0] mid, taps[1] side. */
struct golden_values {
    double coefficients[5], final_amplitude, target_rms, reference_rms;
    double taps[2][GOLDEN_TAPS];
};
void golden_read(const struct golden *golden, struct golden_values *values);

/* A folder of its own for each test program, and a path in it (`room` bytes). */
void scratch_path(const char *name, char *path, size_t room);
void scratch_remove(void);     /* the folder and all in it */
int scratch_end(void **state); /* the same, as the tear-down of a group */

/* All of a file as it decodes; asserts that it does. */
struct stereo sound_read(const char *path);
/* A 32-bit float WAV file of the sound. */
void sound_write(const char *path, const struct stereo *sound, uint32_t rate_hz);
/* Decaying bursts of coloured noise, 20 s at most loud in the middle: something like music. */
struct stereo sound_make(size_t frames, double level, double brightness, uint64_t seed);

/* A profile with no file behind it: one piece of noise, mid of RMS `level` tilted by `tilt` (the
   power of the frequency), side `width` times as much; the same density at every rate. */
struct profile *profile_made(uint32_t rate_hz, double level, double tilt, double width);
struct profile *profile_of(const char *path, enum profile_depth depth);
/* The exact plan of a pair of files, corrected. */
struct plan *plan_of(const char *target, const char *reference, const struct amounts *amounts);
/* The plan of two profiles, as it comes from them alone. */
struct plan *plan_for(const struct profile *target, const struct profile *reference,
                      const struct amounts *amounts);

#endif
