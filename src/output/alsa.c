/* alsa.c - the audio thread's half of the ALSA driver: words by mmap, waiting by the clock. */
#include "output/alsa.h"

#include "output/recover.h"

#include <errno.h>
#include <string.h>

enum { SHORTEST_SLEEP_MS = 1, STEPS_PER_WAIT = 1000 };

static MP_RT struct alsa_sink *alsa_of(struct sink *sink)
{
    return (struct alsa_sink *)sink;
}

/* The error of a state in which nothing plays, 0 for the others. */
static MP_RT int state_error(snd_pcm_state_t state)
{
    switch (state) {
    case SND_PCM_STATE_XRUN:
        return -EPIPE;
    case SND_PCM_STATE_SUSPENDED:
        return -ESTRPIPE;
    case SND_PCM_STATE_DISCONNECTED:
        return -ENODEV;
    case SND_PCM_STATE_OPEN:
    case SND_PCM_STATE_SETUP:
        return -EBADFD;
    default:
        return 0;
    }
}

/* Frames in the buffer as the device sees it now. */
static MP_RT long queued_now(struct alsa_sink *alsa)
{
    snd_pcm_sframes_t delay_frames;
    snd_pcm_sframes_t available, queued;
    int error = state_error(snd_pcm_state(alsa->pcm));

    if (error < 0) {
        return error;
    }
    /* Asked for its side effect: avail_update alone sees the pointer of the last interrupt. */
    error = snd_pcm_delay(alsa->pcm, &delay_frames);
    if (error < 0) {
        return error;
    }
    available = snd_pcm_avail_update(alsa->pcm);
    if (available < 0) {
        return available;
    }
    queued = available < (snd_pcm_sframes_t)alsa->buffer_frames
                 ? (snd_pcm_sframes_t)alsa->buffer_frames - available
                 : 0;
    alsa->sink.beyond_frames = delay_frames > queued ? (uint32_t)(delay_frames - queued) : 0;
    return queued;
}

static MP_RT int alsa_begin(struct sink *sink, void **words, uint32_t *frames)
{
    struct alsa_sink *alsa = alsa_of(sink);
    const snd_pcm_channel_area_t *areas;
    snd_pcm_uframes_t count = *frames;
    snd_pcm_sframes_t available = snd_pcm_avail_update(alsa->pcm);
    int error;

    *frames = 0;
    *words = NULL;
    if (available < 0) {
        return (int)available;
    }
    error = snd_pcm_mmap_begin(alsa->pcm, &areas, &alsa->rt.offset, &count);
    if (error < 0) {
        return error;
    }
    /* Interleaved: the first channel's area is the frame's. */
    *words =
        (unsigned char *)areas[0].addr + areas[0].first / 8 + alsa->rt.offset * (areas[0].step / 8);
    *frames = (uint32_t)count;
    return 0;
}

static MP_RT long alsa_commit(struct sink *sink, uint32_t frames)
{
    struct alsa_sink *alsa = alsa_of(sink);
    snd_pcm_sframes_t taken;

    if (frames == 0) {
        return 0;
    }
    taken = snd_pcm_mmap_commit(alsa->pcm, alsa->rt.offset, frames);
    if (taken > 0) {
        alsa->rt.committed += (snd_pcm_uframes_t)taken;
    }
    return taken;
}

static MP_RT int alsa_start(struct sink *sink)
{
    struct alsa_sink *alsa = alsa_of(sink);

    if (snd_pcm_state(alsa->pcm) != SND_PCM_STATE_PREPARED) {
        return state_error(snd_pcm_state(alsa->pcm));
    }
    return snd_pcm_start(alsa->pcm);
}

