/* alsa_open.c - opens an ALSA device and settles with it on words, rate and buffer. */
#include "output/alsa.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FORMATS = WORD_FLOAT + 1,
    /* Cards stop before the last words are heard (measured: up to 1233 frames at 48 kHz). */
    PAD_DIVISOR = 20, /* of a second: 50 ms */
};

/* A PCM that is being opened. */
struct attempt {
    const struct sink_request *request;
    struct sink_format *format;
    snd_pcm_t *pcm;
    snd_pcm_hw_params_t *hw;
    unsigned native; /* words that the device took before plug: came between; 0: not known */
    int error;
    const char *step; /* what was refused, for the message */
};

static void stay_silent(const char *file, int line, const char *function, int error,
                        const char *text, ...)
{
    (void)file;
    (void)line;
    (void)function;
    (void)error;
    (void)text;
}

void alsa_setup(void)
{
    const char *value = getenv("LIBASOUND_THREAD_SAFE");

    /* Not set again where it is right: other threads may read the environment by then. */
    if (value == NULL || strcmp(value, "0") != 0) {
        setenv("LIBASOUND_THREAD_SAFE", "0", 1);
    }
    snd_lib_error_set_handler(stay_silent);
}

/* What stands behind the PCM, from ALSA's own description of it (it has no function for that). */
static void look_behind(snd_pcm_t *pcm, bool *is_null, bool *is_file)
{
    snd_output_t *output;
    char *text;
    size_t size;

    *is_null = false;
    *is_file = false;
    if (snd_output_buffer_open(&output) < 0) {
        return;
    }
    if (snd_pcm_dump(pcm, output) >= 0) {
        size = snd_output_buffer_string(output, &text);
        *is_null = memmem(text, size, "Null PCM\n", 9) != NULL;
        *is_file = memmem(text, size, "File PCM (", 10) != NULL;
    }
    snd_output_close(output);
}

static int card_of(snd_pcm_t *pcm)
{
    snd_pcm_info_t *info;

    snd_pcm_info_alloca(&info);
    return snd_pcm_info(pcm, info) < 0 ? -1 : snd_pcm_info_get_card(info);
}

static unsigned formats_of(snd_pcm_t *pcm, snd_pcm_hw_params_t *hw)
{
    unsigned mask = 0;

    for (unsigned i = 0; i < FORMATS; i++) {
        if (snd_pcm_hw_params_test_format(pcm, hw, alsa_format((enum word_format)i)) == 0) {
            mask |= 1U << i;
        }
    }
    return mask;
}

/* Access, channels and word. -EINVAL: through plug: it would go. */
static int settle_words(struct attempt *attempt)
{
    snd_pcm_t *pcm = attempt->pcm;
    snd_pcm_hw_params_t *hw = attempt->hw;
    bool is_hardware = snd_pcm_type(pcm) == SND_PCM_TYPE_HW || attempt->native != 0;
    unsigned formats = formats_of(pcm, hw);
    int error;

    if (attempt->native == 0) {
        attempt->native = snd_pcm_type(pcm) == SND_PCM_TYPE_HW ? formats : 0;
    } else if ((formats & attempt->native) != 0) {
        formats &= attempt->native;
    }
    attempt->step = "memory-mapped access";
    error = snd_pcm_hw_params_set_access(pcm, hw, SND_PCM_ACCESS_MMAP_INTERLEAVED);
    if (error < 0) {
        return error;
    }
    attempt->step = "two channels";
    error = snd_pcm_hw_params_set_channels(pcm, hw, SINK_CHANNELS);
    if (error < 0) {
        return error;
    }
    attempt->step = "any word this player has (S16, S24_3LE, S24, S32, FLOAT)";
    for (unsigned rank = 0;; rank++) {
        enum word_format words;

        if (!alsa_wish(attempt->request->bits, is_hardware, rank, &words)) {
            return -EINVAL;
        }
        if ((formats & 1U << words) != 0 &&
            snd_pcm_hw_params_set_format(pcm, hw, alsa_format(words)) == 0) {
            attempt->format->words = words;
            return 0;
        }
    }
}

/* The music's rate, else the next higher one, else the highest. ALSA's own resamplers stay out. */
static int settle_rate(struct attempt *attempt)
{
    unsigned rate_hz = attempt->request->rate_hz;
    int direction = 0;
    int error;

    attempt->step = "any rate";
    if (snd_pcm_hw_params_set_rate(attempt->pcm, attempt->hw, rate_hz, 0) == 0) {
        return 0;
    }
    if (snd_pcm_hw_params_set_rate_min(attempt->pcm, attempt->hw, &rate_hz, &direction) == 0) {
        return snd_pcm_hw_params_set_rate_first(attempt->pcm, attempt->hw, &rate_hz, &direction);
    }
    error = snd_pcm_hw_params_set_rate_last(attempt->pcm, attempt->hw, &rate_hz, &direction);
    return error;
}

