/*
 * spectral_internal.h - what the spectral processor's two halves share: spectral.c makes and asks,
 * spectral_run.c is what the audio thread runs.
 */
#ifndef MP_CHAIN_SPECTRAL_INTERNAL_H
#define MP_CHAIN_SPECTRAL_INTERNAL_H

#include "chain/spectral.h"
#include "dsp/stft.h"
#include "dsp/stft_loops.h"

#include <stdbool.h>

/* How a part reads the spectrum: whole bins [first, last), and shares of the two around them. */
struct spectral_part {
    size_t first, last;
    float share_before, share_after; /* of bin first-1 and bin last; 0: none */
    size_t shape_first, shape_last;  /* bins that its gain reaches, in whole groups */
    float *shape;                    /* how much of it, from shape_first on */
    size_t band;                     /* of MODULE_BANDS that its middle lies in */
    bool held;                       /* both target and reference have something in it */
    double eq_power;                 /* what the EQ does to its power */
    double mix[BALANCE_PARTS];       /* how much of each part's gain its bins get, in the mean */
};

struct spectral {
    struct module module;
    size_t bytes; /* of all this, in one piece */
    struct stft *stft;
    const struct stft_loops *loops;
    size_t bins, bins_room; /* the latter in whole groups of the loops */
    double range_db, amount;
    double approach; /* part of the way to the goal that is gone in a hop */
    double quiet;    /* summed power below which the gains stand still */
    struct spectral_design design;
    struct spectral_part part[BALANCE_PARTS];

    size_t window_frames; /* rows of the ring */
    size_t row, rows;     /* the next to be written; how many there are */
    double gain_db[BALANCE_PARTS];
    double gain[BALANCE_PARTS]; /* what the shapes carry to come to that, linear */

    double *ring;      /* window_frames rows of BALANCE_PARTS powers */
    float *power;      /* bins_room */
    float *difference; /* bins_room: gain - 1 */
};

/* The newest frame moves the gains (stft_listen), and they shape the one that was newest half a
   window ago (stft_work). */
MP_RT void spectral_listen(void *context, const float *const spectrum[STFT_CHANNELS]);
MP_RT void spectral_shape(void *context, float *const spectrum[STFT_CHANNELS]);
/* What powers of the parts ask for, in dB, held within the range. False: too quiet to say. */
MP_RT bool spectral_goal(const struct spectral *spectral, const double power[BALANCE_PARTS],
                         double goal_db[BALANCE_PARTS]);
/* The gains that the parts are to have from now on. */
MP_RT void spectral_take_gains(struct spectral *spectral, const double gain_db[BALANCE_PARTS]);
/* Of module_class: the gains. */
MP_RT void spectral_take_over(struct module *module, const struct module *from);
/* Of module_class: the mean over the parts in each band. */
MP_RT void spectral_band_gains(const struct module *module, float gains_db[MODULE_BANDS]);

#endif
