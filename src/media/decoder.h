/*
 * decoder.h - a file, or an address, as a stream of sound.
 *
 * An address (http, https) is read by a thread of its own (live.h), so that who opens, reads or
 * closes never hangs with the network.
 *
 * Audio: float, planar, two channels, at the track's own rate unless another is asked for.
 * Integers are scaled by 2^(N-1). Mono is doubled, more than two channels are mixed down (and said
 * so in the info), DSD becomes PCM. Encoder delay and padding are cut, so that tracks join without
 * a gap. NaN and infinite samples become 0 and are counted.
 *
 * Threads: one thread at a time for one decoder. It reads files; never the audio thread.
 * Errors: a negative errno value, with one line in `message` that names the file and says what is
 * wrong and what to do.
 */
#ifndef MP_MEDIA_DECODER_H
#define MP_MEDIA_DECODER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
    MEDIA_CHANNELS = 2,
    MEDIA_MESSAGE_SIZE = 1024,
    MEDIA_STATION_NAME_SIZE = 256,
    MEDIA_STATION_TITLE_SIZE = 512,
};

struct media_error {
    int code;                         /* negative errno, 0 for none */
    char message[MEDIA_MESSAGE_SIZE]; /* one line without the end of line */
};

struct media_info {
    uint32_t rate_hz;        /* of what decoder_read gives */
    uint32_t source_rate_hz; /* of the file */
    uint32_t channels;       /* of the file */
    uint32_t bits;           /* integer word of the file, 0 if lossy or float */
    bool is_float;           /* the file's samples are float or double */
    bool lossless;
    bool is_dsd;
    bool seekable;
    bool remote;       /* it comes from an address */
    bool live;         /* ... and has no end: a radio station */
    uint32_t bit_rate; /* as the container has it, of what is remote; 0: unknown */
    char codec[32];    /* "FLAC", "MP3", "AAC", ... */
    int64_t frames;    /* length at rate_hz, -1: unknown */
    bool frames_exact; /* the container gives the exact length; still a promise until read */
};

struct decoder;

/* True for http://... and https://..., which can be played, but not measured beforehand. */
bool media_is_address(const char *path);

/* Opens the first sound stream of `path`. rate_hz 0: the file's own rate; any other: resampled by
   libswresample's soxr engine at high precision. 0 or a negative errno value with *error filled
   (-ENOENT, -EISDIR, -EACCES, -EINVAL: no sound in it, or not understood). */
int decoder_open(struct decoder **decoder, const char *path, uint32_t rate_hz,
                 struct media_error *error);
/* The same; while an address is waited for (at most 10 s), is_over is asked 50 times a second
   whether that makes any sense still: -ECANCELED then. */
int decoder_open_waiting(struct decoder **decoder, const char *path, uint32_t rate_hz,
                         bool (*is_over)(void *context), void *context, struct media_error *error);
void decoder_close(struct decoder *decoder);
/* Any thread, while another reads: what is remote gives 0 from now on. To be closed next. */
void decoder_cancel(struct decoder *decoder);

/* Time spent in reads of its file so far, in ns; 0 of an address. In the thread that reads. */
uint64_t decoder_reading_ns(const struct decoder *decoder);
const struct media_info *decoder_info(const struct decoder *decoder);

/* Up to `frames` frames into channel[0] and channel[1]. Returns how many: fewer than asked only at
   the end (or when no more has come yet, of what is remote), 0 when all is read. Damage inside is
   passed over and counted (decoder_damage); an error that ends the stream early counts as its end
   and is told there. Negative errno: nothing more can be had, *error says why. */
ssize_t decoder_read(struct decoder *decoder, float *const channel[MEDIA_CHANNELS], size_t frames,
                     struct media_error *error);

/* The next read begins at exactly `frame` (0 the first; at rate_hz). Lossless: bit-exact; lossy:
   decoded from far enough before it. Past the end: the next read gives 0. */
int decoder_seek(struct decoder *decoder, int64_t frame, struct media_error *error);

/* A radio station as it is now. A connection that is lost is sought again by itself, at intervals
   that grow from a quarter of a second to half a minute; decoder_read waits meanwhile. */
struct media_station {
    char name[MEDIA_STATION_NAME_SIZE], title[MEDIA_STATION_TITLE_SIZE]; /* "": it said none */
    bool lost;                        /* not connected; it is being tried again */
    char message[MEDIA_MESSAGE_SIZE]; /* why, while it is lost */
    unsigned changes;                 /* rises with each change of the above */
};
/* False: it is none, and nothing was written. Any thread while another reads. */
bool decoder_station(struct decoder *decoder, struct media_station *station);

/* What was wrong with what has been read so far. */
struct media_damage {
    uint64_t bad_samples;    /* NaN or infinite, made 0 */
    uint64_t broken_packets; /* could not be decoded, passed over */
    bool truncated;          /* ended before the length that the container promised */
};
const struct media_damage *decoder_damage(const struct decoder *decoder);
/* One line for a user about the damage ("PATH: 3 broken packets were passed over"), or false. */
bool decoder_damage_line(const struct decoder *decoder, char *line, size_t size);

#endif
