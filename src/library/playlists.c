/* playlists.c - the folder of stored playlists: which there are, read, changed. */
#include "library/playlists.h"
#include "library/playlist_document.h"
#include "library/playlist_sound.h"

#include "config/atomic_file.h"
#include "config/paths.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { FILE_LIMIT = 64 << 20, LOOK_AGAIN_MS = 1000 };

struct playlists {
    char *folder;
    char *music; /* without a slash at its end, but for / itself */
    config_report report;
    void *context;
    uint64_t version, edits;
    uint64_t print;    /* of names, times and sizes, when they were looked at last */
    int64_t looked_ms; /* when; 0: never */
};

const char playlists_previous[] = ".previous";

/* --- names ------------------------------------------------------------------------------------ */

bool playlists_name_is_good(const char *name)
{
    size_t length = strlen(name);

    return length > 0 && length + strlen(".m3u8") <= NAME_MAX && strpbrk(name, "/\r\n") == NULL &&
           (*name != '.' || strcmp(name, playlists_previous) == 0);
}

static char *path_with(const struct playlists *playlists, const char *name, const char *ending)
{
    char *path = NULL;

    return asprintf(&path, "%s/%s%s", playlists->folder, name, ending) < 0 ? NULL : path;
}

char *playlists_path(const struct playlists *playlists, const char *name)
{
    char *path, *older;

    if (!playlists_name_is_good(name)) {
        errno = EINVAL;
        return NULL;
    }
    path = path_with(playlists, name, ".m3u8");
    if (path == NULL || access(path, F_OK) == 0) {
        return path;
    }
    older = path_with(playlists, name, ".m3u");
    if (older != NULL && access(older, F_OK) == 0) {
        free(path);
        return older;
    }
    free(older);
    return path;
}

struct playlists *playlists_create(const char *folder, const char *music_directory,
                                   config_report report, void *context)
{
    struct playlists *playlists = calloc(1, sizeof *playlists);

    if (playlists == NULL) {
        return NULL;
    }
    playlists->folder = strdup(folder);
    playlists->music = strdup(music_directory);
    playlists->report = report;
    playlists->context = context;
    playlists->version = 1;
    if (playlists->folder == NULL || playlists->music == NULL) {
        playlists_destroy(playlists);
        errno = ENOMEM;
        return NULL;
    }
    for (size_t end = strlen(playlists->music); end > 1 && playlists->music[end - 1] == '/';) {
        playlists->music[--end] = '\0';
    }
    return playlists;
}

void playlists_destroy(struct playlists *playlists)
{
    if (playlists != NULL) {
        free(playlists->folder);
        free(playlists->music);
        free(playlists);
    }
}

const char *playlists_uri(const struct playlists *playlists, const char *path)
{
    size_t length = strcmp(playlists->music, "/") == 0 ? 0 : strlen(playlists->music);

    return strncmp(path, playlists->music, length) == 0 && path[length] == '/' &&
                   path[length + 1] != '\0'
               ? path + length + 1
               : path;
}

/* --- which there are -------------------------------------------------------------------------- */

static int is_playlist(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');

    return entry->d_name[0] != '.' && dot != NULL &&
           (strcmp(dot, ".m3u8") == 0 || strcmp(dot, ".m3u") == 0) &&
           strchr(entry->d_name, '\n') == NULL && strchr(entry->d_name, '\r') == NULL;
}

static size_t stem_of(const struct dirent *entry)
{
    return (size_t)(strrchr(entry->d_name, '.') - entry->d_name);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    size_t one = stem_of(*a), other = stem_of(*b);
    int order = memcmp((*a)->d_name, (*b)->d_name, one < other ? one : other);

    if (order == 0 && one != other) {
        return one < other ? -1 : 1;
    }
    return order != 0 ? order : -strcmp((*a)->d_name, (*b)->d_name); /* .m3u8 before .m3u */
}

static bool is_same_name(const struct dirent *one, const struct dirent *other)
{
    return stem_of(one) == stem_of(other) && memcmp(one->d_name, other->d_name, stem_of(one)) == 0;
}

