/* references_file.c - the file of references as sections. */
#include "library/references_internal.h"

#include "config/paths.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { FILE_LIMIT = 16 << 20 };

static const char title[] = "# How tracks and albums sound, and all the rest: [track PATH], [album "
                            "ARTIST / ALBUM], [all].\n";

/* --- sections --------------------------------------------------------------------------------- */

static void finish(struct section *section)
{
    free(section->name);
    free(section->artist);
    free(section->notes);
    playlist_sound_finish(&section->sound);
}

void sections_finish(struct sections *sections)
{
    for (size_t i = 0; i < sections->count; i++) {
        finish(&sections->sections[i]);
    }
    free(sections->sections);
    free(sections->notes);
    memset(sections, 0, sizeof *sections);
}

static bool is_same(const char *one, const char *other)
{
    return one == other || (one != NULL && other != NULL && strcmp(one, other) == 0);
}

struct section *sections_find(const struct sections *sections, enum reference_scope scope,
                              const char *name, const char *artist)
{
    for (size_t i = 0; i < sections->count; i++) {
        struct section *section = &sections->sections[i];

        if (section->scope == scope && is_same(section->name, name) &&
            is_same(section->artist, artist)) {
            return section;
        }
    }
    return NULL;
}

struct section *sections_need(struct sections *sections, enum reference_scope scope,
                              const char *name, const char *artist)
{
    struct section *section = sections_find(sections, scope, name, artist);
    struct section *grown;

    if (section != NULL) {
        return section;
    }
    grown = realloc(sections->sections, (sections->count + 1) * sizeof *grown);
    if (grown == NULL) {
        return NULL;
    }
    sections->sections = grown;
    section = &grown[sections->count];
    memset(section, 0, sizeof *section);
    section->scope = scope;
    section->name = name != NULL ? strdup(name) : NULL;
    section->artist = artist != NULL ? strdup(artist) : NULL;
    playlist_sound_init(&section->sound);
    if ((name != NULL && section->name == NULL) || (artist != NULL && section->artist == NULL)) {
        finish(section);
        return NULL;
    }
    sections->count++;
    return section;
}

void sections_remove(struct sections *sections, struct section *section)
{
    finish(section);
    *section = sections->sections[--sections->count];
}

/* --- reading ---------------------------------------------------------------------------------- */

struct reading {
    struct sections *sections;
    size_t current; /* index + 1; 0: above the first */
    bool bad;       /* in a section that could not be read */
    char *folder;
    const char *path;
    unsigned line;
    config_report report;
    void *context;
};

static void tell(const struct reading *reading, const char *what)
{
    config_tell(reading->report, reading->context, reading->path, reading->line, "%s", what);
}

/* "ARTIST / ALBUM", in place: the artist is what stands in front; returns the album or NULL. */
static char *split_album(char *text)
{
    char *out = text;

    for (char *in = text; *in != '\0'; in++) {
        if (strncmp(in, " / ", 3) == 0) {
            *out = '\0';
            return in + 3;
        }
        if (*in == '\\' && in[1] != '\0') {
            in++;
        }
        *out++ = *in;
    }
    return NULL;
}

static int read_heading(struct reading *reading, char *line)
{
    char *end = strrchr(line, ']');
    struct section *section;
    char *artist = NULL;

    reading->bad = true;
    if (end == NULL || end[1] != '\0') {
        tell(reading, "this [section] has no end; it is left out");
        return 0;
    }
    *end = '\0';
    line++;
    if (strncasecmp(line, "track ", 6) == 0 && line[6] == '/') {
        section = sections_need(reading->sections, REFERENCE_TRACK, line + 6, NULL);
    } else if (strncasecmp(line, "album ", 6) == 0) {
        char *album = split_album(line + 6);

        if (album == NULL || *album == '\0') {
            tell(reading, "an album is written [album ARTIST / ALBUM]; it is left out");
            return 0;
        }
        artist = line + 6;
        section = sections_need(reading->sections, REFERENCE_ALBUM, album, artist);
    } else if (strcasecmp(line, "all") == 0) {
        section = sections_need(reading->sections, REFERENCE_ALL, NULL, NULL);
    } else {
        tell(reading, "sections are [track /PATH], [album ARTIST / ALBUM] and [all]; "
                      "this one is left out");
        return 0;
    }
    if (section == NULL) {
        return -ENOMEM;
    }
    reading->bad = false;
    reading->current = (size_t)(section - reading->sections->sections) + 1;
    return 0;
}