/* Queues as much of the silence as fits. */
static MP_RT int pad(struct alsa_sink *alsa)
{
    for (int piece = 0; piece < 2 && alsa->rt.pad_left > 0;
         piece++) { /* the buffer may wrap once */
        void *words;
        uint32_t frames = (uint32_t)alsa->rt.pad_left;
        long taken = alsa_begin(&alsa->sink, &words, &frames);

        if (taken < 0) {
            return (int)taken;
        }
        if (frames == 0) {
            return 0;
        }
        memset(words, 0, frames * alsa->frame_bytes); /* silence is all zeroes in every word */
        taken = alsa_commit(&alsa->sink, frames);
        if (taken < 0) {
            return (int)taken;
        }
        alsa->rt.pad_left -= (snd_pcm_uframes_t)taken;
    }
    return 0;
}

/* One step of the draining. 0, also while it goes on; rt.phase tells. */
static MP_RT int drain_step(struct alsa_sink *alsa)
{
    snd_pcm_state_t state = snd_pcm_state(alsa->pcm);
    int error;

    if (alsa->rt.phase == ALSA_PADDING) {
        error = state_error(state);
        if (error == 0) {
            error = pad(alsa);
        }
        if (error == 0) {
            error = alsa_start(&alsa->sink);
        }
        if (error == -EPIPE) {
            alsa->rt.phase = ALSA_DRAINED; /* all that was queued is played */
            return 0;
        }
        if (error < 0 || alsa->rt.pad_left > 0) {
            return error;
        }
        alsa->rt.phase = ALSA_DRAINING;
    } else if (alsa->rt.phase == ALSA_DRAINING) {
        if (state == SND_PCM_STATE_SETUP) {
            alsa->rt.phase = ALSA_DRAINED;
            return 0;
        }
        if (alsa->is_hardware || state != SND_PCM_STATE_DRAINING) {
            return state == SND_PCM_STATE_XRUN ? 0 : state_error(state);
        }
    } else {
        return 0;
    }
    /* Plugins drain only while they are asked; a card goes on by itself. */
    error = snd_pcm_drain(alsa->pcm);
    if (error == -EAGAIN) {
        return 0;
    }
    if (error == 0) {
        alsa->rt.phase = ALSA_DRAINED;
    }
    return error;
}

static MP_RT long alsa_queued(struct sink *sink)
{
    struct alsa_sink *alsa = alsa_of(sink);
    long frames;
    int error = drain_step(alsa);

    if (error < 0) {
        return error;
    }
    if (alsa->rt.phase == ALSA_DRAINED) {
        return 0;
    }
    frames = queued_now(alsa);
    if (alsa->rt.phase != ALSA_DRAINING) {
        return frames;
    }
    if (frames < 0 && (frames == -EPIPE || snd_pcm_state(alsa->pcm) == SND_PCM_STATE_SETUP)) {
        alsa->rt.phase = ALSA_DRAINED; /* ran dry, as it was meant to */
        return 0;
    }
    return frames != 0 ? frames : 1; /* not 0 before the driver says that it is done */
}

static MP_RT int alsa_drain(struct sink *sink)
{
    struct alsa_sink *alsa = alsa_of(sink);
    long frames;

    if (alsa->rt.phase != ALSA_PLAYING) {
        return 0;
    }
    frames = queued_now(alsa);
    if (frames == -EPIPE || (frames == 0 && snd_pcm_state(alsa->pcm) == SND_PCM_STATE_PREPARED)) {
        alsa->rt.phase = ALSA_DRAINED; /* nothing is left to play */
        return 0;
    }
    if (frames < 0) {
        return (int)frames;
    }
    alsa->rt.pad_left = alsa->pad_frames;
    if (alsa->pad_frames > 0) {
        snd_pcm_uframes_t over = (alsa->rt.committed + alsa->pad_frames) % alsa->period_frames;

        alsa->rt.pad_left += over > 0 ? alsa->period_frames - over : 0;
    }
    alsa->rt.phase = ALSA_PADDING;
    return drain_step(alsa);
}