/* Calls with each file, one a name. */
static int walk(struct playlists *playlists,
                bool (*each)(void *context, const char *name, const struct stat *status),
                void *context)
{
    struct dirent **names = NULL;
    int count = scandir(playlists->folder, &names, is_playlist, by_name);
    bool go_on = true;

    if (count < 0) {
        return errno == ENOENT ? 0 : -errno;
    }
    for (int i = 0; i < count; i++) {
        char *path = NULL;
        struct stat status;

        if (go_on && (i == 0 || !is_same_name(names[i], names[i - 1]))) {
            path = path_with(playlists, names[i]->d_name, "");
        }
        if (path != NULL && stat(path, &status) == 0 && S_ISREG(status.st_mode)) {
            char *name = strndup(names[i]->d_name, stem_of(names[i]));

            go_on = name == NULL || each(context, name, &status);
            free(name);
        }
        free(path);
    }
    for (int i = 0; i < count; i++) {
        free(names[i]);
    }
    free(names);
    return 0;
}

struct listing {
    bool (*each)(void *context, const char *name, int64_t modified_s);
    void *context;
};

static bool list_one(void *context, const char *name, const struct stat *status)
{
    const struct listing *listing = context;

    return listing->each(listing->context, name, (int64_t)status->st_mtim.tv_sec);
}

int playlists_each(struct playlists *playlists,
                   bool (*each)(void *context, const char *name, int64_t modified_s), void *context)
{
    struct listing listing = {each, context};

    return walk(playlists, list_one, &listing);
}

/* FNV-1a over what tells that a file was changed. */
static void mix(uint64_t *print, const void *bytes, size_t size)
{
    const unsigned char *byte = bytes;

    for (size_t i = 0; i < size; i++) {
        *print = (*print ^ byte[i]) * 1099511628211ULL;
    }
}

static bool print_one(void *context, const char *name, const struct stat *status)
{
    uint64_t *print = context;

    mix(print, name, strlen(name) + 1);
    mix(print, &status->st_mtim, sizeof status->st_mtim);
    mix(print, &status->st_size, sizeof status->st_size);
    mix(print, &status->st_ino, sizeof status->st_ino);
    return true;
}

static void look(struct playlists *playlists, bool changed)
{
    uint64_t print = 14695981039346656037ULL;
    struct timespec now;

    walk(playlists, print_one, &print);
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (changed || (playlists->looked_ms != 0 && print != playlists->print)) {
        playlists->version++;
        playlists->edits += !changed;
    }
    playlists->print = print;
    playlists->looked_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 + 1;
}

uint64_t playlists_version(struct playlists *playlists)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    if (playlists->looked_ms == 0 || (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 >=
                                         playlists->looked_ms + LOOK_AGAIN_MS) {
        look(playlists, false);
    }
    return playlists->version;
}

uint64_t playlists_edits(struct playlists *playlists)
{
    look(playlists, false);
    return playlists->edits;
}

/* --- reading ---------------------------------------------------------------------------------- */

int playlists_read(struct playlists *playlists, const char *name, struct playlist **playlist)
{
    char *path = playlists_path(playlists, name);
    int error = path == NULL ? -errno : 0;

    *playlist = NULL;
    if (error == 0) {
        error = playlist_read_below(playlist, path, playlists->music, playlists->report,
                                    playlists->context);
    }
    free(path);
    return error;
}

int playlists_read_sound(struct playlists *playlists, const char *name,
                         struct playlist_sound *sound)
{
    char *path = playlists_path(playlists, name);
    int error = path == NULL ? -errno : 0;

    playlist_sound_init(sound);
    if (error == 0) {
        error = playlist_sound_read(sound, path, playlists->music);
    }
    free(path);
    return error;
}

/* --- changing --------------------------------------------------------------------------------- */

struct change {
    struct playlist_document document;
    char *path;
};

/* -ENOENT, with an empty document, when it is not there; the caller says whether that is all right.
 */
static int open_change(struct playlists *playlists, const char *name, struct change *change)
{
    size_t size = 0;
    char *text;
    int error;

    memset(change, 0, sizeof *change);
    change->path = playlists_path(playlists, name);
    if (change->path == NULL) {
        return -errno;
    }
    text = config_read_file(change->path, FILE_LIMIT, &size);
    if (text == NULL && errno != ENOENT) {
        return -errno;
    }
    error = playlist_document_read(&change->document, text, size);
    return error == 0 && text == NULL ? -ENOENT : error;
}

/* Writes it unless there was an error; frees in any case. */
static int close_change(struct playlists *playlists, struct change *change, int error)
{
    if (error == 0) {
        size_t size = 0;
        char *text = playlist_document_write(&change->document, &size);

        error = text == NULL ? -ENOMEM : path_make_folder(playlists->folder);
        error = error == 0 ? atomic_file_write(change->path, text, size) : error;
        free(text);
        look(playlists, error == 0);
    }
    playlist_document_finish(&change->document);
    free(change->path);
    return error;
}

