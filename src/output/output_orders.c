/* output_orders.c - what the audio thread is told, and what it does about it. */
#include "output/output_internal.h"

MP_RT static void attach(struct output *output, const struct order *order)
{
    struct output_rt *rt = &output->rt;
    uint64_t rate = output->format.rate_hz; /* written before the order was given */

    rt->sink = order->sink;
    rt->format = output->format;
    rt->dither = output->dither;
    rt->started = rt->lost = rt->starved = false;
    rt->fade_frames = (uint32_t)(rate * OUTPUT_FADE_MS / 1000);
    rt->ab.ramp_frames = rt->fade_frames;
    rt->target_frames = rt->least_target_frames = order->frames;
    rt->draining = false;
    rt->pace_start_ns = 0;
    atomic_store(&output->target, rt->target_frames);
    atomic_store(&output->error, 0);
    atomic_store(&output->attached, true);
}

MP_RT static void detach(struct output *output)
{
    output->rt.sink = NULL;
    output->rt.started = false;
    atomic_store(&output->attached, false);
}

MP_RT static void begin_deck(struct output *output, struct deck *deck)
{
    struct output_rt *rt = &output->rt;

    if (rt->deck == NULL) {
        output_rt_volume_begin(output);
    }
    rt->out_used = rt->out_frames; /* nothing rendered is lost: orders come between blocks */
    rt->ended = rt->stopping = false;
    rt->held_frames = rt->held_used = 0;
    output_rt_retire_deck(output, &rt->leaving);
    if (rt->phase == PHASE_PLAY && deck_fade_in_frames(deck) > 0) {
        rt->leaving = rt->deck;
        rt->deck = NULL;
    }
    output_rt_retire_deck(output, &rt->deck);
    rt->deck = deck;
    rt->phase = rt->paused ? PHASE_HELD : PHASE_PLAY;
}

MP_RT static void begin_fade_out(struct output_rt *rt)
{
    rt->held_frames = rt->held_used = 0;
    rt->phase = PHASE_FADE_OUT;
}

MP_RT void output_rt_drop_deck(struct output *output)
{
    struct output_rt *rt = &output->rt;

    if (rt->deck != NULL) {
        atomic_store(&output->finished_id, deck_id(rt->deck));
    }
    output_rt_retire_deck(output, &rt->leaving);
    output_rt_retire_deck(output, &rt->deck);
    rt->held_frames = rt->held_used = 0;
    rt->out_frames = rt->out_used = 0;
    rt->stopping = false;
    rt->phase = PHASE_IDLE;
}

MP_RT static void pause_or_resume(struct output_rt *rt, bool paused)
{
    rt->paused = paused;
    if (paused && rt->phase == PHASE_PLAY) {
        begin_fade_out(rt);
    } else if (!paused && rt->phase == PHASE_HELD) {
        rt->phase = rt->held_frames > 0 ? PHASE_FADE_IN : PHASE_PLAY;
    }
}

MP_RT static void set_ab(struct output_rt *rt, double w)
{
    if (rt->deck == NULL) { /* nothing is heard: no ramp is needed */
        rt->ab.w = rt->ab.start = rt->ab.target = w;
        rt->ab.done = rt->ab.length = 0;
        rt->blind.active = false;
    } else if (rt->blind.active && rt->blind.done < 2 * rt->blind.length) {
        rt->blind.target = w; /* comes in as that */
        return;
    }
    ab_set(&rt->ab, w);
}

MP_RT static void switch_blindly(struct output_rt *rt, double w)
{
    if (rt->deck == NULL || rt->fade_frames == 0) {
        set_ab(rt, w);
        return;
    }
    blind_begin(&rt->blind, w, rt->fade_frames);
}

MP_RT static void obey(struct output *output, const struct order *order)
{
    struct output_rt *rt = &output->rt;

    switch (order->kind) {
    case ORDER_ATTACH:
        attach(output, order);
        break;
    case ORDER_DETACH:
        detach(output);
        break;
    case ORDER_PLAY:
        begin_deck(output, order->deck);
        break;
    case ORDER_RENDITION:
        if (rt->deck != NULL && deck_id(rt->deck) == order->id) {
            deck_queue(rt->deck, order->rendition, output->retired_renditions);
        } else {
            order->rendition->refused = true;
            ring_push(output->retired_renditions, &order->rendition);
        }
        break;
    case ORDER_AB:
        set_ab(rt, order->first);
        break;
    case ORDER_BLIND:
        switch_blindly(rt, order->first);
        break;
    case ORDER_GAINS:
        if (rt->deck != NULL) {
            deck_set_gains(rt->deck, order->id, order->first, order->second, order->frames);
        }
        break;
    case ORDER_PAUSE:
        pause_or_resume(rt, order->flag);
        break;
    case ORDER_STOP:
        if (rt->phase == PHASE_PLAY && rt->sink != NULL && !rt->lost) {
            rt->stopping = true;
            begin_fade_out(rt);
        } else {
            output_rt_drop_deck(output);
        }
        break;
    case ORDER_QUIT:
        rt->quit = true;
        break;
    default:
        break;
    }
}

/* True if the order can be carried out in this phase. */
MP_RT static bool order_fits(const struct output_rt *rt, const struct order *order)
{
    bool still = rt->sink == NULL || rt->lost || rt->phase == PHASE_IDLE ||
                 rt->phase == PHASE_PLAY || rt->phase == PHASE_HELD;

    switch (order->kind) {
    case ORDER_PLAY: /* a cross-fade goes on to its end, or a third sound would come in with a click
                      */
        return still && (rt->phase != PHASE_PLAY || rt->leaving == NULL || rt->starved ||
                         rt->sink == NULL || rt->lost);
    case ORDER_PAUSE:
    case ORDER_STOP:
        return still;
    default:
        return true;
    }
}

MP_RT void output_rt_take_orders(struct output *output)
{
    struct output_rt *rt = &output->rt;

    for (int i = 0; i < OUTPUT_ORDERS_MAX && !rt->quit; i++) {
        if (!rt->order_waits && !ring_pop(output->orders, &rt->order)) {
            return;
        }
        rt->order_waits = !order_fits(rt, &rt->order);
        if (rt->order_waits) {
            return;
        }
        obey(output, &rt->order);
    }
}
