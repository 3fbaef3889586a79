/*
 * match_eq.h - the match's filter pair and gain, as a module.
 *
 * Mid (L+R)/2 and side (L-R)/2 are convolved apart with the plan's linear-phase FIRs; the gain of
 * the plan is folded into the taps. With `taps` T the output at n is
 * sum over k of h[k] x[n + T/2-1 - k] (MATCHING in src/README): latency T/2-1 frames, and the sound
 * itself one frame late.
 * For sources that cannot be read ahead there are filters of minimum phase instead (the same
 * magnitude down to -60 dB; dsp/minimum_phase.h): latency 0, and the same one frame late.
 * Without a FIR (amounts of eq and width 0) it is a gain, and the same one frame late.
 */
#ifndef MP_CHAIN_MATCH_EQ_H
#define MP_CHAIN_MATCH_EQ_H

#include "chain/module.h"
#include "dsp/fft.h"

extern const struct module_class match_eq_class;

struct match_eq_design {
    size_t taps;       /* 0: no FIR */
    const double *mid; /* taps each; copied */
    const double *side;
    double gain; /* linear, on both */
    enum fft_precision precision;
};

struct module *match_eq_create(const struct module_format *format,
                               const struct match_eq_design *design);
/* The design's filters made ones of minimum phase. */
struct module *match_eq_create_minimum_phase(const struct module_format *format,
                                             const struct match_eq_design *design);

enum fft_precision match_eq_precision(const struct module *module);

#endif
