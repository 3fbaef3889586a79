/*
 * blind.h - a switch between A and B that does not tell which way it went.
 *
 * However it goes, also from A to A, it sounds the same: 20 ms of fade out, 20 ms of silence, 20 ms
 * of fade in. Frame k of the fade out has the gain 1 - (k+1)/L, k = 0 ... L-1 (its last frame is
 * silent), frame k of the fade in (k+1)/L (its last frame is whole). What is asked for while it
 * goes on turns it round without a jump.
 *
 * Audio: double, planar, two channels.
 * Threads: the thread that runs the audio.
 */
#ifndef MP_CHAIN_BLIND_H
#define MP_CHAIN_BLIND_H

#include "chain/ab.h"

struct blind {
    bool active;
    uint32_t length; /* of each of the three parts, in frames */
    uint32_t done;   /* frames of 3 * length */
    double target;   /* w from the silence on */
};

/* Begins with the next frame. length > 0. */
MP_RT void blind_begin(struct blind *blind, double target, uint32_t length);
/* As ab_process, with the switch in it while it is active. */
MP_RT void blind_process(struct blind *blind, struct ab *ab, const double *const a[AB_CHANNELS],
                         const double *const b[AB_CHANNELS], double *const out[AB_CHANNELS],
                         uint32_t frames);

#endif
