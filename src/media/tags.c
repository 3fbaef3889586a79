/* tags.c - what a file says about itself. */
#include "media/tags.h"

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

void tags_finish(struct tags *tags)
{
    free(tags->memory);
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