/* The buffer wished for, as a whole number of the periods wished for. */
static void wished_buffer(const struct sink_request *request, unsigned rate_hz,
                          snd_pcm_uframes_t *period, snd_pcm_uframes_t *buffer)
{
    *period = request->block_frames > 0 ? request->block_frames : 512;
    *buffer = (snd_pcm_uframes_t)rate_hz * request->buffer_ms / 1000;
    *buffer -= *buffer % *period;
    if (*buffer < 2 * *period) {
        *buffer = 2 * *period;
    }
}

static int settle_buffer(struct attempt *attempt)
{
    snd_pcm_t *pcm = attempt->pcm;
    snd_pcm_hw_params_t *hw = attempt->hw;
    snd_pcm_hw_params_t *before;
    unsigned rate_hz = 0;
    snd_pcm_uframes_t period;
    snd_pcm_uframes_t buffer;
    snd_pcm_uframes_t longest = 0;
    int error;

    attempt->step = "any buffer";
    error = snd_pcm_hw_params_get_rate(hw, &rate_hz, NULL);
    if (error < 0) {
        return error;
    }
    wished_buffer(attempt->request, rate_hz, &period, &buffer);
    snd_pcm_hw_params_set_periods_integer(pcm, hw); /* most cards insist, and jack fails without */
    snd_pcm_hw_params_alloca(&before);
    snd_pcm_hw_params_copy(before, hw);
    error = snd_pcm_hw_params_set_period_size_near(pcm, hw, &period, NULL);
    snd_pcm_hw_params_get_buffer_size_max(hw, &longest);
    if (error >= 0 && longest >= buffer) {
        error = snd_pcm_hw_params_set_buffer_size_near(pcm, hw, &buffer);
        return error < 0 ? error : snd_pcm_hw_params(pcm, hw);
    }
    /* So short a period costs length, and length is what rides out a busy machine. */
    snd_pcm_hw_params_copy(hw, before);
    error = snd_pcm_hw_params_set_buffer_size_near(pcm, hw, &buffer);
    if (error >= 0) {
        error = snd_pcm_hw_params_set_period_size_near(pcm, hw, &period, NULL);
    }
    return error < 0 ? error : snd_pcm_hw_params(pcm, hw);
}

static int settle_hardware(struct attempt *attempt)
{
    int error;

    attempt->step = "any configuration";
    error = snd_pcm_hw_params_any(attempt->pcm, attempt->hw);
    if (error < 0) {
        return error;
    }
    /* Some plugins have no such switch; the rate then shows what happens. */
    snd_pcm_hw_params_set_rate_resample(attempt->pcm, attempt->hw, 0);
    error = settle_words(attempt);
    if (error >= 0) {
        error = settle_rate(attempt);
    }
    return error < 0 ? error : settle_buffer(attempt);
}

/* Starts when told, stops when empty; wake-ups are reckoned, not asked for. */
static int settle_software(struct attempt *attempt)
{
    snd_pcm_sw_params_t *sw;
    snd_pcm_uframes_t boundary = 0;
    snd_pcm_uframes_t buffer = 0;
    snd_pcm_uframes_t period = 0;
    int error;

    attempt->step = "its start and stop marks";
    snd_pcm_sw_params_alloca(&sw);
    error = snd_pcm_get_params(attempt->pcm, &buffer, &period);
    if (error >= 0) {
        error = snd_pcm_sw_params_current(attempt->pcm, sw);
    }
    if (error >= 0) {
        error = snd_pcm_sw_params_get_boundary(sw, &boundary);
    }
    if (error >= 0) {
        error = snd_pcm_sw_params_set_start_threshold(attempt->pcm, sw, boundary);
    }
    if (error >= 0) {
        error = snd_pcm_sw_params_set_stop_threshold(attempt->pcm, sw, buffer);
    }
    if (error >= 0) {
        error = snd_pcm_sw_params_set_avail_min(attempt->pcm, sw, period);
    }
    if (error >= 0 && snd_pcm_type(attempt->pcm) == SND_PCM_TYPE_HW) {
        /* The kernel wipes what was played: a card that runs dry goes on round the buffer for a
           while, and would play what was in it half a second before. */
        error = snd_pcm_sw_params_set_silence_threshold(attempt->pcm, sw, 0);
        if (error >= 0) {
            error = snd_pcm_sw_params_set_silence_size(attempt->pcm, sw, boundary);
        }
    }
    return error < 0 ? error : snd_pcm_sw_params(attempt->pcm, sw);
}

