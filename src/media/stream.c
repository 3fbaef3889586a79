/* stream.c - packets in, placed pieces of sound out. */
#include "media/stream.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include <libavutil/intreadwrite.h>

/* So many packets in a row that give nothing are garbage, not damage. */
enum { BAD_PACKETS_MAX = 2000, INDEX_STRIDE_LOG2 = 4 };
/* A station that sends nothing for so long is lost; a file is sought again within it. */
enum { LIVE_PATIENCE_S = 8, REMOTE_PATIENCE_S = 20 };

/* --- packets -----------------------------------------------------------------------------------
 */

/* Notes where every 16th packet begins. */
static int note_packet(struct stream *stream)
{
    struct packet_index *index = &stream->index;
    int64_t number = stream->packet_number;

    if (number != (int64_t)(index->count << INDEX_STRIDE_LOG2) || stream->packet->pos < 0) {
        return 0;
    }
    if (index->count == index->room) {
        size_t room = index->room == 0 ? 1024 : index->room * 2;
        int64_t *grown = realloc(index->byte, room * sizeof *grown);

        if (grown == NULL) {
            return -ENOMEM;
        }
        index->byte = grown;
        index->room = room;
    }
    index->byte[index->count++] = stream->packet->pos;
    return 0;
}

/* The packet's stamp becomes its raw place, in frames. */
static int stamp_packet(struct stream *stream)
{
    AVPacket *packet = stream->packet;
    AVRational frame = {1, (int)stream->info.source_rate_hz};
    int result = 0;

    if (stream->place == PLACE_INDEX) {
        result = note_packet(stream);
        packet->pts = stream->packet_number * stream->packet_frames;
        stream->packet_number++;
    } else if (packet->pts != AV_NOPTS_VALUE && frame.den > 0) {
        packet->pts = av_rescale_q(packet->pts, stream->track->time_base, frame);
    }
    packet->dts = packet->pts;
    return result;
}

/* From an address. What ends the connection ends the stream. */
static int read_remote(struct stream *stream)
{
    struct network *network = stream->network;
    int result;

    network_begin(network, network->endless ? LIVE_PATIENCE_S : REMOTE_PATIENCE_S);
    result = av_read_frame(stream->container, stream->packet);
    network_listen(network, stream->container, stream->track);
    return result < 0 && result != AVERROR_INVALIDDATA && result != AVERROR(ENOMEM) ? AVERROR_EOF
                                                                                    : result;
}

/* From a file, which may lie on a disk that sleeps. */
static int read_file(struct stream *stream)
{
    struct timespec begin, end;
    int result;

    clock_gettime(CLOCK_MONOTONIC, &begin);
    result = av_read_frame(stream->container, stream->packet);
    clock_gettime(CLOCK_MONOTONIC, &end);
    stream->reading_ns +=
        (uint64_t)((end.tv_sec - begin.tv_sec) * 1000000000 + end.tv_nsec - begin.tv_nsec);
    return result;
}

int stream_read_packet(struct stream *stream)
{
    for (;;) {
        int result;

        av_packet_unref(stream->packet);
        result = stream->network != NULL ? read_remote(stream) : read_file(stream);
        if (result == AVERROR_EOF) {
            return AVERROR_EOF;
        }
        if (result < 0 && stream->patience.lost) {
            stream->bad_in_a_row = BAD_PACKETS_MAX;
        }
        if (result < 0) {
            return result == AVERROR(ENOMEM) ? -ENOMEM : -EAGAIN;
        }
        stream->patience.reads = 0;
        if (stream->packet->stream_index == stream->track->index) {
            return stamp_packet(stream);
        }
    }
}

/* --- epochs of AAC -----------------------------------------------------------------------------
 */

static void remember_packet(struct stream *stream)
{
    AVPacket *slot = stream->history[stream->history_next];

    av_packet_unref(slot);
    if (av_packet_ref(slot, stream->packet) == 0) {
        stream->history_next = (stream->history_next + 1) % RUN_IN_PACKETS;
    }
}

