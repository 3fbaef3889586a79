/* stream_open.c - finds out what a file holds and how to read it. */
#include "media/stream.h"

#include "media/gapless.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libavutil/intreadwrite.h>

static int no_sound(const char *path, struct media_error *error)
{
    return media_fail(error, -EINVAL, "%s: there is no sound in it; choose a sound file", path);
}

int stream_open_container(struct stream *stream, struct media_error *error)
{
    int result = stream->network != NULL
                     ? network_open(&stream->container, stream->path, stream->network, error)
                     : container_open(&stream->container, stream->path, stream->keep_edits,
                                      &stream->patience, error);

    stream->searched = false;
    if (result < 0) {
        return result;
    }
    stream->track = container_sound(stream->container);
    if (stream->track == NULL || stream->track->codecpar->codec_id == AV_CODEC_ID_NONE) {
        stream->searched = true;
        avformat_find_stream_info(stream->container, NULL); /* no header: it has to look inside */
        stream->track = container_sound(stream->container);
    }
    return stream->track == NULL ? no_sound(stream->path, error) : 0;
}

/* PCM that is read without a decoder. */
static enum sample_kind direct_kind(enum AVCodecID id)
{
    if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__) {
        return SAMPLE_NONE;
    }
    switch (id) {
    case AV_CODEC_ID_PCM_U8:
        return SAMPLE_U8;
    case AV_CODEC_ID_PCM_S16LE:
        return SAMPLE_S16;
    case AV_CODEC_ID_PCM_S24LE:
        return SAMPLE_S24;
    case AV_CODEC_ID_PCM_S32LE:
        return SAMPLE_S32;
    case AV_CODEC_ID_PCM_F32LE:
        return SAMPLE_FLOAT;
    case AV_CODEC_ID_PCM_F64LE:
        return SAMPLE_DOUBLE;
    default:
        return SAMPLE_NONE;
    }
}

int stream_open_codec(struct stream *stream)
{
    const AVCodecParameters *parameters = stream->track->codecpar;
    const AVCodec *codec = avcodec_find_decoder(parameters->codec_id);
    int result;

    avcodec_free_context(&stream->codec);
    if (codec == NULL) {
        return AVERROR_DECODER_NOT_FOUND;
    }
    stream->codec = avcodec_alloc_context3(codec);
    if (stream->codec == NULL) {
        return AVERROR(ENOMEM);
    }
    result = avcodec_parameters_to_context(stream->codec, parameters);
    if (result < 0) {
        return result;
    }
    stream->codec->thread_count = 1;
    stream->codec->flags2 |= AV_CODEC_FLAG2_SKIP_MANUAL; /* stream.c cuts */
    if (stream->info.source_rate_hz != 0) {
        stream->codec->pkt_timebase = (AVRational){1, (int)stream->info.source_rate_hz};
    }
    if (parameters->codec_id == AV_CODEC_ID_FLAC) {
        stream->codec->err_recognition |= AV_EF_CRCCHECK | AV_EF_EXPLODE; /* no noise for music */
    }
    return avcodec_open2(stream->codec, codec, NULL);
}

/* Rate and channels as the headers have them. */
static int prepare_codec(struct stream *stream)
{
    AVCodecParameters *parameters = stream->track->codecpar;
    int result = 0;

    stream->direct = direct_kind(parameters->codec_id);
    if (stream->direct != SAMPLE_NONE &&
        (parameters->sample_rate <= 0 || parameters->ch_layout.nb_channels <= 0 ||
         parameters->ch_layout.nb_channels > SAMPLES_CHANNELS_MAX ||
         container_is(stream->container, "mpegts"))) {
        stream->direct = SAMPLE_NONE;
    }
    if (stream->direct == SAMPLE_NONE) {
        result = stream_open_codec(stream);
    }
    if (result < 0) {
        return result;
    }
    if (stream->codec != NULL && stream->codec->sample_rate > 0) {
        stream->info.source_rate_hz = (uint32_t)stream->codec->sample_rate;
        stream->info.channels = (uint32_t)stream->codec->ch_layout.nb_channels;
    } else if (parameters->sample_rate > 0) {
        stream->info.source_rate_hz = (uint32_t)parameters->sample_rate;
        stream->info.channels = (uint32_t)parameters->ch_layout.nb_channels;
    }
    if (stream->codec != NULL && stream->info.source_rate_hz > 0) {
        stream->codec->pkt_timebase = (AVRational){1, (int)stream->info.source_rate_hz};
    }
    return stream->direct != SAMPLE_NONE ? mixdown_set(&stream->mixdown, &parameters->ch_layout)
                                         : 0;
}

