/* tags.c - what a file says about itself. */
#include "media/tags.h"

#include "media/container.h"
#include "media/text.h"

#include <stdlib.h>
#include <string.h>

static void take_text(char text[TAG_SIZE], const AVDictionary *from, const char *key)
{
    const AVDictionaryEntry *entry = av_dict_get(from, key, NULL, 0);

    if (entry != NULL && text[0] == '\0') {
        text_clean(text, TAG_SIZE, entry->value);
    }
}

/* "3", "03/12" */
static void take_number(int *number, const AVDictionary *from, const char *key)
{
    const AVDictionaryEntry *entry = av_dict_get(from, key, NULL, 0);

    if (entry != NULL && *number == 0) {
        long value = strtol(entry->value, NULL, 10);

        *number = value > 0 && value < 100000 ? (int)value : 0;
    }
}

static void take_all(struct tags *tags, const AVDictionary *from)
{
    take_text(tags->title, from, "title");
    take_text(tags->artist, from, "artist");
    take_text(tags->album, from, "album");
    take_text(tags->album_artist, from, "album_artist");
    take_text(tags->album_artist, from, "albumartist");
    take_number(&tags->track, from, "track");
    take_number(&tags->track, from, "tracknumber");
    take_number(&tags->disc, from, "disc");
    take_number(&tags->disc, from, "discnumber");
}

int tags_read(struct tags *tags, const char *path, struct media_error *error)
{
    AVFormatContext *container;
    AVStream *sound;
    int result;

    memset(tags, 0, sizeof *tags);
    result = container_open(&container, path, true, error);
    if (result < 0) {
        return result;
    }
    take_all(tags, container->metadata);
    sound = container_sound(container);
    if (sound != NULL) {
        take_all(tags, sound->metadata); /* Ogg keeps them there */
    } else {
        result =
            media_fail(error, -EINVAL, "%s: there is no sound in it; choose a sound file", path);
    }
    avformat_close_input(&container);
    return result;
}
