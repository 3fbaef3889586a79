/* stream_info.c - what there is to say about a stream: codec, words, length. */
#include "media/stream.h"

#include "media/riff.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Containers whose stamps and lengths are exact. */
static const char *const STAMPED[] = {"wav", "w64", "flac", "ogg", "mov", "aiff", "wv", "ape",
                                      "tta", "dsf", "iff",  "caf", "au",  "tak",  NULL};

bool stream_container_is_exact(const AVFormatContext *container)
{
    const char *const *names = STAMPED;

    while (*names != NULL && !container_is(container, *names)) {
        names++;
    }
    return *names != NULL;
}

bool stream_codec_is_dsd(enum AVCodecID id)
{
    return id == AV_CODEC_ID_DSD_LSBF || id == AV_CODEC_ID_DSD_MSBF ||
           id == AV_CODEC_ID_DSD_LSBF_PLANAR || id == AV_CODEC_ID_DSD_MSBF_PLANAR ||
           id == AV_CODEC_ID_DST;
}

void stream_name_codec(char *text, size_t size, enum AVCodecID id)
{
    static const struct {
        enum AVCodecID id;
        const char *name;
    } names[] = {
        {AV_CODEC_ID_VORBIS, "Vorbis"},      {AV_CODEC_ID_OPUS, "Opus"},
        {AV_CODEC_ID_WAVPACK, "WavPack"},    {AV_CODEC_ID_APE, "Monkey's Audio"},
        {AV_CODEC_ID_MUSEPACK7, "Musepack"}, {AV_CODEC_ID_MUSEPACK8, "Musepack"},
    };
    const AVCodecDescriptor *descriptor = avcodec_descriptor_get(id);
    const char *name = descriptor != NULL ? descriptor->name : "unknown";

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (names[i].id == id) {
            snprintf(text, size, "%s", names[i].name);
            return;
        }
    }
    if (strncmp(name, "pcm_", 4) == 0) {
        bool is_float = name[4] == 'f';

        snprintf(text, size, "%s", is_float ? "PCM float" : "PCM");
    } else if (stream_codec_is_dsd(id)) {
        snprintf(text, size, "DSD (to PCM)");
    } else {
        snprintf(text, size, "%s", name);
        for (char *at = text; *at != '\0'; at++) {
            *at = (char)toupper((unsigned char)*at);
        }
    }
}

void stream_fill_info(struct stream *stream)
{
    const AVCodecParameters *parameters = stream->track->codecpar;
    const AVCodecDescriptor *descriptor = avcodec_descriptor_get(parameters->codec_id);
    struct media_info *info = &stream->info;
    enum sample_kind kind = stream->direct;

    if (stream->codec != NULL) {
        kind = sample_kind_of(stream->codec->sample_fmt);
    }
    info->is_dsd = stream_codec_is_dsd(parameters->codec_id);
    info->lossless =
        !info->is_dsd && descriptor != NULL && (descriptor->props & AV_CODEC_PROP_LOSSLESS) != 0;
    info->is_float = info->lossless && (kind == SAMPLE_FLOAT || kind == SAMPLE_DOUBLE);
    info->bits = 0;
    if (info->lossless && !info->is_float) {
        int bits = stream->codec != NULL ? stream->codec->bits_per_raw_sample : 0;

        bits = bits > 0 ? bits : parameters->bits_per_raw_sample;
        bits = bits > 0 ? bits : parameters->bits_per_coded_sample;
        info->bits = bits > 0 ? (uint32_t)bits : 16;
    }
    info->rate_hz = info->source_rate_hz;
    info->seekable = stream->container->pb != NULL &&
                     (stream->container->pb->seekable & AVIO_SEEKABLE_NORMAL) != 0;
    info->remote = stream->network != NULL;
    info->live = info->remote && stream->network->endless;
    if (info->remote) {
        int64_t bit_rate = parameters->bit_rate > 0 ? parameters->bit_rate
                           : stream->codec != NULL  ? stream->codec->bit_rate
                                                    : 0;

        info->seekable = info->seekable && !info->live;
        info->bit_rate = bit_rate > 0 && bit_rate < UINT32_MAX ? (uint32_t)bit_rate : 0;
    }
    stream_name_codec(info->codec, sizeof info->codec, parameters->codec_id);
}

/* Frames of PCM from here to the end of the file, for headers that could not know it. */
static int64_t frames_by_size(const struct stream *stream)
{
    int64_t bytes = avio_size(stream->container->pb) - stream->data_begin;

    return bytes > 0 ? bytes / stream->track->codecpar->block_align : 0;
}

void stream_find_length(struct stream *stream)
{
    const AVStream *track = stream->track;
    AVRational frame = {1, (int)stream->info.source_rate_hz};
    struct media_info *info = &stream->info;

    info->frames = -1;
    info->frames_exact = false;
    if (info->live) {
        return;
    }
    if (stream->end != END_UNKNOWN) {
        info->frames = stream->end;
        info->frames_exact = true;
        return;
    }
    if (track->duration != AV_NOPTS_VALUE && track->duration > 0) {
        int64_t last = av_rescale_q(track->duration, track->time_base, frame);
        int64_t start = track->start_time == AV_NOPTS_VALUE
                            ? 0
                            : av_rescale_q(track->start_time, track->time_base, frame);

        if (stream->first_raw < 0 && container_is(stream->container, "ogg")) {
            start = stream->first_raw; /* Ogg counts from the first packet on */
        }
        info->frames = FFMAX(last + start - stream->origin, 0);
        /* Of MP4 in fragments only what was seen so far is counted. */
        info->frames_exact =
            stream_container_is_exact(stream->container) && !container_is(stream->container, "mov");
    }
    if (info->frames < 0 && container_is(stream->container, "dsf")) {
        info->frames = dsf_frames(stream->path);
        info->frames_exact = info->frames >= 0;
    }
    if (stream->direct != SAMPLE_NONE && info->seekable && container_is(stream->container, "wav")) {
        int64_t promised = riff_data_bytes(stream->path);
        int block = track->codecpar->block_align;

        if (promised >= 0 && block > 0) {
            info->frames = promised / block;
        } else if (block > 0) {
            info->frames = frames_by_size(stream);
        }
        info->frames_exact = info->frames >= 0;
    }
}
