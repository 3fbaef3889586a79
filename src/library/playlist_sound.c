/* playlist_sound.c - references, preset and amounts as the lines of a playlist. */
#include "library/playlist_sound.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char mark[] = "#MATCHPLAY-";
static const char reference_mark[] = "#MATCHPLAY-REFERENCE:";
static const char preset_mark[] = "#MATCHPLAY-PRESET:";
static const char amount_mark[] = "#MATCHPLAY-AMOUNT:";

static const struct {
    const char *name;
    double most;
} amounts[AMOUNTS] = {
    [AMOUNT_LEVEL] = {"level", 100},
    [AMOUNT_EQ] = {"eq", 100},
    [AMOUNT_WIDTH] = {"width", 100},
    [AMOUNT_LIMITER] = {"limiter", 1},
};

/* --- the thing itself ------------------------------------------------------------------------- */

void playlist_sound_init(struct playlist_sound *sound)
{
    memset(sound, 0, sizeof *sound);
    for (size_t i = 0; i < AMOUNTS; i++) {
        sound->amounts[i] = (double)NAN;
    }
}

void playlist_sound_drop_references(struct playlist_sound *sound)
{
    for (size_t i = 0; i < sound->reference_count; i++) {
        free(sound->references[i].path);
    }
    free(sound->references);
    sound->references = NULL;
    sound->reference_count = 0;
}

void playlist_sound_finish(struct playlist_sound *sound)
{
    playlist_sound_drop_references(sound);
    free(sound->preset);
    playlist_sound_init(sound);
}

static int add_reference(struct playlist_sound *sound, char *path_taken, double weight)
{
    struct playlist_reference *grown =
        path_taken != NULL
            ? realloc(sound->references, (sound->reference_count + 1) * sizeof *grown)
            : NULL;

    if (grown == NULL) {
        free(path_taken);
        return -ENOMEM;
    }
    sound->references = grown;
    grown[sound->reference_count].path = path_taken;
    grown[sound->reference_count++].weight = weight;
    return 0;
}

int playlist_sound_copy(struct playlist_sound *to, const struct playlist_sound *from)
{
    int error = 0;

    playlist_sound_init(to);
    for (size_t i = 0; error == 0 && i < from->reference_count; i++) {
        error = add_reference(to, strdup(from->references[i].path), from->references[i].weight);
    }
    if (error == 0 && from->preset != NULL) {
        to->preset = strdup(from->preset);
        error = to->preset == NULL ? -ENOMEM : 0;
    }
    memcpy(to->amounts, from->amounts, sizeof to->amounts);
    if (error != 0) {
        playlist_sound_finish(to);
    }
    return error;
}

bool playlist_sound_is_empty(const struct playlist_sound *sound)
{
    for (size_t i = 0; i < AMOUNTS; i++) {
        if (!isnan(sound->amounts[i])) {
            return false;
        }
    }
    return sound->reference_count == 0 && sound->preset == NULL;
}

static bool is_one_line(const char *text)
{
    return *text != '\0' && strpbrk(text, "\r\n") == NULL && !isspace((unsigned char)*text) &&
           strlen(text) < PLAYLIST_PATH_LIMIT;
}

static bool fits(size_t amount, double value)
{
    return isfinite(value) && value >= 0 && value <= amounts[amount].most &&
           (amount != AMOUNT_LIMITER || value == 0 || value == 1);
}

bool playlist_sound_is_good(const struct playlist_sound *sound)
{
    for (size_t i = 0; i < AMOUNTS; i++) {
        if (!isnan(sound->amounts[i]) && !fits(i, sound->amounts[i])) {
            return false;
        }
    }
    for (size_t i = 0; i < sound->reference_count; i++) {
        const struct playlist_reference *reference = &sound->references[i];

        if (!is_one_line(reference->path) || !isfinite(reference->weight) ||
            reference->weight <= 0) {
            return false;
        }
    }
    return sound->reference_count <= PLAYLIST_REFERENCES_MAX &&
           (sound->preset == NULL || is_one_line(sound->preset));
}

/* --- reading ---------------------------------------------------------------------------------- */

bool playlist_sound_is_line(const char *line)
{
    return strncasecmp(line, mark, sizeof mark - 1) == 0;
}

static const char *skip_space(const char *text)
{
    while (isspace((unsigned char)*text)) {
        text++;
    }
    return text;
}

