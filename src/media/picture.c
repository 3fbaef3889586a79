/* picture.c - the picture inside a sound file. */
#include "media/picture.h"

#include "media/tag_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *picture_mime(const uint8_t *bytes, size_t size)
{
    static const struct {
        const char *bytes, *mime;
        size_t offset, count;
    } marks[] = {
        {"\xff\xd8\xff", "image/jpeg", 0, 3},
        {"\x89PNG\r\n\x1a\n", "image/png", 0, 8},
        {"GIF8", "image/gif", 0, 4},
        {"WEBP", "image/webp", 8, 4},
        {"BM", "image/bmp", 0, 2},
        {"II*\0", "image/tiff", 0, 4},
        {"MM\0*", "image/tiff", 0, 4},
        {"ftypavif", "image/avif", 4, 8},
        {"\xff\x0a", "image/jxl", 0, 2},
        {"JXL ", "image/jxl", 4, 4},
    };

    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        if (size >= marks[i].offset + marks[i].count &&
            memcmp(bytes + marks[i].offset, marks[i].bytes, marks[i].count) == 0) {
            return marks[i].mime;
        }
    }
    return "application/octet-stream";
}

/* libavformat tells the kind of a picture as ID3v2 names it. */
static bool is_front(const AVStream *stream)
{
    const AVDictionaryEntry *entry = av_dict_get(stream->metadata, "comment", NULL, 0);

    return entry != NULL && strcmp(entry->value, "Cover (front)") == 0;
}

static const AVPacket *find(const AVFormatContext *container)
{
    const AVPacket *found = NULL;

    for (unsigned i = 0; i < container->nb_streams; i++) {
        const AVStream *stream = container->streams[i];

        if ((stream->disposition & AV_DISPOSITION_ATTACHED_PIC) == 0 ||
            stream->attached_pic.size <= 0) {
            continue;
        }
        if (is_front(stream)) {
            return &stream->attached_pic;
        }
        found = found == NULL ? &stream->attached_pic : found;
    }
    return found;
}

int picture_read(struct picture *picture, const char *path, struct media_error *error)
{
    const AVPacket *packet = NULL;
    struct tag_file file;
    int result = tag_file_init(&file);

    *picture = (struct picture){0};
    av_log_set_level(AV_LOG_QUIET); /* the screen is ours */
    if (result == 0) {
        result = tag_file_open(&file, path, error);
    } else {
        media_fail(error, result, "%s: no memory left; close other programs", path);
    }
    if (result == 0) {
        result = tag_file_demux(&file, true, error);
    }
    if (result == 0) {
        packet = find(file.container);
    }
    if (result == 0 && packet == NULL) {
        result = media_fail(error, -ENODATA, "%s: there is no picture in it", path);
    } else if (result == 0) {
        picture->size = (size_t)packet->size;
        picture->bytes = malloc(picture->size);
        picture->mime = picture_mime(packet->data, picture->size);
        if (picture->bytes == NULL) {
            result = media_fail(error, -ENOMEM, "%s: no memory left; close other programs", path);
        } else {
            memcpy(picture->bytes, packet->data, picture->size);
        }
    }
    tag_file_finish(&file);
    return result;
}

void picture_finish(struct picture *picture)
{
    free(picture->bytes);
    *picture = (struct picture){0};
}
