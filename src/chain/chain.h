/*
 * chain.h - the modules that make B out of A, in order.
 *
 * Audio: double, planar, two channels, in place, whole blocks.
 * A chain is put together in a setup thread, run in over what came before (chain_process there),
 * and then handed to the audio thread; it comes back to be destroyed. It is never edited while the
 * audio thread has it: adding, removing, moving and bypassing make a new one (rack.h).
 *
 * Threads: chain_process in the thread that has the chain; all else in setup threads.
 */
#ifndef MP_CHAIN_CHAIN_H
#define MP_CHAIN_CHAIN_H

#include "chain/module.h"

enum { CHAIN_MODULES_MAX = 16 };

struct chain;

struct chain *chain_create(const struct module_format *format);
void chain_destroy(struct chain *chain); /* and its modules */

/* Takes the module, at the end. -ENOSPC past CHAIN_MODULES_MAX, -EINVAL when its functions are
   not marked MP_RT (the module stays the caller's then). */
int chain_append(struct chain *chain, struct module *module);
size_t chain_length(const struct chain *chain);
struct module *chain_module(const struct chain *chain, size_t index);

MP_RT void chain_process(struct chain *chain, double *const audio[CHAIN_CHANNELS]);
/* True once a block came out with something in it that is no number (NaN, infinite): what leaves
   the chain is of no use then, until chain_begin. */
MP_RT bool chain_failed(const struct chain *chain);
/* The name of the module that made it; NULL: it could not be told which. */
MP_RT const char *chain_fault(const struct chain *chain);
/* For meters: the lowest gain of the last block among the modules that turn peaks down, linear; 1:
   there is none, or it did nothing. */
MP_RT double chain_lowest_gain(const struct chain *chain);
/* For meters: what a module of this class changes each band by, in dB. False: there is none. */
MP_RT bool chain_band_gains(const struct chain *chain, const struct module_class *class,
                            float gains_db[MODULE_BANDS]);
/* For meters: takes the time that each module takes from here on (some 40 ns each). */
MP_RT void chain_set_timed(struct chain *chain, bool timed);
/* The name of a module and the ns it took for the last block; NULL past the last. */
MP_RT const char *chain_module_time(const struct chain *chain, size_t index, uint64_t *ns);
/* The stream ends `frames` frames after all that was processed so far. Told before the block that
   holds the end (0 ... block_frames), or earlier: what follows the last frame there, and in the
   blocks that fetch out the chain's latency, is zeros; after that the chain takes nothing until it
   is reset. A stream that stops in mid-music must tell it: the filter rings on behind the last
   frame, and a limiter that hears that differs from the offline one by up to -10 dBFS in the last
   20 ms (measured); told, they null. */
MP_RT void chain_end(struct chain *chain, uint64_t frames);
/* What `from`, which stands at the same frame of the same stream, remembers of what came long
   before: gains that are released slowly. For a chain that could be run in only shortly. */
MP_RT void chain_take_over(struct chain *chain, const struct chain *from);
/* Back to silence; the stream's first frame comes after `lead_frames` frames of zeros. */
void chain_begin(struct chain *chain, uint64_t lead_frames);
/* chain_begin with no lead: the next frame is the first of a stream. */
void chain_reset(struct chain *chain);
MP_RT uint32_t chain_latency_frames(const struct chain *chain); /* sum over the modules */
MP_RT uint32_t chain_block_frames(const struct chain *chain);
/* Locks and touches the memory that process() uses, so that the audio thread takes no page fault.
   0 or negative errno (it works without the lock). */
int chain_lock_memory(struct chain *chain);

#endif
