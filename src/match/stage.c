/* stage.c - blocks for a chain, and its latency taken off. */
#include "match/stage.h"

#include "dsp/fft.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct stage {
    struct chain *chain;
    struct stage_sink sink;
    void (*passed)(void *context, int64_t frames);
    void *passed_context;
    double *block[CHAIN_CHANNELS];
    size_t block_frames, filled;
    size_t skip;              /* latency that has still to come out */
    int64_t in, out, through; /* frames pushed, given out, gone into the chain */
};

struct stage *stage_create(struct chain *chain, const struct stage_sink *sink)
{
    struct stage *stage = chain ? calloc(1, sizeof(*stage)) : NULL;

    if (!chain)
        return NULL;
    if (!stage) {
        chain_destroy(chain);
        errno = ENOMEM;
        return NULL;
    }
    stage->chain = chain;
    stage->sink = *sink;
    stage->block_frames = chain_block_frames(chain);
    stage->skip = chain_latency_frames(chain);
    for (int c = 0; c < CHAIN_CHANNELS; c++) {
        stage->block[c] = fft_alloc(stage->block_frames * sizeof(double));
        if (!stage->block[c]) {
            stage_destroy(stage);
            errno = ENOMEM;
            return NULL;
        }
    }
    return stage;
}

void stage_destroy(struct stage *stage)
{
    if (!stage)
        return;
    chain_destroy(stage->chain);
    for (int c = 0; c < CHAIN_CHANNELS; c++)
        free(stage->block[c]);
    free(stage);
}

struct chain *stage_chain(const struct stage *stage)
{
    return stage->chain;
}

void stage_watch(struct stage *stage, void (*passed)(void *context, int64_t frames), void *context)
{
    stage->passed = passed;
    stage->passed_context = context;
}

/* The block is full: through the chain and on. */
static int pass_block(struct stage *stage)
{
    size_t skip = stage->skip < stage->block_frames ? stage->skip : stage->block_frames;
    size_t frames = stage->block_frames - skip;
    const double *const rest[CHAIN_CHANNELS] = {stage->block[0] + skip, stage->block[1] + skip};

    chain_process(stage->chain, stage->block);
    stage->through += (int64_t)stage->block_frames;
    stage->filled = 0;
    stage->skip -= skip;
    if (stage->passed)
        stage->passed(stage->passed_context, stage->through);
    if ((int64_t)frames > stage->in - stage->out)
        frames = (size_t)(stage->in - stage->out);
    stage->out += (int64_t)frames;
    return frames > 0 ? stage->sink.take(stage->sink.context, rest, frames) : 0;
}

/* Room for up to `frames` more in the block. */
static size_t room(const struct stage *stage, size_t frames)
{
    size_t free_frames = stage->block_frames - stage->filled;

    return frames < free_frames ? frames : free_frames;
}

static int filled(struct stage *stage, size_t frames)
{
    stage->filled += frames;
    stage->in += (int64_t)frames;
    return stage->filled == stage->block_frames ? pass_block(stage) : 0;
}

int stage_push_f32(struct stage *stage, const float *const channel[CHAIN_CHANNELS], size_t frames)
{
    for (size_t done = 0; done < frames;) {
        size_t count = room(stage, frames - done);

        for (int c = 0; c < CHAIN_CHANNELS; c++) {
            const float *from = channel[c] + done;
            double *to = stage->block[c] + stage->filled;

            for (size_t i = 0; i < count; i++)
                to[i] = (double)from[i];
        }
        done += count;
        int result = filled(stage, count);
        if (result < 0)
            return result;
    }
    return 0;
}

int stage_push_f64(struct stage *stage, const double *const channel[CHAIN_CHANNELS], size_t frames)
{
    for (size_t done = 0; done < frames;) {
        size_t count = room(stage, frames - done);

        for (int c = 0; c < CHAIN_CHANNELS; c++)
            memcpy(stage->block[c] + stage->filled, channel[c] + done, count * sizeof(double));
        done += count;
        int result = filled(stage, count);
        if (result < 0)
            return result;
    }
    return 0;
}

int stage_flush(struct stage *stage)
{
    chain_end(stage->chain, stage->filled);
    while (stage->out < stage->in) {
        size_t silence = stage->block_frames - stage->filled;

        for (int c = 0; c < CHAIN_CHANNELS; c++)
            memset(stage->block[c] + stage->filled, 0, silence * sizeof(double));
        int result = pass_block(stage);
        if (result < 0)
            return result;
    }
    return 0;
}
