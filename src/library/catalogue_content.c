/* catalogue_content.c - what a song has beside its place: its tags, its format, why it cannot be
 * read.
 */
#include "library/catalogue_internal.h"

#include "library/room.h"

#include <errno.h>
#include <math.h>
#include <string.h>

enum { GARBAGE_LEAST = 16384, GAIN_NONE = INT16_MIN, PEAK_NONE = UINT16_MAX };
/* Gains are kept in steps of 0.01 dB, peaks in steps of 2^-14. */
#define GAIN_STEPS 100.0
#define PEAK_STEPS 16384.0

static uint32_t clamp_time(int64_t time_s)
{
    if (time_s < 0) {
        return 0;
    }
    return time_s < UINT32_MAX ? (uint32_t)time_s : UINT32_MAX;
}

static bool is_format(const struct song_format *format, const struct tags *tags)
{
    return format->rate_hz == tags->rate_hz && format->bits == tags->bits &&
           format->channels == tags->channels && format->is_float == tags->is_float &&
           strcmp(format->codec, tags->codec) == 0;
}

/* Songs of one format stand together mostly: the last one first. */
static uint16_t format_number(struct catalogue *catalogue, const struct tags *tags)
{
    struct song_format format = {tags->rate_hz, tags->bits, tags->channels, tags->is_float, ""};
    void *formats = catalogue->formats;

    for (size_t i = catalogue->format_count; i-- > 0;) {
        if (is_format(&catalogue->formats[i], tags)) {
            return (uint16_t)i;
        }
    }
    if (catalogue->format_count >= SONG_FORMATS_MAX ||
        room_make(&formats, &catalogue->format_capacity, catalogue->format_count + 1,
                  sizeof format) < 0) {
        return 0;
    }
    memccpy(format.codec, tags->codec, '\0', sizeof format.codec - 1);
    catalogue->formats = formats;
    catalogue->formats[catalogue->format_count] = format;
    return (uint16_t)catalogue->format_count++;
}

static size_t words_of(const struct song *song)
{
    return song->tag_count + (song->has_gains ? SONG_GAIN_WORDS : 0U) + song->has_error;
}

static uint32_t pack_gain(double gain_db, double peak)
{
    double gain = isfinite(gain_db) ? round(gain_db * GAIN_STEPS) : GAIN_NONE;
    double high = isfinite(peak) && peak >= 0 ? round(peak * PEAK_STEPS) : PEAK_NONE;

    gain = fmax(fmin(gain, INT16_MAX), INT16_MIN);
    high = fmin(high, isfinite(peak) ? PEAK_NONE - 1 : PEAK_NONE);
    return (uint32_t)(uint16_t)(int16_t)gain << 16 | (uint16_t)high;
}

static void unpack_gain(uint32_t word, double *gain_db, double *peak)
{
    int16_t gain = (int16_t)(uint16_t)(word >> 16);
    uint16_t high = (uint16_t)word;

    *gain_db = gain != GAIN_NONE ? gain / GAIN_STEPS : (double)NAN;
    *peak = high != PEAK_NONE ? high / PEAK_STEPS : (double)NAN;
}

void content_gains(const struct catalogue *catalogue, const struct song *song, double gains[4])
{
    const uint32_t *words = catalogue->words + song->words + song->tag_count;

    for (size_t i = 0; i < SONG_GAIN_WORDS; i++) {
        gains[2 * i] = gains[2 * i + 1] = (double)NAN;
        if (song->has_gains) {
            unpack_gain(words[i], &gains[2 * i], &gains[2 * i + 1]);
        }
    }
}

uint32_t content_error(const struct catalogue *catalogue, const struct song *song)
{
    return song->has_error ? catalogue->words[song->words + words_of(song) - 1] : 0;
}

void content_drop(struct catalogue *catalogue, const struct song *song)
{
    const uint32_t *words = catalogue->words + song->words;

    for (size_t i = 0; i < song->tag_count; i++) {
        intern_drop(&catalogue->strings, word_string(words[i]));
    }
    if (song->has_error) {
        intern_drop(&catalogue->strings, content_error(catalogue, song));
    }
    catalogue->words_garbage += words_of(song);
}

/* By kind, values of one kind as they came: readers stop at the next kind. */
static void sort_words(uint32_t *words, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        uint32_t word = words[i];
        size_t place = i;

        for (; place > 0 && word_kind(words[place - 1]) > word_kind(word); place--) {
            words[place] = words[place - 1];
        }
        words[place] = word;
    }
}

