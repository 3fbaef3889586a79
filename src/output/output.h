/*
 * output.h - the audio thread: takes blocks, runs the chain, mixes A and B, writes device words.
 *
 * One thread of its own under SCHED_FIFO (where allowed), named "mp-audio". It waits only for the
 * device and for orders; orders come through a ring, what it is done with goes back through
 * another. It never allocates, locks, logs or reads files (base/rt.h).
 *
 * Levels are linear unless the name has a unit. Positions are the stream's (output/stream.h).
 *
 * Threads: "setup" functions from one thread at a time (the player's); the others from any thread
 * but the audio thread.
 */
#ifndef MP_OUTPUT_OUTPUT_H
#define MP_OUTPUT_OUTPUT_H

#include "base/log.h"
#include "measure/performance.h"
#include "output/rendition.h"
#include "output/sink.h"
#include "output/stream.h"

enum output_strategy { OUTPUT_FIXED, OUTPUT_ADAPTIVE, OUTPUT_ROBUST };

struct output_settings {
    uint32_t block_frames;
    uint32_t bits; /* wanted word, as sink_request.bits */
    bool dither;
    uint32_t buffer_ms; /* device buffer, at most */
    uint32_t fill_target_ms;
    enum output_strategy strategy;
    int priority;             /* SCHED_FIFO 1 to 99; 0: none */
    const char *cpu_affinity; /* "1,3"; "" or NULL: any */
    const struct kernels *kernels;
};

enum output_state {
    OUTPUT_CLOSED,  /* no device */
    OUTPUT_STOPPED, /* nothing to play */
    OUTPUT_PLAYING,
    OUTPUT_STARVED, /* waits for decoded frames */
    OUTPUT_PAUSED,
    OUTPUT_DRAINING, /* the last words are on their way */
    OUTPUT_RECOVERING,
    OUTPUT_LOST, /* the device is gone; output_open again */
};

struct output_status {
    enum output_state state;
    uint64_t stream_id;     /* of what is heard; 0: nothing */
    uint64_t rendition_id;  /* heard or fading in */
    int64_t position;       /* of the next frame to be written */
    int64_t heard;          /* of the frame that leaves the device now */
    uint32_t queued_frames; /* in the device */
    uint32_t beyond_frames; /* behind its buffer, not heard yet, as far as the driver says */
    uint64_t finished_id; /* the last stream that was played to its end (or stopped) and drained */
    uint64_t frames;      /* written since the beginning */
    uint64_t clipped;     /* samples held at the ends of an integer word */
    uint32_t target_frames; /* the fill target */
    int64_t decoded_frames; /* ahead of `position` */
    double b_weight;        /* of A/B: 0 is A, 1 is B */
    bool fifo, fifo_refused, unpaced;
    int error;        /* of OUTPUT_LOST: negative errno */
    uint64_t resumes; /* after the machine slept */
    /* The rendition whose chain failed last (chain_failed), and by whose fault; A is heard until
       another comes. 0: none did. */
    uint64_t fault_id;
    const char *fault_module; /* NULL: not known */
    struct performance_figures performance;
};

struct output;

/* The thread runs when it returns; no device is open. NULL with errno. */
struct output *output_create(const struct output_settings *settings, struct log *log);
void output_destroy(struct output *output); /* stops, closes */

/* Setup. Opens the device for music at rate_hz (closing the one there is, which must not play).
   The negotiated format is in *format. 0, or negative errno and one line in message. */
int output_open(struct output *output, const char *device, uint32_t rate_hz,
                struct sink_format *format, char message[SINK_MESSAGE_SIZE]);
/* The same in steps, for the driver may hang: closes what there is and begins; 0 or negative errno
   with a line in message. */
int output_open_begin(struct output *output, const char *device, uint32_t rate_hz,
                      char message[SINK_MESSAGE_SIZE]);
/* As output_open, or -EINPROGRESS: it is still at it after timeout_ms (< 0: waits for ever). */
int output_open_end(struct output *output, int timeout_ms, struct sink_format *format,
                    char message[SINK_MESSAGE_SIZE]);
