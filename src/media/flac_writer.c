/* flac_writer.c - FLAC through libavcodec and libavformat, into an outfile. */
#include "media/writer.h"

#include "media/container.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libavcodec/avcodec.h>

enum { IO_BYTES = 65536 };

struct flac_writer {
    struct writer writer;
    struct outfile *file;
    AVFormatContext *container;
    AVCodecContext *codec;
    AVFrame *frame; /* fills up to what the codec takes at once */
    AVPacket *packet;
    int filled;      /* frames in it */
    int64_t written; /* frames before it */
    int io_error;    /* of the outfile, which libavformat may hide */
};

static int on_write(void *opaque, uint8_t *bytes, int size)
{
    struct flac_writer *flac = opaque;
    int result = outfile_write(flac->file, bytes, (size_t)size);

    if (result < 0) {
        flac->io_error = result;
        return result;
    }
    return size;
}

static int64_t on_seek(void *opaque, int64_t offset, int whence)
{
    struct flac_writer *flac = opaque;
    int64_t place = offset;
    int result;

    switch (whence & ~AVSEEK_FORCE) {
    case AVSEEK_SIZE:
        return outfile_size(flac->file);
    case SEEK_SET:
        break;
    case SEEK_CUR:
        place += outfile_tell(flac->file);
        break;
    case SEEK_END:
        place += outfile_size(flac->file);
        break;
    default:
        return AVERROR(EINVAL);
    }
    result = outfile_seek(flac->file, place);
    return result < 0 ? result : place;
}

static void flac_destroy(struct writer *writer)
{
    struct flac_writer *flac = (struct flac_writer *)writer;

    if (flac->container != NULL) {
        if (flac->container->pb != NULL) {
            av_freep(&flac->container->pb->buffer);
            avio_context_free(&flac->container->pb);
        }
        avformat_free_context(flac->container);
    }
    avcodec_free_context(&flac->codec);
    av_frame_free(&flac->frame);
    av_packet_free(&flac->packet);
    free(flac);
}

/* Packets that are ready go into the file. */
static int drain_codec(struct flac_writer *flac)
{
    for (;;) {
        int result = avcodec_receive_packet(flac->codec, flac->packet);

        if (result == AVERROR(EAGAIN) || result == AVERROR_EOF) {
            return 0;
        }
        if (result == 0) {
            result = av_write_frame(flac->container, flac->packet);
            av_packet_unref(flac->packet);
        }
        if (result < 0) {
            return media_code(result);
        }
        if (flac->io_error < 0) {
            return flac->io_error;
        }
    }
}

static int send_frame(struct flac_writer *flac)
{
    int result;

    flac->frame->nb_samples = flac->filled;
    flac->frame->pts = flac->written;
    result = avcodec_send_frame(flac->codec, flac->frame);
    if (result < 0) {
        return media_code(result);
    }
    flac->written += flac->filled;
    flac->filled = 0;
    result = drain_codec(flac);
    if (result == 0) {
        flac->frame->nb_samples = flac->codec->frame_size;
        result = media_code(av_frame_make_writable(flac->frame));
    }
    return result;
}

static int flac_write(struct writer *writer, const void *words, size_t frames)
{
    struct flac_writer *flac = (struct flac_writer *)writer;
    size_t frame_bytes = word_bytes(writer->words) * MEDIA_CHANNELS;
    const unsigned char *at = words;

    while (frames > 0) {
        size_t room = (size_t)(flac->codec->frame_size - flac->filled);
        size_t count = frames < room ? frames : room;

        memcpy(flac->frame->data[0] + (size_t)flac->filled * frame_bytes, at, count * frame_bytes);
        flac->filled += (int)count;
        at += count * frame_bytes;
        frames -= count;
        if (flac->filled == flac->codec->frame_size) {
            int result = send_frame(flac);

            if (result < 0) {
                return result;
            }
        }
    }
    return 0;
}