/* Without the spaces around it; the caller's. */
static char *trimmed(const char *text)
{
    size_t length;

    text = skip_space(text);
    length = strlen(text);
    while (length > 0 && isspace((unsigned char)text[length - 1])) {
        length--;
    }
    return strndup(text, length);
}

struct resolver {
    char *(*resolve)(void *context, const char *text);
    void *context;
};

/* "1.0,/path/to/reference.flac" */
static int read_reference(struct playlist_sound *sound, const char *text,
                          const struct resolver *resolver, const char **message)
{
    char *end = NULL;
    double weight = strtod(text, &end);
    const char *comma = skip_space(end);

    if (end == text || *comma != ',' || !isfinite(weight) || weight <= 0) {
        *message = "a reference is written #MATCHPLAY-REFERENCE:WEIGHT,PATH with a weight above 0";
        return -EINVAL;
    }
    text = skip_space(comma + 1);
    if (*text == '\0' || strlen(text) >= PLAYLIST_PATH_LIMIT) {
        *message = "this reference names no file that could be";
        return -EINVAL;
    }
    if (sound->reference_count == PLAYLIST_REFERENCES_MAX) {
        *message = "there are too many references; this one is left out";
        return -EINVAL;
    }
    return add_reference(sound, resolver->resolve(resolver->context, text), weight);
}

static int read_preset(struct playlist_sound *sound, const char *text, const char **message)
{
    char *preset = trimmed(text);

    if (preset == NULL) {
        return -ENOMEM;
    }
    if (*preset == '\0') {
        free(preset);
        *message = "a preset is written #MATCHPLAY-PRESET:NAME";
        return -EINVAL;
    }
    free(sound->preset);
    sound->preset = preset;
    return 0;
}

/* "level,80" */
static int read_amount(struct playlist_sound *sound, const char *text, const char **message)
{
    const char *comma = strchr(text, ',');

    text = skip_space(text);
    for (size_t i = 0; comma != NULL && i < AMOUNTS; i++) {
        size_t length = strlen(amounts[i].name);
        char *end = NULL;
        double value = strtod(comma + 1, &end);

        if (strncasecmp(text, amounts[i].name, length) != 0 || skip_space(text + length) != comma) {
            continue;
        }
        if (end == comma + 1 || *skip_space(end) != '\0' || !fits(i, value)) {
            break;
        }
        sound->amounts[i] = value;
        return 0;
    }
    *message = "an amount is written #MATCHPLAY-AMOUNT:NAME,VALUE with level, eq or width of 0 to "
               "100, or limiter of 0 or 1";
    return -EINVAL;
}

int playlist_sound_read_line(struct playlist_sound *sound, const char *line,
                             char *(*resolve)(void *context, const char *text), void *context,
                             const char **message)
{
    const struct resolver resolver = {resolve, context};

    if (strncasecmp(line, reference_mark, sizeof reference_mark - 1) == 0) {
        return read_reference(sound, line + sizeof reference_mark - 1, &resolver, message);
    }
    if (strncasecmp(line, preset_mark, sizeof preset_mark - 1) == 0) {
        return read_preset(sound, line + sizeof preset_mark - 1, message);
    }
    if (strncasecmp(line, amount_mark, sizeof amount_mark - 1) == 0) {
        return read_amount(sound, line + sizeof amount_mark - 1, message);
    }
    *message = "no such line is known; REFERENCE, PRESET and AMOUNT are";
    return -EINVAL;
}

/* --- writing ---------------------------------------------------------------------------------- */

char *playlist_sound_write(const struct playlist_sound *sound, const char *line_end)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);

    if (file == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < sound->reference_count; i++) {
        fprintf(file, "%s%.9g,%s%s", reference_mark, sound->references[i].weight,
                sound->references[i].path, line_end);
    }
    if (sound->preset != NULL) {
        fprintf(file, "%s%s%s", preset_mark, sound->preset, line_end);
    }
    for (size_t i = 0; i < AMOUNTS; i++) {
        if (!isnan(sound->amounts[i])) {
            fprintf(file, "%s%s,%.9g%s", amount_mark, amounts[i].name, sound->amounts[i], line_end);
        }
    }
    if (fclose(file) != 0) {
        free(text);
        return NULL;
    }
    return text;
}