/* Sleeps until wake_fd is readable (2), the device shows trouble (1), or the time is over (0). */
static MP_RT int sleep_ms(struct alsa_sink *alsa, int wake_fd, int duration_ms)
{
    struct pollfd *own = alsa->poll;
    struct pollfd *wake = &alsa->poll[alsa->poll_count];
    unsigned short events = 0;

    for (unsigned i = 0; i < alsa->poll_count; i++) {
        own[i].revents = 0;
    }
    wake->fd = wake_fd; /* poll passes over a negative one */
    wake->events = POLLIN;
    wake->revents = 0;
    if (poll(own, alsa->poll_count + 1, duration_ms) <= 0) {
        return 0; /* a signal counts as time gone by */
    }
    if (wake->revents != 0) {
        return 2;
    }
    if (snd_pcm_poll_descriptors_revents(alsa->pcm, own, alsa->poll_count, &events) < 0) {
        return 1;
    }
    return (events & (POLLERR | POLLHUP | POLLNVAL)) != 0;
}

static MP_RT int alsa_wait(struct sink *sink, uint32_t queued_frames, int wake_fd, int timeout_ms)
{
    struct alsa_sink *alsa = alsa_of(sink);
    snd_pcm_uframes_t most = alsa->buffer_frames - alsa->period_frames;
    long target = (long)(queued_frames < most ? queued_frames : most);
    int left_ms = timeout_ms;

    /* The descriptors are asked for errors only, and the time is reckoned: with a buffer much
       longer than the fill, "room for a period" would be true all the time. */
    for (int step = 0; step < STEPS_PER_WAIT; step++) {
        long frames = alsa_queued(sink);
        int64_t need_ms;
        int nap_ms;
        int woken;

        if (frames <= target) {
            return frames < 0 ? (int)frames : 1;
        }
        need_ms = ((int64_t)(frames - target) * 1000 + alsa->rate_hz - 1) / alsa->rate_hz;
        if (snd_pcm_state(alsa->pcm) == SND_PCM_STATE_PREPARED) {
            need_ms = left_ms; /* nothing moves before start() */
        }
        if (need_ms < SHORTEST_SLEEP_MS) {
            need_ms = SHORTEST_SLEEP_MS;
        }
        nap_ms = need_ms < left_ms ? (int)need_ms : left_ms;
        woken = sleep_ms(alsa, wake_fd, nap_ms);
        if (woken == 2) {
            return 2;
        }
        if (woken == 1) {
            frames = alsa_queued(sink);
            return frames < 0 ? (int)frames : frames <= target ? 1 : -EIO;
        }
        left_ms -= nap_ms;
        if (left_ms <= 0) {
            frames = alsa_queued(sink);
            return frames < 0 ? (int)frames : frames <= target;
        }
    }
    return 0;
}

static MP_RT int alsa_recover(struct sink *sink, int error)
{
    struct alsa_sink *alsa = alsa_of(sink);
    snd_pcm_state_t state = snd_pcm_state(alsa->pcm);
    int result = 0;

    if (state == SND_PCM_STATE_DISCONNECTED) {
        return -ENODEV;
    }
    if (recover_step_for(error) > RECOVER_RESUME) {
        return error;
    }
    if (state == SND_PCM_STATE_SUSPENDED) {
        result = snd_pcm_resume(alsa->pcm);
        if (result == -EAGAIN) {
            return result;
        }
        /* Any other refusal: the card cannot resume, but it can be prepared. */
    }
    if (state != SND_PCM_STATE_XRUN && state != SND_PCM_STATE_SETUP) {
        snd_pcm_drop(alsa->pcm);
    }
    result = snd_pcm_prepare(alsa->pcm);
    if (result < 0) {
        return result;
    }
    alsa->rt.phase = ALSA_PLAYING;
    alsa->rt.pad_left = 0;
    alsa->rt.committed = 0;
    return 0;
}

const struct sink_class sink_alsa = {
    .name = "alsa",
    .open = alsa_open,
    .close = alsa_close,
    .queued = alsa_queued,
    .begin = alsa_begin,
    .commit = alsa_commit,
    .start = alsa_start,
    .wait = alsa_wait,
    .drain = alsa_drain,
    .recover = alsa_recover,
};
