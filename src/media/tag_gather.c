/* tag_gather.c - what several sources say of one file, made into tags. */
#include "media/tag_gather.h"

#include "media/text.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_SIZE = 48, RANKS = 4 };

/* Kinds of which ';' separates values: lists of people, styles and identifiers. */
static bool has_several(enum tag kind)
{
    switch (kind) {
    case TAG_ARTIST:
    case TAG_ARTIST_SORT:
    case TAG_ALBUM_ARTIST:
    case TAG_ALBUM_ARTIST_SORT:
    case TAG_GENRE:
    case TAG_COMPOSER:
    case TAG_PERFORMER:
    case TAG_CONDUCTOR:
    case TAG_LABEL:
    case TAG_MUSICBRAINZ_ARTIST:
    case TAG_MUSICBRAINZ_ALBUM_ARTIST:
    case TAG_MUSICBRAINZ_TRACK:
    case TAG_MUSICBRAINZ_WORK:
        return true;
    default:
        return false;
    }
}

/* Only letters and digits, small. */
static void squeeze(char out[NAME_SIZE], const char *name)
{
    size_t used = 0;

    for (; *name != '\0' && used < NAME_SIZE - 1; name++) {
        char c = *name;

        if (c >= 'A' && c <= 'Z') {
            c = (char)(c + 'a' - 'A');
        }
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
            out[used++] = c;
        }
    }
    out[used] = '\0';
}

struct known_name {
    const char *name;
    enum tag kind;
    unsigned rank;
};

/* In order of name. */
static const struct known_name known[] = {
    {"album", TAG_ALBUM, 0},
    {"albumartist", TAG_ALBUM_ARTIST, 0},
    {"albumartistsort", TAG_ALBUM_ARTIST_SORT, 0},
    {"albumartistsortorder", TAG_ALBUM_ARTIST_SORT, 1},
    {"albumsort", TAG_ALBUM_SORT, 0},
    {"albumsortorder", TAG_ALBUM_SORT, 1},
    {"artist", TAG_ARTIST, 0},
    {"artistsort", TAG_ARTIST_SORT, 0},
    {"artistsortorder", TAG_ARTIST_SORT, 1},
    {"author", TAG_ARTIST, 1},
    {"comment", TAG_COMMENT, 0},
    {"comments", TAG_COMMENT, 1},
    {"composer", TAG_COMPOSER, 0},
    {"conductor", TAG_CONDUCTOR, 0},
    {"contentgroup", TAG_GROUPING, 1},
    {"date", TAG_DATE, 0},
    {"datereleased", TAG_DATE, 1},
    {"description", TAG_COMMENT, 2},
    {"disc", TAG_DISC, 0},
    {"discnumber", TAG_DISC, 1},
    {"disk", TAG_DISC, 2},
    {"genre", TAG_GENRE, 0},
    {"grouping", TAG_GROUPING, 0},
    {"grp1", TAG_GROUPING, 1},
    {"label", TAG_LABEL, 0},
    {"leadperformer", TAG_PERFORMER, 1},
    {"musicbrainzalbumartistid", TAG_MUSICBRAINZ_ALBUM_ARTIST, 0},
    {"musicbrainzalbumid", TAG_MUSICBRAINZ_ALBUM, 0},
    {"musicbrainzartistid", TAG_MUSICBRAINZ_ARTIST, 0},
    {"musicbrainzreleasetrackid", TAG_MUSICBRAINZ_RELEASE_TRACK, 0},
    {"musicbrainztrackid", TAG_MUSICBRAINZ_TRACK, 0},
    {"musicbrainzworkid", TAG_MUSICBRAINZ_WORK, 0},
    {"organization", TAG_LABEL, 2},
    {"originaldate", TAG_ORIGINAL_DATE, 0},
    {"originalreleasedate", TAG_ORIGINAL_DATE, 1},
    {"originalyear", TAG_ORIGINAL_DATE, 2},
    {"partnumber", TAG_TRACK, 2},
    {"partofset", TAG_DISC, 3},
    {"performer", TAG_PERFORMER, 0},
    {"publisher", TAG_LABEL, 1},
    {"recordingdate", TAG_DATE, 2},
    {"releasedate", TAG_DATE, 1},
    {"sortalbum", TAG_ALBUM_SORT, 1},
    {"sortalbumartist", TAG_ALBUM_ARTIST_SORT, 1},
    {"sortartist", TAG_ARTIST_SORT, 1},
    {"tdor", TAG_ORIGINAL_DATE, 0},
    {"title", TAG_TITLE, 0},
    {"tory", TAG_ORIGINAL_DATE, 2},
    {"track", TAG_TRACK, 0},
    {"tracknumber", TAG_TRACK, 1},
    {"tso2", TAG_ALBUM_ARTIST_SORT, 0},
    {"tyer", TAG_DATE, 1},
    {"wmalbumartistsortorder", TAG_ALBUM_ARTIST_SORT, 0},
    {"wmalbumsortorder", TAG_ALBUM_SORT, 0},
    {"wmartistsortorder", TAG_ARTIST_SORT, 0},
    {"wmconductor", TAG_CONDUCTOR, 1},
    {"wmcontentgroupdescription", TAG_GROUPING, 1},
    {"wmoriginalreleasetime", TAG_ORIGINAL_DATE, 1},
    {"wmoriginalreleaseyear", TAG_ORIGINAL_DATE, 2},
    {"wmpublisher", TAG_LABEL, 1},
    {"wmwork", TAG_WORK, 1},
    {"wmyear", TAG_DATE, 1},
    {"work", TAG_WORK, 0},
    {"year", TAG_DATE, 2},
};

