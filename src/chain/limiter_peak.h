/*
 * limiter_peak.h - holds the true peak under a ceiling: the limiter's second stage.
 *
 * Audio: double, planar, two channels, in place. The peak between the samples is found as meters
 * find it (measure/true_peak.h) for steps of 16 frames at 44.1 kHz. What it asks for holds over all
 * frames that the interpolation there is made of; the gain goes down to it over four steps, is held
 * for 10 ms, and comes back with a time constant of `release_ms`. Between steps it is a straight
 * line. Steps are counted from the stream's first frame, so that it sounds the same in blocks of
 * any size. Latency: 7 steps, 112 frames at 44.1 kHz.
 *
 * Source: ITU-R BS.1770-4 Annex 2 for the true peak.
 * Threads: limiter_peak_run in the thread that has the limiter; all else in setup threads.
 */
#ifndef MP_CHAIN_LIMITER_PEAK_H
#define MP_CHAIN_LIMITER_PEAK_H

#include "chain/module.h"

struct limiter_peak;

/* ceiling: linear, above 0. NULL with errno. */
struct limiter_peak *limiter_peak_create(const struct module_format *format, double ceiling,
                                         double release_ms);
void limiter_peak_destroy(struct limiter_peak *stage);
void limiter_peak_reset(struct limiter_peak *stage);
/* As module_class.begin. */
void limiter_peak_begin(struct limiter_peak *stage, uint64_t lead_frames);
uint32_t limiter_peak_latency(uint32_t rate_hz);
/* One block. Returns its lowest gain. */
MP_RT double limiter_peak_run(struct limiter_peak *stage, double *const audio[CHAIN_CHANNELS]);
/* As module_class.take_over. */
MP_RT void limiter_peak_take_over(struct limiter_peak *stage, const struct limiter_peak *from);
void limiter_peak_memory(const struct limiter_peak *stage, module_memory_visit *visit,
                         void *context);

#endif