/* Opens `name`; on success attempt->pcm is ready and attempt->format filled, else closed. */
static int try_open(struct attempt *attempt, const char *name)
{
    struct sink_format *format = attempt->format;
    snd_pcm_uframes_t buffer = 0;
    snd_pcm_uframes_t period = 0;
    int sbits;

    attempt->step = NULL;
    attempt->error = snd_pcm_open(&attempt->pcm, name, SND_PCM_STREAM_PLAYBACK, SND_PCM_NONBLOCK);
    if (attempt->error < 0) {
        attempt->pcm = NULL;
        return attempt->error;
    }
    attempt->error = settle_hardware(attempt);
    if (attempt->error >= 0) {
        attempt->error = settle_software(attempt);
    }
    if (attempt->error >= 0) {
        attempt->error = snd_pcm_prepare(attempt->pcm);
    }
    if (attempt->error < 0) {
        snd_pcm_close(attempt->pcm);
        attempt->pcm = NULL;
        return attempt->error;
    }
    snd_pcm_hw_params_get_rate(attempt->hw, &format->rate_hz, NULL);
    snd_pcm_get_params(attempt->pcm, &buffer, &period);
    sbits = snd_pcm_hw_params_get_sbits(attempt->hw);
    format->significant_bits = word_bits(format->words);
    if (sbits > 0 && (uint32_t)sbits < format->significant_bits) {
        format->significant_bits = (uint32_t)sbits;
    }
    format->buffer_frames = (uint32_t)buffer;
    format->period_frames = (uint32_t)period;
    format->can_pause = snd_pcm_hw_params_can_pause(attempt->hw) == 1;
    format->is_hardware = snd_pcm_type(attempt->pcm) == SND_PCM_TYPE_HW;
    format->converted = snd_pcm_type(attempt->pcm) == SND_PCM_TYPE_PLUG;
    snprintf(format->device, sizeof format->device, "%s", name);
    return 0;
}

static struct alsa_sink *wrap(snd_pcm_t *pcm, struct sink_format *format)
{
    struct alsa_sink *alsa = calloc(1, sizeof *alsa);
    bool is_null;
    bool is_file;
    int count;

    if (alsa == NULL) {
        return NULL;
    }
    look_behind(pcm, &is_null, &is_file);
    format->paced = !is_null;
    alsa->sink.class = &sink_alsa;
    alsa->pcm = pcm;
    alsa->rate_hz = format->rate_hz;
    alsa->buffer_frames = format->buffer_frames;
    alsa->period_frames = format->period_frames;
    alsa->frame_bytes = SINK_CHANNELS * word_bytes(format->words);
    alsa->is_hardware = format->is_hardware;
    /* A recording shall hold the music's words and no more. */
    if (!is_null && !is_file && (card_of(pcm) >= 0 || snd_pcm_type(pcm) == SND_PCM_TYPE_IOPLUG)) {
        alsa->pad_frames = format->rate_hz / PAD_DIVISOR;
    }
    count = snd_pcm_poll_descriptors(pcm, alsa->poll, ALSA_POLL_MAX);
    for (int i = 0; i < count; i++) {
        alsa->poll[i].events = 0; /* errors are told all the same */
    }
    alsa->poll_count = count > 0 ? (unsigned)count : 0;
    return alsa;
}

int alsa_open(struct sink **sink, const struct sink_request *request, struct sink_format *format,
              char message[SINK_MESSAGE_SIZE])
{
    struct attempt attempt = {.request = request, .format = format};
    struct alsa_sink *alsa;
    char plug[SINK_TEXT_SIZE];
    int error;

    *sink = NULL;
    memset(format, 0, sizeof *format);
    message[0] = '\0';
    alsa_setup();
    snd_pcm_hw_params_alloca(&attempt.hw);
    error = try_open(&attempt, request->device);
    if (error == -EINVAL && attempt.step != NULL && alsa_plug_name(request->device, plug)) {
        error = try_open(&attempt, plug);
    }
    if (error < 0) {
        if (attempt.step != NULL) {
            snprintf(message, SINK_MESSAGE_SIZE,
                     "%s: the device refuses %s (%s); `matchplay devices` lists what it takes",
                     request->device, attempt.step, snd_strerror(error));
        } else {
            alsa_hint(request->device, error, message);
        }
        return error;
    }
    alsa = wrap(attempt.pcm, format);
    if (alsa == NULL) {
        snd_pcm_close(attempt.pcm);
        snprintf(message, SINK_MESSAGE_SIZE, "%s: out of memory", request->device);
        return -ENOMEM;
    }
    *sink = &alsa->sink;
    return 0;
}

void alsa_close(struct sink *sink)
{
    struct alsa_sink *alsa = (struct alsa_sink *)sink;

    if (alsa == NULL) {
        return;
    }
    snd_pcm_close(alsa->pcm); /* drops what was not played */
    free(alsa);
}