static int flac_finish(struct writer *writer)
{
    struct flac_writer *flac = (struct flac_writer *)writer;
    int result = flac->filled > 0 ? send_frame(flac) : 0;

    if (result == 0) {
        result = media_code(avcodec_send_frame(flac->codec, NULL));
    }
    if (result == 0) {
        result = drain_codec(flac);
    }
    if (result == 0) {
        result = media_code(av_write_trailer(flac->container));
    }
    if (result == 0) {
        avio_flush(flac->container->pb);
    }
    return flac->io_error < 0 ? flac->io_error : result;
}

static const struct writer_class FLAC_WRITER = {flac_destroy, flac_write, flac_finish};

static int open_codec(struct flac_writer *flac, uint32_t rate_hz)
{
    const AVCodec *codec = avcodec_find_encoder(AV_CODEC_ID_FLAC);
    AVChannelLayout stereo = AV_CHANNEL_LAYOUT_STEREO;
    bool is_16 = flac->writer.words == WORD_S16;
    int result;

    flac->codec = codec == NULL ? NULL : avcodec_alloc_context3(codec);
    flac->frame = av_frame_alloc();
    flac->packet = av_packet_alloc();
    if (flac->codec == NULL || flac->frame == NULL || flac->packet == NULL) {
        return codec == NULL ? -ENOSYS : -ENOMEM;
    }
    flac->codec->sample_fmt = is_16 ? AV_SAMPLE_FMT_S16 : AV_SAMPLE_FMT_S32;
    flac->codec->bits_per_raw_sample = is_16 ? 16 : 24;
    flac->codec->sample_rate = (int)rate_hz;
    flac->codec->ch_layout = stereo;
    flac->codec->time_base = (AVRational){1, (int)rate_hz};
    flac->codec->thread_count = 1;
    result = avcodec_open2(flac->codec, codec, NULL);
    if (result < 0) {
        return result == AVERROR(ENOMEM) ? -ENOMEM : -ERANGE;
    }
    flac->frame->format = flac->codec->sample_fmt;
    flac->frame->ch_layout = stereo;
    flac->frame->sample_rate = (int)rate_hz;
    flac->frame->nb_samples = flac->codec->frame_size;
    return media_code(av_frame_get_buffer(flac->frame, 0));
}

static int open_container(struct flac_writer *flac, const AVDictionary *tags)
{
    unsigned char *buffer;
    AVStream *stream;
    int result = avformat_alloc_output_context2(&flac->container, NULL, "flac", NULL);

    if (result < 0) {
        return media_code(result);
    }
    flac->container->flags |= AVFMT_FLAG_CUSTOM_IO | AVFMT_FLAG_BITEXACT;
    buffer = av_malloc(IO_BYTES);
    if (buffer == NULL) {
        return -ENOMEM;
    }
    flac->container->pb = avio_alloc_context(buffer, IO_BYTES, 1, flac, NULL, on_write,
                                             outfile_seekable(flac->file) ? on_seek : NULL);
    if (flac->container->pb == NULL) {
        av_free(buffer);
        return -ENOMEM;
    }
    stream = avformat_new_stream(flac->container, NULL);
    if (stream == NULL || av_dict_copy(&flac->container->metadata, tags, 0) < 0 ||
        avcodec_parameters_from_context(stream->codecpar, flac->codec) < 0) {
        return -ENOMEM;
    }
    stream->time_base = flac->codec->time_base;
    result = avformat_write_header(flac->container, NULL);
    return result < 0 ? media_code(result) : flac->io_error;
}

int flac_writer_create(struct writer **writer, struct outfile *file, enum encoder_format format,
                       uint32_t rate_hz, const AVDictionary *tags)
{
    struct flac_writer *flac = calloc(1, sizeof *flac);
    int result;

    *writer = NULL;
    if (flac == NULL) {
        return -ENOMEM;
    }
    flac->writer.class = &FLAC_WRITER;
    /* libavcodec takes 24 bits as the upper ones of 32. */
    flac->writer.words = format == ENCODER_S16 ? WORD_S16 : WORD_S32;
    flac->writer.bits = format == ENCODER_S16 ? 16 : 24;
    flac->file = file;
    result = open_codec(flac, rate_hz);
    if (result == 0) {
        result = open_container(flac, tags);
    }
    if (result < 0) {
        flac_destroy(&flac->writer);
        return result;
    }
    *writer = &flac->writer;
    return 0;
}
