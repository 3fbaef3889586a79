/*
 * probe.h - what a chain and the device's words add to a test tone: THD+N, SNR and IMD.
 *
 * Runs test tones through a chain and the words it would be given, and looks at what is there
 * beside them, 20 Hz to 20 kHz, unweighted. Both channels get the same tone; the worse one counts.
 *   THD+N: 997 Hz, its level at the output -1 dBFS (the input is set so); all but the tone, in dB
 *          re all there is.
 *   SNR:   997 Hz, -60 dBFS at the output; a full-scale sine re all but the tone.
 *   IMD:   60 Hz and 7 kHz, 4:1, with the programme's peak at the input; the pairs of lines around
 *          7 kHz re it. It shows limiter and dynamics at work.
 * Sources: AES17-2015 (THD+N ratio, dynamic range), SMPTE RP 120 and IEC 60268-3 (modulation
 * distortion as the sum of both lines of a pair).
 *
 * Every tone and all that comes of it stands in the lines of a transform of one second, so nothing
 * leaks. Levels in dBFS: 0 is a sine of peak 1.
 *
 * Threads: any but the audio thread; the chain belongs to the caller. It takes 20 to 40 s of sound.
 */
#ifndef MP_CHAIN_PROBE_H
#define MP_CHAIN_PROBE_H

#include "chain/chain.h"
#include "dsp/format.h"

#include <stdatomic.h>

struct probe_setup {
    struct chain *chain; /* reset first; NULL: none, the words alone */
    uint32_t rate_hz, block_frames;
    enum word_format words;
    uint32_t bits; /* significant; 0: all of the word's */
    bool dither;
    double programme_peak;    /* linear, > 0 */
    const atomic_bool *leave; /* set: give up; may be NULL */
};

struct probe_figures {
    double thdn_db; /* < 0 */
    double snr_db;  /* > 0 */
    double imd_db;  /* < 0 */
    /* Of the tone for THD+N at the output: -1, or less where the chain lets no more through. */
    double level_dbfs;
};

/* 0, -ENOMEM, -ECANCELED, -EINVAL (a rate below 16 kHz), or -EDOM: the chain gives no tone back. */
int probe_measure(const struct probe_setup *setup, struct probe_figures *figures);

#endif
