/*
 * conditioner.h - what is done to sound before all else: gain, no DC, even peaks.
 *
 * gain: as asked for, in dB.
 * dc_filter: a high-pass of first order at 5 Hz (-0.26 dB at 20 Hz, -0.01 dB at 100 Hz).
 * phase_rotation: so many all-passes of first order in a row, between 100 Hz and 1.1 kHz, each of
 * which turns the phase by 180 degrees across the spectrum. Sound whose partials are in step
 * (voices, brass) peaks to one side; turned apart, it peaks evenly, and a limiter behind it has
 * less to do. Levels of partials stay as they are. With nothing to do there is no module.
 *
 * Latency: none.
 * Threads: as module.h.
 */
#ifndef MP_CHAIN_CONDITIONER_H
#define MP_CHAIN_CONDITIONER_H

#include "chain/module.h"

extern const struct module_class conditioner_class;

/* values[i] belongs to conditioner_class.parameters[i]. NULL with errno; errno 0: it has nothing to
   do. */
struct module *conditioner_create(const struct module_format *format, const double *values);

#endif
