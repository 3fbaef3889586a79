/* clock.c - a device without a card: takes words at the pace of CLOCK_MONOTONIC, in silence. */
#include "output/clock.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

enum {
    BUFFER_MS = 500,
    FILE_RING_SECONDS = 4, /* rides out a disk that sleeps for a moment */
    PERIOD_FRAMES = 512,
    MS_PER_S = 1000,
    NS_PER_S = 1000000000,
    CACHE_LINE = 64,
    STEPS_PER_WAIT = 1000,
    SLOW_FILE_NAP_MS = 5,
};

struct clock_sink {
    struct sink sink;
    uint32_t rate_hz, buffer_frames, period_frames;
    struct clock_ring ring;
    struct clock_file *file; /* NULL: the words go nowhere */
    /* Only the audio thread: */
    struct {
        uint64_t committed; /* frames since the last recover */
        struct timespec started;
        bool running, draining, dry;
    } rt;
};

static MP_RT struct clock_sink *clock_of(struct sink *sink)
{
    return (struct clock_sink *)sink;
}

/* Frames played since start(). Whole seconds apart, so that nothing overflows in a year. */
static MP_RT uint64_t played(const struct clock_sink *clock)
{
    struct timespec now;
    int64_t seconds;
    int64_t nanoseconds;

    clock_gettime(CLOCK_MONOTONIC, &now);
    seconds = now.tv_sec - clock->rt.started.tv_sec;
    nanoseconds = now.tv_nsec - clock->rt.started.tv_nsec;
    if (nanoseconds < 0) {
        seconds--;
        nanoseconds += NS_PER_S;
    }
    if (seconds < 0) {
        return 0;
    }
    return (uint64_t)seconds * clock->rate_hz +
           (uint64_t)nanoseconds * clock->rate_hz / (uint64_t)NS_PER_S;
}

static MP_RT long clock_queued(struct sink *sink)
{
    struct clock_sink *clock = clock_of(sink);
    int error = atomic_load_explicit(&clock->ring.error, memory_order_acquire);
    uint64_t past;

    if (error < 0) {
        return error;
    }
    if (clock->rt.dry) {
        return -EPIPE;
    }
    if (!clock->rt.running) {
        return (long)clock->rt.committed;
    }
    past = played(clock);
    if (past < clock->rt.committed) {
        return (long)(clock->rt.committed - past);
    }
    if (clock->rt.draining) {
        return 0;
    }
    if (past > clock->rt.committed) {
        clock->rt.dry = true; /* a card stops here */
        return -EPIPE;
    }
    return 0;
}

/* Frames that fit into the ring: fewer than the device's buffer only while the file lags. */
static MP_RT uint64_t ring_free(struct clock_sink *clock)
{
    if (clock->file == NULL) {
        return clock->ring.capacity_frames;
    }
    return clock->ring.capacity_frames -
           (atomic_load_explicit(&clock->ring.filled, memory_order_relaxed) -
            atomic_load_explicit(&clock->ring.emptied, memory_order_acquire));
}

static MP_RT int clock_begin(struct sink *sink, void **words, uint32_t *frames)
{
    struct clock_sink *clock = clock_of(sink);
    uint64_t filled = atomic_load_explicit(&clock->ring.filled, memory_order_relaxed);
    uint64_t place = filled % clock->ring.capacity_frames;
    uint64_t most = clock->ring.capacity_frames - place;
    uint64_t room = ring_free(clock);
    long queued = clock_queued(sink);

    *words = clock->ring.words + place * clock->ring.frame_bytes;
    if (queued < 0) {
        *frames = 0;
        return (int)queued;
    }
    if (room > clock->buffer_frames - (uint64_t)queued) {
        room = clock->buffer_frames - (uint64_t)queued;
    }
    if (most > room) {
        most = room;
    }
    if (*frames > most) {
        *frames = (uint32_t)most;
    }
    return 0;
}

static MP_RT long clock_commit(struct sink *sink, uint32_t frames)
{
    struct clock_sink *clock = clock_of(sink);
    uint64_t filled = atomic_load_explicit(&clock->ring.filled, memory_order_relaxed);

    if (clock->rt.dry) {
        return -EPIPE;
    }
    clock->rt.committed += frames;
    atomic_store_explicit(&clock->ring.filled, filled + frames, memory_order_release);
    return (long)frames;
}

static MP_RT int clock_start(struct sink *sink)
{
    struct clock_sink *clock = clock_of(sink);

    if (clock->rt.dry) {
        return -EPIPE;
    }
    if (!clock->rt.running) {
        clock_gettime(CLOCK_MONOTONIC, &clock->rt.started);
        clock->rt.running = true;
    }
    return 0;
}

static MP_RT int clock_wait(struct sink *sink, uint32_t queued_frames, int wake_fd, int timeout_ms)
{
    struct clock_sink *clock = clock_of(sink);
    uint32_t most = clock->buffer_frames - clock->period_frames;
    long target = (long)(queued_frames < most ? queued_frames : most);
    struct pollfd wake = {.fd = wake_fd, .events = POLLIN};
    int left_ms = timeout_ms;

    for (int step = 0; step < STEPS_PER_WAIT; step++) {
        long queued = clock_queued(sink);
        int64_t need_ms = left_ms;
        int nap_ms;

        if (queued < 0) {
            return (int)queued;
        }
        if (queued <= target) {
            if (ring_free(clock) > 0 || clock->rt.draining) {
                return 1;
            }
            need_ms = SLOW_FILE_NAP_MS;
        } else if (clock->rt.running) {
            need_ms = ((int64_t)(queued - target) * MS_PER_S + clock->rate_hz - 1) / clock->rate_hz;
        }
        if (left_ms <= 0) {
            return 0;
        }
        nap_ms = need_ms < left_ms ? (int)need_ms : left_ms;
        if (poll(&wake, 1, nap_ms) > 0) {
            return 2;
        }
        left_ms -= nap_ms;
    }
    return 0;
}

