/* playlist.c - M3U and M3U8 files, read. */
#include "library/playlist.h"

#include "config/paths.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { FILE_LIMIT = 64 << 20, PATH_LIMIT = 4096 };

static const char reference_mark[] = "#MATCHPLAY-REFERENCE:";
static const char info_mark[] = "#EXTINF:";

struct reading {
    struct playlist *playlist;
    char *folder;
    char *title; /* of the #EXTINF before the next entry */
    double seconds;
    size_t room;
    unsigned line;
    config_report report;
    void *context;
};

bool playlist_is_named(const char *path)
{
    const char *dot = strrchr(path, '.');

    return dot != NULL && (strcasecmp(dot, ".m3u") == 0 || strcasecmp(dot, ".m3u8") == 0);
}

bool playlist_is_address(const char *path)
{
    size_t letters = 0;

    while (isalnum((unsigned char)path[letters])) {
        letters++;
    }
    return letters > 1 && strncmp(path + letters, "://", 3) == 0;
}

void playlist_destroy(struct playlist *playlist)
{
    if (playlist == NULL) {
        return;
    }
    for (size_t i = 0; i < playlist->count; i++) {
        free(playlist->entries[i].path);
        free(playlist->entries[i].title);
    }
    for (size_t i = 0; i < playlist->sound.reference_count; i++) {
        free(playlist->sound.references[i].path);
    }
    free(playlist->entries);
    free(playlist->sound.references);
    free(playlist->path);
    free(playlist);
}

static bool is_utf8(const char *text)
{
    const unsigned char *byte = (const unsigned char *)text;

    while (*byte != '\0') {
        size_t more = *byte < 0x80   ? 0
                      : *byte < 0xc2 ? 4
                      : *byte < 0xe0 ? 1
                      : *byte < 0xf0 ? 2
                      : *byte < 0xf5 ? 3
                                     : 4;

        if (more == 4) {
            return false;
        }
        for (byte++; more > 0; more--, byte++) {
            if ((*byte & 0xc0) != 0x80) {
                return false;
            }
        }
    }
    return true;
}

/* Latin-1 is what old players wrote into .m3u. */
static char *from_latin1(const char *text)
{
    char *utf8 = malloc(strlen(text) * 2 + 1);
    char *out = utf8;

    for (; utf8 != NULL && *text != '\0'; text++) {
        unsigned char byte = (unsigned char)*text;

        if (byte < 0x80) {
            *out++ = (char)byte;
        } else {
            *out++ = (char)(0xc0 | (byte >> 6));
            *out++ = (char)(0x80 | (byte & 0x3f));
        }
    }
    if (utf8 != NULL) {
        *out = '\0';
    }
    return utf8;
}

static int hex_digit(char c)
{
    const char *digits = "0123456789abcdef";
    const char *found = c != '\0' ? strchr(digits, tolower((unsigned char)c)) : NULL;

    return found != NULL ? (int)(found - digits) : -1;
}

/* file:///a%20b and file://localhost/a%20b as a path; in place. */
static char *from_file_address(char *text)
{
    char *path = strchr(text + strlen("file://"), '/');
    char *out = path;

    if (path == NULL) {
        return text;
    }
    for (char *in = path; *in != '\0'; in++) {
        int high = *in == '%' ? hex_digit(in[1]) : -1;
        int low = high >= 0 ? hex_digit(in[2]) : -1;

        if (low >= 0 && high + low > 0) {
            *out++ = (char)(high * 16 + low);
            in += 2;
        } else {
            *out++ = *in;
        }
    }
    *out = '\0';
    return path;
}

/* A line's text as a path; first as it stands, then as other systems may have meant it. */
static char *resolve(const struct reading *reading, char *text)
{
    char *path, *other;

    if (strncasecmp(text, "file://", 7) == 0) {
        text = from_file_address(text);
    } else if (playlist_is_address(text)) {
        return strdup(text);
    }
    path = path_join(reading->folder, text);
    if (path == NULL || access(path, F_OK) == 0) {
        return path;
    }
    other = is_utf8(text) ? strdup(text) : from_latin1(text);
    if (other != NULL && strchr(other, '/') == NULL) {
        for (char *c = strchr(other, '\\'); c != NULL; c = strchr(c, '\\')) {
            *c = '/';
        }
    }
    if (other != NULL && strcmp(other, text) != 0) {
        char *joined = path_join(reading->folder, other);

        if (joined != NULL && access(joined, F_OK) == 0) {
            free(path);
            path = joined;
            joined = NULL;
        }
        free(joined);
    }
    free(other);
    return path;
}

static void tell(const struct reading *reading, const char *what)
{
    config_tell(reading->report, reading->context, reading->playlist->path, reading->line, "%s",
                what);
}

