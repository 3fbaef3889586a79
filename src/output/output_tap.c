/* output_tap.c - what is heard, on its way to the meters: a copy of each block while one asks. */
#include "output/output_internal.h"

#include "chain/dynamics.h"
#include "chain/spectral.h"

#include <string.h>

static const struct module_class *const banded[OUTPUT_BANDED] = {
    [OUTPUT_DYNAMICS] = &dynamics_class,
    [OUTPUT_SPECTRAL] = &spectral_class,
};

size_t output_tap_bytes(const struct output *output)
{
    size_t bytes =
        sizeof(struct tap_block) + 4 * (size_t)output->settings.block_frames * sizeof(float);

    return (bytes + 63) / 64 * 64;
}

/* --- the audio thread ---------------------------------------------------------------------- */

MP_RT static void copy_block(struct output *output, const struct chain *chain, int64_t position)
{
    struct output_rt *rt = &output->rt;
    struct tap_block *block = output->tap_in;
    uint32_t stride = output->settings.block_frames;
    float *const before[2] = {block->samples, block->samples + stride};

    block->stream_id = deck_id(rt->deck);
    block->position = position;
    block->frames = rt->out_frames;
    block->rate_hz = rt->format.rate_hz;
    block->lowest_gain = chain != NULL ? chain_lowest_gain(chain) : 1.0;
    for (size_t i = 0; i < OUTPUT_BANDED; i++) {
        block->banded[i] =
            chain != NULL && chain_band_gains(chain, banded[i], block->band_gains_db[i]);
    }
    deck_original(rt->deck, before);
    for (uint32_t c = 0; c < 2; c++) {
        float *after = block->samples + (size_t)(c + 2) * stride;

        output->settings.kernels->narrow(after, rt->out[c], rt->out_frames);
    }
    ring_push(output->tap, block);
}

MP_RT static void copy_times(struct output *output, struct chain *chain)
{
    for (size_t i = 0; i < PERFORMANCE_MODULES; i++) {
        uint64_t ns = 0;
        const char *name = chain != NULL ? chain_module_time(chain, i, &ns) : NULL;

        performance_module(output->performance, i, name, ns);
    }
}

MP_RT void output_rt_tap(struct output *output, int64_t position)
{
    bool hears_b = output->rt.ab.w >= 0.5;
    struct chain *chain = deck_chain(output->rt.deck, hears_b);
    struct chain *unheard = deck_chain(output->rt.deck, !hears_b);
    bool timed = atomic_load_explicit(&output->modules_timed, memory_order_relaxed);

    if (timed) { /* a chain that has just come in has no times yet: they are 0 */
        copy_times(output, chain);
    }
    if (chain != NULL) {
        chain_set_timed(chain, timed);
    }
    if (unheard != NULL) {
        chain_set_timed(unheard, false);
    }
    if (atomic_load_explicit(&output->tap_enabled, memory_order_relaxed)) {
        copy_block(output, chain, position);
    }
}

/* --- the reader ---------------------------------------------------------------------------- */

void output_tap_enable(struct output *output, bool enabled)
{
    atomic_store(&output->tap_enabled, enabled);
}

void output_time_modules(struct output *output, bool enabled)
{
    atomic_store(&output->modules_timed, enabled);
}

double output_tap_fill(const struct output *output)
{
    return (double)ring_fill(output->tap) / (double)ring_capacity(output->tap);
}

bool output_tap_read(struct output *output, struct output_tap *tap)
{
    const struct tap_block *block = output->tap_out;
    uint32_t stride = output->settings.block_frames;

    if (!ring_pop(output->tap, output->tap_out)) {
        return false;
    }
    *tap = (struct output_tap){
        .stream_id = block->stream_id,
        .position = block->position,
        .frames = block->frames,
        .rate_hz = block->rate_hz,
        .lowest_gain = block->lowest_gain,
        .before = {block->samples, block->samples + stride},
        .after = {block->samples + 2 * (size_t)stride, block->samples + 3 * (size_t)stride},
    };
    for (size_t i = 0; i < OUTPUT_BANDED; i++) {
        tap->band_gains_db[i] = block->banded[i] ? block->band_gains_db[i] : NULL;
    }
    return true;
}
