/* mpeg_audio.c - rate, channels and length of an MP3 file, from a few of its bytes. */
#include "media/mpeg_audio.h"

#include "media/bytes.h"

#include <string.h>

enum { WINDOW = 8192, SEARCHED = 4096 };

struct frame {
    uint32_t rate_hz, channels, layer;
    uint32_t samples; /* in the frame */
    uint32_t bytes;   /* its length */
    uint32_t family;  /* what all headers of one stream share */
    uint32_t side;    /* bytes of layer III's side information */
};

static bool parse(struct frame *frame, const uint8_t *at)
{
    static const uint16_t kbits[5][15] = {
        {0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448}, /* 1, I */
        {0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},    /* 1, II */
        {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},     /* 1, III */
        {0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256},    /* 2, I */
        {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},         /* 2, II and III */
    };
    static const uint32_t rates[3] = {44100, 48000, 32000};
    uint32_t header = bytes_be32(at);
    uint32_t version = header >> 19 & 3; /* 0: 2.5, 2: 2, 3: 1 */
    uint32_t layer = 4 - (header >> 17 & 3);
    uint32_t rate = header >> 10 & 3, bits = header >> 12 & 15, padding = header >> 9 & 1;
    bool mono = (header >> 6 & 3) == 3, first = version == 3;

    if (header >> 21 != 0x7FF || version == 1 || layer == 4 || rate == 3 || bits == 15 ||
        bits == 0) {
        return false;
    }
    frame->rate_hz = rates[rate] >> (first ? 0 : version == 2 ? 1 : 2);
    frame->channels = mono ? 1 : 2;
    frame->layer = layer;
    frame->samples = layer == 1 ? 384 : layer == 2 || first ? 1152 : 576;
    frame->family = header & 0xFFFE0C00;
    bits = 1000U * kbits[first ? layer - 1 : layer == 1 ? 3 : 4][bits];
    frame->bytes = layer == 1 ? (12 * bits / frame->rate_hz + padding) * 4
                              : frame->samples / 8 * bits / frame->rate_hz + padding;
    frame->side = first ? (mono ? 17 : 32) : mono ? 9 : 17;
    return frame->bytes > 4;
}

/* Xing or Info behind the side information: samples of the music, or 0. `at` has 200 bytes. */
static int64_t samples_by_xing(const struct frame *frame, const uint8_t *at)
{
    uint32_t flags;
    int64_t samples, delay, padding;

    at += 4 + frame->side;
    if (memcmp(at, "Xing", 4) != 0 && memcmp(at, "Info", 4) != 0) {
        return 0;
    }
    flags = bytes_be32(at + 4);
    if ((flags & 1) == 0) {
        return 0;
    }
    samples = (int64_t)bytes_be32(at + 8) * frame->samples;
    at += 12 + (flags & 2 ? 4 : 0) + (flags & 4 ? 100 : 0) + (flags & 8 ? 4 : 0);
    delay = at[21] << 4 | at[22] >> 4;
    padding = (at[22] & 15) << 8 | at[23];
    if (at[0] >= ' ' && at[0] <= '~' && delay + padding < samples) {
        samples -= delay + padding;
    }
    return samples;
}

static int64_t samples_by_vbri(const struct frame *frame, const uint8_t *at)
{
    return memcmp(at + 36, "VBRI", 4) == 0 ? (int64_t)bytes_be32(at + 50) * frame->samples : 0;
}

/* By the frames of this window: all alike in most files without a header. */
static double duration_by_rate(const struct frame *first, const uint8_t *at, size_t count,
                               int64_t bytes)
{
    struct frame frame = *first;
    size_t place = 0, frames = 0;

    while (place + 4 <= count && parse(&frame, at + place) && frame.family == first->family) {
        place += frame.bytes;
        frames++;
    }
    return (double)bytes / (double)place * (double)frames * first->samples / first->rate_hz;
}

bool mpeg_audio_read(struct mpeg_audio *audio, struct tag_file *file, int64_t place)
{
    int64_t left = file->size - place;
    size_t count = left < WINDOW ? (left > 0 ? (size_t)left : 0) : WINDOW;
    const uint8_t *window = tag_file_bytes(file, place, count);
    struct frame frame, next;

    for (size_t at = 0; window != NULL && at + 200 <= count && at < SEARCHED; at++) {
        size_t after;
        int64_t samples = 0;

        if (window[at] != 0xFF || !parse(&frame, window + at)) {
            continue;
        }
        after = at + frame.bytes;
        if (after + 4 <= count && (!parse(&next, window + after) || next.family != frame.family)) {
            continue;
        }
        if (frame.layer == 3) {
            samples = samples_by_xing(&frame, window + at);
            samples = samples > 0 ? samples : samples_by_vbri(&frame, window + at);
        }
        *audio = (struct mpeg_audio){frame.layer, frame.rate_hz, frame.channels, 0.0};
        audio->duration_s =
            samples > 0 ? (double)samples / frame.rate_hz
                        : duration_by_rate(&frame, window + at, count - at, left - (int64_t)at);
        return true;
    }
    return false;
}
