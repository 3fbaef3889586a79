/* decoder.c - what the player sees of a file: frames, in order, at a rate. */
#include "media/decoder.h"

#include "media/decoder_network.h"
#include "media/live.h"
#include "media/resampler.h"
#include "media/stream.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FEED_FRAMES = RESAMPLER_PUSH_MAX, RATE_LEAST_HZ = 8000, RATE_MOST_HZ = 384000 };

struct decoder {
    struct live *live; /* it reads; all below but the info is empty. NULL: a file */
    struct stream stream;
    struct media_info info;
    struct resampler *resampler; /* NULL: the track's own rate */
    int64_t promised; /* frames of the stream that the container promised, -1: it did not */
    int64_t taken;    /* next frame that the stream gives */
    int64_t given;    /* next frame that the reader gets, at rate_hz */
    int64_t length;   /* frames at rate_hz, known when the stream has ended; -1 before */
    bool any;         /* something was read */
};

/* The own rate, or one beside it that everything else here can handle. */
static uint32_t sane_rate(uint32_t rate_hz)
{
    while (rate_hz > RATE_MOST_HZ) {
        rate_hz /= 2;
    }
    while (rate_hz < RATE_LEAST_HZ) {
        rate_hz *= 2;
    }
    return rate_hz;
}

static int open_resampler(struct decoder *decoder, uint32_t rate_hz, struct media_error *error)
{
    struct media_info *info = &decoder->info;

    if (rate_hz == 0) {
        rate_hz = sane_rate(info->source_rate_hz);
    }
    if (rate_hz == info->source_rate_hz) {
        return 0;
    }
    decoder->resampler = resampler_create(info->source_rate_hz, rate_hz);
    if (decoder->resampler == NULL) {
        return media_fail(error, -errno,
                          "%s: cannot be resampled from %u to %u Hz (%s); choose another rate",
                          decoder->stream.path, info->source_rate_hz, rate_hz, strerror(errno));
    }
    info->rate_hz = rate_hz;
    if (info->frames >= 0) {
        info->frames = resampler_length(decoder->resampler, info->frames);
    }
    return 0;
}

/* A file, or one connection to an address. */
static int open_stream(struct decoder *decoder, const char *path, uint32_t rate_hz,
                       struct media_error *error)
{
    int result = stream_open(&decoder->stream, path, error);

    if (result < 0) {
        return result;
    }
    decoder->info = decoder->stream.info;
    decoder->promised = decoder->info.frames_exact ? decoder->info.frames : -1;
    decoder->length = -1;
    return open_resampler(decoder, rate_hz, error);
}

static int open_any(struct decoder **decoder_out, const char *path, uint32_t rate_hz,
                    struct network *network, const struct live_wait *wait,
                    struct media_error *error)
{
    struct decoder *decoder = calloc(1, sizeof *decoder);
    int result;

    *decoder_out = NULL;
    if (decoder == NULL) {
        return media_fail(error, -ENOMEM, "%s: no memory left; close other programs", path);
    }
    decoder->stream.network = network;
    result = wait != NULL && media_is_address(path)
                 ? live_open(&decoder->live, path, rate_hz, wait, &decoder->info, error)
                 : open_stream(decoder, path, rate_hz, error);
    if (result < 0) {
        decoder_close(decoder);
        return result;
    }
    *decoder_out = decoder;
    return 0;
}

int decoder_open(struct decoder **decoder, const char *path, uint32_t rate_hz,
                 struct media_error *error)
{
    return open_any(decoder, path, rate_hz, NULL, &(struct live_wait){NULL, NULL}, error);
}

int decoder_open_waiting(struct decoder **decoder, const char *path, uint32_t rate_hz,
                         bool (*is_over)(void *context), void *context, struct media_error *error)
{
    return open_any(decoder, path, rate_hz, NULL, &(struct live_wait){is_over, context}, error);
}

int decoder_open_network(struct decoder **decoder, const char *address, uint32_t rate_hz,
                         struct network *network, struct media_error *error)
{
    return open_any(decoder, address, rate_hz, network, NULL, error);
}

void decoder_close(struct decoder *decoder)
{
    if (decoder == NULL) {
        return;
    }
    live_close(decoder->live);
    stream_close(&decoder->stream);
    resampler_destroy(decoder->resampler);
    free(decoder);
}

void decoder_cancel(struct decoder *decoder)
{
    if (decoder->live != NULL) {
        live_cancel(decoder->live);
    }
}

bool decoder_station(struct decoder *decoder, struct media_station *station)
{
    if (decoder->live == NULL) {
        return false;
    }
    live_station(decoder->live, station);
    return true;
}

uint64_t decoder_reading_ns(const struct decoder *decoder)
{
    return decoder->stream.reading_ns;
}

const struct media_info *decoder_info(const struct decoder *decoder)
{
    return &decoder->info;
}

/* Frames of the stream at its own rate; fewer than asked only at its end. */
static ssize_t read_stream(struct decoder *decoder, float *const channel[MEDIA_CHANNELS],
                           size_t frames)
{
    struct stream *stream = &decoder->stream;
    struct piece *piece = &stream->piece;
    size_t done = 0;

    while (done < frames) {
        float *const at[MEDIA_CHANNELS] = {channel[0] + done, channel[1] + done};
        int result = stream_next(stream);
        size_t count;

        if (result < 0) {
            return result;
        }
        if (result == 0) {
            break;
        }
        count = piece->frames < frames - done ? piece->frames : frames - done;
        decoder->stream.damage.bad_samples +=
            samples_convert(&piece->samples, &stream->mixdown, piece->offset, count, at);
        piece->offset += count;
        piece->frames -= count;
        piece->raw += (int64_t)count;
        done += count;
    }
    decoder->taken += (int64_t)done;
    decoder->any = decoder->any || done > 0;
    return (ssize_t)done;
}