static void choose_place(struct stream *stream)
{
    enum AVCodecID id = stream->track->codecpar->codec_id;
    AVRational base = stream->track->time_base;
    /* Nobody goes back in it, and an index would grow for ever. */
    bool endless = stream->network != NULL && stream->network->endless;

    stream->packet_frames = id == AV_CODEC_ID_AAC ? 1024 : 1152;
    if (!endless && ((container_is(stream->container, "mp3") && id == AV_CODEC_ID_MP3) ||
                     (container_is(stream->container, "aac") && id == AV_CODEC_ID_AAC))) {
        stream->place = PLACE_INDEX;
    } else if (!endless && stream_container_is_exact(stream->container) && base.num > 0 &&
               base.den / base.num >= (int)stream->info.source_rate_hz &&
               (!container_is(stream->container, "ogg") || id == AV_CODEC_ID_VORBIS ||
                id == AV_CODEC_ID_OPUS)) {
        stream->place = PLACE_STAMPS;
    } else {
        stream->place = PLACE_DECODE; /* milliseconds, guesses and the like */
    }
}

/* Decodes the first piece, which stays for the reader. What it is decides over the headers. */
static int first_piece(struct stream *stream)
{
    int result = stream_decode(stream);
    const AVFrame *frame = stream->frame;
    const AVFrameSideData *side;

    if (result < 0) {
        return result;
    }
    if (result == 0 || stream->direct != SAMPLE_NONE) {
        stream->first_raw = result == 0 ? 0 : stream->piece.raw;
        stream->origin = stream->first_raw < 0 ? 0 : stream->first_raw;
        return 0;
    }
    stream->info.source_rate_hz = (uint32_t)frame->sample_rate;
    stream->info.channels = (uint32_t)frame->ch_layout.nb_channels;
    if (stream->place == PLACE_INDEX) {
        stream->packet_frames = frame->nb_samples;
        stream->piece.raw = (stream->packet_number - 1) * stream->packet_frames;
        stream->next = stream->piece.raw + stream->packet_frames;
        stream->first_raw = stream->piece.raw;
        return 0;
    }
    stream->first_raw = stream->piece.raw;
    stream->origin = stream->first_raw;
    side = av_frame_get_side_data(frame, AV_FRAME_DATA_SKIP_SAMPLES);
    if (side != NULL && side->size >= 10) {
        stream->origin += AV_RL32(side->data);
    } else if (stream->first_raw < 0) {
        stream->origin = 0;
    }
    return 0;
}

/* Delay and padding of the codecs whose containers hide them. */
static void find_gapless(struct stream *stream, const struct mp4_edit *edit, bool is_mp4)
{
    struct gapless gapless = {.skip = 0, .end = -1};
    const AVDictionaryEntry *itunes;

    stream->end = END_UNKNOWN;
    if (stream->place == PLACE_INDEX) {
        if (container_is(stream->container, "mp3")) {
            gapless_read_mp3(&gapless, stream->path);
        }
        stream->origin = gapless.skip;
    } else if (is_mp4 && !stream->keep_edits && container_is(stream->container, "mov")) {
        itunes = av_dict_get(stream->container->metadata, "iTunSMPB", NULL, 0);
        gapless_from_mp4(&gapless, edit, stream->info.source_rate_hz,
                         itunes != NULL ? itunes->value : NULL);
        stream->origin = gapless.skip;
    }
    if (stream->track->codecpar->codec_id == AV_CODEC_ID_VORBIS && stream->first_raw > 0 &&
        stream->track->start_time == 0 && stream->track->duration > 0) {
        /* All in one page: libavformat counts the first packet, of which nothing is heard. */
        stream->origin = stream->first_raw;
        stream->end = stream->track->duration;
        stream->piece.frames = (size_t)stream->frame->nb_samples;
    }
    if (gapless.end >= 0) {
        stream->end = gapless.end > stream->origin ? gapless.end - stream->origin : 0;
    }
}

