/* tags_read.c - what a file says about itself: where it stands, for each kind of file. */
#include "media/bytes.h"
#include "media/id3.h"
#include "media/mpeg_audio.h"
#include "media/stream.h"
#include "media/tag_file.h"
#include "media/tag_gather.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OGG_HEAD = 27, OGG_BOS = 2, OGG_FAR_S = 30, STREAMINFO = 34 };

struct tags_reader {
    struct tag_file file;
    struct tag_gather gather;
};

struct tags_reader *tags_reader_create(void)
{
    struct tags_reader *reader = calloc(1, sizeof *reader);

    av_log_set_level(AV_LOG_QUIET); /* the screen is ours */
    if (reader == NULL || tag_file_init(&reader->file) != 0) {
        free(reader);
        errno = ENOMEM;
        return NULL;
    }
    return reader;
}

void tags_reader_destroy(struct tags_reader *reader)
{
    if (reader != NULL) {
        tag_file_finish(&reader->file);
        tag_gather_finish(&reader->gather);
        free(reader);
    }
}

/* --- Ogg: its length stands in the last page ----------------------------------------------------
 */

/* The page at `at`: its serial number and position (-1: none). False: there is none. */
static bool parse_page(const uint8_t *at, size_t left, uint32_t *serial, int64_t *granule)
{
    if (left < OGG_HEAD || memcmp(at, "OggS\0", 5) != 0) {
        return false;
    }
    *granule = (int64_t)bytes_le64(at + 6);
    *serial = bytes_le32(at + 14);
    return true;
}

/* Position of the last page that has one; -1: none, or it is of another stream than `serial`. */
static int64_t last_granule(struct tag_file *file, uint32_t serial)
{
    static const size_t windows[] = {8192, 2 * 65536};

    for (size_t i = 0; i < sizeof windows / sizeof windows[0]; i++) {
        size_t size = file->size < (int64_t)windows[i] ? (size_t)file->size : windows[i];
        const uint8_t *tail = tag_file_bytes(file, file->size - (int64_t)size, size);

        const uint8_t *at = tail == NULL ? NULL : memrchr(tail, 'O', size);

        for (; at != NULL; at = memrchr(tail, 'O', (size_t)(at - tail))) {
            uint32_t found;
            int64_t granule;

            if (parse_page(at, size - (size_t)(at - tail), &found, &granule) && granule != -1) {
                return found == serial ? granule : -1;
            }
        }
    }
    return -1;
}

/* Is there one stream in it, and does it begin at the beginning? Parts of a broadcast do not. */
static bool ogg_is_plain(const struct tag_file *file, uint32_t rate_hz, uint32_t *serial)
{
    size_t at = 0;
    int64_t granule = 0;
    uint32_t found;

    for (int page = 0; parse_page(file->head + at, file->head_size - at, &found, &granule);
         page++) {
        const uint8_t *head = file->head + at;
        size_t segments = head[26];

        if (page == 0) {
            *serial = found;
        } else if (found != *serial || (head[5] & OGG_BOS) != 0) {
            return false;
        }
        if (granule > 0 || at + OGG_HEAD + segments > file->head_size) {
            break;
        }
        at += OGG_HEAD + segments;
        for (size_t i = 0; i < segments; i++) {
            at += head[OGG_HEAD + i];
        }
        if (at >= file->head_size) {
            break;
        }
    }
    return granule <= (int64_t)OGG_FAR_S * rate_hz;
}

/* Seconds; 0: it is to be asked of libavformat, which reads far more. */
static double ogg_duration(struct tag_file *file, const AVCodecParameters *sound)
{
    uint32_t rate = (uint32_t)sound->sample_rate, serial = 0;
    int64_t granule;

    if (sound->codec_id != AV_CODEC_ID_VORBIS && sound->codec_id != AV_CODEC_ID_OPUS &&
        sound->codec_id != AV_CODEC_ID_FLAC) {
        return 0.0;
    }
    if (rate == 0 || !ogg_is_plain(file, rate, &serial)) {
        return 0.0;
    }
    granule = last_granule(file, serial);
    if (sound->codec_id == AV_CODEC_ID_OPUS) {
        rate = 48000;
        granule -= sound->extradata_size >= 12 ? (int64_t)bytes_le16(sound->extradata + 10) : 0;
    }
    return granule > 0 ? (double)granule / rate : 0.0;
}

