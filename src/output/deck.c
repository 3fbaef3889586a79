/* deck.c - one stream being played, A and B side by side. */
#include "output/deck.h"

#include "output/history.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* A gain on its way to another. */
struct glide {
    double now, target;
    uint32_t left; /* frames until the target is reached */
};

/* One of A and B of a rendition. */
struct voice_side {
    bool told_end;               /* its chain knows where the stream ends */
    bool failed;                 /* its chain makes no numbers: the original in its place */
    double last[CHAIN_CHANNELS]; /* the last frame of its chain, before its gain */
};

struct voice {
    struct rendition *rendition;
    struct voice_side a, b;
    struct glide gain_a, gain_b;
};

enum { FAULT_FADE_FRAMES = 64 };

struct deck {
    struct stream *stream;
    uint64_t id;
    uint32_t block_frames, lookahead_frames, fade_in_frames;
    const struct kernels *kernels;

    int64_t position; /* of the next frame to give */
    bool starving;
    struct voice now, next;
    struct rendition *pending[DECK_PENDING_MAX]; /* in the order in which they start */
    uint32_t pending_count;

    struct history history;                                  /* of the input */
    double *next_a[CHAIN_CHANNELS], *next_b[CHAIN_CHANNELS]; /* what the coming rendition makes */
    double *beyond; /* on its way from a block of the chain to carry */
    void *memory;
    size_t memory_bytes;
};

static struct voice voice_of(struct rendition *rendition)
{
    struct voice voice = {.rendition = rendition,
                          .gain_a = {rendition->gain_a, rendition->gain_a, 0},
                          .gain_b = {rendition->gain_b, rendition->gain_b, 0}};

    return voice;
}

struct deck *deck_create(const struct deck_setup *setup)
{
    const struct stream_shape *shape = stream_shape(setup->stream);
    size_t block = shape->block_frames;
    size_t circle = history_frames(setup->lookahead_frames + 2 * block);
    struct deck *deck = calloc(1, sizeof *deck);
    char *place;

    if (deck == NULL) {
        return NULL;
    }
    deck->memory_bytes =
        circle * CHAIN_CHANNELS * sizeof(float) + block * (2 * CHAIN_CHANNELS + 1) * sizeof(double);
    deck->memory_bytes = (deck->memory_bytes + 63) / 64 * 64;
    deck->memory = aligned_alloc(64, deck->memory_bytes);
    if (deck->memory == NULL) {
        free(deck);
        errno = ENOMEM;
        return NULL;
    }
    memset(deck->memory, 0, deck->memory_bytes);
    place = deck->memory;
    history_init(&deck->history, (float *)(void *)place, circle, shape, setup->kernels);
    place += circle * CHAIN_CHANNELS * sizeof(float);
    for (size_t c = 0; c < CHAIN_CHANNELS; c++, place += 2 * block * sizeof(double)) {
        deck->next_a[c] = (double *)(void *)place;
        deck->next_b[c] = deck->next_a[c] + block;
    }
    deck->beyond = (double *)(void *)place;
    deck->stream = setup->stream;
    deck->id = setup->id;
    deck->block_frames = shape->block_frames;
    deck->lookahead_frames = setup->lookahead_frames;
    deck->fade_in_frames = setup->fade_in_frames;
    deck->kernels = setup->kernels;
    deck->position = shape->from;
    deck->now = voice_of(setup->rendition);
    return deck;
}

void deck_destroy(struct deck *deck)
{
    if (deck == NULL) {
        return;
    }
    rendition_destroy(deck->now.rendition);
    rendition_destroy(deck->next.rendition);
    for (uint32_t i = 0; i < deck->pending_count; i++) {
        rendition_destroy(deck->pending[i]);
    }
    free(deck->memory);
    free(deck);
}

int deck_lock_memory(struct deck *deck)
{
    int result = mlock(deck, sizeof *deck) < 0 ? -errno : 0;

    return mlock(deck->memory, deck->memory_bytes) < 0 ? -errno : result;
}

MP_RT uint64_t deck_id(const struct deck *deck)
{
    return deck->id;
}

MP_RT uint64_t deck_rendition_id(const struct deck *deck)
{
    const struct voice *voice = deck->next.rendition != NULL ? &deck->next : &deck->now;

    return voice->rendition->id;
}

