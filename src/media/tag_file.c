/* tag_file.c - a file opened for what it says about itself. */
#include "media/tag_file.h"

#include "media/id3.h"
#include "media/mpeg_audio.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { INPUT_BUFFER = 4096, PIECE_MOST = 16 << 20 };

int tag_file_init(struct tag_file *file)
{
    memset(file, 0, sizeof *file);
    file->fd = -1;
    file->head = malloc(TAG_FILE_HEAD);
    return file->head == NULL ? -ENOMEM : 0;
}

void tag_file_finish(struct tag_file *file)
{
    tag_file_close(file);
    free(file->head);
    free(file->piece);
}

/* Reads all of `count` unless the file ends; how many, or negative errno. */
static ssize_t read_at(int fd, void *to, size_t count, int64_t place)
{
    size_t have = 0;

    while (have < count) {
        ssize_t got = pread(fd, (uint8_t *)to + have, count - have, (off_t)place + (off_t)have);

        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return -errno;
        }
        if (got == 0) {
            break;
        }
        have += (size_t)got;
    }
    return (ssize_t)have;
}

int tag_file_open(struct tag_file *file, const char *path, struct media_error *error)
{
    struct stat status;
    ssize_t got;

    file->path = path;
    file->position = 0;
    file->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe must not hold it up */
    if (file->fd < 0 || fstat(file->fd, &status) != 0 || !S_ISREG(status.st_mode) ||
        status.st_size == 0) {
        tag_file_close(file);
        return container_check(path, error);
    }
    file->size = status.st_size;
    got = read_at(file->fd, file->head, TAG_FILE_HEAD, 0);
    if (got < 0) {
        tag_file_close(file);
        return media_fail(error, (int)got, "%s: cannot be read (%s); see whether the disk is well",
                          path, strerror(-(int)got));
    }
    file->head_size = (size_t)got;
    return 0;
}

void tag_file_undemux(struct tag_file *file)
{
    avformat_close_input(&file->container);
    if (file->input != NULL) {
        av_freep(&file->input->buffer);
        avio_context_free(&file->input);
    }
}

void tag_file_close(struct tag_file *file)
{
    tag_file_undemux(file);
    if (file->fd >= 0) {
        close(file->fd);
        file->fd = -1;
    }
    file->head_size = 0;
}

const uint8_t *tag_file_bytes(struct tag_file *file, int64_t place, size_t count)
{
    if (place < 0 || count > PIECE_MOST || place > file->size - (int64_t)count) {
        return NULL;
    }
    if ((size_t)place + count <= file->head_size) {
        return file->head + place;
    }
    if (count > file->piece_room) {
        uint8_t *grown = realloc(file->piece, count);

        if (grown == NULL) {
            return NULL;
        }
        file->piece = grown;
        file->piece_room = count;
    }
    return read_at(file->fd, file->piece, count, place) == (ssize_t)count ? file->piece : NULL;
}

static int give_bytes(void *opaque, uint8_t *to, int count)
{
    struct tag_file *file = opaque;
    int64_t in_head = (int64_t)file->head_size - file->position;
    ssize_t got = count;

    if (in_head > 0) {
        got = in_head < count ? (ssize_t)in_head : count;
        memcpy(to, file->head + file->position, (size_t)got);
    } else {
        got = read_at(file->fd, to, (size_t)count, file->position);
    }
    if (got > 0) {
        file->position += got;
    }
    return got > 0 ? (int)got : got == 0 ? AVERROR_EOF : AVERROR(EIO);
}

static int64_t move_to(void *opaque, int64_t place, int whence)
{
    struct tag_file *file = opaque;

    switch (whence & ~AVSEEK_FORCE) {
    case AVSEEK_SIZE:
        return file->size;
    case SEEK_SET:
        break;
    case SEEK_CUR:
        place += file->position;
        break;
    case SEEK_END:
        place += file->size;
        break;
    default:
        return AVERROR(EINVAL);
    }
    if (place < 0) {
        return AVERROR(EINVAL);
    }
    file->position = place;
    return place;
}

