/*
 * stream.h - the sound of one file as pieces of decoded samples, each with its exact place.
 *
 * Private to src/media. Three counts of frames, all at the track's own rate:
 *  raw    what the decoder gives, from the first packet on, encoder delay and all;
 *  frame  raw - origin: what is heard; 0 is the first frame of the music.
 * Pieces come trimmed to the music and without a gap between them.
 *
 * Places after a seek come from time stamps where a container has exact ones (PLACE_STAMPS), from
 * an own index of packets where each packet is as long as any other (PLACE_INDEX: MP3, ADTS), else
 * from decoding all that comes before (PLACE_DECODE).
 *
 * AAC fills bands with noise from one long random sequence, so that what is heard would depend on
 * where decoding began. There the decoder is made anew every EPOCH_PACKETS packets, run in over
 * RUN_IN_PACKETS before them: any seek then gives just what an uninterrupted reading gives.
 *
 * Threads: one at a time for one stream.
 */
#ifndef MP_MEDIA_STREAM_H
#define MP_MEDIA_STREAM_H

#include "media/container.h"
#include "media/decoder.h"
#include "media/network.h"
#include "media/samples.h"

#include <libavcodec/avcodec.h>

enum stream_place { PLACE_DECODE, PLACE_STAMPS, PLACE_INDEX };

enum { EPOCH_PACKETS = 256, RUN_IN_PACKETS = 8 };

#define PLACE_UNKNOWN INT64_MIN
#define END_UNKNOWN (INT64_MAX / 2)

struct piece {
    struct samples samples;
    const uint8_t *direct[1]; /* plane of a packet that needs no decoder */
    size_t offset, frames;    /* what is still to be taken */
    int64_t raw;              /* place of the frame at offset */
};

struct packet_index {
    int64_t *byte; /* where packet number k * stride begins */
    size_t count, room;
};

struct stream {
    char *path;
    struct network *network; /* NULL: a file. The owner's; set before stream_open */
    struct media_info info;
    struct media_damage damage;
    AVFormatContext *container;
    struct patience patience; /* with a file */
    AVStream *track;
    AVCodecContext *codec; /* NULL: direct */
    AVPacket *packet;
    uint64_t reading_ns; /* spent in reads of a file so far */
    AVFrame *frame;
    enum sample_kind direct; /* PCM taken from its packets */
    struct mixdown mixdown;

    enum stream_place place;
    int64_t data_begin; /* byte where the sound begins */
    bool searched;      /* libavformat has looked for what the headers do not say */
    bool opened;        /* rate and channels are what the decoder gave */
    bool keep_edits;    /* libavformat follows the edit list of an MP4 file */
    int64_t first_raw;  /* raw place of what is decoded first */
    int64_t origin;     /* raw place of the first frame of the music */
    int64_t end;        /* frame behind the last, END_UNKNOWN: wherever the file ends */
    int64_t wanted;     /* frames before this one are dropped */
    int64_t next;       /* raw place of what is decoded next, PLACE_UNKNOWN after a seek */

    struct piece piece;
    bool draining, ended, broken_off;
    unsigned bad_in_a_row;

    /* PLACE_INDEX */
    struct packet_index index;
    int64_t packet_frames; /* sound in each packet */
    int64_t packet_number; /* of the next packet read */

    /* AAC */
    bool epochs;
    int64_t epoch;
    int64_t feed_from; /* raw: packets before it do not reach the decoder */
    AVPacket *history[RUN_IN_PACKETS];
    unsigned history_next;
};

/* 0 or negative errno with *error. The stream must be all zero but for `network`; stream_close
 * after a failure too.
 */
int stream_open(struct stream *stream, const char *path, struct media_error *error);
void stream_close(struct stream *stream);

/* Makes sure that stream->piece has frames. 1; 0 at the end; negative errno. */
int stream_next(struct stream *stream);

/* The next piece begins at `frame`. 0 or negative errno. */
int stream_seek(struct stream *stream, int64_t frame);

/* Between stream_open.c, stream_info.c, stream.c and stream_seek.c: */
bool stream_container_is_exact(const AVFormatContext *container); /* in stamps and lengths */
bool stream_codec_is_dsd(enum AVCodecID id);
void stream_name_codec(char *text, size_t size, enum AVCodecID id); /* "FLAC", "PCM float" */
void stream_fill_info(struct stream *stream);                       /* all but the length */
void stream_find_length(struct stream *stream);
int stream_open_container(struct stream *stream, struct media_error *error);
int stream_open_codec(struct stream *stream); /* a fresh one in place of any old */
int stream_decode(struct stream *stream);     /* one piece, untrimmed: 1, 0, negative errno */
/* The next packet of the track, counted and stamped in raw frames; -EAGAIN: one was lost. */
int stream_read_packet(struct stream *stream);
/* PLACE_INDEX without a header that tells the length: info.frames from the first packets. */
int stream_estimate_length(struct stream *stream);
void stream_forget(struct stream *stream); /* pending pieces and drained state */

#endif
