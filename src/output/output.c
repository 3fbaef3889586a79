/* output.c - the setup half of the output: gives the audio thread orders, opens devices, cleans up.
 */
#include "output/output_internal.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    ROBUST_TARGET_MS = 200,
    DETACH_WAIT_MS = 2000,
    CLOSE_WAIT_MS = 1000,
};

static const struct timespec one_ms = {0, 1000000};

/* --- orders -------------------------------------------------------------------------------- */

void output_wake(struct output *output)
{
    uint64_t one = 1;
    ssize_t written = write(output->wake_fd, &one, sizeof one); /* full: it is awake anyway */

    (void)written;
}

int output_give_order(struct output *output, const struct order *order)
{
    bool taken;

    pthread_mutex_lock(&output->order_lock);
    taken = ring_push(output->orders, order);
    pthread_mutex_unlock(&output->order_lock);
    output_wake(output);
    return taken ? 0 : -EAGAIN;
}

void output_set_ab(struct output *output, double b_weight)
{
    output_give_order(output, &(struct order){.kind = ORDER_AB, .first = b_weight});
}

void output_switch_blindly(struct output *output, double b_weight)
{
    output_give_order(output, &(struct order){.kind = ORDER_BLIND, .first = b_weight});
}

void output_set_gains(struct output *output, uint64_t rendition, double gain_a, double gain_b,
                      uint32_t glide_frames)
{
    output_give_order(output, &(struct order){.kind = ORDER_GAINS,
                                              .id = rendition,
                                              .first = gain_a,
                                              .second = gain_b,
                                              .frames = glide_frames});
}

void output_set_volume(struct output *output, double volume)
{
    atomic_store(&output->volume, volume);
}

void output_pause(struct output *output, bool paused)
{
    output_give_order(output, &(struct order){.kind = ORDER_PAUSE, .flag = paused});
}

void output_stop(struct output *output)
{
    output_give_order(output, &(struct order){.kind = ORDER_STOP});
}

/* --- playing ------------------------------------------------------------------------------- */

static int remember(struct output *output, struct deck *deck, struct stream *stream)
{
    for (size_t i = 0; i < sizeof output->playing / sizeof output->playing[0]; i++) {
        if (output->playing[i].deck == NULL) {
            output->playing[i].deck = deck;
            output->playing[i].stream = stream;
            return 0;
        }
    }
    return -EAGAIN;
}

void output_forget(struct output *output, struct deck *deck)
{
    for (size_t i = 0; i < sizeof output->playing / sizeof output->playing[0]; i++) {
        if (output->playing[i].deck == deck) {
            deck_destroy(deck);
            stream_destroy(output->playing[i].stream);
            output->playing[i].deck = NULL;
        }
    }
}

int output_play(struct output *output, const struct output_play *play)
{
    const struct deck_setup setup = {.stream = play->stream,
                                     .rendition = play->rendition,
                                     .lookahead_frames = play->lookahead_frames,
                                     .fade_in_frames = play->fade_in_frames,
                                     .id = play->stream_id,
                                     .kernels = output->settings.kernels};
    struct deck *deck = deck_create(&setup);
    int result = -ENOMEM;

    if (deck == NULL) {
        rendition_destroy(play->rendition);
        stream_destroy(play->stream);
        return result;
    }
    deck_lock_memory(deck);
    stream_lock_memory(play->stream);
    result = remember(output, deck, play->stream);
    if (result == 0) {
        result = output_give_order(output, &(struct order){.kind = ORDER_PLAY, .deck = deck});
        if (result == 0) {
            return 0;
        }
        output_forget(output, deck);
        return result;
    }
    deck_destroy(deck);
    stream_destroy(play->stream);
    return result;
}

int output_rendition(struct output *output, struct rendition *rendition)
{
    struct order order = {.kind = ORDER_RENDITION, .rendition = rendition};
    int result;

    order.id = rendition->stream_id;
    result = output_give_order(output, &order);
    if (result < 0) {
        rendition_destroy(rendition);
    }
    return result;
}

/* SCHED_FIFO while a device keeps time, the ordinary class otherwise. */
static void give_scheduling(struct output *output)
{
    bool wanted = output->settings.priority > 0 && output->sink != NULL && output->format.paced &&
                  !atomic_load(&output->unpaced);
    struct sched_param parameter = {.sched_priority = wanted ? output->settings.priority : 0};
    int result;

    if (wanted == output->fifo_asked) {
        return;
    }
    output->fifo_asked = wanted;
    result = pthread_setschedparam(output->thread, wanted ? SCHED_FIFO : SCHED_OTHER, &parameter);
    atomic_store(&output->fifo, wanted && result == 0);
    if (wanted && result != 0 && !atomic_exchange(&output->fifo_refused, true)) {
        log_write(output->log, LOG_NOTICE,
                  "real-time priority was refused; dropouts are likelier: `matchplay doctor` says "
                  "how to allow it");
    }
}

uint64_t output_reap(struct output *output)
{
    struct deck *deck;
    struct rendition *rendition;

    give_scheduling(output);
    log_drain(output->log, output->records);
    while (ring_pop(output->retired_decks, &deck)) {
        output_forget(output, deck);
    }
    while (ring_pop(output->retired_renditions, &rendition)) {
        uint64_t refused = rendition->refused ? rendition->id : 0;

        rendition_destroy(rendition);
        if (refused != 0) {
            return refused;
        }
    }
    return 0;
}

/* --- device -------------------------------------------------------------------------------- */

static void wait_attached(struct output *output, bool attached)
{
    for (int i = 0; i < DETACH_WAIT_MS && atomic_load(&output->attached) != attached; i++) {
        nanosleep(&one_ms, NULL);
    }
}

