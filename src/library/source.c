/* source.c - the paths of a command line as a list of tracks. */
#include "library/source.h"

#include "config/paths.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

enum { DEPTH_MAX = 64, TOLD_MOST = 20 };

static const char *const endings[] = {
    "aac",  "ac3",  "aif", "aifc", "aiff", "alac", "ape", "au",   "bwf", "caf", "dff", "dsf",
    "dts",  "flac", "m4a", "m4b",  "mka",  "mp2",  "mp3", "mp4",  "mpc", "oga", "ogg", "opus",
    "rf64", "snd",  "spx", "tak",  "tta",  "w64",  "wav", "wave", "wma", "wv",
};

/* A folder or playlist that is being read, so that a link back to it is seen. */
struct above {
    const struct above *next;
    dev_t device;
    ino_t inode;
    int depth;
};

struct expansion {
    struct source_list *list;
    size_t room;
    config_report report;
    void *context;
};

static int expand(struct expansion *expansion, const char *path, long playlist,
                  const struct above *above);

const char *source_ending(size_t index)
{
    return index < sizeof endings / sizeof endings[0] ? endings[index] : NULL;
}

bool source_is_sound(const char *path)
{
    const char *dot = strrchr(path, '.');

    if (dot == NULL || strchr(dot, '/') != NULL) {
        return false;
    }
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        if (strcasecmp(dot + 1, endings[i]) == 0) {
            return true;
        }
    }
    return false;
}

void source_list_destroy(struct source_list *list)
{
    if (list == NULL) {
        return;
    }
    for (size_t i = 0; i < list->count; i++) {
        free(list->entries[i].path);
    }
    for (size_t i = 0; i < list->playlist_count; i++) {
        playlist_destroy(list->playlists[i]);
    }
    free(list->entries);
    free(list->playlists);
    free(list);
}

const struct playlist *source_playlist(const struct source_list *list, size_t entry)
{
    long playlist = list->entries[entry].playlist;

    return playlist >= 0 ? list->playlists[playlist] : NULL;
}

static int add_track(struct expansion *expansion, const char *path, long playlist)
{
    struct source_list *list = expansion->list;

    if (list->count == expansion->room) {
        size_t room = expansion->room * 2 + 64;
        struct source_entry *grown = realloc(list->entries, room * sizeof *grown);

        if (grown == NULL) {
            return -ENOMEM;
        }
        list->entries = grown;
        expansion->room = room;
    }
    list->entries[list->count].path = strdup(path);
    list->entries[list->count].playlist = playlist;
    if (list->entries[list->count].path == NULL) {
        return -ENOMEM;
    }
    list->count++;
    return 0;
}

static void tell(struct expansion *expansion, const char *path, const char *what,
                 const char *advice)
{
    if (++expansion->list->errors > TOLD_MOST) {
        return; /* a disk that is not mounted takes thousands */
    }
    config_tell(expansion->report, expansion->context, path, 0, "%s; %s", what, advice);
}

static int is_shown(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* Of a folder's contents only folders and sound are taken; playlists there would double it. */
static bool is_wanted(const char *path)
{
    struct stat status;

    if (stat(path, &status) != 0) {
        return false;
    }
    return S_ISDIR(status.st_mode) || (S_ISREG(status.st_mode) && source_is_sound(path));
}

static int expand_folder(struct expansion *expansion, const char *folder, long playlist,
                         const struct above *above)
{
    struct dirent **names = NULL;
    int count = scandir(folder, &names, is_shown, by_name);
    int error = 0;

    if (count < 0) {
        tell(expansion, folder, strerror(errno), "this folder is left out");
        return 0;
    }
    for (int i = 0; i < count; i++) {
        char *path = error == 0 ? path_join(folder, names[i]->d_name) : NULL;

        if (error == 0) {
            error = path == NULL ? -ENOMEM : 0;
        }
        if (error == 0 && is_wanted(path)) {
            error = expand(expansion, path, playlist, above);
        }
        free(path);
        free(names[i]);
    }
    free(names);
    return error;
}

static int expand_playlist(struct expansion *expansion, const char *path, long outer,
                           const struct above *above)
{
    struct source_list *list = expansion->list;
    struct playlist *playlist, **grown;
    long inner;
    int error = playlist_read(&playlist, path, expansion->report, expansion->context);

    if (error == -ENOMEM) {
        return error;
    }
    if (error != 0) {
        tell(expansion, path, strerror(-error), "this playlist is left out");
        return 0;
    }
    grown = realloc(list->playlists, (list->playlist_count + 1) * sizeof(struct playlist *));
    if (grown == NULL) {
        playlist_destroy(playlist);
        return -ENOMEM;
    }
    list->playlists = grown;
    inner = (long)list->playlist_count;
    grown[list->playlist_count++] = playlist;
    if (playlist->sound.reference_count == 0 && outer >= 0) {
        inner = outer;
    }
    for (size_t i = 0; error == 0 && i < playlist->count; i++) {
        error = expand(expansion, playlist->entries[i].path, inner, above);
    }
    return error;
}

static bool is_above(const struct above *above, const struct stat *status)
{
    for (; above != NULL; above = above->next) {
        if (above->device == status->st_dev && above->inode == status->st_ino) {
            return true;
        }
    }
    return false;
}

static int expand(struct expansion *expansion, const char *path, long playlist,
                  const struct above *above)
{
    struct above here = {above, 0, 0, above != NULL ? above->depth + 1 : 0};
    struct stat status;
    bool is_folder;

    if (playlist_is_address(path)) {
        return add_track(expansion, path, playlist);
    }
    if (stat(path, &status) != 0) {
        tell(expansion, path, strerror(errno),
             errno == ENOENT ? "look at the name, or at what should be mounted there"
                             : "see who may read it");
        return 0;
    }
    is_folder = S_ISDIR(status.st_mode);
    if (!is_folder && !playlist_is_named(path)) {
        return add_track(expansion, path, playlist);
    }
    if (is_above(above, &status)) {
        return 0; /* it is being read already, further up */
    }
    if (here.depth >= DEPTH_MAX) {
        tell(expansion, path, "folders or playlists are nested too deep", "this one is left out");
        return 0;
    }
    here.device = status.st_dev;
    here.inode = status.st_ino;
    return is_folder ? expand_folder(expansion, path, playlist, &here)
                     : expand_playlist(expansion, path, playlist, &here);
}

int source_expand(struct source_list **list, const char *const paths[], size_t count,
                  config_report report, void *context)
{
    struct expansion expansion = {calloc(1, sizeof **list), 0, report, context};
    int error = expansion.list == NULL ? -ENOMEM : 0;

    for (size_t i = 0; error == 0 && i < count; i++) {
        error = expand(&expansion, paths[i], -1, NULL);
    }
    if (error != 0) {
        source_list_destroy(expansion.list);
        expansion.list = NULL;
    } else if (report != NULL && expansion.list->errors > TOLD_MOST) {
        char line[128];

        snprintf(line, sizeof line, "%zu more are left out for reasons like these",
                 expansion.list->errors - TOLD_MOST);
        report(context, line);
    }
    *list = expansion.list;
    return error;
}
