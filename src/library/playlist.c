/* playlist.c - M3U and M3U8 files, read. */
#include "library/playlist_internal.h"
#include "library/playlist_sound.h"

#include "config/paths.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { FILE_LIMIT = 64 << 20 };

static const char info_mark[] = "#EXTINF:";

struct reading {
    struct playlist *playlist;
    const char *folder;     /* what entries are relative to */
    const char *own_folder; /* the playlist's, where that is another one; else NULL */
    char *title, *origin;   /* of the comments before the next entry */
    double seconds;
    size_t room;
    unsigned line;
    bool full;
    bool sound_only;
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
        free(playlist->entries[i].origin);
    }
    free(playlist->entries);
    playlist_sound_finish(&playlist->sound);
    free(playlist->path);
    free(playlist);
}

static void tell(const struct reading *reading, const char *what)
{
    config_tell(reading->report, reading->context, reading->playlist->path, reading->line, "%s",
                what);
}

/* In a stored playlist, what is written as ours is not looked for: there may be many, and the disk
   may sleep. */
static char *resolve(const struct reading *reading, const char *text)
{
    if (reading->own_folder == NULL) {
        return playlist_resolve(reading->folder, text);
    }
    if (strncmp(text, "./", 2) == 0 || strncmp(text, "../", 3) == 0) {
        return playlist_resolve(reading->own_folder, text);
    }
    if (strncasecmp(text, "file:", 5) == 0 || playlist_is_address(text) ||
        strchr(text, '\\') != NULL || !playlist_is_utf8(text)) {
        return playlist_resolve(reading->folder, text);
    }
    return path_join(reading->folder, text);
}

static int add_entry(struct reading *reading, char *text)
{
    struct playlist *playlist = reading->playlist;
    struct playlist_entry *entry;

    if (strlen(text) >= PLAYLIST_PATH_LIMIT) {
        tell(reading, "this line is longer than a path can be; it is left out");
        return 0;
    }
    if (playlist->count == PLAYLIST_ENTRIES_MAX) {
        if (!reading->full) {
            tell(reading, "a playlist this long is not read to its end; this line and those after "
                          "it are left out");
        }
        reading->full = true;
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
    entry->origin = reading->origin;
    playlist->count++;
    reading->title = reading->origin = NULL;
    reading->seconds = -1;
    return 0;
}

static char *resolve_reference(void *context, const char *text)
{
    const struct reading *reading = context;
    char *path = playlist_resolve(reading->folder, text);
    char *beside;

    if (path == NULL || reading->own_folder == NULL || access(path, F_OK) == 0) {
        return path;
    }
    beside = playlist_resolve(reading->own_folder, text);
    if (beside != NULL && access(beside, F_OK) == 0) {
        free(path);
        return beside;
    }
    free(beside);
    return path;
}

static int read_sound(struct reading *reading, const char *line)
{
    const char *message = "";
    int error = playlist_sound_read_line(&reading->playlist->sound, line, resolve_reference,
                                         reading, &message);

    if (error == -EINVAL) {
        tell(reading, message);
        return 0;
    }
    return error;
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
    reading->title =
        playlist_is_utf8(comma + 1) ? strdup(comma + 1) : playlist_from_latin1(comma + 1);
    return reading->title == NULL ? -ENOMEM : 0;
}

static int take_origin(struct reading *reading, const char *name)
{
    free(reading->origin);
    reading->origin = *name != '\0' ? strdup(name) : NULL;
    return *name != '\0' && reading->origin == NULL ? -ENOMEM : 0;
}

static int read_line(struct reading *reading, char *line, size_t length)
{
    if (reading->sound_only && !playlist_sound_is_line(line)) {
        return 0;
    }
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
    if (strncasecmp(line, PLAYLIST_ORIGIN_MARK, sizeof PLAYLIST_ORIGIN_MARK - 1) == 0) {
        return take_origin(reading, line + sizeof PLAYLIST_ORIGIN_MARK - 1);
    }
    if (playlist_sound_is_line(line)) {
        return read_sound(reading, line);
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

static int read_file(struct reading *reading, struct playlist **playlist, const char *path,
                     const char *folder)
{
    size_t length;
    char *text = config_read_file(path, FILE_LIMIT, &length);
    char *own_folder;
    int error = -ENOMEM;

    *playlist = NULL;
    if (text == NULL) {
        return -errno;
    }
    own_folder = path_folder_of(path);
    reading->seconds = -1;
    reading->folder = folder != NULL ? folder : own_folder;
    reading->own_folder = folder != NULL ? own_folder : NULL;
    reading->playlist = calloc(1, sizeof *reading->playlist);
    if (reading->playlist != NULL) {
        playlist_sound_init(&reading->playlist->sound);
        reading->playlist->path = strdup(path);
    }
    if (own_folder != NULL && reading->playlist != NULL && reading->playlist->path != NULL) {
        error = read_lines(reading, text, length);
    }
    free(text);
    free(own_folder);
    free(reading->title);
    free(reading->origin);
    if (error != 0) {
        playlist_destroy(reading->playlist);
        return error;
    }
    *playlist = reading->playlist;
    return 0;
}

int playlist_read_below(struct playlist **playlist, const char *path, const char *folder,
                        config_report report, void *context)
{
    struct reading reading = {.report = report, .context = context};

    return read_file(&reading, playlist, path, folder);
}

int playlist_sound_read(struct playlist_sound *sound, const char *path, const char *folder)
{
    struct reading reading = {.sound_only = true};
    struct playlist *playlist;
    int error = read_file(&reading, &playlist, path, folder);

    playlist_sound_init(sound);
    if (error == 0 && playlist != NULL) {
        *sound = playlist->sound;
        playlist_sound_init(&playlist->sound);
        playlist_destroy(playlist);
    }
    return error;
}

int playlist_read(struct playlist **playlist, const char *path, config_report report, void *context)
{
    return playlist_read_below(playlist, path, NULL, report, context);
}
