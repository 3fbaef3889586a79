/* output_process.c - the audio thread: the real-time half of output.c. */
#include "output/output_internal.h"

#include <errno.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

enum { STARVED_WAIT_MS = 20, DEVICE_WAIT_MS = 200, WAKE_BLOCKS = 4 };

MP_RT uint64_t output_rt_now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * OUTPUT_NS_PER_S + (uint64_t)now.tv_nsec;
}

MP_RT void output_rt_record(struct output *output, enum log_level level, const char *format,
                            long long first, long long second)
{
    if (!log_rt_push(output->records, level, format, first, second)) {
        atomic_fetch_add_explicit(&output->lost_records, 1, memory_order_relaxed);
    }
}

MP_RT void output_rt_publish(struct output *output, enum output_state state, long queued)
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
    atomic_store_explicit(&output->decoded,
                          rt->deck != NULL ? deck_decoded(rt->deck) - position : 0,
                          memory_order_relaxed);
    atomic_store_explicit(&output->b_weight, rt->ab.w, memory_order_relaxed);
    atomic_store_explicit(&output->beyond, rt->sink != NULL ? rt->sink->beyond_frames : 0,
                          memory_order_relaxed);
    atomic_store_explicit(&output->state, (int)state, memory_order_release);
}

MP_RT void output_rt_retire_deck(struct output *output, struct deck **deck)
{
    if (*deck != NULL) {
        ring_push(output->retired_decks, deck);
        *deck = NULL;
    }
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
        output_rt_trouble(output, result);
    }
}

MP_RT static void drained(struct output *output)
{
    struct output_rt *rt = &output->rt;

    rt->sink->class->recover(rt->sink, 0);
    rt->started = rt->draining = false;
    rt->pace_start_ns = 0;
    if (rt->ended || rt->stopping) {
        output_rt_drop_deck(output);
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
            output_rt_trouble(output, result);
        }
        return;
    }
    if (queued <= 0) {
        drained(output);
        return;
    }
    output_rt_publish(output, OUTPUT_DRAINING, queued);
    wait_for_device(output, 0, STARVED_WAIT_MS);
}

/* Once it is full the device may run down to this before the next blocks are made, some in a row:
   waking up, and filters that have gone cold, cost more than the blocks themselves. A thread that
   others cannot keep from running leaves less in the device. */
MP_RT static uint32_t low_mark(const struct output *output, uint32_t full)
{
    uint32_t most = (WAKE_BLOCKS - 1) * output->settings.block_frames;
    uint32_t part =
        atomic_load_explicit(&output->fifo, memory_order_relaxed) ? full / 3 * 2 : full / 3;

    return full - (part < most ? part : most);
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
            output_rt_trouble(output, (int)queued);
            return;
        }
    }
    if (fresh && rt->phase == PHASE_DRAIN) {
        drain(output, queued);
        return;
    }
    output_rt_publish(output, rt->starved ? OUTPUT_STARVED : OUTPUT_PLAYING, queued);
    if ((uint32_t)queued > room_below) {
        if (!rt->started) {
            rt->started = rt->sink->class->start(rt->sink) >= 0;
        }
        rt->low_mark = low_mark(output, room_below);
        wait_for_device(output, rt->low_mark, DEVICE_WAIT_MS);
        return;
    }
    if (fresh && rt->started && rt->low_mark > 0 && (uint32_t)queued <= rt->low_mark) {
        performance_margin(output->performance, output_rt_now_ns(), (uint32_t)queued, rt->low_mark);
        rt->low_mark = 0; /* of the blocks in a row it is the first whose time counts */
    }
    if (fresh && !output_rt_render(output)) {
        if (rt->starved && queued > 0 && rt->started) {
            wait_for_device(output, 0, STARVED_WAIT_MS);
        } else if (rt->starved) {
            wait_for_order(output, STARVED_WAIT_MS);
        }
        return;
    }
    queued = output_rt_write(output);
    if (queued < 0) {
        output_rt_trouble(output, (int)queued);
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
            output_rt_take_orders(output);
        }
        if (rt->quit) {
            break;
        }
        if (rt->sink == NULL || rt->lost) {
            output_rt_publish(output, rt->lost ? OUTPUT_LOST : OUTPUT_CLOSED,
                              rt->lost ? rt->lost_queued : 0);
            wait_for_order(output, -1);
        } else if (rt->phase == PHASE_IDLE || rt->phase == PHASE_HELD) {
            output_rt_publish(output, rt->phase == PHASE_IDLE ? OUTPUT_STOPPED : OUTPUT_PAUSED, 0);
            wait_for_order(output, -1);
        } else {
            turn(output);
        }
    }
    return NULL;
}
