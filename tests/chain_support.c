/* chain_support.c - what the tests of the chain share. */
#include "chain_support.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct stereo stereo_create(size_t frames)
{
    struct stereo sound = {.frames = frames};

    for (size_t c = 0; c < 2; c++) {
        sound.channel[c] = calloc(frames + 1, sizeof(double));
        assert_non_null(sound.channel[c]);
    }
    return sound;
}

void stereo_destroy(struct stereo *sound)
{
    free(sound->channel[0]);
    free(sound->channel[1]);
}

double random_unit(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL;
    return (double)(int64_t)(*seed ^ (*seed >> 29)) / 9223372036854775808.0;
}

struct stereo stereo_bursts(size_t frames, double level, double burst, uint64_t seed, int hot_ends)
{
    struct stereo sound = stereo_create(frames);
    double height = hot_ends ? burst : level;
    size_t left = hot_ends ? 150 : 1000;

    for (size_t n = 0; n < frames; n++) {
        if (left-- == 0) {
            double dice = fabs(random_unit(&seed));

            height = height > level ? level : level + (burst - level) * dice;
            left = (size_t)(3000 * fabs(random_unit(&seed)));
            left = height > level ? left / 20 : left;
        }
        if (hot_ends && n + 120 > frames) {
            height = burst;
        }
        sound.channel[0][n] = height * random_unit(&seed);
        sound.channel[1][n] = height * random_unit(&seed);
    }
    return sound;
}

/* One or the other is given. */
static struct stereo stream(struct module *module, struct chain *chain, uint32_t block,
                            uint32_t latency, const struct stereo *in, int told)
{
    struct stereo out = stereo_create(in->frames);
    double buffer[2][4096];
    double *audio[2] = {buffer[0], buffer[1]};

    for (size_t at = 0; at < in->frames + latency; at += block) {
        for (size_t c = 0; c < 2; c++) {
            for (size_t n = 0; n < block; n++) {
                buffer[c][n] = at + n < in->frames ? in->channel[c][at + n] : 0;
            }
        }
        if (told && at <= in->frames && in->frames - at < block) {
            if (chain != NULL) {
                chain_end(chain, in->frames - at);
            } else if (module->class->end != NULL) {
                module->class->end(module, in->frames - at);
            }
        }
        if (chain != NULL) {
            chain_process(chain, audio);
        } else {
            module->class->process(module, audio);
        }
        for (size_t n = 0; n < block; n++) {
            if (at + n >= latency && at + n - latency < in->frames) {
                out.channel[0][at + n - latency] = buffer[0][n];
                out.channel[1][at + n - latency] = buffer[1][n];
            }
        }
    }
    return out;
}

struct stereo stream_module(struct module *module, uint32_t block, const struct stereo *in,
                            int told)
{
    return stream(module, NULL, block, module->class->latency_frames(module), in, told);
}

struct stereo stream_chain(struct chain *chain, const struct stereo *in, int told)
{
    return stream(NULL, chain, chain_block_frames(chain), chain_latency_frames(chain), in, told);
}

double worst_difference_db(const struct stereo *one, const struct stereo *other, size_t first,
                           size_t last)
{
    double worst = 0;

    for (size_t c = 0; c < 2; c++) {
        for (size_t n = first; n < last; n++) {
            double difference = fabs(one->channel[c][n] - other->channel[c][n]);

            worst = difference <= worst ? worst : difference; /* NaN stays */
        }
    }
    return 20 * log10(worst + 1e-20);
}

size_t every_tier(const struct kernels *tiers[8])
{
    static const enum simd_tier known[] = {SIMD_SCALAR, SIMD_SSE2, SIMD_AVX2, SIMD_AVX512,
                                           SIMD_NEON};
    size_t count = 0;

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        tiers[count] = kernels_select(known[i]);
        count += tiers[count] != NULL;
    }
    return count;
}

static void see(void *context, const void *address, size_t bytes)
{
    struct module_memory *seen = context;

    assert_non_null(address);
    seen->pieces++;
    seen->bytes += bytes;
}

struct module_memory module_memory(const struct module *module)
{
    struct module_memory seen = {0};

    module->class->memory(module, see, &seen);
    return seen;
}
