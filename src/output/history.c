/* history.c - the input of a deck by position. */
#include "output/history.h"

#include <string.h>

size_t history_frames(size_t frames)
{
    size_t circle = 1;

    while (circle < frames) {
        circle *= 2;
    }
    return circle;
}

void history_init(struct history *history, float *memory, size_t frames,
                  const struct stream_shape *shape, const struct kernels *kernels)
{
    history->kernels = kernels;
    for (size_t c = 0; c < CHAIN_CHANNELS; c++) {
        history->channel[c] = memory + c * frames;
    }
    history->mask = frames - 1;
    history->block_frames = shape->block_frames;
    history->end = shape->from;
}

MP_RT void history_write(struct history *history, const struct block *block)
{
    uint64_t at = (uint64_t)history->end & history->mask; /* the circle is a multiple of a block */

    for (uint32_t c = 0; c < CHAIN_CHANNELS; c++) {
        float *place = history->channel[c] + at;

        if (block != NULL) {
            memcpy(place, block->channel[c], history->block_frames * sizeof(float));
        } else {
            memset(place, 0, history->block_frames * sizeof(float));
        }
    }
    history->end += history->block_frames;
}

/* How much of the block at a place of the circle lies before its end; the rest lies round it. */
MP_RT static uint64_t before_end(const struct history *history, uint64_t at)
{
    uint64_t first = history->mask + 1 - at;

    return first < history->block_frames ? first : history->block_frames;
}

MP_RT void history_copy(const struct history *history, int64_t position,
                        float *const audio[CHAIN_CHANNELS])
{
    uint64_t at = (uint64_t)position & history->mask;
    uint64_t first = before_end(history, at);

    for (uint32_t c = 0; c < CHAIN_CHANNELS; c++) {
        const float *circle = history->channel[c];

        memcpy(audio[c], circle + at, first * sizeof(float));
        memcpy(audio[c] + first, circle, (history->block_frames - first) * sizeof(float));
    }
}

MP_RT void history_read(const struct history *history, int64_t position,
                        double *const audio[CHAIN_CHANNELS])
{
    uint64_t at = (uint64_t)position & history->mask;
    uint64_t first = before_end(history, at);

    for (uint32_t c = 0; c < CHAIN_CHANNELS; c++) {
        const float *circle = history->channel[c];

        history->kernels->widen(audio[c], circle + at, first);
        history->kernels->widen(audio[c] + first, circle, history->block_frames - first);
    }
}
