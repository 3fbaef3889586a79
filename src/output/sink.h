/*
 * sink.h - where the words go: the driver table.
 *
 * A driver is a const table. Frames are interleaved words of sink_format.words, two channels.
 * ALSA's own return values: 0 or more is good, negative errno is not: -EPIPE xrun, -ESTRPIPE
 * suspended, -ENODEV gone, -EIO (maybe still RUNNING).
 *
 * Threads: open and close in a helper thread, never while the audio thread has the sink; the
 * functions marked "audio" only there. One sink is used by one thread at a time.
 */
#ifndef MP_OUTPUT_SINK_H
#define MP_OUTPUT_SINK_H

#include "base/rt.h"
#include "dsp/format.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SINK_CHANNELS = 2, SINK_MESSAGE_SIZE = 512, SINK_TEXT_SIZE = 128 };

/* Wishes for the word, beside 16, 24 and 32 (integers). Auto: FLOAT where words do not go straight
   to a card (nothing is lost on the way), else the longest the card takes: S32, S24_3LE, S24,
   FLOAT, S16. A word that the device does not have is replaced by the next longer one, or by its
   longest. */
enum { SINK_BITS_AUTO = 0, SINK_BITS_FLOAT = 1 };

/* What is wished of a device. */
struct sink_request {
    const char *device;    /* any ALSA name, "clock", "clock:FILE[,FORMAT]" */
    uint32_t rate_hz;      /* native rate of the music */
    uint32_t bits;         /* wanted word: SINK_BITS_AUTO, SINK_BITS_FLOAT, 16, 24, 32 */
    uint32_t block_frames; /* a period near this is asked for */
    uint32_t buffer_ms;    /* as large as the device gives, up to this (500) */
};

/* What was negotiated. */
struct sink_format {
    char device[SINK_TEXT_SIZE]; /* as opened: "hw:1,0", "plug:default" */
    enum word_format words;
    uint32_t significant_bits; /* of the word, as the device says */
    uint32_t rate_hz;          /* differs from the wish when the device refused it: resample */
    uint32_t period_frames, buffer_frames;
    bool converted;   /* through plug:, asked for or because the device refused mmap */
    bool is_hardware; /* hw: device, words reach it untouched */
    bool can_pause;
    bool paced; /* false: known to take words faster than time (it may also turn out later) */
};

struct sink;

struct sink_class {
    const char *name; /* "alsa", "clock" */

    /* 0 with *sink and *format, or negative errno and one line in message that names the device,
       its holder if it is busy, and what to do. */
    int (*open)(struct sink **sink, const struct sink_request *request, struct sink_format *format,
                char message[SINK_MESSAGE_SIZE]);
    void (*close)(struct sink *sink); /* drops what was not played */

    /* audio: frames that are queued and not yet played (>= 0), or negative errno. After drain() it
       carries the draining on, counts the padding too, and is 0 only when all is played. */
    long (*queued)(struct sink *sink);
    /* audio: a place for up to *frames frames (*frames is cut to what is free and contiguous, 0
       when full). */
    int (*begin)(struct sink *sink, void **words, uint32_t *frames);
    /* audio: `frames` of them are filled. Returns frames taken or negative errno. Playing starts by
       start(), not by itself. */
    long (*commit)(struct sink *sink, uint32_t frames);
    /* audio: begins to play what is queued; again after recover(). Harmless when running. */
    int (*start)(struct sink *sink);
    /* audio: returns when at most `queued_frames` are queued, or wake_fd (an eventfd, or -1: none)
       is readable, or timeout_ms went by: 1, 2, 0; or negative errno when the device is in trouble.
       Reads nothing from wake_fd. A queued_frames that leaves less than a period free is lowered,
       so that after 1 there is room (but not for sure: a slow file may hold it). While draining, 1
       means that queued() is to be asked again. */
    int (*wait)(struct sink *sink, uint32_t queued_frames, int wake_fd, int timeout_ms);
    /* audio: sees that the last words are played: starts if need be, pads with silence where the
       card would lose the tail, and asks the driver to drain; queued() then falls to 0. Nothing is
       committed between drain() and recover(). */
    int (*drain)(struct sink *sink);
    /* audio: after trouble or a drain (error 0), makes it ready for new words: nothing queued (what
       was not played is dropped), not running.
       -EAGAIN: ask again later (resume pending). -ENODEV and others: it has to be opened anew. */
    int (*recover)(struct sink *sink, int error);
};

struct sink {
    const struct sink_class *class;
    /* Frames that have left the buffer and are not heard yet, as the driver said last; set by
       `queued`, in the audio thread. */
    uint32_t beyond_frames;
};

extern const struct sink_class sink_alsa;
extern const struct sink_class sink_clock;

/* Call once, before the program has a second thread and before the first open: it sets
   LIBASOUND_THREAD_SAFE=0 (libasound otherwise takes a mutex in every call, the audio thread's too)
   and keeps libasound from writing to stderr. A sink is used by one thread at a time anyway. */
void sink_setup(void);
/* The driver for a device name: clock for "clock" and "clock:...", else ALSA. */
const struct sink_class *sink_class_for(const char *device);
/* True if the functions the audio thread calls are marked MP_RT. */
bool sink_class_is_rt(const struct sink_class *class);

#endif
