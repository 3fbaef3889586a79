/* encoder.c - sound into a file: format, dither, tags, and one line when it fails. */
#include "media/encoder.h"

#include "media/container.h"
#include "media/outfile.h"
#include "media/text.h"
#include "media/writer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include <libavutil/avstring.h>

enum { CHUNK_FRAMES = 4096, WORD_BYTES_MAX = 4, TAG_BYTES_MAX = 4096 };

struct encoder {
    struct outfile *file;
    struct writer *writer;
    struct dither dither;
    uint64_t clipped;
    unsigned char words[CHUNK_FRAMES * MEDIA_CHANNELS * WORD_BYTES_MAX];
};

static bool name_ends(const char *path, const char *end)
{
    size_t path_bytes = strlen(path), end_bytes = strlen(end);

    return path_bytes > end_bytes && strcasecmp(path + path_bytes - end_bytes, end) == 0;
}

/* A device or a pipe: its name says nothing, it gets WAV. */
static bool is_special(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

/* True for what is said of the file, not of the music, or is no longer true when it sounds
   different. */
static bool is_stale(const char *key)
{
    static const char *const stale[] = {
        "encoder",      "encoded_by",    "encoding",          "encodersettings",
        "major_brand",  "minor_version", "compatible_brands", "creation_time",
        "handler_name", "vendor_id",     "language",          "length",
        "TLEN",         "iTunSMPB",      "iTunNORM",          "duration",
        "cuesheet",
    };

    for (size_t i = 0; i < sizeof stale / sizeof stale[0]; i++) {
        if (strcasecmp(key, stale[i]) == 0) {
            return true;
        }
    }
    return av_stristart(key, "replaygain", NULL) || av_stristart(key, "R128_", NULL) ||
           av_stristart(key, "accurate", NULL) || av_stristart(key, "MP3GAIN", NULL) ||
           av_stristart(key, "id3v2_priv", NULL);
}

static void copy_tags(AVDictionary **tags, const AVDictionary *from)
{
    const AVDictionaryEntry *entry = NULL;
    char text[TAG_BYTES_MAX];

    while ((entry = av_dict_get(from, "", entry, AV_DICT_IGNORE_SUFFIX)) != NULL) {
        if (!is_stale(entry->key) && strchr(entry->key, '=') == NULL) {
            text_clean(text, sizeof text, entry->value);
            av_dict_set(tags, entry->key, text, AV_DICT_DONT_OVERWRITE);
        }
    }
}

/* Tags are a courtesy: what cannot be read has none. */
static AVDictionary *read_tags(const char *path)
{
    AVDictionary *tags = NULL;
    AVFormatContext *container;
    struct patience patience;
    AVStream *sound;

    if (path == NULL || container_open(&container, path, true, &patience, NULL) < 0) {
        return NULL;
    }
    copy_tags(&tags, container->metadata);
    sound = container_sound(container);
    if (sound != NULL) {
        copy_tags(&tags, sound->metadata);
    }
    avformat_close_input(&container);
    return tags;
}

static int create_writer(struct encoder *encoder, const char *path, enum encoder_format format,
                         uint32_t rate_hz, const AVDictionary *tags, struct media_error *error)
{
    int result;

    if (name_ends(path, ".flac")) {
        result = flac_writer_create(&encoder->writer, encoder->file, format, rate_hz, tags);
    } else {
        result =
            wav_writer_create(&encoder->writer, encoder->file, format, rate_hz, tags, UINT32_MAX);
    }
    if (result == -ERANGE) {
        return media_fail(error, -EINVAL, "%s: FLAC cannot hold %u Hz; write a .wav", path,
                          rate_hz);
    }
    return result < 0 ? outfile_fail(encoder->file, result, error) : 0;
}

int encoder_open(struct encoder **encoder_out, const char *path, enum encoder_format format,
                 uint32_t rate_hz, const char *tags_from, struct media_error *error)
{
    bool is_flac = name_ends(path, ".flac");
    struct encoder *encoder;
    AVDictionary *tags;
    int result;

    *encoder_out = NULL;
    if (!is_flac && !name_ends(path, ".wav") && !is_special(path)) {
        return media_fail(error, -EINVAL,
                          "%s: the name must end in .wav or .flac; choose one of them", path);
    }
    if (is_flac && format == ENCODER_F32) {
        return media_fail(error, -EINVAL,
                          "%s: FLAC holds no f32; ask for s24 or s16, or name a .wav file", path);
    }
    if (rate_hz == 0 || rate_hz > 1 << 24) {
        return media_fail(error, -EINVAL, "%s: cannot be written at %u Hz; choose another rate",
                          path, rate_hz);
    }
    encoder = calloc(1, sizeof *encoder);
    if (encoder == NULL) {
        return media_fail(error, -ENOMEM, "%s: no memory left; close other programs", path);
    }
    if (format == ENCODER_AUTO) {
        format = is_flac ? ENCODER_S24 : ENCODER_F32;
    }
    tags = read_tags(tags_from);
    result = outfile_open(&encoder->file, path, error);
    if (result == 0) {
        result = create_writer(encoder, path, format, rate_hz, tags, error);
    }
    av_dict_free(&tags);
    if (result < 0) {
        encoder_abort(encoder);
        return result;
    }
    dither_init(&encoder->dither, 1, true, encoder->writer->bits);
    *encoder_out = encoder;
    return 0;
}

int encoder_write(struct encoder *encoder, const double *const channel[MEDIA_CHANNELS],
                  size_t frames, struct media_error *error)
{
    for (size_t done = 0; done < frames; done += CHUNK_FRAMES) {
        const double *const at[MEDIA_CHANNELS] = {channel[0] + done, channel[1] + done};
        size_t count = frames - done < CHUNK_FRAMES ? frames - done : CHUNK_FRAMES;
        int result;

        encoder->clipped +=
            format_write(encoder->writer->words, &encoder->dither, at, count, encoder->words);
        result = encoder->writer->class->write(encoder->writer, encoder->words, count);
        if (result < 0) {
            return outfile_fail(encoder->file, result, error);
        }
    }
    return 0;
}

uint64_t encoder_clipped(const struct encoder *encoder)
{
    return encoder->clipped;
}

int encoder_finish(struct encoder *encoder, struct media_error *error)
{
    int result = encoder->writer->class->finish(encoder->writer);

    if (result < 0) {
        outfile_fail(encoder->file, result, error);
    } else {
        result = outfile_commit(encoder->file, error);
        encoder->file = NULL; /* gone, in every case */
    }
    encoder_abort(encoder);
    return result;
}

void encoder_abort(struct encoder *encoder)
{
    if (encoder == NULL) {
        return;
    }
    if (encoder->writer != NULL) {
        encoder->writer->class->destroy(encoder->writer);
    }
    outfile_abort(encoder->file);
    free(encoder);
}
