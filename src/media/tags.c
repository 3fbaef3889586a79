/* tags.c - what a file says about itself. */
#include "media/tags.h"

#include "media/container.h"
#include "media/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const names[TAG_KINDS] = {
    [TAG_ARTIST] = "Artist",
    [TAG_ARTIST_SORT] = "ArtistSort",
    [TAG_ALBUM] = "Album",
    [TAG_ALBUM_SORT] = "AlbumSort",
    [TAG_ALBUM_ARTIST] = "AlbumArtist",
    [TAG_ALBUM_ARTIST_SORT] = "AlbumArtistSort",
    [TAG_TITLE] = "Title",
    [TAG_TRACK] = "Track",
    [TAG_NAME] = "Name",
    [TAG_GENRE] = "Genre",
    [TAG_DATE] = "Date",
    [TAG_ORIGINAL_DATE] = "OriginalDate",
    [TAG_COMPOSER] = "Composer",
    [TAG_PERFORMER] = "Performer",
    [TAG_CONDUCTOR] = "Conductor",
    [TAG_WORK] = "Work",
    [TAG_GROUPING] = "Grouping",
    [TAG_COMMENT] = "Comment",
    [TAG_DISC] = "Disc",
    [TAG_LABEL] = "Label",
    [TAG_MUSICBRAINZ_ARTIST] = "MUSICBRAINZ_ARTISTID",
    [TAG_MUSICBRAINZ_ALBUM] = "MUSICBRAINZ_ALBUMID",
    [TAG_MUSICBRAINZ_ALBUM_ARTIST] = "MUSICBRAINZ_ALBUMARTISTID",
    [TAG_MUSICBRAINZ_TRACK] = "MUSICBRAINZ_TRACKID",
    [TAG_MUSICBRAINZ_RELEASE_TRACK] = "MUSICBRAINZ_RELEASETRACKID",
    [TAG_MUSICBRAINZ_WORK] = "MUSICBRAINZ_WORKID",
};

/* As FFmpeg's demuxers name them. */
static const struct {
    const char *key;
    enum tag kind;
} keys[] = {
    {"artist", TAG_ARTIST},
    {"album", TAG_ALBUM},
    {"album_artist", TAG_ALBUM_ARTIST},
    {"albumartist", TAG_ALBUM_ARTIST},
    {"title", TAG_TITLE},
    {"track", TAG_TRACK},
    {"tracknumber", TAG_TRACK},
    {"genre", TAG_GENRE},
    {"date", TAG_DATE},
    {"composer", TAG_COMPOSER},
    {"performer", TAG_PERFORMER},
    {"disc", TAG_DISC},
    {"discnumber", TAG_DISC},
};

const char *tag_name(enum tag tag)
{
    return names[tag];
}

int tag_named(const char *name)
{
    for (int i = 0; i < TAG_KINDS; i++) {
        if (strcasecmp(names[i], name) == 0) {
            return i;
        }
    }
    return -1;
}

static void add_value(struct tags *tags, enum tag kind, const char *text)
{
    char clean[TAG_VALUE_LIMIT + 1];
    char **texts = tags->memory;

    text_clean(clean, sizeof clean, text);
    if (clean[0] == '\0' || tags->count == TAG_VALUES_MAX) {
        return;
    }
    texts[tags->count] = strdup(clean);
    if (texts[tags->count] != NULL) {
        tags->values[tags->count] = (struct tag_value){kind, texts[tags->count]};
        tags->count++;
    }
}

static void take_all(struct tags *tags, const AVDictionary *from)
{
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const AVDictionaryEntry *entry = av_dict_get(from, keys[i].key, NULL, 0);

        if (entry != NULL && tags_get(tags, keys[i].kind, 0) == NULL) {
            add_value(tags, keys[i].kind, entry->value);
        }
    }
}

int tags_read(struct tags *tags, const char *path, struct media_error *error)
{
    AVFormatContext *container;
    AVStream *sound;
    int result;

    memset(tags, 0, sizeof *tags);
    tags->track_gain_db = tags->track_peak = tags->album_gain_db = tags->album_peak = NAN;
    result = container_open(&container, path, true, error);
    if (result < 0) {
        return result;
    }
    tags->values = calloc(TAG_VALUES_MAX, sizeof *tags->values);
    tags->memory = calloc(TAG_VALUES_MAX, sizeof(char *));
    sound = container_sound(container);
    if (tags->values == NULL || tags->memory == NULL) {
        result = media_fail(error, -ENOMEM, "%s: not enough memory to read its tags", path);
    } else if (sound == NULL) {
        result =
            media_fail(error, -EINVAL, "%s: there is no sound in it; choose a sound file", path);
    } else {
        take_all(tags, container->metadata);
        take_all(tags, sound->metadata); /* Ogg keeps them there */
    }
    avformat_close_input(&container);
    if (result < 0) {
        tags_finish(tags);
    }
    return result;
}

void tags_finish(struct tags *tags)
{
    char **texts = tags->memory;

    for (size_t i = 0; i < tags->count; i++) {
        free(texts[i]);
    }
    free(texts);
    free(tags->values);
    tags->values = NULL;
    tags->memory = NULL;
    tags->count = 0;
}

const char *tags_get(const struct tags *tags, enum tag kind, size_t index)
{
    for (size_t i = 0; i < tags->count; i++) {
        if (tags->values[i].kind == kind && index-- == 0) {
            return tags->values[i].text;
        }
    }
    return NULL;
}

const char *tags_first(const struct tags *tags, enum tag kind)
{
    const char *text = tags_get(tags, kind, 0);

    return text != NULL ? text : "";
}