/* A fresh decoder, run in over the last packets, if the packet in hand begins an epoch. */
static int begin_epoch(struct stream *stream)
{
    int64_t epoch = stream->packet->pts / (EPOCH_PACKETS * stream->packet_frames);
    int result;

    if (stream->packet->pts == AV_NOPTS_VALUE || epoch <= stream->epoch) {
        return 0;
    }
    stream->epoch = epoch;
    result = stream_open_codec(stream);
    for (unsigned i = 0; i < RUN_IN_PACKETS && result == 0; i++) {
        AVPacket *past = stream->history[(stream->history_next + i) % RUN_IN_PACKETS];

        if (past->size > 0 && avcodec_send_packet(stream->codec, past) == 0) {
            while (avcodec_receive_frame(stream->codec, stream->frame) == 0) {
                av_frame_unref(stream->frame);
            }
        }
    }
    return result;
}

/* --- pieces ------------------------------------------------------------------------------------
 */

/* Frames that the container tells to drop at the end of this frame of sound. */
static int discard_at_end(const AVFrame *frame)
{
    const AVFrameSideData *side = av_frame_get_side_data(frame, AV_FRAME_DATA_SKIP_SAMPLES);
    uint32_t discard = side != NULL && side->size >= 10 ? AV_RL32(side->data + 4) : 0;

    return discard > (uint32_t)frame->nb_samples ? frame->nb_samples : (int)discard;
}

/* stream->frame becomes the piece. 1, or -EAGAIN when it is of no use. */
static int piece_from_frame(struct stream *stream)
{
    AVFrame *frame = stream->frame;
    struct piece *piece = &stream->piece;
    int frames = frame->nb_samples;

    if (stream->opened && frame->sample_rate != (int)stream->info.source_rate_hz) {
        return stream->network != NULL ? AVERROR_EOF : -EAGAIN; /* opened anew, it will do */
    }
    if (frame->ch_layout.nb_channels < 1 || sample_kind_of(frame->format) == SAMPLE_NONE ||
        mixdown_set(&stream->mixdown, &frame->ch_layout) < 0) {
        return -EAGAIN;
    }
    if (stream->next == PLACE_UNKNOWN) {
        if (stream->opened && frame->pts == AV_NOPTS_VALUE) {
            return -EAGAIN; /* after a seek: nobody knows where this is */
        }
        stream->next = frame->pts == AV_NOPTS_VALUE ? 0 : frame->pts;
    }
    if (stream->place == PLACE_STAMPS && frame->pts != AV_NOPTS_VALUE &&
        llabs(frame->pts - stream->next) > frame->sample_rate) {
        stream->place = PLACE_DECODE; /* files joined to one: stamps begin anew in it */
    }
    if (stream->place != PLACE_INDEX && stream->end == END_UNKNOWN) {
        frames -= discard_at_end(frame);
    }
    piece->samples = (struct samples){
        .kind = sample_kind_of(frame->format),
        .planar = av_sample_fmt_is_planar(frame->format) != 0,
        .channels = frame->ch_layout.nb_channels,
        .plane = (const uint8_t *const *)frame->extended_data,
    };
    piece->offset = 0;
    piece->frames = (size_t)frames;
    piece->raw = stream->next;
    stream->next += frame->nb_samples;
    return 1;
}

static int piece_from_packet(struct stream *stream)
{
    static const size_t bytes[] = {[SAMPLE_U8] = 1,  [SAMPLE_S16] = 2,   [SAMPLE_S24] = 3,
                                   [SAMPLE_S32] = 4, [SAMPLE_FLOAT] = 4, [SAMPLE_DOUBLE] = 8};
    struct piece *piece = &stream->piece;
    const AVPacket *packet = stream->packet;
    size_t frame_bytes = bytes[stream->direct] * stream->info.channels;

    if (stream->next == PLACE_UNKNOWN) {
        if (stream->opened && packet->pts == AV_NOPTS_VALUE) {
            return -EAGAIN;
        }
        stream->next = packet->pts == AV_NOPTS_VALUE ? 0 : packet->pts;
    }
    piece->direct[0] = packet->data;
    piece->samples = (struct samples){
        .kind = stream->direct, .channels = (int)stream->info.channels, .plane = piece->direct};
    piece->offset = 0;
    piece->frames = (size_t)packet->size / frame_bytes;
    piece->raw = stream->next;
    stream->next += (int64_t)piece->frames;
    return piece->frames > 0 ? 1 : -EAGAIN;
}