bool output_is_opening(const struct output *output); /* begun and not ended */
/* Leaves what is being opened, too. A driver that hangs is left to itself after a second. */
void output_close(struct output *output);
bool output_is_open(const struct output *output);

/* What is to be played. */
struct output_play {
    struct stream *stream;       /* taken: destroyed when done with */
    struct rendition *rendition; /* taken; starts at the stream's `from` */
    uint64_t stream_id;          /* never 0, rising */
    uint32_t lookahead_frames;   /* a multiple of the block, >= a chain's latency and a block */
    uint32_t fade_in_frames;     /* up to position 0: from what plays now, or from silence */
};

/* Setup. Plays the stream in place of what there is; paused stays paused. 0 or negative errno, with
   stream and rendition destroyed. */
int output_play(struct output *output, const struct output_play *play);
/* Setup. A rendition for the stream that plays. It comes back through output_reap when it has been
   replaced, or refused because it came too late. -EAGAIN: too many orders at once (destroyed). */
int output_rendition(struct output *output, struct rendition *rendition);
/* Setup. Frees what came back, gives the audio thread its scheduling and writes its log. Returns
   the id of a rendition that was refused, or 0; call it until it is 0, often. */
uint64_t output_reap(struct output *output);
/* Wakes the audio thread when stream_release says that it waited. */
void output_wake(struct output *output);

void output_set_ab(struct output *output, double b_weight); /* 20 ms ramp to 0 (A) or 1 (B) */
/* Of all that is heard, linear, over 20 ms; at 1 no word is touched. */
void output_set_volume(struct output *output, double volume);
/* For a blind test: a switch that sounds the same whichever way it goes (chain/blind.h). */
void output_switch_blindly(struct output *output, double b_weight);
void output_set_gains(struct output *output, uint64_t rendition, double gain_a, double gain_b,
                      uint32_t glide_frames);
/* Fades out over 20 ms; resuming goes on, faded in, at the frame where the fade began. */
void output_pause(struct output *output, bool paused);
void output_stop(struct output *output); /* fades out, drops the stream */

void output_read_status(const struct output *output, struct output_status *status);
/* What holds for the audio thread now, whatever was asked for. */
struct output_scheduling {
    int priority;   /* SCHED_FIFO; 0: it is an ordinary thread */
    char cpus[256]; /* that it may run on: "1,3", "0-15"; "" not known */
};
void output_read_scheduling(const struct output *output, struct output_scheduling *scheduling);
/* Processor time of the audio thread since it began, in ns. */
uint64_t output_cpu_ns(const struct output *output);
const struct performance *output_performance(const struct output *output);

/* Modules of the chain that tell what they do to bands. */
enum { OUTPUT_DYNAMICS, OUTPUT_SPECTRAL, OUTPUT_BANDED };

/* What is heard, for meters, while it is enabled: a block as it was mixed, before volume and the
   fades around a pause (what is faded is told once, whole). Blocks are dropped when nobody reads.
   One reading thread. */
struct output_tap {
    uint64_t stream_id;
    int64_t position; /* of its first frame */
    uint32_t frames, rate_hz;
    /* Of the chain of that side of A/B which is heard: */
    double lowest_gain; /* of the limiter, linear; 1: it did nothing */
    const float
        *band_gains_db[OUTPUT_BANDED]; /* MODULE_BANDS each; NULL: there is no such module */
    const float *before[2];            /* the original at the same frames, whatever A is */
    const float *after[2];             /* what A/B gave */
};
void output_tap_enable(struct output *output, bool enabled);
/* False: there is none. Borrowed until the next call. */
bool output_tap_read(struct output *output, struct output_tap *tap);
double output_tap_fill(const struct output *output); /* 0 ... 1: at 1 blocks are dropped */

/* Takes the time of each module (performance_modules). */
void output_time_modules(struct output *output, bool enabled);

const char *output_state_name(enum output_state state);

#endif