/* --- what the sound is --------------------------------------------------------------------------
 */

static void take_flac(struct tags *tags, const AVCodecParameters *sound)
{
    const uint8_t *info = sound->extradata;
    uint64_t samples;

    if (sound->codec_id != AV_CODEC_ID_FLAC || sound->extradata_size < STREAMINFO) {
        return;
    }
    tags->rate_hz = bytes_be24(info + 10) >> 4;
    tags->channels = (info[12] >> 1 & 7U) + 1;
    tags->bits = ((info[12] & 1U) << 4 | info[13] >> 4) + 1U;
    samples = (uint64_t)(info[13] & 15) << 32 | bytes_be32(info + 14);
    if (samples > 0 && tags->rate_hz > 0) {
        tags->duration_s = (double)samples / tags->rate_hz;
    }
}

static void take_bits(struct tags *tags, const struct tag_file *file,
                      const AVCodecParameters *sound)
{
    const AVCodecDescriptor *descriptor = avcodec_descriptor_get(sound->codec_id);
    bool lossless = descriptor != NULL && (descriptor->props & AV_CODEC_PROP_LOSSLESS) != 0;
    int bits = sound->bits_per_raw_sample;

    if (!lossless || stream_codec_is_dsd(sound->codec_id)) {
        return;
    }
    tags->is_float = strncmp(descriptor->name, "pcm_f", 5) == 0;
    if (sound->codec_id == AV_CODEC_ID_WAVPACK && file->head_size >= 28 &&
        memcmp(file->head, "wvpk", 4) == 0) {
        tags->is_float = (file->head[24] & 128) != 0;
    }
    if (sound->codec_id == AV_CODEC_ID_ALAC && bits <= 0 && sound->extradata_size > 17) {
        bits = sound->extradata[17];
    }
    bits = bits > 0 ? bits : sound->bits_per_coded_sample;
    tags->bits = tags->is_float ? 0 : bits > 0 ? (uint32_t)bits : 16;
}

static double duration_of(const AVFormatContext *container, const AVStream *sound)
{
    if (sound->duration != AV_NOPTS_VALUE && sound->duration > 0) {
        return (double)sound->duration * av_q2d(sound->time_base);
    }
    return container->duration > 0 ? (double)container->duration / AV_TIME_BASE : 0.0;
}

static void take_facts(struct tags *tags, struct tag_file *file, const AVStream *sound)
{
    const AVCodecParameters *parameters = sound->codecpar;
    const uint8_t *head = file->head;

    tags->rate_hz = parameters->sample_rate > 0 ? (uint32_t)parameters->sample_rate : 0;
    tags->channels = (uint32_t)FFMAX(parameters->ch_layout.nb_channels, 0);
    tags->duration_s = duration_of(file->container, sound);
    stream_name_codec(tags->codec, sizeof tags->codec, parameters->codec_id);
    take_bits(tags, file, parameters);
    take_flac(tags, parameters);
    if (container_is(file->container, "dsf") && file->head_size >= 72 &&
        bytes_le32(head + 56) > 0) {
        tags->duration_s = (double)bytes_le64(head + 64) / bytes_le32(head + 56);
    }
}

/* What libavformat does not say at once. */
static void find_facts(struct tags *tags, struct tag_file *file, AVStream *sound, int64_t begin)
{
    struct mpeg_audio audio;

    if (container_is(file->container, "mp3") && mpeg_audio_read(&audio, file, begin)) {
        tags->rate_hz = audio.rate_hz;
        tags->channels = audio.channels;
        tags->duration_s = audio.duration_s;
        if (audio.layer < 3) {
            snprintf(tags->codec, sizeof tags->codec, "MP%u", audio.layer);
        }
        return;
    }
    if (tags->rate_hz == 0 || tags->channels == 0 || tags->duration_s <= 0.0) {
        if (avformat_find_stream_info(file->container, NULL) >= 0) {
            take_facts(tags, file, sound);
        }
    }
}

