/*
 * output_internal.h - what the two halves of the output share: output.c (setup) and
 * output_process.c (the audio thread).
 */
#ifndef MP_OUTPUT_OUTPUT_INTERNAL_H
#define MP_OUTPUT_OUTPUT_INTERNAL_H

#include "chain/ab.h"
#include "chain/blind.h"
#include "output/deck.h"
#include "output/opening.h"
#include "output/output.h"

#include <pthread.h>
#include <stdatomic.h>

enum {
    OUTPUT_FADE_MS = 20,
    OUTPUT_ORDERS_MAX = 256,
    OUTPUT_RETIRED_MAX = 1024,
    OUTPUT_TAP_FRAMES = 32768,
    OUTPUT_RECORDS_MAX = 64,
};

enum order_kind {
    ORDER_ATTACH,
    ORDER_DETACH,
    ORDER_PLAY,
    ORDER_RENDITION,
    ORDER_AB,
    ORDER_BLIND,
    ORDER_GAINS,
    ORDER_PAUSE,
    ORDER_STOP,
    ORDER_QUIT,
};

struct order {
    enum order_kind kind;
    struct sink *sink;
    struct deck *deck;
    struct rendition *rendition;
    double first, second;
    uint64_t id;
    uint32_t frames;
    bool flag;
};

/* What the audio thread is about. In FADE_OUT, DRAIN and FADE_IN only A/B and gains are listened
   to; other orders wait the few ms that these take. */
enum phase {
    PHASE_IDLE, /* no deck */
    PHASE_PLAY,
    PHASE_FADE_OUT, /* towards pause or stop */
    PHASE_DRAIN,    /* the last words are being played */
    PHASE_HELD,     /* paused */
    PHASE_FADE_IN,  /* what was faded out, once more, from where it began */
};

/* The volume on its way to what was asked for. */
struct volume {
    double now, start, target;
    uint32_t done, length; /* frames of the ramp; equal: it stands */
};

/* A block on its way to the meters: before left and right, after left and right, planar. */
struct tap_block {
    uint64_t stream_id;
    int64_t position;
    uint32_t frames, rate_hz;
    bool banded[OUTPUT_BANDED];
    float band_gains_db[OUTPUT_BANDED][MODULE_BANDS];
    double lowest_gain;
    float samples[];
};

/* Only the audio thread touches this. */
struct output_rt {
    struct sink *sink;
    struct sink_format format;
    enum phase phase;
    bool quit, paused, stopping, started, lost, starved, ended, draining;
    bool order_waits; /* `order` was read and has to wait for its phase */
    struct order order;

    struct deck *deck, *leaving;
    struct ab ab;
    struct volume volume;
    struct blind blind;
    struct dither dither;
    uint32_t target_frames, least_target_frames, fade_frames;
    long lost_queued;     /* what the device had not played when it was lost */
    int64_t clean_frames; /* played since the last xrun, for the way down of the target */

    double *a[2], *b[2], *leaving_a[2], *leaving_b[2], *out[2];
    uint32_t out_frames, out_used;
    uint32_t low_mark; /* that is waited for, until the first block after it; 0: none */
    double *held[2];   /* what was faded out: played once more on resuming */
    uint32_t held_capacity, held_frames, held_used;

    uint64_t pace_start_ns, pace_frames;
};

struct output {
    struct output_settings settings;
    struct log *log;
    pthread_t thread;
    void *stack;
    size_t stack_bytes;
    void *memory;
    size_t memory_bytes;
    int wake_fd;

    pthread_mutex_t order_lock; /* between those who give orders; never the audio thread */
    struct ring *orders;        /* of struct order */
    struct ring *retired_renditions, *retired_decks, *records;
    struct ring *tap; /* of struct tap_block with 4 * block_frames floats behind it */
    struct tap_block *tap_in, *tap_out;
    atomic_bool tap_enabled, modules_timed;
    struct performance *performance;

    /* Setup thread. */
    struct sink *sink;       /* NULL: closed */
    struct opening *opening; /* NULL: none is being opened */
    struct sink_format format;
    struct dither dither; /* for the device that is attached next */
    bool fifo_asked;
    /* A stream is destroyed with its deck. */
    struct {
        struct deck *deck;
        struct stream *stream;
    } playing[8];

    /* Written by the audio thread, read by anyone. */
    atomic_uint sequence; /* odd while the three below change */
    _Atomic uint64_t stream_id, rendition_id;
    _Atomic int64_t position;
    _Atomic uint32_t queued, beyond;
    _Atomic int64_t decoded; /* ahead of position */
    _Atomic int state, error;
    _Atomic uint64_t finished_id, frames, clipped, resumes;
    _Atomic uint64_t fault_id;        /* of the rendition whose chain failed last; 0: none */
    const char *_Atomic fault_module; /* written before it */
    _Atomic uint32_t target;
    _Atomic double b_weight;
    atomic_bool unpaced, attached, fifo, fifo_refused;
    _Atomic uint32_t lost_records;

    _Atomic double volume; /* asked for by anyone */

    struct output_rt rt;
};

/* output.c, setup half: */
int output_give_order(struct output *output, const struct order *order);
void output_forget(struct output *output, struct deck *deck); /* frees it and its stream */

#define OUTPUT_NS_PER_S 1000000000ULL

/* The audio thread. output_process.c: */
MP_RT void *output_thread(void *argument);
MP_RT uint64_t output_rt_now_ns(void);
/* A line for the log, with two numbers in it. */
MP_RT void output_rt_record(struct output *output, enum log_level level, const char *format,
                            long long first, long long second);
/* Where things stand, for everyone else. */
MP_RT void output_rt_publish(struct output *output, enum output_state state, long queued);

/* output_orders.c: */
MP_RT void output_rt_take_orders(struct output *output);
MP_RT void output_rt_retire_deck(struct output *output, struct deck **deck);
MP_RT void output_rt_drop_deck(struct output *output); /* nothing plays any more */

/* output_volume.c: on the rendered block; nothing is heard before it: without a ramp. */
MP_RT void output_rt_volume(struct output *output);
MP_RT void output_rt_volume_begin(struct output *output);

/* output_mix.c: renders the next block into rt->out. False: there is nothing to write now. */
MP_RT bool output_rt_render(struct output *output);

/* output_tap.c: */
size_t output_tap_bytes(const struct output *output); /* of one struct tap_block */
/* What was mixed from `position` on, in rt->out; the deck has given just that. */
MP_RT void output_rt_tap(struct output *output, int64_t position);

/* output_device.c: */
/* Writes the rendered block as far as the device takes it. Frames written, or negative errno. */
MP_RT long output_rt_write(struct output *output);
/* Something is wrong with the device: makes it ready again, or gives it up. */
MP_RT void output_rt_trouble(struct output *output, int error);

#endif
