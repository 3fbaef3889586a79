/* limiter_run.c - the limiter's real-time half. */
#include "chain/limiter_internal.h"

#include <string.h>

/* Below this a recursion is at rest; above it no denormal number can come of it in one block. */
static const double rest = 1e-30;
static const double silent = 1e-15;

MP_RT static uint32_t within_block(const struct limiter *limiter, int64_t frame)
{
    int64_t at = frame - limiter->position;

    if (at < 0) {
        return 0;
    }
    return at < (int64_t)limiter->block ? (uint32_t)at : limiter->block;
}

/* Delays the block in place; gain NULL: the output gain alone. */
MP_RT static void swap_delayed(struct limiter *limiter, double *const audio[CHAIN_CHANNELS],
                               const double *gain)
{
    const struct limiter_loops *loops = limiter->loops;
    uint32_t done = 0;

    while (done < limiter->block) {
        uint32_t at = limiter->delay_at;
        uint32_t frames = limiter->block - done;

        frames = frames < limiter->delay - at ? frames : limiter->delay - at;
        for (size_t c = 0; c < CHAIN_CHANNELS; c++) {
            if (gain == NULL) {
                loops->swap_evenly(limiter->delayed[c] + at, audio[c] + done, limiter->output_gain,
                                   frames);
            } else {
                loops->swap(limiter->delayed[c] + at, audio[c] + done, gain + done, frames);
            }
        }
        done += frames;
        limiter->delay_at = at + frames == limiter->delay ? 0 : at + frames;
    }
}

/* Highest sample of the block's part inside the stream. */
MP_RT static double find_peak(const struct limiter *limiter, double *const audio[CHAIN_CHANNELS],
                              uint32_t first, uint32_t last)
{
    double peak = 0;

    if (last - first == limiter->block) {
        return limiter->loops->peak(audio[0], audio[1], limiter->block);
    }
    for (size_t c = 0; c < CHAIN_CHANNELS; c++) {
        for (uint32_t n = first; n < last; n++) {
            double magnitude = audio[c][n] < 0 ? -audio[c][n] : audio[c][n];

            peak = magnitude > peak ? magnitude : peak;
        }
    }
    return peak;
}

MP_RT static void find_hard(struct limiter *limiter, double *const audio[CHAIN_CHANNELS],
                            uint32_t first, uint32_t last)
{
    double *hard = limiter->hard + limiter->delay;

    limiter->loops->hard(audio[0], audio[1], limiter->block, limiter_threshold, hard);
    memset(hard, 0, first * sizeof *hard);
    memset(hard + last, 0, (limiter->block - last) * sizeof *hard);
}

/* The block that holds the first frames of the maximum: what the forward pass would have had from
   the reflection in front of them is added (it started from 0, and is linear). */
MP_RT static void begin_attack(struct limiter *limiter, int64_t from)
{
    const double *slid = limiter->slid + limiter->tail + limiter->attack - from;
    double *forward = limiter->forward + limiter->tail - from;
    double pole = limiter->attack_coefficient;
    double state = 2 * slid[0] - slid[LIMITER_EDGE];

    for (size_t i = LIMITER_EDGE; i > 0; i--) {
        state = pole * state + (1 - pole) * (2 * slid[0] - slid[i]);
    }
    for (int64_t n = 0; n < from + limiter->block && (state > rest || state < -rest); n++) {
        state *= pole;
        forward[n] += state;
    }
}

/* The block that holds the last frame: the forward pass runs on over the reflection behind it, the
   backward pass comes back from there. What that leaves as its value behind the last frame is put
   there as a constant, to which any later start of the backward pass leads back. */
MP_RT static void end_attack(struct limiter *limiter, int64_t from)
{
    const double *slid = limiter->slid + limiter->tail + limiter->attack - from;
    double *forward = limiter->forward + limiter->tail - from;
    double pole = limiter->attack_coefficient;
    int64_t end = limiter->end;
    double ahead[LIMITER_EDGE];
    double state = forward[end - 1];

    for (int64_t i = 0; i < LIMITER_EDGE; i++) {
        state = pole * state + (1 - pole) * (2 * slid[end - 1] - slid[end - 2 - i]);
        ahead[i] = state;
    }
    for (size_t i = LIMITER_EDGE; i-- > 0;) {
        state = pole * state + (1 - pole) * ahead[i];
    }
    for (int64_t n = end; n < from + limiter->block; n++) {
        forward[n] = state;
    }
    limiter->state.attack = state;
}

/* The sliding maximum of the new frames. `from` is the stream index of its first. */
MP_RT static void find_slid(struct limiter *limiter, int64_t from)
{
    double *slid = limiter->slid + limiter->tail + limiter->attack;

    if (limiter->quiet_frames >= limiter->block + 2 * (uint64_t)limiter->attack) {
        memset(slid, 0, limiter->block * sizeof *slid);
        return;
    }
    limiter->loops->slide(limiter->hard + limiter->delay - 2 * (size_t)limiter->attack,
                          limiter->block, 2 * limiter->attack + 1, limiter->scratch, slid);
    if (from < 0) {
        memset(slid, 0, (size_t)(-from < limiter->block ? -from : limiter->block) * sizeof *slid);
    }
}

/* The forward pass's ends, after it has run over the new frames. */
MP_RT static void finish_forward_pass(struct limiter *limiter, int64_t from)
{
    double *forward = limiter->forward + limiter->tail;

    if (from <= LIMITER_EDGE && from + limiter->block > LIMITER_EDGE) {
        begin_attack(limiter, from);
        limiter->state.attack = forward[limiter->block - 1];
    }
    if (from >= limiter->end) {
        for (uint32_t n = 0; n < limiter->block; n++) {
            forward[n] = limiter->state.attack;
        }
    } else if (from + limiter->block >= limiter->end) {
        end_attack(limiter, from);
    }
}