/* --- all together -------------------------------------------------------------------------------
 */

static void gather_from(struct tag_gather *gather, enum tag_source source, const AVDictionary *from)
{
    const AVDictionaryEntry *entry = NULL;

    while ((entry = av_dict_get(from, "", entry, AV_DICT_IGNORE_SUFFIX)) != NULL) {
        tag_gather_add(gather, source, entry->key, entry->value);
    }
}

static bool has_ape_tail(const AVFormatContext *container)
{
    static const char *const names[] = {"mp3", "wv", "ape", "mpc", "mpc8", "tta", "tak"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (container_is(container, names[i])) {
            return true;
        }
    }
    return false;
}

static void gather_all(struct tags_reader *reader, const AVStream *sound, int64_t begin)
{
    struct tag_file *file = &reader->file;
    struct tag_gather *gather = &reader->gather;

    if (begin > 0) {
        id3_read(file, gather);
    }
    if (!tag_gather_has(gather, TAG_OF_ID3)) {
        gather_from(gather, TAG_OF_CONTAINER, file->container->metadata);
        gather_from(gather, TAG_OF_STREAM, sound->metadata);
    }
    if (has_ape_tail(file->container)) {
        ape_read(file, gather, container_is(file->container, "mp3") ? TAG_OF_TAIL : TAG_OF_ID3);
    }
}

/* Opens it; of Ogg only its beginning is read, if that and its last page are enough. */
static int demux(struct tag_file *file, AVStream **sound, double *ogg_s, struct media_error *error)
{
    bool is_ogg = file->head_size > OGG_HEAD && memcmp(file->head, "OggS", 4) == 0;
    int result = tag_file_demux(file, !is_ogg, error);

    *ogg_s = 0.0;
    *sound = result < 0 ? NULL : container_sound(file->container);
    if (is_ogg && *sound != NULL && file->container->nb_streams == 1) {
        *ogg_s = ogg_duration(file, (*sound)->codecpar);
    }
    if (is_ogg && *ogg_s <= 0.0) {
        tag_file_undemux(file);
        result = tag_file_demux(file, true, error);
        *sound = result < 0 ? NULL : container_sound(file->container);
    }
    return result;
}

int tags_reader_read(struct tags_reader *reader, struct tags *tags, const char *path,
                     struct media_error *error)
{
    struct tag_file *file = &reader->file;
    AVStream *sound = NULL;
    double ogg_s = 0.0;
    int result;

    memset(tags, 0, sizeof *tags);
    tags->track_gain_db = tags->track_peak = tags->album_gain_db = tags->album_peak = (double)NAN;
    tag_gather_begin(&reader->gather);
    result = tag_file_open(file, path, error);
    if (result < 0) {
        return result;
    }
    result = demux(file, &sound, &ogg_s, error);
    if (result == 0 && sound == NULL) {
        result =
            media_fail(error, -EINVAL, "%s: there is no sound in it; choose a sound file", path);
    } else if (result == 0) {
        int64_t begin = id3_end(file);

        gather_all(reader, sound, begin);
        take_facts(tags, file, sound);
        if (ogg_s > 0.0) {
            tags->duration_s = ogg_s;
        }
        find_facts(tags, file, sound, begin);
        result = tag_gather_end(&reader->gather, tags);
        if (result < 0) {
            media_fail(error, result, "%s: not enough memory to read its tags", path);
        }
    }
    tag_file_close(file);
    return result;
}

int tags_read(struct tags *tags, const char *path, struct media_error *error)
{
    struct tags_reader *reader = tags_reader_create();
    int result;

    if (reader == NULL) {
        memset(tags, 0, sizeof *tags);
        return media_fail(error, -ENOMEM, "%s: not enough memory to read its tags", path);
    }
    result = tags_reader_read(reader, tags, path, error);
    tags_reader_destroy(reader);
    return result;
}