static MP_RT int clock_drain(struct sink *sink)
{
    struct clock_sink *clock = clock_of(sink);

    if (clock->rt.dry) { /* all of it is played already */
        clock->rt.dry = false;
        clock->rt.draining = true;
        return 0;
    }
    clock->rt.draining = true;
    return clock_start(sink);
}

static MP_RT int clock_recover(struct sink *sink, int error)
{
    struct clock_sink *clock = clock_of(sink);
    int broken = atomic_load_explicit(&clock->ring.error, memory_order_acquire);

    if (broken < 0) {
        return broken;
    }
    if (error < 0 && error != -EPIPE && error != -ESTRPIPE && error != -EAGAIN) {
        return error;
    }
    clock->rt.committed = 0;
    clock->rt.running = false;
    clock->rt.draining = false;
    clock->rt.dry = false;
    return 0;
}

static void clock_close(struct sink *sink)
{
    struct clock_sink *clock = (struct clock_sink *)sink;

    if (clock == NULL) {
        return;
    }
    clock_file_stop(clock->file);
    if (clock->ring.words != NULL) {
        munlock(clock->ring.words, clock->ring.bytes);
        free(clock->ring.words);
    }
    free(clock);
}

static enum word_format words_for(uint32_t bits)
{
    switch (bits) {
    case 16:
        return WORD_S16;
    case 24:
        return WORD_S24_3LE;
    case 32:
        return WORD_S32;
    default:
        return WORD_FLOAT;
    }
}

static int make_ring(struct clock_sink *clock, uint64_t frames, size_t frame_bytes)
{
    struct clock_ring *ring = &clock->ring;

    ring->capacity_frames = frames;
    ring->frame_bytes = frame_bytes;
    ring->bytes = ((size_t)frames * frame_bytes + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
    ring->words = aligned_alloc(CACHE_LINE, ring->bytes);
    if (ring->words == NULL) {
        return -ENOMEM;
    }
    memset(ring->words, 0, ring->bytes);
    (void)mlock(ring->words, ring->bytes); /* refused to most users past a few MB: it plays on */
    return 0;
}

/* The buffer that a device would have: as wished, two periods at least. */
static void choose_buffer(struct clock_sink *clock, const struct sink_request *request)
{
    uint32_t ms = request->buffer_ms > 0 && request->buffer_ms < BUFFER_MS ? request->buffer_ms
                                                                           : (uint32_t)BUFFER_MS;
    uint64_t frames = (uint64_t)request->rate_hz * ms / MS_PER_S;

    clock->rate_hz = request->rate_hz;
    clock->period_frames = request->block_frames > 0 ? request->block_frames : PERIOD_FRAMES;
    clock->buffer_frames =
        frames > 2 * clock->period_frames ? (uint32_t)frames : 2 * clock->period_frames;
}

static void describe(const struct clock_sink *clock, const char *device, enum word_format words,
                     struct sink_format *format)
{
    memset(format, 0, sizeof *format);
    snprintf(format->device, sizeof format->device, "%s", device);
    format->words = words;
    format->significant_bits = word_bits(words);
    format->rate_hz = clock->rate_hz;
    format->period_frames = clock->period_frames;
    format->buffer_frames = clock->buffer_frames;
    format->paced = true;
}

static int clock_open(struct sink **sink, const struct sink_request *request,
                      struct sink_format *format, char message[SINK_MESSAGE_SIZE])
{
    struct clock_sink *clock = calloc(1, sizeof *clock);
    enum word_format words = words_for(request->bits);
    uint64_t frames;
    char path[PATH_MAX];
    int error = -ENOMEM;

    *sink = NULL;
    snprintf(message, SINK_MESSAGE_SIZE, "%.200s: out of memory", request->device);
    if (clock == NULL) {
        return error;
    }
    clock->sink.class = &sink_clock;
    choose_buffer(clock, request);
    error = clock_parse(request->device, path, sizeof path, &words, message);
    if (error < 0) {
        goto fail;
    }
    frames = path[0] != '\0' ? (uint64_t)request->rate_hz * FILE_RING_SECONDS : 0;
    error = make_ring(clock, frames > clock->buffer_frames ? frames : clock->buffer_frames,
                      SINK_CHANNELS * word_bytes(words));
    if (error < 0) {
        goto fail;
    }
    if (path[0] != '\0') {
        clock->file = clock_file_start(path, &clock->ring, &error, message);
        if (clock->file == NULL) {
            goto fail;
        }
    }
    describe(clock, request->device, words, format);
    message[0] = '\0';
    *sink = &clock->sink;
    return 0;
fail:
    clock_close(&clock->sink);
    return error;
}

const struct sink_class sink_clock = {
    .name = "clock",
    .open = clock_open,
    .close = clock_close,
    .queued = clock_queued,
    .begin = clock_begin,
    .commit = clock_commit,
    .start = clock_start,
    .wait = clock_wait,
    .drain = clock_drain,
    .recover = clock_recover,
};
