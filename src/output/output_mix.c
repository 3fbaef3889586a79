/* output_mix.c - the next block of what is heard: decks, A/B, and the fades around pause and stop.
 */
#include "output/output_internal.h"

#include <string.h>

/* Mixes what the deck before still gives into a and b while the new one fades in. */
MP_RT static void mix_leaving(struct output *output, int64_t position)
{
    struct output_rt *rt = &output->rt;
    uint32_t block = output->settings.block_frames;
    double fade = deck_fade_in_frames(rt->deck);
    uint32_t frames = 0;
    bool there =
        rt->leaving != NULL && deck_render(rt->leaving, rt->leaving_a, rt->leaving_b, &frames,
                                           output->retired_renditions) == DECK_PLAYS;

    for (uint32_t i = 0; i < block; i++) {
        double done = (double)(position + i) + fade;
        double weight = done <= 0.0 ? 0.0 : done >= fade ? 1.0 : done / fade;

        for (int c = 0; c < 2; c++) {
            double old_a = there && i < frames ? rt->leaving_a[c][i] : 0.0;
            double old_b = there && i < frames ? rt->leaving_b[c][i] : 0.0;

            rt->a[c][i] = (1.0 - weight) * old_a + weight * rt->a[c][i];
            rt->b[c][i] = (1.0 - weight) * old_b + weight * rt->b[c][i];
        }
    }
    if (position + block >= 0) {
        output_rt_retire_deck(output, &rt->leaving);
    }
}

/* For the player, who has the chain made anew. */
MP_RT static void note_fault(struct output *output)
{
    const char *module = NULL;
    uint64_t id = deck_fault(output->rt.deck, &module);

    if (id != 0 && id != atomic_load_explicit(&output->fault_id, memory_order_relaxed)) {
        atomic_store(&output->fault_module, module);
        atomic_store(&output->fault_id, id);
    }
}

/* The next block of what is to be heard into out. */
MP_RT static enum deck_result mix_block(struct output *output)
{
    struct output_rt *rt = &output->rt;
    int64_t position = deck_position(rt->deck);
    uint32_t frames = 0;
    enum deck_result result =
        deck_render(rt->deck, rt->a, rt->b, &frames, output->retired_renditions);

    if (result != DECK_PLAYS) {
        return result;
    }
    note_fault(output);
    if (position < 0 && deck_fade_in_frames(rt->deck) > 0) {
        mix_leaving(output, position);
    }
    blind_process(&rt->blind, &rt->ab, (const double *const *)rt->a, (const double *const *)rt->b,
                  rt->out, frames);
    rt->out_frames = frames;
    rt->out_used = 0;
    output_rt_tap(output, position);
    return result;
}

MP_RT static void fade_out_block(struct output *output)
{
    struct output_rt *rt = &output->rt;

    for (int c = 0; c < 2; c++) {
        memcpy(rt->held[c] + rt->held_frames, rt->out[c], rt->out_frames * sizeof(double));
        for (uint32_t i = 0; i < rt->out_frames; i++) {
            uint32_t at = rt->held_frames + i;

            rt->out[c][i] *= at < rt->fade_frames ? 1.0 - (double)at / rt->fade_frames : 0.0;
        }
    }
    rt->held_frames += rt->out_frames;
    if (rt->held_frames >= rt->fade_frames) {
        /* Beyond the fade there is only silence: it need not be played. */
        rt->out_frames -= rt->held_frames - rt->fade_frames;
        rt->phase = PHASE_DRAIN;
    }
}

MP_RT static void fade_in_block(struct output *output)
{
    struct output_rt *rt = &output->rt;
    uint32_t frames = output->settings.block_frames;

    if (frames > rt->held_frames - rt->held_used) {
        frames = rt->held_frames - rt->held_used;
    }
    for (int c = 0; c < 2; c++) {
        for (uint32_t i = 0; i < frames; i++) {
            uint32_t at = rt->held_used + i;
            double gain = at < rt->fade_frames ? (double)at / rt->fade_frames : 1.0;

            rt->out[c][i] = gain * rt->held[c][at];
        }
    }
    rt->held_used += frames;
    rt->out_frames = frames;
    rt->out_used = 0;
    if (rt->held_used == rt->held_frames) {
        rt->held_frames = rt->held_used = 0;
        rt->phase = PHASE_PLAY;
    }
}

/* Renders the next block. False: there is nothing to write now. */
MP_RT bool output_rt_render(struct output *output)
{
    struct output_rt *rt = &output->rt;
    uint64_t begin = output_rt_now_ns();
    uint64_t end;
    enum deck_result result = DECK_PLAYS;

    if (rt->phase == PHASE_FADE_IN) {
        fade_in_block(output);
    } else {
        result = mix_block(output);
    }
    rt->starved = result == DECK_STARVED;
    if (result == DECK_ENDED || (rt->starved && rt->phase == PHASE_FADE_OUT)) {
        rt->ended = result == DECK_ENDED && rt->phase == PHASE_PLAY;
        rt->phase = PHASE_DRAIN;
        return false;
    }
    if (rt->starved) {
        return false;
    }
    if (rt->phase == PHASE_FADE_OUT) {
        fade_out_block(output);
    }
    output_rt_volume(output);
    end = output_rt_now_ns();
    performance_block(output->performance, end, end - begin,
                      rt->out_frames * OUTPUT_NS_PER_S / rt->format.rate_hz);
    return true;
}
