/*
 * analyser_internal.h - what the analyser's two files share: analyser.c (thread and requests) and
 * analyser_work.c (the measuring itself).
 */
#ifndef MP_MEASURE_ANALYSER_INTERNAL_H
#define MP_MEASURE_ANALYSER_INTERNAL_H

#include "measure/analyser.h"
#include "measure/loudness_meter.h"
#include "measure/true_peak.h"

/* Meters of one side; NULL: not wanted now. */
struct analyser_meters {
    struct levels levels;
    struct loudness_meter *loudness;
    struct true_peak *true_peak;
    struct headroom headroom;
    double highest_true_peak; /* linear */
    struct bands *bands;
};

struct analyser_work {
    unsigned active;                 /* what is measured now */
    uint32_t rate_hz;                /* 0: nothing has been heard yet */
    uint64_t frames[ANALYSER_KINDS]; /* since the beginning */
    struct analyser_meters side[ANALYSER_SIDES];
    struct headroom reduction; /* of dB instead of peaks */
    struct analyser_figures figures;
};

/* Measures what is in `want` from now on, and that alone. */
void analyser_work_want(struct analyser_work *work, unsigned want);
void analyser_work_add(struct analyser_work *work, const struct analyser_block *block);
/* Brings the figures up to date. */
void analyser_work_read(struct analyser_work *work);
/* What counts from the beginning begins anew. */
void analyser_work_begin(struct analyser_work *work);
void analyser_work_finish(struct analyser_work *work);

#endif