MP_RT struct chain *deck_chain(const struct deck *deck, bool b)
{
    const struct voice *voice = deck->next.rendition != NULL ? &deck->next : &deck->now;

    return b ? voice->rendition->b.chain : voice->rendition->a.chain;
}

MP_RT uint64_t deck_fault(const struct deck *deck, const char **module)
{
    const struct voice *next = &deck->next;
    const struct voice *voice = next->a.failed || next->b.failed ? next : &deck->now;

    if (voice->rendition == NULL || (!voice->a.failed && !voice->b.failed)) {
        return 0;
    }
    *module = chain_fault(voice->b.failed ? voice->rendition->b.chain : voice->rendition->a.chain);
    return voice->rendition->id;
}

MP_RT int64_t deck_decoded(const struct deck *deck)
{
    return stream_written(deck->stream);
}

MP_RT int64_t deck_position(const struct deck *deck)
{
    return deck->position;
}

MP_RT uint32_t deck_fade_in_frames(const struct deck *deck)
{
    return deck->fade_in_frames;
}

MP_RT bool deck_starving(const struct deck *deck)
{
    return deck->starving;
}

/* --- input --------------------------------------------------------------------------------- */

/* Takes blocks until the look-ahead is full. False: the next one is not there yet. */
MP_RT static bool fill_history(struct deck *deck)
{
    int64_t needed = deck->position + deck->lookahead_frames + deck->block_frames;

    while (deck->history.end < needed) { /* at most lookahead / block + 1 times */
        struct block *block = stream_take(deck->stream);

        if (block == NULL) {
            if (deck->history.end >= stream_end(deck->stream)) {
                history_write(&deck->history, NULL);
                continue;
            }
            stream_set_starving(deck->stream, true);
            block = stream_take(deck->stream); /* it may have come while we said so */
            if (block == NULL) {
                return false;
            }
        }
        history_write(&deck->history, block);
        stream_taken_to(deck->stream, deck->history.end);
    }
    return true;
}

/* --- gains and fades ----------------------------------------------------------------------- */

MP_RT static void glide_to(struct glide *glide, double target, uint32_t frames)
{
    glide->target = target;
    glide->left = frames;
    if (frames == 0) {
        glide->now = target;
    }
}

/* The gain of the next frame. */
MP_RT static inline double glide_step(struct glide *glide)
{
    if (glide->left > 0) {
        glide->now += (glide->target - glide->now) / glide->left;
        glide->left--;
    }
    return glide->now;
}

MP_RT static void glide_apply(struct glide *glide, double *const audio[CHAIN_CHANNELS],
                              uint32_t frames)
{
    if (glide->left == 0) {
        if (glide->now == 1.0) {
            return;
        }
        for (uint32_t i = 0; i < frames; i++) {
            audio[0][i] *= glide->now;
            audio[1][i] *= glide->now;
        }
        return;
    }
    for (uint32_t i = 0; i < frames; i++) {
        double gain = glide_step(glide);

        audio[0][i] *= gain;
        audio[1][i] *= gain;
    }
}

MP_RT static inline double fade_weight(const struct rendition *rendition, int64_t position)
{
    if (position < rendition->fade_start) {
        return 0.0;
    }
    if (position >= rendition->fade_start + rendition->fade_frames) {
        return 1.0;
    }
    return (double)(position - rendition->fade_start) / rendition->fade_frames;
}

/* The chain's block stands `offset` frames later than the output's: the frames that the block
   before made beyond its own place come first, those that this one made beyond are kept. */
MP_RT static void shift_by_offset(struct deck *deck, struct rendition_side *side,
                                  double *const audio[CHAIN_CHANNELS])
{
    size_t offset = side->offset;
    size_t rest = deck->block_frames - offset;

    for (uint32_t c = 0; c < CHAIN_CHANNELS && offset > 0; c++) {
        memcpy(deck->beyond, audio[c] + rest, offset * sizeof(double));
        memmove(audio[c] + offset, audio[c], rest * sizeof(double));
        memcpy(audio[c], side->carry[c], offset * sizeof(double));
        memcpy(side->carry[c], deck->beyond, offset * sizeof(double));
    }
}