/* What it names may not be opened: this file is all there is. */
static int open_nothing(AVFormatContext *container, AVIOContext **input, const char *url, int flags,
                        AVDictionary **options)
{
    (void)container;
    (void)input;
    (void)url;
    (void)flags;
    (void)options;
    return AVERROR(EPERM);
}

/* The demuxer that these bytes ask for; NULL: it is to be looked for. */
static const AVInputFormat *choose_by(const uint8_t *head, size_t size)
{
    static const struct {
        const char *bytes, *demuxer;
        uint8_t offset, count;
    } marks[] = {
        {"fLaC", "flac", 0, 4},
        {"OggS", "ogg", 0, 4},
        {"ftyp", "mov", 4, 4},
        {"wvpk", "wv", 0, 4},
        {"MAC ", "ape", 0, 4},
        {"TTA1", "tta", 0, 4},
        {"DSD ", "dsf", 0, 4},
        {"tBaK", "tak", 0, 4},
        {"MPCK", "mpc8", 0, 4},
        {"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf", 0, 8},
        {"\x1a\x45\xdf\xa3", "matroska", 0, 4},
    };

    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        if (size >= (size_t)marks[i].offset + marks[i].count &&
            memcmp(head + marks[i].offset, marks[i].bytes, marks[i].count) == 0) {
            return av_find_input_format(marks[i].demuxer);
        }
    }
    if (size >= 12 && memcmp(head, "RIFF", 4) == 0 && memcmp(head + 8, "WAVE", 4) == 0) {
        return av_find_input_format("wav");
    }
    if (size >= 12 && memcmp(head, "FORM", 4) == 0 && memcmp(head + 8, "AIF", 3) == 0) {
        return av_find_input_format("aiff");
    }
    return NULL;
}

/* By the first bytes, or those behind ID3v2 tags. */
static const AVInputFormat *choose(struct tag_file *file)
{
    struct mpeg_audio audio;
    int64_t begin = id3_end(file);
    const AVInputFormat *demuxer;

    if (begin > 0) {
        const uint8_t *behind = tag_file_bytes(file, begin, 16);

        demuxer = behind == NULL ? NULL : choose_by(behind, 16);
    } else {
        demuxer = choose_by(file->head, file->head_size);
    }
    if (demuxer == NULL && mpeg_audio_read(&audio, file, begin)) {
        demuxer = av_find_input_format("mp3");
    }
    return demuxer;
}

static int open_with(struct tag_file *file, const AVInputFormat *demuxer, bool seekable)
{
    AVFormatContext *container = avformat_alloc_context();
    uint8_t *buffer = av_malloc(INPUT_BUFFER);

    file->position = 0;
    file->input =
        container == NULL || buffer == NULL
            ? NULL
            : avio_alloc_context(buffer, INPUT_BUFFER, 0, file, give_bytes, NULL, move_to);
    if (file->input == NULL) {
        avformat_free_context(container);
        av_free(buffer);
        return AVERROR(ENOMEM);
    }
    if (!seekable) {
        file->input->seekable = 0;
    }
    container->pb = file->input;
    container->io_open = open_nothing;
    if (demuxer == NULL) {
        container->format_whitelist = av_strdup(container_formats());
        container->format_probesize = TAG_FILE_HEAD * 4;
    }
    file->container = container; /* set to NULL when it cannot be opened */
    return avformat_open_input(&file->container, NULL, demuxer, NULL);
}

int tag_file_demux(struct tag_file *file, bool seekable, struct media_error *error)
{
    const AVInputFormat *demuxer = choose(file);
    int result = open_with(file, demuxer, seekable);

    if (result < 0 && result != AVERROR(ENOMEM) && demuxer != NULL) {
        tag_file_undemux(file);
        result = open_with(file, NULL, true);
    }
    return result < 0 ? container_fail(file->path, result, error) : 0;
}