/* Track and disc are kept as MPD sends them: "3" of "03/12". What begins with no number stays. */
static uint32_t take_value(struct catalogue *catalogue, const struct tag_value *value)
{
    const char *text = value->text;
    size_t length = strlen(text);

    if (value->kind == TAG_TRACK || value->kind == TAG_DISC) {
        const char *number = text + strspn(text, " \t0");
        size_t digits = strspn(number, "0123456789");

        if (digits > 0) {
            text = number;
            length = digits;
        }
    }
    return intern_take(&catalogue->strings, text, length);
}

static void add_word(struct catalogue *catalogue, uint32_t word)
{
    catalogue->words[catalogue->words_used++] = word;
}

/* Room for the words is there. */
static int take_tags(struct catalogue *catalogue, struct song *song, const struct tags *tags)
{
    size_t count = tags->count < TAG_VALUES_MAX ? tags->count : TAG_VALUES_MAX;

    for (size_t i = 0; i < count; i++) {
        uint32_t string = take_value(catalogue, &tags->values[i]);

        if (string == INTERN_NONE) {
            return -ENOMEM; /* content_drop gives back what was taken */
        }
        add_word(catalogue, word_make(tags->values[i].kind, string));
        song->tag_count++;
    }
    sort_words(catalogue->words + song->words, song->tag_count);
    if (!isnan(tags->track_gain_db) || !isnan(tags->track_peak) || !isnan(tags->album_gain_db) ||
        !isnan(tags->album_peak)) {
        add_word(catalogue, pack_gain(tags->track_gain_db, tags->track_peak));
        add_word(catalogue, pack_gain(tags->album_gain_db, tags->album_peak));
        song->has_gains = true;
    }
    song->format = format_number(catalogue, tags);
    song->duration_ms = tags->duration_s > 0 && tags->duration_s < UINT32_MAX / 1000
                            ? (uint32_t)lround(tags->duration_s * 1000)
                            : 0;
    return 0;
}

static int take_error(struct catalogue *catalogue, struct song *song, const char *error)
{
    uint32_t string = intern_take(&catalogue->strings, error, strlen(error));

    if (string == INTERN_NONE) {
        return -ENOMEM;
    }
    add_word(catalogue, string);
    song->has_error = true;
    return 0;
}

int content_take(struct catalogue *catalogue, struct song *song, const struct record *record)
{
    size_t count = record->tags != NULL ? record->tags->count : 0;
    void *words = catalogue->words;
    int result = 0;

    if (catalogue->words_used + count > UINT32_MAX - TAG_VALUES_MAX ||
        room_make(&words, &catalogue->words_capacity,
                  catalogue->words_used + count + SONG_GAIN_WORDS + 1,
                  sizeof *catalogue->words) < 0) {
        return -ENOMEM;
    }
    catalogue->words = words;
    *song = (struct song){.modified_s = clamp_time(record->modified_ns / 1000000000),
                          .added_s = clamp_time(record->added_s),
                          .words = (uint32_t)catalogue->words_used};
    if (record->tags != NULL) {
        result = take_tags(catalogue, song, record->tags);
    }
    if (result == 0 && record->error != NULL) {
        result = take_error(catalogue, song, record->error);
    }
    if (result < 0) {
        content_drop(catalogue, song);
    }
    return result;
}

void content_compact(struct catalogue *catalogue)
{
    size_t used = 0;
    uint32_t *fresh;

    if (catalogue->words_garbage < GARBAGE_LEAST ||
        catalogue->words_garbage * 2 < catalogue->words_used) {
        return;
    }
    fresh = malloc((catalogue->words_used - catalogue->words_garbage + 1) * sizeof *fresh);
    if (fresh == NULL) {
        return; /* garbage is no harm */
    }
    for (uint32_t id = 0; id < catalogue->song_count; id++) {
        struct song *song = &catalogue->songs[id];

        if (song->folder != CATALOGUE_NONE) {
            memcpy(fresh + used, catalogue->words + song->words, words_of(song) * sizeof *fresh);
            song->words = (uint32_t)used;
            used += words_of(song);
        }
    }
    free(catalogue->words);
    catalogue->words = fresh;
    catalogue->words_used = used;
    catalogue->words_capacity = used + 1;
    catalogue->words_garbage = 0;
}