/* The chain has failed: the original, and the step to it taken as a slope. */
MP_RT static void fall_back(struct deck *deck, struct voice_side *voice,
                            double *const audio[CHAIN_CHANNELS])
{
    history_read(&deck->history, deck->position, audio);
    for (uint32_t c = 0; c < CHAIN_CHANNELS && !voice->failed; c++) {
        double step = voice->last[c] - audio[c][0];

        for (uint32_t i = 0; i < FAULT_FADE_FRAMES; i++) {
            audio[c][i] += step * (FAULT_FADE_FRAMES - i) / FAULT_FADE_FRAMES;
        }
    }
    voice->failed = true;
}

/* One side of a rendition at the deck's position, without its gain. */
MP_RT static void render_side(struct deck *deck, struct rendition_side *side,
                              struct voice_side *voice, double *const audio[CHAIN_CHANNELS])
{
    int64_t position = deck->position;
    int64_t left;

    if (side->chain == NULL || voice->failed) {
        history_read(&deck->history, position, audio);
        return;
    }
    position += chain_latency_frames(side->chain) + side->offset;
    left = stream_end(deck->stream) - position;
    if (!voice->told_end && left >= 0 && left <= deck->block_frames) {
        chain_end(side->chain, (uint64_t)left);
        voice->told_end = true;
    }
    history_read(&deck->history, position, audio);
    chain_process(side->chain, audio);
    shift_by_offset(deck, side, audio);
    if (chain_failed(side->chain)) {
        fall_back(deck, voice, audio);
    }
    voice->last[0] = audio[0][deck->block_frames - 1];
    voice->last[1] = audio[1][deck->block_frames - 1];
}

MP_RT static void render_a(struct deck *deck, struct voice *voice, double *const a[CHAIN_CHANNELS])
{
    render_side(deck, &voice->rendition->a, &voice->a, a);
}

MP_RT static void render_b(struct deck *deck, struct voice *voice, double *const b[CHAIN_CHANNELS])
{
    render_side(deck, &voice->rendition->b, &voice->b, b);
    glide_apply(&voice->gain_b, b, deck->block_frames);
}

/* Both renditions, the next one coming in, where one of them has a chain for A. */
MP_RT static void mix_next_chains(struct deck *deck, double *const a[CHAIN_CHANNELS],
                                  double *const b[CHAIN_CHANNELS])
{
    render_a(deck, &deck->next, deck->next_a);
    glide_apply(&deck->now.gain_a, a, deck->block_frames);
    glide_apply(&deck->next.gain_a, deck->next_a, deck->block_frames);
    for (uint32_t i = 0; i < deck->block_frames; i++) {
        double weight = fade_weight(deck->next.rendition, deck->position + i);

        for (uint32_t c = 0; c < CHAIN_CHANNELS; c++) {
            a[c][i] = (1.0 - weight) * a[c][i] + weight * deck->next_a[c][i];
            b[c][i] = (1.0 - weight) * b[c][i] + weight * deck->next_b[c][i];
        }
    }
}

/* Both renditions, the next one coming in: B mixed, A at the gain between. */
MP_RT static void mix_next(struct deck *deck, double *const a[CHAIN_CHANNELS],
                           double *const b[CHAIN_CHANNELS])
{
    render_b(deck, &deck->next, deck->next_b);
    if (deck->now.rendition->a.chain != NULL || deck->next.rendition->a.chain != NULL) {
        mix_next_chains(deck, a, b);
        return;
    }
    for (uint32_t i = 0; i < deck->block_frames; i++) {
        double weight = fade_weight(deck->next.rendition, deck->position + i);
        double gain_now = glide_step(&deck->now.gain_a);
        double gain_next = glide_step(&deck->next.gain_a);
        double gain = gain_now + weight * (gain_next - gain_now);

        for (uint32_t c = 0; c < CHAIN_CHANNELS; c++) {
            a[c][i] *= gain;
            b[c][i] = (1.0 - weight) * b[c][i] + weight * deck->next_b[c][i];
        }
    }
}

/* --- renditions ---------------------------------------------------------------------------- */

