/* output_process.c - the audio thread: the real-time half of output.c. */
#include "output/output_internal.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_S 1000000000ULL

enum {
    STARVED_WAIT_MS = 20,
    RESUME_WAIT_MS = 100,
    DEVICE_WAIT_MS = 200,
    CALM_SECONDS = 30, /* without an xrun before the fill target comes down a step */
};

MP_RT static uint64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

MP_RT static void record(struct output *output, enum log_level level, const char *format,
                         long long first, long long second)
{
    if (!log_rt_push(output->records, level, format, first, second)) {
        atomic_fetch_add_explicit(&output->lost_records, 1, memory_order_relaxed);
    }
}

MP_RT static void publish(struct output *output, enum output_state state, long queued)
{
    struct output_rt *rt = &output->rt;
    unsigned sequence = atomic_load_explicit(&output->sequence, memory_order_relaxed);
    int64_t position = 0;

    if (rt->deck != NULL) { /* what is rendered and not yet written is still to come */
        position = deck_position(rt->deck) - (rt->out_frames - rt->out_used) -
                   (rt->held_frames - rt->held_used);
    }
    atomic_store(&output->sequence, sequence + 1);
    atomic_store(&output->stream_id, rt->deck != NULL ? deck_id(rt->deck) : 0);
    atomic_store(&output->rendition_id, rt->deck != NULL ? deck_rendition_id(rt->deck) : 0);
    atomic_store(&output->position, position);
    atomic_store(&output->queued, queued > 0 ? (uint32_t)queued : 0);
    atomic_store(&output->sequence, sequence + 2);
    atomic_store_explicit(&output->b_weight, rt->ab.w, memory_order_relaxed);
    atomic_store_explicit(&output->state, (int)state, memory_order_release);
}

MP_RT static void retire_deck(struct output *output, struct deck **deck)
{
    if (*deck != NULL) {
        ring_push(output->retired_decks, deck);
        *deck = NULL;
    }
}

/* --- orders -------------------------------------------------------------------------------- */

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

    rt->out_used = rt->out_frames; /* nothing rendered is lost: orders come between blocks */
    rt->ended = false;
    rt->held_frames = rt->held_used = 0;
    if (rt->phase == PHASE_PLAY && deck_fade_in_frames(deck) > 0) {
        retire_deck(output, &rt->leaving);
        rt->leaving = rt->deck;
        rt->deck = NULL;
    }
    retire_deck(output, &rt->deck);
    rt->deck = deck;
    rt->phase = rt->paused ? PHASE_HELD : PHASE_PLAY;
}

MP_RT static void begin_fade_out(struct output_rt *rt)
{
    rt->held_frames = rt->held_used = 0;
    rt->phase = PHASE_FADE_OUT;
}

MP_RT static void drop_deck(struct output *output)
{
    struct output_rt *rt = &output->rt;

    if (rt->deck != NULL) {
        atomic_store(&output->finished_id, deck_id(rt->deck));
    }
    retire_deck(output, &rt->leaving);
    retire_deck(output, &rt->deck);
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
        if (rt->deck == NULL) { /* nothing is heard: no ramp is needed */
            rt->ab.w = rt->ab.start = rt->ab.target = order->first;
            rt->ab.done = rt->ab.length = 0;
        }
        ab_set(&rt->ab, order->first);
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
            drop_deck(output);
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
    switch (order->kind) {
    case ORDER_PLAY:
    case ORDER_PAUSE:
    case ORDER_STOP:
        return rt->sink == NULL || rt->lost || rt->phase == PHASE_IDLE ||
               rt->phase == PHASE_PLAY || rt->phase == PHASE_HELD;
    default:
        return true;
    }
}

MP_RT static void take_orders(struct output *output)
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

/* --- sound --------------------------------------------------------------------------------- */