static int by_name(const void *key, const void *element)
{
    return strcmp(key, ((const struct known_name *)element)->name);
}

static const struct known_name *find_name(const char *squeezed)
{
    return bsearch(squeezed, known, sizeof known / sizeof known[0], sizeof known[0], by_name);
}

int tag_gather_kind(const char *name, unsigned *rank)
{
    const struct known_name *found;
    char squeezed[NAME_SIZE];

    squeeze(squeezed, name);
    found = find_name(squeezed);
    if (found != NULL && rank != NULL) {
        *rank = found->rank;
    }
    return found == NULL ? -1 : (int)found->kind;
}

void tag_gather_begin(struct tag_gather *gather)
{
    gather->count = gather->used = 0;
    gather->failed = false;
    for (int i = 0; i < TAG_GAINS; i++) {
        gather->gains[i] = (double)NAN;
        gather->is_r128[i] = false;
    }
}

void tag_gather_finish(struct tag_gather *gather)
{
    free(gather->texts);
    gather->texts = NULL;
    gather->room = 0;
}

/* One value, made clean; what was said already is not said twice. */
static void keep(struct tag_gather *gather, enum tag kind, unsigned rank, const char *value)
{
    char clean[TAG_VALUE_LIMIT + 1];
    size_t size;

    text_clean(clean, sizeof clean, value);
    if (clean[0] == '\0' || gather->count == TAG_VALUES_MAX) {
        return;
    }
    for (size_t i = 0; i < gather->count; i++) {
        if (gather->values[i].kind == kind && gather->values[i].rank == rank &&
            strcmp(gather->texts + gather->values[i].text, clean) == 0) {
            return;
        }
    }
    size = strlen(clean) + 1;
    if (gather->room - gather->used < size) {
        size_t room = gather->room * 2 + size + 1024;
        char *grown = realloc(gather->texts, room);

        if (grown == NULL) {
            gather->failed = true;
            return;
        }
        gather->texts = grown;
        gather->room = room;
    }
    memcpy(gather->texts + gather->used, clean, size);
    gather->values[gather->count++] = (struct tag_gathered){kind, (uint8_t)rank, gather->used};
    gather->used += size;
}

static void put(struct tag_gather *gather, enum tag kind, unsigned rank, const char *value)
{
    const char *end;

    if (!has_several(kind)) {
        keep(gather, kind, rank, value);
        return;
    }
    while ((end = strchr(value, ';')) != NULL) {
        char *part = strndup(value, (size_t)(end - value));

        if (part == NULL) {
            gather->failed = true;
            return;
        }
        keep(gather, kind, rank, part);
        free(part);
        value = end + 1;
    }
    keep(gather, kind, rank, value);
}

void tag_gather_put(struct tag_gather *gather, enum tag_source source, enum tag kind,
                    const char *value)
{
    put(gather, kind, (unsigned)source * RANKS, value);
}

