/*
 * profile.h - what a track (or an album) sounds like: all that a match needs to know of it.
 *
 * Levels are linear amplitudes of the unscaled sound unless the name has a unit. The same profile
 * serves as target and as reference.
 * Source: src/README, "The match", steps 1 to 5; ITU-R BS.1770-4 and EBU Tech 3342 (libebur128).
 *
 * Threads: any but the audio thread.
 */
#ifndef MP_MATCH_PROFILE_H
#define MP_MATCH_PROFILE_H

#include "match/programme.h"
#include "match/short_term.h"

#include <stdatomic.h>

struct profile {
    uint32_t rate_hz;
    int64_t frames;       /* as decoded */
    size_t fft_size;      /* 4096 * 2^round(log2(rate/44100)) */
    size_t bins;          /* fft_size/2 + 1 */
    int64_t piece_frames; /* floor(frames / pieces) */
    size_t pieces, loud_pieces;
    int64_t loudest_frame; /* where the loudest piece begins */
    double peak;           /* max |sample| */
    uint64_t peak_samples; /* about how many stand within 0.1 % of it: many in limited sound */
    double match_rms;      /* of the loud pieces */
    double *mid, *side;   /* bins each: mean |X|/fft_size over the loud pieces' frames, as floats */
    bool measured;        /* the next three were measured (PROFILE_FULL) */
    double loudness_lufs; /* integrated; -HUGE_VAL for silence */
    double loudness_range_lu;
    double true_peak_dbtp;
    double rms_db;               /* whole track, both channels */
    double correlation;          /* -1 ... 1; 1 for silence */
    double width;                /* side rms / mid rms */
    uint64_t full_scale_samples; /* |x| >= 32767/32768: clipped or limited targets show here */
    /* It ends below half its rate (it was resampled, or comes from a station): the goal's ratio is
       held above where it ends. */
    bool narrow;
    bool characterised; /* the next was measured (PROFILE_CHARACTER) */
    struct short_term short_term;
};

/* Progress of long work and the wish to end it, shared with the thread that asked for it. */
struct progress {
    _Atomic int64_t done_frames, total_frames;
    atomic_bool cancel; /* set by anyone: the work ends with -ECANCELED */
};

/* What is measured: PROFILE_MATCH leaves out loudness and true peak, which cost more than all the
   rest and are not needed for a plan. PROFILE_CHARACTER is that and short-term levels, which only
   a chain that works on dynamics or spectrum asks for. */
enum profile_depth { PROFILE_MATCH, PROFILE_FULL, PROFILE_CHARACTER };

/* True if all of that depth was measured. */
bool profile_has(const struct profile *profile, enum profile_depth depth);

/* The length in frames of the analysis' FFT at a rate (also the length of the FIR). */
size_t profile_fft_size(uint32_t rate_hz);

/* Reads the programme (rewound first) from its beginning to its end, once if the container told the
   right length, else twice. Silence and short tracks make a profile too (profile_unfit_* says what
   they are not good for). progress may be NULL. NULL with *error filled. */
struct profile *profile_create(struct programme *programme, enum profile_depth depth,
                               struct progress *progress, struct media_error *error);
/* Room for the spectra at a rate, everything 0; what a profile that was kept is put into. NULL with
   ENOMEM. */
struct profile *profile_blank(uint32_t rate_hz);
void profile_destroy(struct profile *profile);

/* True if both are the same sound, to within what a word of 16 bits makes of it: the reference
   often stands in the list it rules. */
bool profile_same_sound(const struct profile *one, const struct profile *other);

/* NULL if it can be matched (as target) or matched to (as reference); else why not, as words that
   follow a file's name: "is silent", "is shorter than 4096 samples". The text is constant. */
const char *profile_unfit_target(const struct profile *profile);
const char *profile_unfit_reference(const struct profile *profile);

#endif