static int alloc_buffers(struct stream *stream)
{
    stream->packet = av_packet_alloc();
    stream->frame = av_frame_alloc();
    for (size_t i = 0; i < RUN_IN_PACKETS; i++) {
        stream->history[i] = av_packet_alloc();
        if (stream->history[i] == NULL) {
            return -ENOMEM;
        }
    }
    return stream->path == NULL || stream->packet == NULL || stream->frame == NULL ? -ENOMEM : 0;
}

/* What is known only after a first look inside. */
static int look_inside(struct stream *stream)
{
    AVCodecParameters *parameters = stream->track->codecpar;
    int result = prepare_codec(stream);

    if (result < 0) {
        return result;
    }
    choose_place(stream);
    if (stream->info.source_rate_hz == 0 && stream->place != PLACE_INDEX && !stream->searched) {
        stream->searched = true; /* a second search of one container crashes in libavformat */
        avformat_find_stream_info(stream->container, NULL);
        result = prepare_codec(stream);
        choose_place(stream);
    }
    if (result < 0) {
        return result;
    }
    stream_forget(stream);
    stream->data_begin = avio_tell(stream->container->pb);
    result = first_piece(stream);
    if (result < 0) {
        return result;
    }
    if (stream->info.source_rate_hz == 0 || stream->info.channels == 0) {
        return AVERROR_INVALIDDATA;
    }
    if (stream->direct != SAMPLE_NONE && direct_kind(parameters->codec_id) != stream->direct) {
        return AVERROR_DECODER_NOT_FOUND; /* DTS hidden in PCM: it would be heard as noise */
    }
    stream->opened = true;
    /* One frame a packet and nothing but noise that depends on the past: see stream.h. */
    stream->epochs = parameters->codec_id == AV_CODEC_ID_AAC && stream->place != PLACE_DECODE &&
                     stream->codec->profile == FF_PROFILE_AAC_LOW && stream->piece.frames == 1024 &&
                     stream->first_raw == 0;
    if (stream->epochs) {
        stream->packet_frames = 1024;
    }
    return 0;
}

int stream_open(struct stream *stream, const char *path, struct media_error *error)
{
    struct mp4_edit edit;
    bool is_mp4 = gapless_read_mp4(&edit, path);
    int result;

    stream->path = strdup(path);
    result = alloc_buffers(stream);
    if (result < 0) {
        return media_fail(error, result, "%s: no memory left; close other programs", path);
    }
    stream->keep_edits = is_mp4 && edit.several;
    result = stream_open_container(stream, error);
    if (result < 0) {
        return result;
    }
    stream->end = END_UNKNOWN;
    result = look_inside(stream);
    if (result == AVERROR_DECODER_NOT_FOUND) {
        return media_fail(error, -EINVAL, "%s: FFmpeg has no decoder for %s here; convert the file",
                          path, avcodec_get_name(stream->track->codecpar->codec_id));
    }
    if (result < 0) {
        return media_fail(error, media_code(result),
                          "%s: nothing in it can be decoded; check that it plays elsewhere", path);
    }
    find_gapless(stream, &edit, is_mp4);
    stream_fill_info(stream);
    stream_find_length(stream);
    if (stream->place == PLACE_INDEX && stream->end == END_UNKNOWN && stream->info.seekable) {
        result = stream_estimate_length(stream);
    }
    return result < 0 ? media_fail(error, media_code(result), "%s: cannot be read (%s); try again",
                                   path, strerror(-media_code(result)))
                      : 0;
}

void stream_close(struct stream *stream)
{
    avformat_close_input(&stream->container);
    avcodec_free_context(&stream->codec);
    av_packet_free(&stream->packet);
    av_frame_free(&stream->frame);
    for (size_t i = 0; i < RUN_IN_PACKETS; i++) {
        av_packet_free(&stream->history[i]);
    }
    mixdown_finish(&stream->mixdown);
    free(stream->index.byte);
    free(stream->path);
}