static int add_entry(struct reading *reading, char *text)
{
    struct playlist *playlist = reading->playlist;
    struct playlist_entry *entry;

    if (strlen(text) >= PATH_LIMIT) {
        tell(reading, "this line is longer than a path can be; it is left out");
        return 0;
    }
    if (playlist->count == reading->room) {
        size_t room = reading->room * 2 + 64;
        struct playlist_entry *grown = realloc(playlist->entries, room * sizeof *grown);

        if (grown == NULL) {
            return -ENOMEM;
        }
        playlist->entries = grown;
        reading->room = room;
    }
    entry = &playlist->entries[playlist->count];
    entry->path = resolve(reading, text);
    if (entry->path == NULL) {
        return -ENOMEM;
    }
    entry->title = reading->title;
    entry->seconds = reading->seconds;
    playlist->count++;
    reading->title = NULL;
    reading->seconds = -1;
    return 0;
}

/* "1.0,/path/to/reference.flac" */
static int add_reference(struct reading *reading, char *text)
{
    struct playlist *playlist = reading->playlist;
    struct playlist_reference *grown;
    char *end = NULL;
    double weight = strtod(text, &end);

    while (end != text && isspace((unsigned char)*end)) {
        end++;
    }
    if (end == text || *end != ',' || !isfinite(weight) || weight <= 0) {
        tell(reading,
             "a reference is written #MATCHPLAY-REFERENCE:WEIGHT,PATH with a weight above 0");
        return 0;
    }
    for (text = end + 1; isspace((unsigned char)*text);) {
        text++;
    }
    if (*text == '\0' || strlen(text) >= PATH_LIMIT) {
        tell(reading, "this reference names no file that could be");
        return 0;
    }
    grown =
        realloc(playlist->sound.references, (playlist->sound.reference_count + 1) * sizeof *grown);
    if (grown == NULL) {
        return -ENOMEM;
    }
    playlist->sound.references = grown;
    grown[playlist->sound.reference_count].weight = weight;
    grown[playlist->sound.reference_count].path = resolve(reading, text);
    if (grown[playlist->sound.reference_count].path == NULL) {
        return -ENOMEM;
    }
    playlist->sound.reference_count++;
    return 0;
}

/* "215,Artist - Title"; what other attributes stand between is passed over. */
static int take_info(struct reading *reading, char *text)
{
    char *end = NULL;
    double seconds = strtod(text, &end);
    char *comma = strchr(text, ',');

    free(reading->title);
    reading->title = NULL;
    reading->seconds = end != text && isfinite(seconds) && seconds >= 0 ? seconds : -1;
    if (comma == NULL || comma[1] == '\0') {
        return 0;
    }
    reading->title = is_utf8(comma + 1) ? strdup(comma + 1) : from_latin1(comma + 1);
    return reading->title == NULL ? -ENOMEM : 0;
}

static int read_line(struct reading *reading, char *line, size_t length)
{
    if (strlen(line) != length) {
        tell(reading, "a zero byte stands in this line; it is left out");
        return 0;
    }
    while (length > 0 && (line[length - 1] == '\r' || line[length - 1] == '\n')) {
        line[--length] = '\0';
    }
    if (line[strspn(line, " \t")] == '\0') {
        return 0;
    }
    if (strncasecmp(line, reference_mark, sizeof reference_mark - 1) == 0) {
        return add_reference(reading, line + sizeof reference_mark - 1);
    }
    if (strncasecmp(line, info_mark, sizeof info_mark - 1) == 0) {
        return take_info(reading, line + sizeof info_mark - 1);
    }
    return *line == '#' ? 0 : add_entry(reading, line);
}

static int read_lines(struct reading *reading, char *text, size_t length)
{
    char *end = text + length;
    int error = 0;

    if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        text += 3;
    }
    while (error == 0 && text < end) {
        char *next = memchr(text, '\n', (size_t)(end - text));

        next = next != NULL ? next : end;
        *next = '\0';
        reading->line++;
        error = read_line(reading, text, (size_t)(next - text));
        text = next + 1;
    }
    return error;
}

int playlist_read(struct playlist **playlist, const char *path, config_report report, void *context)
{
    struct reading reading = {NULL, NULL, NULL, -1, 0, 0, report, context};
    size_t length;
    char *text = config_read_file(path, FILE_LIMIT, &length);
    int error = -ENOMEM;

    *playlist = NULL;
    if (text == NULL) {
        return -errno;
    }
    reading.folder = path_folder_of(path);
    reading.playlist = calloc(1, sizeof *reading.playlist);
    if (reading.playlist != NULL) {
        reading.playlist->path = strdup(path);
    }
    if (reading.folder != NULL && reading.playlist != NULL && reading.playlist->path != NULL) {
        error = read_lines(&reading, text, length);
    }
    free(text);
    free(reading.folder);
    free(reading.title);
    if (error != 0) {
        playlist_destroy(reading.playlist);
        return error;
    }
    *playlist = reading.playlist;
    return 0;
}
