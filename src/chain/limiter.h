/*
 * limiter.h - look-ahead limiter of the match, double precision.
 *
 * Streaming form of the offline matcher's limiter: attack by a centred sliding maximum (2*attack+1
 * frames) and a one-pole low-pass run forward and, over a window cut at `tail` frames, backward;
 * hold by a causal sliding maximum and a first-order Butterworth at 7 Hz; release by a first-order
 * Butterworth at 800/3000 Hz. Times in ms hold at every rate. Threshold (32768-61)/32768.
 * The first frame of a stream, and its last one where module_class.end was called, are treated as
 * the ends of a file are offline (odd reflection of 6 frames).
 * `output_gain` (the plan's final amplitude) multiplies what leaves it, limited or not.
 *
 * Latency: attack + tail = 44 + 352 = 396 frames at 44.1 kHz. What the cut leaves out weighs
 * exp(-2*352/44): below -139 dBFS even for a peak that comes out of silence at twice the threshold
 * (280 frames: -110 dBFS).
 */
#ifndef MP_CHAIN_LIMITER_H
#define MP_CHAIN_LIMITER_H

#include <stdbool.h>

#include "chain/module.h"

extern const struct module_class limiter_class;

struct limiter_design {
    bool active;        /* false: a delay of the same latency, and output_gain */
    double output_gain; /* linear */
    bool idle;          /* not active because a rehearsal found that it has nothing to do */
    /* Beyond the offline matcher's: what leaves it is held under a true peak, too (limiter_peak.h),
       which makes it 112 frames later at 44.1 kHz. */
    double ceiling;    /* linear; 0: it is not */
    double release_ms; /* of that */
};

/* The parameters, by the place of their values. */
enum limiter_parameter { LIMITER_TRUE_PEAK, LIMITER_CEILING, LIMITER_RELEASE, LIMITER_PARAMETERS };
/* What a preset asks for, where anything is to be held at all. */
void limiter_take_values(struct limiter_design *design, const double *values);

struct module *limiter_create(const struct module_format *format,
                              const struct limiter_design *design);
/* For sources that cannot be read ahead: the backward pass is cut after one attack time, latency 88
   frames at 44.1 kHz. It still lets nothing over the threshold; the attack is less smooth. */
struct module *limiter_create_short(const struct module_format *format,
                                    const struct limiter_design *design);

/* What the recursive filters remember between two blocks: enough, after the windows are filled
   again by running the preceding limiter_warm_frames() frames through it, to go on as if it had
   never stopped. Taken and set between calls of process, outside the audio thread. */
struct limiter_state {
    double attack, hold, release;
};
/* False: it remembers more than that (a true peak is held). */
bool limiter_is_resumable(const struct module *module);
uint32_t limiter_warm_frames(const struct module *module);
void limiter_get_state(const struct module *module, struct limiter_state *state);
void limiter_set_state(struct module *module, const struct limiter_state *state);

/* What it did since the last reset. Outside the audio thread, when it has no hold of it. */
struct limiter_work {
    uint64_t frames, limited_frames; /* frames in, frames with gain < 1 - 1e-5 */
    double most_reduction_db;        /* >= 0 */
    double input_peak;               /* linear; nothing over the threshold: limiter_peak_is_idle */
};
/* True if a stream of this peak needs no limiter: every frame within 1e-5 of the threshold, where
   the offline matcher leaves it out altogether. */
bool limiter_peak_is_idle(double input_peak);
void limiter_get_work(const struct module *module, struct limiter_work *work);

#endif