void output_close(struct output *output)
{
    opening_leave(output->opening);
    output->opening = NULL;
    if (output->sink == NULL) {
        return;
    }
    output_give_order(output, &(struct order){.kind = ORDER_DETACH});
    wait_attached(output, false);
    if (!atomic_load(&output->attached) && /* else the device hangs, and the thread in it */
        !opening_close(output->sink, CLOSE_WAIT_MS)) {
        log_write(output->log, LOG_WARNING, "%s: its driver hangs while it is closed",
                  output->format.device);
    }
    output->sink = NULL;
    give_scheduling(output);
}

static uint32_t target_frames(const struct output *output)
{
    uint32_t ms = output->settings.fill_target_ms;
    uint64_t frames;
    uint32_t least = 2 * output->format.period_frames;

    if (output->settings.strategy == OUTPUT_ROBUST && ms < ROBUST_TARGET_MS) {
        ms = ROBUST_TARGET_MS;
    }
    frames = (uint64_t)ms * output->format.rate_hz / 1000;
    if (least < 2 * output->settings.block_frames) {
        least = 2 * output->settings.block_frames;
    }
    if (frames < least) {
        frames = least;
    }
    return frames > output->format.buffer_frames ? output->format.buffer_frames : (uint32_t)frames;
}

int output_open_begin(struct output *output, const char *device, uint32_t rate_hz,
                      char message[SINK_MESSAGE_SIZE])
{
    const struct sink_class *class = sink_class_for(device);
    const struct sink_request request = {.device = device,
                                         .rate_hz = rate_hz,
                                         .bits = output->settings.bits,
                                         .block_frames = output->settings.block_frames,
                                         .buffer_ms = output->settings.buffer_ms};

    if (!sink_class_is_rt(class)) {
        snprintf(message, SINK_MESSAGE_SIZE, "%s: its driver is not fit for the audio thread",
                 device);
        return -EINVAL;
    }
    output_close(output);
    output->opening = opening_begin(class, &request);
    if (output->opening == NULL) {
        int error = errno;

        snprintf(message, SINK_MESSAGE_SIZE, "%s: not enough memory to open it", device);
        return -error;
    }
    return 0;
}

int output_open_end(struct output *output, int timeout_ms, struct sink_format *format,
                    char message[SINK_MESSAGE_SIZE])
{
    struct sink *sink = NULL;
    int result = opening_end(output->opening, timeout_ms, &sink, format, message);

    if (result == -EINPROGRESS) {
        return result;
    }
    output->opening = NULL;
    if (result < 0) {
        return result;
    }
    output->sink = sink;
    output->format = *format;
    dither_init(&output->dither, 1, output->settings.dither, format->significant_bits);
    output->dither.kernels = output->settings.kernels;
    atomic_store(&output->unpaced, !format->paced);
    give_scheduling(output);
    output_give_order(
        output,
        &(struct order){.kind = ORDER_ATTACH, .sink = sink, .frames = target_frames(output)});
    wait_attached(output, true);
    return 0;
}

int output_open(struct output *output, const char *device, uint32_t rate_hz,
                struct sink_format *format, char message[SINK_MESSAGE_SIZE])
{
    int result = output_open_begin(output, device, rate_hz, message);

    return result < 0 ? result : output_open_end(output, -1, format, message);
}

bool output_is_opening(const struct output *output)
{
    return output->opening != NULL;
}

bool output_is_open(const struct output *output)
{
    return output->sink != NULL;
}

/* --- watching ------------------------------------------------------------------------------ */

void output_read_status(const struct output *output, struct output_status *status)
{
    unsigned before;
    struct timespec now;
    uint64_t queued;

    memset(status, 0, sizeof *status);
    do { /* the audio thread changes these for a few ns at a time */
        before = atomic_load(&output->sequence);
        status->stream_id = atomic_load(&output->stream_id);
        status->rendition_id = atomic_load(&output->rendition_id);
        status->position = atomic_load(&output->position);
        status->queued_frames = atomic_load(&output->queued);
    } while ((before & 1U) != 0 || before != atomic_load(&output->sequence));
    queued = status->queued_frames;
    status->heard = status->position - (int64_t)queued;
    status->state = (enum output_state)atomic_load(&output->state);
    status->beyond_frames = atomic_load(&output->beyond);
    status->finished_id = atomic_load(&output->finished_id);
    status->frames = atomic_load(&output->frames);
    status->clipped = atomic_load(&output->clipped);
    status->target_frames = atomic_load(&output->target);
    status->decoded_frames = atomic_load(&output->decoded);
    status->b_weight = atomic_load(&output->b_weight);
    status->fifo = atomic_load(&output->fifo);
    status->fifo_refused = atomic_load(&output->fifo_refused);
    status->unpaced = atomic_load(&output->unpaced);
    status->error = atomic_load(&output->error);
    status->resumes = atomic_load(&output->resumes);
    status->fault_id = atomic_load(&output->fault_id);
    status->fault_module = atomic_load(&output->fault_module);
    clock_gettime(CLOCK_MONOTONIC, &now);
    performance_read(output->performance,
                     (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec,
                     &status->performance);
}

uint64_t output_cpu_ns(const struct output *output)
{
    struct timespec used = {0};
    clockid_t clock;

    if (pthread_getcpuclockid(output->thread, &clock) == 0) {
        clock_gettime(clock, &used);
    }
    return (uint64_t)used.tv_sec * OUTPUT_NS_PER_S + (uint64_t)used.tv_nsec;
}

const struct performance *output_performance(const struct output *output)
{
    return output->performance;
}

const char *output_state_name(enum output_state state)
{
    static const char *const names[] = {"closed", "stopped",  "playing",    "starved",
                                        "paused", "draining", "recovering", "lost"};

    return names[state];
}
