/*
 * samples.h - from a codec's own samples to float, planar, two channels.
 *
 * Private to src/media. Integers are scaled by 2^(N-1), exactly: float holds every word of up to
 * 24 bits. Mono is doubled; more than two channels go through libswresample's standard matrix,
 * scaled so that no sum can exceed full scale. Float passes untouched, but for NaN and infinity,
 * which become 0 and are counted.
 *
 * Threads: any but the audio thread.
 */
#ifndef MP_MEDIA_SAMPLES_H
#define MP_MEDIA_SAMPLES_H

#include "media/decoder.h"

#include <libavutil/channel_layout.h>
#include <libavutil/samplefmt.h>

enum { SAMPLES_CHANNELS_MAX = 64 };

enum sample_kind {
    SAMPLE_NONE,
    SAMPLE_U8,
    SAMPLE_S16,
    SAMPLE_S24, /* 3 bytes, little-endian; the byte behind the last may be read */
    SAMPLE_S32,
    SAMPLE_S64,
    SAMPLE_FLOAT,
    SAMPLE_DOUBLE,
};

/* Sound as a codec gave it. */
struct samples {
    enum sample_kind kind;
    bool planar;
    int channels;
    const uint8_t *const *plane; /* `channels` of them, or one if interleaved */
};

/* How `channels` become two; remade when the layout changes. */
struct mixdown {
    AVChannelLayout layout;
    double gain[MEDIA_CHANNELS][SAMPLES_CHANNELS_MAX];
};

enum sample_kind sample_kind_of(enum AVSampleFormat format);

/* Makes the matrix for `layout` if it is not that already. 0 or negative errno. */
int mixdown_set(struct mixdown *mixdown, const AVChannelLayout *layout);
void mixdown_finish(struct mixdown *mixdown);

/* `frames` frames from frame `from` on, into left and right. Returns how many samples were NaN or
   infinite. */
uint64_t samples_convert(const struct samples *samples, const struct mixdown *mixdown, size_t from,
                         size_t frames, float *const channel[MEDIA_CHANNELS]);

#endif
