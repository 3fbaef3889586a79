/* stream_seek.c - to an exact frame, whatever the container can do. */
#include "media/stream.h"

#include <errno.h>

enum { INDEX_STRIDE = 16, INDEX_RUN_IN_PACKETS = 32, SEEK_ATTEMPTS = 4, ESTIMATE_PACKETS = 256 };

/* Frames that a decoder must have seen before its output is what it would have been. */
static int64_t run_in_frames(const struct stream *stream)
{
    if (stream->info.is_dsd) {
        return 16384; /* the filter's memory */
    }
    return stream->info.lossless ? 0 : 2 * (int64_t)stream->info.source_rate_hz;
}

static int reset_codec(struct stream *stream)
{
    if (stream->codec == NULL) {
        return 0;
    }
    if (stream->epochs) {
        return stream_open_codec(stream);
    }
    avcodec_flush_buffers(stream->codec);
    return 0;
}

/* Back to the first packet, by opening the file again: right with any container. */
static int rewind_stream(struct stream *stream)
{
    int result;

    avformat_close_input(&stream->container);
    result = stream_open_container(stream, NULL);
    if (result == 0 && stream->codec != NULL) {
        result = stream_open_codec(stream);
    }
    stream_forget(stream);
    stream->packet_number = 0;
    stream->epoch = 0;
    stream->next = result == 0 ? stream->first_raw : PLACE_UNKNOWN;
    return result;
}

/* --- by index ----------------------------------------------------------------------------------
 */

/* Reads from the nearest packet that is known. */
static int go_to_known_packet(struct stream *stream, int64_t number)
{
    const struct packet_index *index = &stream->index;
    int64_t entry = number / INDEX_STRIDE;

    if (index->count == 0) {
        return rewind_stream(stream);
    }
    if (entry >= (int64_t)index->count) {
        entry = (int64_t)index->count - 1;
    }
    if (av_seek_frame(stream->container, stream->track->index, index->byte[entry],
                      AVSEEK_FLAG_BYTE) < 0) {
        return rewind_stream(stream);
    }
    stream_forget(stream);
    stream->packet_number = entry * INDEX_STRIDE;
    return 0;
}

static int seek_index(struct stream *stream, int64_t raw)
{
    int64_t number = raw / stream->packet_frames - INDEX_RUN_IN_PACKETS;
    int result;

    if (stream->epochs) {
        stream->epoch = raw / stream->packet_frames / EPOCH_PACKETS;
        number = stream->epoch * EPOCH_PACKETS - RUN_IN_PACKETS;
    }
    number = number < 0 ? 0 : number;
    result = go_to_known_packet(stream, number);
    if (result == 0) {
        result = reset_codec(stream);
    }
    /* Packets before this one are only counted. */
    stream->feed_from = number * stream->packet_frames;
    if (stream->epochs) {
        stream->epoch = raw / stream->packet_frames / EPOCH_PACKETS;
    }
    stream->next = PLACE_UNKNOWN;
    return result;
}

int stream_estimate_length(struct stream *stream)
{
    struct media_info *info = &stream->info;
    int64_t begin = stream->index.count > 0 ? stream->index.byte[0] : 0;
    int64_t size = avio_size(stream->container->pb);
    int result = 0;

    while (result == 0 && stream->packet_number < ESTIMATE_PACKETS) {
        result = stream_read_packet(stream);
    }
    if (result == AVERROR_EOF) { /* these are all */
        info->frames = stream->packet_number * stream->packet_frames - stream->origin;
    } else if (result == 0 && stream->packet->pos > begin && size > begin) {
        int64_t packets =
            av_rescale(size - begin, stream->packet_number - 1, stream->packet->pos - begin);

        info->frames = packets * stream->packet_frames - stream->origin;
    }
    if (result == -ENOMEM) {
        return result;
    }
    return seek_index(stream, 0);
}

/* --- by time stamps ----------------------------------------------------------------------------
 */

/* Decodes the first piece after a seek to before `from`. True if it begins by then. */
static bool lands_before(struct stream *stream, int64_t from, int64_t latest)
{
    AVRational frame = {1, (int)stream->info.source_rate_hz};
    int64_t stamp = av_rescale_q_rnd(from, frame, stream->track->time_base, AV_ROUND_DOWN);

    if (av_seek_frame(stream->container, stream->track->index, stamp, AVSEEK_FLAG_BACKWARD) < 0) {
        return false;
    }
    stream_forget(stream);
    if (reset_codec(stream) < 0) {
        return false;
    }
    if (stream->epochs) {
        stream->feed_from = latest; /* just what the decoder is run in over without a seek */
    }
    return stream_decode(stream) == 1 && stream->piece.raw <= latest;
}

static int seek_stamps(struct stream *stream, int64_t raw)
{
    int64_t run_in = run_in_frames(stream);
    int64_t latest = raw - run_in, back = 0;
    int64_t epoch = 0;

    if (stream->epochs) {
        int64_t packet = raw / stream->packet_frames;

        epoch = packet / EPOCH_PACKETS;
        latest = (epoch * EPOCH_PACKETS - RUN_IN_PACKETS) * stream->packet_frames;
    }
    stream->epoch = epoch;
    for (int i = 0; i < SEEK_ATTEMPTS && latest - back > stream->first_raw; i++) {
        uint64_t broken = stream->damage.broken_packets;

        if (lands_before(stream, latest - back, latest)) {
            return 0;
        }
        stream->damage.broken_packets = broken;
        back = back * 4 + (int64_t)stream->info.source_rate_hz;
    }
    return rewind_stream(stream);
}

int stream_seek(struct stream *stream, int64_t frame)
{
    int64_t raw = frame + stream->origin;
    int64_t here = stream->piece.frames > 0 ? stream->piece.raw : stream->next;
    int result = 0;

    stream->wanted = frame;
    if (frame >= stream->end) {
        stream->piece.frames = 0;
        stream->ended = true;
        return 0;
    }
    if (here == raw && !stream->ended) {
        return 0;
    }
    if (!stream->info.seekable) {
        if (here == PLACE_UNKNOWN || here > raw) {
            return -ESPIPE;
        }
        return 0;
    }
    if (stream->place == PLACE_INDEX) {
        result = seek_index(stream, raw);
    } else if (stream->place == PLACE_STAMPS &&
               (frame < stream->info.frames || !container_is(stream->container, "ogg"))) {
        result = seek_stamps(stream, raw);
    } else if (here == PLACE_UNKNOWN || here > raw || stream->ended) {
        result = rewind_stream(stream);
    }
    if (result < 0) {
        stream->ended = true;
    }
    return result;
}