static int keep_note(struct reading *reading, const char *line)
{
    char **notes = reading->current > 0 ? &reading->sections->sections[reading->current - 1].notes
                                        : &reading->sections->notes;
    char *longer = NULL;

    if (reading->current == 0 && strncmp(line, title, strlen(line)) == 0 &&
        strlen(line) + 1 == strlen(title)) {
        return 0;
    }
    if (asprintf(&longer, "%s%s\n", *notes != NULL ? *notes : "", line) < 0) {
        return -ENOMEM;
    }
    free(*notes);
    *notes = longer;
    return 0;
}

static char *resolve(void *context, const char *text)
{
    const struct reading *reading = context;

    return playlist_resolve(reading->folder, text);
}

static int read_line(struct reading *reading, char *line)
{
    const char *message = "";
    int error;

    if (line[strspn(line, " \t")] == '\0') {
        return 0;
    }
    if (*line == '[') {
        return read_heading(reading, line);
    }
    if (reading->bad) {
        return 0; /* told with its section */
    }
    if (!playlist_sound_is_line(line)) {
        if (*line == '#') {
            return keep_note(reading, line);
        }
        tell(reading, "this is neither a [section] nor a line of one; it is left out");
        return 0;
    }
    if (reading->current == 0) {
        tell(reading, "this line stands above the first [section]; it is left out");
        return 0;
    }
    error = playlist_sound_read_line(&reading->sections->sections[reading->current - 1].sound, line,
                                     resolve, reading, &message);
    if (error == -EINVAL) {
        tell(reading, message);
        return 0;
    }
    return error;
}

int sections_read(struct sections *sections, const char *path, config_report report, void *context)
{
    struct reading reading = {
        .sections = sections, .path = path, .report = report, .context = context};
    size_t length = 0;
    char *text = config_read_file(path, FILE_LIMIT, &length);
    char *end;
    int error = 0;

    memset(sections, 0, sizeof *sections);
    if (text == NULL) {
        return errno == ENOENT ? 0 : -errno;
    }
    reading.folder = path_folder_of(path);
    error = reading.folder == NULL ? -ENOMEM : 0;
    end = text + length;
    for (char *line = text; error == 0 && line < end;) {
        char *next = memchr(line, '\n', (size_t)(end - line));
        size_t size;

        next = next != NULL ? next : end;
        *next = '\0';
        size = strlen(line);
        reading.line++;
        if (size != (size_t)(next - line)) {
            tell(&reading, "a zero byte stands in this line; it is left out");
        } else {
            line[size - (size > 0 && line[size - 1] == '\r')] = '\0';
            error = read_line(&reading, line);
        }
        line = next + 1;
    }
    free(text);
    free(reading.folder);
    if (error != 0) {
        sections_finish(sections);
    }
    return error;
}

/* --- writing ---------------------------------------------------------------------------------- */

static void write_artist(FILE *file, const char *artist)
{
    for (; *artist != '\0'; artist++) {
        if (*artist == '\\' || *artist == '/') {
            fputc('\\', file);
        }
        fputc(*artist, file);
    }
}

char *sections_write(const struct sections *sections, size_t *size)
{
    char *text = NULL;
    FILE *file = open_memstream(&text, size);
    bool good = file != NULL;

    if (file == NULL) {
        return NULL;
    }
    fprintf(file, "%s%s", title, sections->notes != NULL ? sections->notes : "");
    for (size_t i = 0; good && i < sections->count; i++) {
        const struct section *section = &sections->sections[i];
        char *sound = playlist_sound_write(&section->sound, "\n");

        good = sound != NULL;
        fputs("\n[", file);
        if (section->scope == REFERENCE_ALL) {
            fputs("all", file);
        } else if (section->scope == REFERENCE_TRACK) {
            fprintf(file, "track %s", section->name);
        } else {
            fputs("album ", file);
            write_artist(file, section->artist);
            fprintf(file, " / %s", section->name);
        }
        fprintf(file, "]\n%s%s", section->notes != NULL ? section->notes : "", good ? sound : "");
        free(sound);
    }
    if (fclose(file) != 0 || !good) {
        free(text);
        return NULL;
    }
    return text;
}
