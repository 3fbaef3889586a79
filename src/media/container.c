/* container.c - opening files for libavformat. */
#include "media/container.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libavutil/avstring.h>

/* What holds sound, by libavformat's names; text formats that name other files are not among it. */
static const char SOUND_FORMATS[] =
    "wav,w64,flac,mp3,ogg,mov,mp4,m4a,aac,aiff,wv,ape,dsf,iff,dff,tta,matroska,webm,caf,au,asf,"
    "mpc,mpc8,ac3,eac3,dts,dtshd,truehd,mlp,tak,shn,oma,aea,amr,avi,mpegts,mpeg,flv,xwma,voc,"
    "ircam,nist,paf,sox,w64,optimfrog,spdif,wsaud,adx,ast,brstm,vqf";

enum { READS_MOST = 2048 };

int media_fail(struct media_error *error, int code, const char *format, ...)
{
    va_list arguments;

    if (error == NULL) {
        return code;
    }
    error->code = code;
    va_start(arguments, format);
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    for (char *at = error->message; *at != '\0'; at++) {
        if ((unsigned char)*at < ' ' || *at == 127) {
            *at = '?'; /* a file name may hold line ends: a message is one line */
        }
    }
    return code;
}

int media_code(int averror)
{
    if (averror >= 0) {
        return 0;
    }
    switch (averror) {
    case AVERROR_INVALIDDATA:
    case AVERROR_DEMUXER_NOT_FOUND:
    case AVERROR_DECODER_NOT_FOUND:
    case AVERROR_STREAM_NOT_FOUND:
    case AVERROR_PATCHWELCOME:
        return -EINVAL;
    case AVERROR_BUG:
    case AVERROR_BUG2:
    case AVERROR_EXTERNAL:
    case AVERROR_UNKNOWN:
    case AVERROR_EOF:
        return -EIO;
    default:
        return averror > -4096 ? averror : -EIO;
    }
}

int container_check(const char *path, struct media_error *error)
{
    struct stat status;
    int code, fd;

    if (stat(path, &status) != 0) {
        code = -errno;
        switch (errno) {
        case ENOENT:
        case ENOTDIR:
            if (strstr(path, "://") != NULL) {
                return media_fail(error, code,
                                  "%s: is an address, not a file; save it to a file first", path);
            }
            return media_fail(error, code, "%s: there is no such file; check the name", path);
        case EACCES:
            return media_fail(error, code,
                              "%s: may not be reached; check the permissions of its folders", path);
        default:
            return media_fail(error, code, "%s: cannot be reached (%s); check the name", path,
                              strerror(errno));
        }
    }
    if (S_ISDIR(status.st_mode)) {
        return media_fail(error, -EISDIR, "%s: is a folder; name a sound file in it", path);
    }
    if (S_ISREG(status.st_mode) && status.st_size == 0) {
        return media_fail(error, -EINVAL, "%s: is empty; get the file again", path);
    }
    if (!S_ISREG(status.st_mode)) { /* it may never give a byte, or never end; none can be reread */
        return media_fail(error, -EINVAL,
                          "%s: is a pipe or a device, not a file; save its sound to a file first",
                          path);
    }
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        code = -errno;
        return media_fail(error, code, "%s: cannot be read (%s); check its permissions", path,
                          strerror(errno));
    }
    close(fd);
    return 0;
}

/* libavformat asks before each piece that it reads. 1: enough. */
static int is_lost(void *context)
{
    struct patience *patience = context;

    patience->lost = patience->lost || ++patience->reads > READS_MOST;
    return patience->lost;
}

int container_open(AVFormatContext **container, const char *path, bool keep_edits,
                   struct patience *patience, struct media_error *error)
{
    AVDictionary *options = NULL;
    char *url;
    int result = container_check(path, error);

    *container = NULL;
    if (result < 0) {
        return result;
    }
    *patience = (struct patience){.reads = 0};
    *container = avformat_alloc_context(); /* freed by libavformat when it cannot open */
    if (*container == NULL) {
        return container_fail(path, AVERROR(ENOMEM), error);
    }
    (*container)->interrupt_callback = (AVIOInterruptCB){is_lost, patience};
    av_log_set_level(AV_LOG_QUIET); /* the screen is ours */
    url = av_asprintf("file:%s", path);
    av_dict_set(&options, "protocol_whitelist", "file", 0);
    av_dict_set(&options, "format_whitelist", SOUND_FORMATS, 0);
    av_dict_set(&options, "max_size", "65536",
                0); /* wav: packets beyond 4 KiB read twice as fast */
    av_dict_set(&options, "max_probe_packets", "1",
                0); /* wav: it looks for DTS in 2500 otherwise */
    av_dict_set(&options, "ignore_editlist", keep_edits ? "0" : "1", 0);
    if (url == NULL) {
        avformat_free_context(*container);
        *container = NULL;
    }
    result = url == NULL ? AVERROR(ENOMEM) : avformat_open_input(container, url, NULL, &options);
    av_dict_free(&options);
    av_free(url);
    return result < 0 ? container_fail(path, result, error) : 0;
}

int container_fail(const char *path, int result, struct media_error *error)
{
    if (result == AVERROR(ENOMEM)) {
        return media_fail(error, -ENOMEM, "%s: no memory left; close other programs", path);
    }
    if (result == AVERROR_INVALIDDATA || result == AVERROR_EOF || result == AVERROR_EXIT ||
        result == AVERROR(EINVAL)) {
        return media_fail(error, -EINVAL,
                          "%s: is no sound file, or a damaged one; check that it plays elsewhere",
                          path);
    }
    return media_fail(error, media_code(result),
                      "%s: cannot be opened (%s); check that it plays elsewhere", path,
                      strerror(-media_code(result)));
}

const char *container_formats(void)
{
    return SOUND_FORMATS;
}

AVStream *container_sound(AVFormatContext *container)
{
    AVStream *sound = NULL;

    for (unsigned i = 0; i < container->nb_streams; i++) {
        AVStream *stream = container->streams[i];

        if (sound == NULL && stream->codecpar->codec_type == AVMEDIA_TYPE_AUDIO) {
            sound = stream;
        } else {
            stream->discard = AVDISCARD_ALL;
        }
    }
    return sound;
}

bool container_is(const AVFormatContext *container, const char *name)
{
    return av_match_name(name, container->iformat->name) != 0;
}