/* Hands the next packet on. 0; 1: the packet is the piece; -EAGAIN: nothing came of it. */
static int feed(struct stream *stream)
{
    int result = stream_read_packet(stream);

    if (result == AVERROR_EOF && !stream->draining) {
        stream->draining = true;
        return stream->codec == NULL ? AVERROR_EOF : avcodec_send_packet(stream->codec, NULL);
    }
    if (result < 0) {
        return result;
    }
    if (stream->packet->size == 0) {
        return 0; /* to a decoder it would mean the end */
    }
    if (stream->direct != SAMPLE_NONE) {
        return piece_from_packet(stream);
    }
    if (stream->packet->pts != AV_NOPTS_VALUE && stream->packet->pts < stream->feed_from) {
        return 0;
    }
    if (stream->epochs) {
        result = begin_epoch(stream);
        if (result < 0) {
            return result;
        }
        remember_packet(stream);
    }
    result = avcodec_send_packet(stream->codec, stream->packet);
    if (result == AVERROR(ENOMEM)) {
        return -ENOMEM;
    }
    return result < 0 ? -EAGAIN : 0;
}

int stream_decode(struct stream *stream)
{
    while (stream->bad_in_a_row < BAD_PACKETS_MAX) {
        int result = AVERROR(EAGAIN);

        if (stream->codec != NULL) {
            av_frame_unref(stream->frame);
            result = avcodec_receive_frame(stream->codec, stream->frame);
        } else if (stream->draining) {
            return 0;
        }
        if (result == AVERROR_EOF) {
            return 0;
        }
        if (result == 0) {
            result = piece_from_frame(stream);
        } else if (result == AVERROR(EAGAIN)) {
            result = feed(stream);
            if (result == 0) {
                continue;
            }
        }
        if (result == 1) {
            stream->bad_in_a_row = 0;
            return 1;
        }
        if (result == AVERROR_EOF) {
            return 0;
        }
        if (result == -ENOMEM) {
            return result;
        }
        stream->damage.broken_packets++;
        stream->bad_in_a_row++;
    }
    stream->broken_off = true;
    return 0;
}

void stream_forget(struct stream *stream)
{
    stream->piece.frames = 0;
    stream->next = PLACE_UNKNOWN;
    stream->draining = false;
    stream->ended = false;
    stream->broken_off = false;
    stream->bad_in_a_row = 0;
    stream->patience = (struct patience){.reads = 0};
    stream->feed_from = INT64_MIN;
    for (size_t i = 0; i < RUN_IN_PACKETS && stream->history[i] != NULL; i++) {
        av_packet_unref(stream->history[i]);
    }
}

/* Cuts what is before `wanted` and behind the end. */
static void trim(struct stream *stream)
{
    struct piece *piece = &stream->piece;
    int64_t begin = piece->raw - stream->origin;
    int64_t early = stream->wanted - begin;

    if (early > 0) {
        size_t drop = early > (int64_t)piece->frames ? piece->frames : (size_t)early;

        piece->offset += drop;
        piece->frames -= drop;
        piece->raw += (int64_t)drop;
        begin += (int64_t)drop;
    }
    if (begin >= stream->end) {
        piece->frames = 0;
        stream->ended = true;
    } else if ((int64_t)piece->frames > stream->end - begin) {
        piece->frames = (size_t)(stream->end - begin);
    }
}

int stream_next(struct stream *stream)
{
    while (!stream->ended) {
        int result;

        if (stream->piece.frames > 0) {
            trim(stream);
            if (stream->piece.frames > 0) {
                return 1;
            }
            continue;
        }
        result = stream_decode(stream);
        if (result < 0) {
            return result;
        }
        stream->ended = result == 0;
    }
    return 0;
}
