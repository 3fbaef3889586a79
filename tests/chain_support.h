/* chain_support.h - what the tests of the chain share: random sound, streaming through a module. */
#ifndef MP_TESTS_CHAIN_SUPPORT_H
#define MP_TESTS_CHAIN_SUPPORT_H

#include "chain/chain.h"

#include <stddef.h>
#include <stdint.h>

struct stereo {
    size_t frames;
    double *channel[2];
};

struct stereo stereo_create(size_t frames); /* silence; asserts that there is memory */
void stereo_destroy(struct stereo *sound);
double random_unit(uint64_t *seed); /* -1 ... 1 */
/* Noise at `level` with bursts up to `burst`; hot at both ends where asked. */
struct stereo stereo_bursts(size_t frames, double level, double burst, uint64_t seed, int hot_ends);

/* A whole stream through a module or chain, its latency cut off; `told`: its end is announced. */
struct stereo stream_module(struct module *module, uint32_t block, const struct stereo *in,
                            int told);
struct stereo stream_chain(struct chain *chain, const struct stereo *in, int told);

/* 20 log10 of the highest difference between two sounds over [first, last). */
double worst_difference_db(const struct stereo *one, const struct stereo *other, size_t first,
                           size_t last);

/* The kernels of every tier that this processor has, scalar first; returns how many. */
size_t every_tier(const struct kernels *tiers[8]);

/* What the module shows of the memory it works on. */
struct module_memory {
    size_t pieces, bytes;
};
struct module_memory module_memory(const struct module *module);

#endif