/* What begins as a comment does is written with its whole path. */
static int insert(const struct playlists *playlists, struct change *change, size_t position,
                  const char *const uris[], const char *const origins[], size_t count)
{
    const char **lines = calloc(count + 1, sizeof *lines);
    char **whole = calloc(count + 1, sizeof *whole);
    int error = lines == NULL || whole == NULL ? -ENOMEM : 0;

    for (size_t i = 0; error == 0 && i < count; i++) {
        lines[i] = uris[i];
        if (*uris[i] == '#' || strncmp(uris[i], "./", 2) == 0 || strncmp(uris[i], "../", 3) == 0) {
            lines[i] = whole[i] = path_join(playlists->music, uris[i]);
            error = lines[i] == NULL ? -ENOMEM : 0;
        }
    }
    if (error == 0) {
        error = playlist_document_insert(&change->document, position, lines, origins, count);
    }
    for (size_t i = 0; whole != NULL && i < count; i++) {
        free(whole[i]);
    }
    free(whole);
    free(lines);
    return error;
}

int playlists_save(struct playlists *playlists, const char *name, const char *const uris[],
                   const char *const origins[], size_t count, enum playlists_save mode)
{
    struct change change;
    int error = open_change(playlists, name, &change);

    if (error == 0 && mode == PLAYLISTS_CREATE) {
        error = -EEXIST;
    } else if (error == -ENOENT && mode == PLAYLISTS_CREATE) {
        error = 0;
    }
    if (error == 0 && mode == PLAYLISTS_REPLACE) {
        error = playlist_document_delete(&change.document, 0, change.document.entry.count);
    }
    if (error == 0) {
        error = insert(playlists, &change, change.document.entry.count, uris, origins, count);
    }
    return close_change(playlists, &change, error);
}

int playlists_add(struct playlists *playlists, const char *name, const char *const uris[],
                  size_t count, long position)
{
    struct change change;
    int error = open_change(playlists, name, &change);

    if (error == 0 || error == -ENOENT) {
        error = insert(playlists, &change,
                       position < 0 ? change.document.entry.count : (size_t)position, uris, NULL,
                       count);
    }
    return close_change(playlists, &change, error);
}

int playlists_delete(struct playlists *playlists, const char *name, size_t first, size_t last)
{
    struct change change;
    int error = open_change(playlists, name, &change);

    error = error == 0 ? playlist_document_delete(&change.document, first, last) : error;
    return close_change(playlists, &change, error);
}

int playlists_move(struct playlists *playlists, const char *name, size_t from, size_t to)
{
    struct change change;
    int error = open_change(playlists, name, &change);

    error = error == 0 ? playlist_document_move(&change.document, from, to) : error;
    return close_change(playlists, &change, error);
}

int playlists_clear(struct playlists *playlists, const char *name)
{
    struct change change;
    int error = open_change(playlists, name, &change);

    if (error == 0) {
        error = playlist_document_delete(&change.document, 0, change.document.entry.count);
        change.document.tail.size = 0;
    }
    return close_change(playlists, &change, error);
}

int playlists_set_sound(struct playlists *playlists, const char *name,
                        const struct playlist_sound *sound)
{
    struct change change;
    int error = playlist_sound_is_good(sound) ? 0 : -EINVAL;

    if (error != 0) {
        return error;
    }
    error = open_change(playlists, name, &change);
    error = error == 0 ? playlist_document_set_sound(&change.document, sound) : error;
    return close_change(playlists, &change, error);
}

int playlists_rename(struct playlists *playlists, const char *from, const char *to)
{
    bool good = playlists_name_is_good(from) && playlists_name_is_good(to);
    char *old = playlists_path(playlists, from), *new = playlists_path(playlists, to);
    int error = !good ? -EINVAL : old == NULL || new == NULL ? -ENOMEM : 0;

    if (error == 0 && access(old, F_OK) != 0) {
        error = -errno;
    } else if (error == 0 && access(new, F_OK) == 0) {
        error = -EEXIST;
    }
    if (error == 0 && rename(old, new) != 0) {
        error = -errno;
    }
    free(old);
    free(new);
    look(playlists, error == 0);
    return error;
}

int playlists_remove(struct playlists *playlists, const char *name)
{
    char *path = playlists_path(playlists, name);
    int error = path == NULL ? -errno : unlink(path) != 0 ? -errno : 0;

    free(path);
    look(playlists, error == 0);
    return error;
}