/* After the end of the stream: was it the end of the sound? */
static void note_end(struct decoder *decoder)
{
    if (decoder->stream.broken_off || decoder->taken < decoder->promised) {
        decoder->stream.damage.truncated = true;
    }
}

/* Feeds the resampler; behind the end with silence. */
static int feed_resampler(struct decoder *decoder)
{
    float left[FEED_FRAMES], right[FEED_FRAMES];
    float *const channel[MEDIA_CHANNELS] = {left, right};
    const float *const in[MEDIA_CHANNELS] = {left, right};
    ssize_t got = 0;

    if (decoder->length < 0) {
        got = read_stream(decoder, channel, FEED_FRAMES);
        if (got < 0) {
            return (int)got;
        }
        if (got < FEED_FRAMES) {
            note_end(decoder);
            decoder->length = resampler_length(decoder->resampler, decoder->taken);
        }
    }
    for (int c = 0; c < MEDIA_CHANNELS; c++) {
        memset(channel[c] + got, 0, (FEED_FRAMES - (size_t)got) * sizeof(float));
    }
    return resampler_push(decoder->resampler, in, FEED_FRAMES);
}

static ssize_t read_resampled(struct decoder *decoder, float *const channel[MEDIA_CHANNELS],
                              size_t frames)
{
    size_t done = 0;

    while (done < frames) {
        float *const at[MEDIA_CHANNELS] = {channel[0] + done, channel[1] + done};
        int64_t given = decoder->given + (int64_t)done;
        size_t count = frames - done;
        size_t got;

        if (decoder->length >= 0 && given + (int64_t)count > decoder->length) {
            count = given < decoder->length ? (size_t)(decoder->length - given) : 0;
        }
        if (count == 0) {
            break;
        }
        got = resampler_pull(decoder->resampler, at, count);
        done += got;
        if (got == 0) {
            int result = feed_resampler(decoder);

            if (result < 0) {
                return result;
            }
        }
    }
    return (ssize_t)done;
}

ssize_t decoder_read(struct decoder *decoder, float *const channel[MEDIA_CHANNELS], size_t frames,
                     struct media_error *error)
{
    const char *path = decoder->stream.path;
    ssize_t got;

    if (decoder->live != NULL) {
        return live_read(decoder->live, channel, frames, error);
    }
    if (decoder->resampler != NULL) {
        got = read_resampled(decoder, channel, frames);
    } else {
        got = read_stream(decoder, channel, frames);
        if (got >= 0 && (size_t)got < frames) {
            note_end(decoder);
        }
    }
    if (got < 0) {
        return media_fail(error, (int)got, "%s: reading stopped (%s); free memory and try again",
                          path, strerror((int)-got));
    }
    if (got == 0 && frames > 0 && !decoder->any && decoder->given == 0 &&
        (decoder->stream.damage.broken_packets > 0 || decoder->stream.damage.truncated)) {
        return media_fail(error, -EINVAL, "%s: nothing in it could be decoded; get the file again",
                          path);
    }
    decoder->given += got;
    return got;
}

int decoder_seek(struct decoder *decoder, int64_t frame, struct media_error *error)
{
    int64_t from = frame;
    int result;

    if (decoder->live != NULL) {
        result = live_seek(decoder->live, frame < 0 ? 0 : frame);
        return result == 0 ? 0 : media_fail(error, result, "a radio station cannot be sought in");
    }
    if (frame < 0) {
        return media_fail(error, -EINVAL, "%s: there is nothing before its beginning",
                          decoder->stream.path);
    }
    if (decoder->resampler != NULL) {
        from = resampler_seek(decoder->resampler, frame);
    }
    result = from < 0 ? (int)from : stream_seek(&decoder->stream, from);
    if (result < 0) {
        return media_fail(error, media_code(result), "%s: cannot seek (%s); play it from the start",
                          decoder->stream.path, strerror(-media_code(result)));
    }
    decoder->taken = from;
    decoder->given = frame;
    decoder->length = -1;
    return 0;
}

const struct media_damage *decoder_damage(const struct decoder *decoder)
{
    return &decoder->stream.damage;
}

/* Writes behind the `used` bytes of the line; returns how many are used then. */
static size_t __attribute__((format(printf, 4, 5)))
append(char *line, size_t size, size_t used, const char *format, ...)
{
    va_list arguments;
    int written;

    if (used >= size) {
        return used;
    }
    va_start(arguments, format);
    written = vsnprintf(line + used, size - used, format, arguments);
    va_end(arguments);
    return written < 0 ? used : used + (size_t)written;
}

bool decoder_damage_line(const struct decoder *decoder, char *line, size_t size)
{
    const struct media_damage *damage = &decoder->stream.damage;
    const char *path = decoder->stream.path;
    size_t used = 0;

    if (damage->broken_packets == 0 && damage->bad_samples == 0 && !damage->truncated) {
        return false;
    }
    used = append(line, size, used, "%s:", path);
    if (damage->broken_packets > 0) {
        used = append(line, size, used, " %llu broken packet%s passed over;",
                      (unsigned long long)damage->broken_packets,
                      damage->broken_packets == 1 ? " was" : "s were");
    }
    if (damage->bad_samples > 0) {
        used = append(line, size, used, " %llu sample%s no number and became silence;",
                      (unsigned long long)damage->bad_samples,
                      damage->bad_samples == 1 ? " was" : "s were");
    }
    if (damage->truncated) {
        used = append(line, size, used, " it ends before the length that it promises;");
    }
    append(line, size, used, " get the file again if you can");
    return true;
}
