/*
 * alsa.h - inside the ALSA driver: what its files share.
 *
 * alsa_open.c opens and negotiates (helper thread), alsa.c is the audio thread's half, alsa_hints.c
 * makes lines for people. Frames are interleaved, two channels.
 */
#ifndef MP_OUTPUT_ALSA_H
#define MP_OUTPUT_ALSA_H

#include "output/sink.h"

#include <alsa/asoundlib.h>
#include <poll.h>

enum { ALSA_POLL_MAX = 15 }; /* descriptors of one PCM; real ones have 1 or 2 */

struct alsa_sink {
    struct sink sink;
    snd_pcm_t *pcm;
    snd_pcm_uframes_t buffer_frames, period_frames;
    uint32_t rate_hz;
    uint32_t pad_frames; /* silence behind the last word, before the round-up to a period */
    size_t frame_bytes;
    bool is_hardware;
    /* The PCM's own descriptors, asked for errors only, and room for wake_fd behind them. */
    unsigned poll_count;
    struct pollfd poll[ALSA_POLL_MAX + 1];
    /* Only the audio thread: */
    struct {
        snd_pcm_uframes_t offset; /* of the last begin */
        snd_pcm_uframes_t committed;
        snd_pcm_uframes_t pad_left; /* silence still to be queued */
        enum { ALSA_PLAYING, ALSA_PADDING, ALSA_DRAINING, ALSA_DRAINED } phase;
    } rt;
};

void alsa_setup(void);
int alsa_open(struct sink **sink, const struct sink_request *request, struct sink_format *format,
              char message[SINK_MESSAGE_SIZE]);
void alsa_close(struct sink *sink);

/* ALSA's name of a word, and the word of enum word_format that is wished for at place `rank` (0 the
   best) for `bits`; false past the end. */
snd_pcm_format_t alsa_format(enum word_format words);
bool alsa_wish(uint32_t bits, bool is_hardware, unsigned rank, enum word_format *words);
/* plug:NAME, quoted as ALSA's parser wants it. False: too long. */
bool alsa_plug_name(const char *device, char name[SINK_TEXT_SIZE]);

/* One line about an open that failed: what, to which device, what to do. */
void alsa_hint(const char *device, int error, char message[SINK_MESSAGE_SIZE]);

#endif