/* Mixes what the deck before still gives into a and b while the new one fades in. */
MP_RT static void mix_leaving(struct output *output, int64_t position)
{
    struct output_rt *rt = &output->rt;
    uint32_t block = output->settings.block_frames;
    double fade = deck_fade_in_frames(rt->deck);
    uint32_t frames = 0;
    bool there = rt->leaving != NULL &&
                 deck_render(rt->leaving, rt->leaving_a, rt->leaving_b, &frames,
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
        retire_deck(output, &rt->leaving);
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
    if (position < 0 && deck_fade_in_frames(rt->deck) > 0) {
        mix_leaving(output, position);
    }
    ab_process(&rt->ab, (const double *const *)rt->a, (const double *const *)rt->b, rt->out,
               frames);
    rt->out_frames = frames;
    rt->out_used = 0;
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

MP_RT static void tap(struct output *output)
{
    struct output_rt *rt = &output->rt;
    uint32_t block = output->settings.block_frames;

    if (!atomic_load_explicit(&output->tap_enabled, memory_order_relaxed)) {
        return;
    }
    for (uint32_t c = 0; c < 2; c++) {
        for (uint32_t i = 0; i < block; i++) {
            output->tap_in[c * block + i] = i < rt->out_frames ? (float)rt->out[c][i] : 0.0F;
        }
    }
    ring_push(output->tap, output->tap_in);
}

/* Renders the next block. False: there is nothing to write now. */
MP_RT static bool render(struct output *output)
{
    struct output_rt *rt = &output->rt;
    uint64_t begin = now_ns();
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
    tap(output);
    end = now_ns();
    performance_block(output->performance, end, end - begin,
                      rt->out_frames * NS_PER_S / rt->format.rate_hz);
    return true;
}

/* --- device -------------------------------------------------------------------------------- */

MP_RT static void raise_target(struct output *output)
{
    struct output_rt *rt = &output->rt;
    uint32_t most = rt->format.buffer_frames;
    uint32_t raised = rt->target_frames + rt->target_frames / 2;

    rt->clean_frames = 0;
    if (output->settings.strategy != OUTPUT_FIXED && most > 0) {
        rt->target_frames = raised < most ? raised : most;
        atomic_store(&output->target, rt->target_frames);
    }
}

MP_RT static void lower_target(struct output *output, uint32_t frames)
{
    struct output_rt *rt = &output->rt;

    rt->clean_frames += frames;
    if (output->settings.strategy != OUTPUT_ADAPTIVE ||
        rt->clean_frames < (int64_t)CALM_SECONDS * rt->format.rate_hz) {
        return;
    }
    rt->clean_frames = 0;
    if (rt->target_frames > rt->least_target_frames) {
        rt->target_frames -= (rt->target_frames - rt->least_target_frames + 3) / 4;
        atomic_store(&output->target, rt->target_frames);
    }
}

/* Something is wrong with the device: makes it ready again, or gives it up. */
MP_RT static void trouble(struct output *output, int error)
{
    struct output_rt *rt = &output->rt;
    bool was_starved = rt->starved;
    int result;

    if (rt->phase == PHASE_DRAIN && error == -EPIPE) { /* it ran dry because it was to */
        rt->sink->class->recover(rt->sink, error);
        rt->started = false;
        return;
    }
    publish(output, OUTPUT_RECOVERING, 0);
    result = rt->sink->class->recover(rt->sink, error);
    if (result == -EAGAIN) { /* suspended, not back yet */
        struct pollfd wake = {.fd = output->wake_fd, .events = POLLIN};

        poll(&wake, 1, RESUME_WAIT_MS);
        return;
    }
    if (result < 0) {
        rt->lost = true;
        rt->started = false;
        atomic_store(&output->error, result);
        record(output, LOG_DEBUG, "the device was lost (%lld at frame %lld)", result,
               (long long)atomic_load(&output->frames));
        return;
    }
    if (rt->started && error == -EPIPE) {
        performance_dropout(output->performance, now_ns(),
                            was_starved ? DROPOUT_STARVATION : DROPOUT_DEVICE, 0);
        record(output, LOG_WARNING, "dropout at frame %lld (starved: %lld)",
               (long long)atomic_load(&output->frames), was_starved);
        if (!was_starved) {
            raise_target(output);
        }
    }
    rt->started = false;
}

/* A device that takes more than twice real time for a second does not keep time. */
MP_RT static void watch_pace(struct output *output, uint32_t frames)
{
    struct output_rt *rt = &output->rt;
    uint64_t now = now_ns();

    if (rt->pace_start_ns == 0 || now - rt->pace_start_ns > NS_PER_S) {
        if (rt->pace_start_ns != 0 && rt->pace_frames > 2ULL * rt->format.rate_hz) {
            atomic_store(&output->unpaced, true);
        }
        rt->pace_start_ns = now;
        rt->pace_frames = 0;
    }
    rt->pace_frames += frames;
}

/* Writes the rendered block as far as the device takes it. Frames written, or negative errno. */
MP_RT static long write_words(struct output *output)
{
    struct output_rt *rt = &output->rt;
    const struct sink_class *class = rt->sink->class;
    long written = 0;

    while (rt->out_used < rt->out_frames) { /* a block, in at most a few stretches */
        uint32_t frames = rt->out_frames - rt->out_used;
        const double *from[2] = {rt->out[0] + rt->out_used, rt->out[1] + rt->out_used};
        void *words;
        long result = class->begin(rt->sink, &words, &frames);

        if (result < 0) {
            return result;
        }
        if (frames == 0) {
            break;
        }
        atomic_fetch_add_explicit(
            &output->clipped, format_write(rt->format.words, &rt->dither, from, frames, words),
            memory_order_relaxed);
        result = class->commit(rt->sink, frames);
        if (result < 0) {
            return result;
        }
        if (result == 0) {
            break;
        }
        rt->out_used += (uint32_t)result;
        written += result;
    }
    atomic_fetch_add_explicit(&output->frames, (uint64_t)written, memory_order_relaxed);
    watch_pace(output, (uint32_t)written);
    lower_target(output, (uint32_t)written);
    return written;
}

MP_RT static void clear_wake(struct output *output)
{
    uint64_t count;
    ssize_t got = read(output->wake_fd, &count, sizeof count); /* never blocks */

    (void)got;
}

/* Waits for an order, however long. */
MP_RT static void wait_for_order(struct output *output, int timeout_ms)
{
    struct pollfd wake = {.fd = output->wake_fd, .events = POLLIN};

    if (poll(&wake, 1, timeout_ms) > 0) {
        clear_wake(output);
    }
}

/* Waits until at most `frames` are queued. */
MP_RT static void wait_for_device(struct output *output, uint32_t frames, int timeout_ms)
{
    struct output_rt *rt = &output->rt;
    int result = rt->sink->class->wait(rt->sink, frames, output->wake_fd, timeout_ms);

    if (result == 2) {
        clear_wake(output);
    } else if (result < 0) {
        trouble(output, result);
    }
}

MP_RT static void drained(struct output *output)
{
    struct output_rt *rt = &output->rt;

    rt->sink->class->recover(rt->sink, 0);
    rt->started = rt->draining = false;
    rt->pace_start_ns = 0;
    if (rt->ended || rt->stopping) {
        drop_deck(output);
        rt->ended = false;
        return;
    }
    rt->phase = PHASE_HELD;
}

MP_RT static void drain(struct output *output, long queued)
{
    struct output_rt *rt = &output->rt;

    if (!rt->draining) {
        int result = rt->sink->class->drain(rt->sink);

        rt->draining = true;
        if (result < 0 && result != -EAGAIN) {
            trouble(output, result);
        }
        return;
    }
    if (queued <= 0) {
        drained(output);
        return;
    }
    publish(output, OUTPUT_DRAINING, queued);
    wait_for_device(output, 0, STARVED_WAIT_MS);
}

/* One turn with a device and something to play. */
MP_RT static void turn(struct output *output)
{
    struct output_rt *rt = &output->rt;
    uint32_t block = output->settings.block_frames;
    uint32_t room_below = rt->target_frames > block ? rt->target_frames - block : 0;
    long queued = rt->sink->class->queued(rt->sink);
    bool fresh = rt->out_used == rt->out_frames;

    if (queued < 0) {
        if (rt->draining && queued == -EPIPE) {
            queued = 0;
        } else {
            trouble(output, (int)queued);
            return;
        }
    }
    if (fresh && rt->phase == PHASE_DRAIN) {
        drain(output, queued);
        return;
    }
    publish(output, rt->starved ? OUTPUT_STARVED : OUTPUT_PLAYING, queued);
    if ((uint32_t)queued > room_below) {
        if (!rt->started) {
            rt->started = rt->sink->class->start(rt->sink) >= 0;
        }
        wait_for_device(output, room_below, DEVICE_WAIT_MS);
        return;
    }
    if (fresh && !render(output)) {
        if (rt->starved && queued > 0 && rt->started) {
            wait_for_device(output, 0, STARVED_WAIT_MS);
        } else if (rt->starved) {
            wait_for_order(output, STARVED_WAIT_MS);
        }
        return;
    }
    queued = write_words(output);
    if (queued < 0) {
        trouble(output, (int)queued);
    } else if (queued == 0 && rt->out_used < rt->out_frames) {
        if (!rt->started) {
            rt->started = rt->sink->class->start(rt->sink) >= 0;
        }
        wait_for_device(output, room_below, DEVICE_WAIT_MS);
    }
}

MP_RT static void touch_stack(void)
{
    volatile unsigned char page[128 * 1024];

    for (size_t i = 0; i < sizeof page; i += 1024) {
        page[i] = 0;
    }
}

MP_RT void *output_thread(void *argument)
{
    struct output *output = argument;
    struct output_rt *rt = &output->rt;

    rt_flush_denormals();
    touch_stack();
    while (!rt->quit) {
        bool between = rt->out_used == rt->out_frames;

        if (between || rt->sink == NULL || rt->lost) {
            take_orders(output);
        }
        if (rt->quit) {
            break;
        }
        if (rt->sink == NULL || rt->lost) {
            publish(output, rt->lost ? OUTPUT_LOST : OUTPUT_CLOSED, 0);
            wait_for_order(output, -1);
        } else if (rt->phase == PHASE_IDLE || rt->phase == PHASE_HELD) {
            publish(output, rt->phase == PHASE_IDLE ? OUTPUT_STOPPED : OUTPUT_PAUSED, 0);
            wait_for_order(output, -1);
        } else {
            turn(output);
        }
    }
    return NULL;
}
