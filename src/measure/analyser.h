/*
 * analyser.h - the thread that measures what is heard, and what it was before.
 *
 * It works only for what somebody asks to see: two seconds after the last request for a figure it
 * stops to measure it; when nobody asks at all, it sleeps, and the source is told so.
 * When it lags, blocks are left out. Reading is cheap (a copy): 30 times a second is meant.
 *
 * Levels in dBFS or LUFS, -HUGE_VAL for silence.
 * Sources: EBU Tech 3341 and 3342 (loudness_meter.h), BS.1770-4 Annex 2 (true_peak.h); levels.h,
 * bands.h.
 *
 * Threads: all functions from any thread but the audio thread. The source's functions are called
 * in the analyser's own thread.
 */
#ifndef MP_MEASURE_ANALYSER_H
#define MP_MEASURE_ANALYSER_H

#include "measure/bands.h"
#include "measure/levels.h"

#include <stdbool.h>

/* What can be asked for, or-ed. */
enum analyser_want {
    ANALYSER_LEVELS = 1, /* peak, RMS, correlation, width, clipped samples */
    ANALYSER_LOUDNESS = 2,
    ANALYSER_TRUE_PEAK = 4,
    ANALYSER_SPECTRUM = 8,
    ANALYSER_LIMITER = 16,
    ANALYSER_SOURCE = 32, /* the source's own: it is only told that somebody wants it */
    ANALYSER_LINES = 64,  /* of the spectrum, which must be wanted with them */
    ANALYSER_ALL = 31 | ANALYSER_LINES, /* what is measured of blocks */
};
enum { ANALYSER_KINDS = 7, ANALYSER_BANDS = 4 };
enum { ANALYSER_DYNAMICS, ANALYSER_SPECTRAL, ANALYSER_BANDED }; /* what changes bands */

enum analyser_side { ANALYSER_BEFORE, ANALYSER_AFTER, ANALYSER_SIDES };

/* A stretch of sound, borrowed until the next is read. */
struct analyser_block {
    uint32_t rate_hz, frames;
    const float *audio[ANALYSER_SIDES][2];
    double lowest_gain;                          /* of the limiter, linear */
    const float *band_gains_db[ANALYSER_BANDED]; /* ANALYSER_BANDS each; NULL: there is none */
    bool begins; /* a track: what counts from its beginning counts anew */
};

struct analyser_source {
    void *context;
    /* What is wanted from now on; blocks only when it has some of ANALYSER_ALL. */
    void (*want)(void *context, unsigned kinds);
    /* False: none is there yet. */
    bool (*read)(void *context, struct analyser_block *block);
};

struct analyser;

/* NULL with errno. The struct is copied. */
struct analyser *analyser_create(const struct analyser_source *source);
void analyser_destroy(struct analyser *analyser);

struct analyser_figures {
    unsigned have;                  /* of what was wanted, this has been measured; the rest is 0 */
    double since_s[ANALYSER_KINDS]; /* of sound that its "since the beginning" rests on; [i] is of
                                       the kind 1 << i */
    struct analyser_levels {
        struct levels_figures levels;
        double momentary_lufs, short_term_lufs;
        double integrated_lufs, range_lu;              /* since the beginning */
        double true_peak_dbtp, highest_true_peak_dbtp; /* of the last 3 s; since the beginning */
        float bands_dbfs[BANDS];
        float lines_dbfs[BANDS_LINES];
    } side[ANALYSER_SIDES];
    double reduction_db, highest_reduction_db; /* of the limiter, >= 0: now, most of the last 3 s */
    /* With ANALYSER_LIMITER: it is there, and changes bands by so many dB. */
    bool banded[ANALYSER_BANDED];
    float band_gains_db[ANALYSER_BANDED][ANALYSER_BANDS];
};

/* Asks for `want` and gives what is there of it. */
void analyser_read(struct analyser *analyser, unsigned want, struct analyser_figures *figures);
/* What counts from the beginning begins now. */
void analyser_reset(struct analyser *analyser);
/* True while it measures something. */
bool analyser_is_awake(struct analyser *analyser);

#endif