/* "-7.03 dB", with a point or a comma, whatever the locale. NAN: no number. */
static double parse_number(const char *text)
{
    double value = 0.0, scale = 1.0;
    bool negative, any = false;

    text += strspn(text, " \t");
    negative = *text == '-';
    text += *text == '-' || *text == '+';
    for (; *text >= '0' && *text <= '9'; text++, any = true) {
        value = value * 10.0 + (*text - '0');
    }
    if (*text == '.' || *text == ',') {
        for (text++; *text >= '0' && *text <= '9'; text++, any = true) {
            scale /= 10.0;
            value += (*text - '0') * scale;
        }
    }
    if (!any || value > 1e6) {
        return (double)NAN;
    }
    return negative ? -value : value;
}

/* R128 gains are whole 1/256 dB to -23 LUFS; ReplayGain's level is 5 dB above that (RFC 7845). */
static bool take_gain(struct tag_gather *gather, const char *squeezed, const char *value)
{
    static const struct {
        const char *name;
        enum tag_gain gain;
        bool is_r128;
    } names[] = {
        {"replaygaintrackgain", TAG_TRACK_GAIN, false},
        {"replaygaintrackpeak", TAG_TRACK_PEAK, false},
        {"replaygainalbumgain", TAG_ALBUM_GAIN, false},
        {"replaygainalbumpeak", TAG_ALBUM_PEAK, false},
        {"r128trackgain", TAG_TRACK_GAIN, true},
        {"r128albumgain", TAG_ALBUM_GAIN, true},
    };

    if (squeezed[0] != 'r') {
        return false;
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        enum tag_gain gain = names[i].gain;
        bool is_peak = gain == TAG_TRACK_PEAK || gain == TAG_ALBUM_PEAK;
        double number;

        if (strcmp(names[i].name, squeezed) != 0) {
            continue;
        }
        number = parse_number(value);
        number = names[i].is_r128 ? number / 256.0 + 5.0 : number;
        if ((is_peak ? number > 0.0 && number < 100.0 : fabs(number) <= 100.0) &&
            (isnan(gather->gains[gain]) || (gather->is_r128[gain] && !names[i].is_r128))) {
            gather->gains[gain] = number;
            gather->is_r128[gain] = names[i].is_r128;
        }
        return true;
    }
    return false;
}

void tag_gather_add(struct tag_gather *gather, enum tag_source source, const char *name,
                    const char *value)
{
    const struct known_name *found;
    char squeezed[NAME_SIZE];

    squeeze(squeezed, name);
    if (take_gain(gather, squeezed, value)) {
        return;
    }
    found = find_name(squeezed);
    if (found != NULL) {
        put(gather, found->kind, (unsigned)source * RANKS + found->rank, value);
    }
}

bool tag_gather_has(const struct tag_gather *gather, enum tag_source source)
{
    for (size_t i = 0; i < gather->count; i++) {
        if (gather->values[i].rank / RANKS == source) {
            return true;
        }
    }
    return false;
}

int tag_gather_end(struct tag_gather *gather, struct tags *tags)
{
    size_t room = gather->count * sizeof *tags->values;
    uint8_t best[TAG_KINDS];
    char *texts;

    if (gather->failed) {
        return -ENOMEM;
    }
    memset(best, 255, sizeof best);
    for (size_t i = 0; i < gather->count; i++) {
        const struct tag_gathered *value = &gather->values[i];

        best[value->kind] = value->rank < best[value->kind] ? value->rank : best[value->kind];
    }
    tags->memory = malloc(room + gather->used + 1);
    if (tags->memory == NULL) {
        return -ENOMEM;
    }
    tags->values = tags->memory;
    texts = (char *)tags->memory + room;
    if (gather->used > 0) {
        memcpy(texts, gather->texts, gather->used);
    }
    for (unsigned kind = 0; kind < TAG_KINDS; kind++) {
        for (size_t i = 0; best[kind] != 255 && i < gather->count; i++) {
            const struct tag_gathered *value = &gather->values[i];

            if (value->kind == kind && value->rank == best[kind]) {
                tags->values[tags->count++] =
                    (struct tag_value){(enum tag)kind, texts + value->text};
            }
        }
    }
    tags->track_gain_db = gather->gains[TAG_TRACK_GAIN];
    tags->track_peak = gather->gains[TAG_TRACK_PEAK];
    tags->album_gain_db = gather->gains[TAG_ALBUM_GAIN];
    tags->album_peak = gather->gains[TAG_ALBUM_PEAK];
    return 0;
}