/* Attack, hold and release of the frames that leave with this block. */
MP_RT static void find_parts(struct limiter *limiter)
{
    const struct limiter_loops *loops = limiter->loops;
    const double *slid = limiter->slid;
    int64_t from = limiter->position - limiter->attack;
    double end_value = limiter->state.attack;
    double before = slid[limiter->attack - 1] > slid[0] ? slid[limiter->attack - 1] : slid[0];
    struct limiter_scan attack = {.pole = &limiter->attack_pole,
                                  .in = slid + limiter->tail + limiter->attack,
                                  .out = limiter->forward + limiter->tail,
                                  .state = limiter->state.attack};
    struct limiter_scan hold = {.pole = &limiter->hold_pole,
                                .in = limiter->held,
                                .out = limiter->hold,
                                .state = limiter->state.hold,
                                .input = before};
    struct limiter_scan release = {.pole = &limiter->release_pole,
                                   .in = limiter->high,
                                   .out = limiter->release,
                                   .state = limiter->state.release,
                                   .input = hold.state > before ? hold.state : before};
    struct limiter_scan back = {
        .pole = &limiter->attack_pole, .in = limiter->forward, .out = limiter->backward};

    find_slid(limiter, from);
    loops->higher(slid + limiter->attack, slid + 1, limiter->block, limiter->held);
    loops->forward(&attack, &hold, limiter->high, limiter->block);
    limiter->state.attack = from >= limiter->end ? end_value : attack.state;
    finish_forward_pass(limiter, from);
    back.state =
        loops->dot(limiter->forward + limiter->block, limiter->tail_weights, limiter->tail);
    loops->both_ways(&release, &back, limiter->block);
    limiter->state.hold = hold.state;
    limiter->state.release = release.state;
}

/* How many of the frames that leave with this block are limited but no part of the stream: there
   are such only in its first and last blocks. */
MP_RT static uint64_t limited_outside(const struct limiter *limiter, const double *gain)
{
    int64_t from = limiter->position - limiter->delay;
    double limit = (1 - 1e-5) * limiter->output_gain;
    uint64_t count = 0;

    if (from >= 0 && limiter->end - from >= limiter->block) {
        return 0;
    }
    for (int64_t n = 0; n < limiter->block; n++) {
        count += (from + n < 0 || from + n >= limiter->end) && gain[n] < limit;
    }
    return count;
}

MP_RT static void apply_gain(struct limiter *limiter, double *const audio[CHAIN_CHANNELS])
{
    const double *parts[3] = {limiter->hold, limiter->release, limiter->backward};
    double limited = 0;
    /* The frames of `hard` that leave with this block are not needed again. */
    double lowest = limiter->loops->gain(parts, limiter->hard, limiter->block, limiter->output_gain,
                                         1 - 1e-5, &limited);

    limiter->work.limited_frames += (uint64_t)limited - limited_outside(limiter, limiter->hard);
    limiter->block_gain = lowest;
    if (lowest < limiter->lowest_gain) {
        limiter->lowest_gain = lowest;
    }
    swap_delayed(limiter, audio, limiter->hard);
}

/* Moves the windows on by one block. */
MP_RT static void move_on(struct limiter *limiter)
{
    uint32_t block = limiter->block;
    struct limiter_state *state = &limiter->state;

    memmove(limiter->hard, limiter->hard + block, limiter->delay * sizeof(double));
    memmove(limiter->slid, limiter->slid + block, limiter->delay * sizeof(double));
    memmove(limiter->forward, limiter->forward + block, limiter->tail * sizeof(double));
    state->attack = state->attack < rest ? 0 : state->attack;
    state->hold = state->hold < rest ? 0 : state->hold;
    state->release = state->release < rest ? 0 : state->release;
    if (limiter->quiet_frames >= limiter->delay + LIMITER_SETTLE * (uint64_t)limiter->attack &&
        state->hold < silent && state->release < silent) {
        memset(limiter->forward, 0, limiter->tail * sizeof(double));
        *state = (struct limiter_state){0};
        limiter->idle = true;
    }
}

MP_RT void limiter_run(struct module *module, double *const audio[CHAIN_CHANNELS])
{
    struct limiter *limiter = (struct limiter *)module;
    uint32_t first = within_block(limiter, 0);
    uint32_t last = within_block(limiter, limiter->end);
    double peak = 0;

    limiter->work.frames += last - first;
    if (limiter->active) {
        peak = find_peak(limiter, audio, first, last);
        limiter->work.input_peak =
            peak > limiter->work.input_peak ? peak : limiter->work.input_peak;
    }
    limiter->quiet_frames += limiter->block;
    if (peak > limiter_threshold) {
        limiter->quiet_frames = 0;
        limiter->idle = false;
        find_hard(limiter, audio, first, last);
    } else if (!limiter->idle) {
        memset(limiter->hard + limiter->delay, 0, limiter->block * sizeof(double));
    }
    if (limiter->idle) {
        limiter->block_gain = 1;
        swap_delayed(limiter, audio, NULL);
    } else {
        find_parts(limiter);
        apply_gain(limiter, audio);
        move_on(limiter);
    }
    limiter->position += limiter->block;
    if (limiter->peak != NULL) {
        limiter->block_gain *= limiter_peak_run(limiter->peak, audio);
    }
}

MP_RT void limiter_end(struct module *module, uint64_t frames)
{
    struct limiter *limiter = (struct limiter *)module;

    limiter->end = limiter->position + (int64_t)frames;
}