MP_RT static void refuse(struct rendition *rendition, struct ring *retired)
{
    rendition->refused = true;
    ring_push(retired, &rendition);
}

MP_RT void deck_queue(struct deck *deck, struct rendition *rendition, struct ring *retired)
{
    if (deck->pending_count == DECK_PENDING_MAX) {
        refuse(rendition, retired);
        return;
    }
    deck->pending[deck->pending_count++] = rendition;
}

MP_RT static struct rendition *pending_pop(struct deck *deck)
{
    struct rendition *first = deck->pending[0];

    deck->pending_count--;
    memmove(deck->pending, deck->pending + 1, deck->pending_count * sizeof deck->pending[0]);
    return first;
}

MP_RT static void take_over(const struct rendition_side *side, const struct rendition_side *from,
                            const struct voice_side *voice)
{
    if (side->takes_over && side->chain != NULL && from->chain != NULL && !voice->failed &&
        side->match == from->match) {
        chain_take_over(side->chain, from->chain);
    }
}

/* Lets the pending renditions whose time has come in, and the one that is fully in take over. */
MP_RT static void turn_over(struct deck *deck, struct ring *retired)
{
    if (deck->next.rendition != NULL &&
        deck->position >= deck->next.rendition->fade_start + deck->next.rendition->fade_frames) {
        ring_push(retired, &deck->now.rendition);
        deck->now = deck->next;
        deck->next.rendition = NULL;
    }
    while (deck->pending_count > 0 && deck->pending[0]->start <= deck->position) {
        struct rendition *rendition = pending_pop(deck);

        if (deck->next.rendition != NULL ||
            (rendition->start < deck->position &&
             (rendition->a.chain != NULL || rendition->b.chain != NULL))) {
            refuse(rendition, retired); /* a chain fits only where it was run in to */
            continue;
        }
        if (rendition->fade_start < deck->position) {
            rendition->fade_start = deck->position;
        }
        deck->next = voice_of(rendition);
        take_over(&rendition->a, &deck->now.rendition->a, &deck->now.a);
        take_over(&rendition->b, &deck->now.rendition->b, &deck->now.b);
    }
}

MP_RT void deck_set_gains(struct deck *deck, uint64_t rendition, double gain_a, double gain_b,
                          uint32_t glide_frames)
{
    struct voice *voices[] = {&deck->now, &deck->next};

    for (uint32_t i = 0; i < 2; i++) {
        if (voices[i]->rendition != NULL && voices[i]->rendition->id == rendition) {
            glide_to(&voices[i]->gain_a, gain_a, glide_frames);
            glide_to(&voices[i]->gain_b, gain_b, glide_frames);
        }
    }
    for (uint32_t i = 0; i < deck->pending_count; i++) {
        if (deck->pending[i]->id == rendition) {
            deck->pending[i]->gain_a = gain_a;
            deck->pending[i]->gain_b = gain_b;
        }
    }
}

MP_RT enum deck_result deck_render(struct deck *deck, double *const a[CHAIN_CHANNELS],
                                   double *const b[CHAIN_CHANNELS], uint32_t *frames,
                                   struct ring *retired)
{
    int64_t left = stream_end(deck->stream) - deck->position;

    if (left <= 0) {
        return DECK_ENDED;
    }
    deck->starving = !fill_history(deck);
    if (deck->starving) {
        return stream_end(deck->stream) <= deck->position ? DECK_ENDED : DECK_STARVED;
    }
    left = stream_end(deck->stream) - deck->position; /* it may be known by now */
    turn_over(deck, retired);
    render_a(deck, &deck->now, a);
    render_b(deck, &deck->now, b);
    if (deck->next.rendition != NULL) {
        mix_next(deck, a, b);
    } else {
        glide_apply(&deck->now.gain_a, a, deck->block_frames);
    }
    *frames = left < deck->block_frames ? (uint32_t)left : deck->block_frames;
    deck->position += deck->block_frames;
    return DECK_PLAYS;
}

MP_RT void deck_original(const struct deck *deck, float *const audio[CHAIN_CHANNELS])
{
    /* It is there still: the circle holds a block more than the look-ahead takes. */
    history_copy(&deck->history, deck->position - deck->block_frames, audio);
}
