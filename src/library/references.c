/* references.c - which reference, preset and amounts hold for a track: the nearest ones. */
#include "library/references_internal.h"

#include "config/atomic_file.h"
#include "config/paths.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { LOOK_AGAIN_MS = 1000, KEPT_PLAYLISTS = 8 };

/* As of when a file was read. */
struct stamp {
    struct timespec modified;
    off_t size;
    ino_t inode;
};

/* How a playlist sounds, kept as long as its file is the same. */
struct kept_sound {
    char *name; /* NULL: none yet */
    struct stamp stamp;
    struct playlist_sound sound;
    uint64_t used;
};

struct references {
    char *path;
    struct playlists *playlists;
    struct sections sections;
    struct stamp stamp; /* of the file, when it was read or written */
    int64_t looked_ms;
    uint64_t version, edits;
    struct kept_sound kept[KEPT_PLAYLISTS];
    uint64_t uses;
    config_report report;
    void *context;
};

/* --- the file --------------------------------------------------------------------------------- */

static struct stamp stamp_of(const char *path)
{
    struct stamp stamp = {{0, 0}, -1, 0};
    struct stat status;

    if (stat(path, &status) == 0) {
        stamp.modified = status.st_mtim;
        stamp.size = status.st_size;
        stamp.inode = status.st_ino;
    }
    return stamp;
}

static bool is_same(const struct stamp *one, const struct stamp *other)
{
    return one->modified.tv_sec == other->modified.tv_sec &&
           one->modified.tv_nsec == other->modified.tv_nsec && one->size == other->size &&
           one->inode == other->inode;
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Reads it again when somebody else has written it. */
static void look_now(struct references *references)
{
    struct stamp stamp;
    struct sections sections;
    int error;

    references->looked_ms = now_ms();
    stamp = stamp_of(references->path);
    if (is_same(&stamp, &references->stamp)) {
        return;
    }
    references->stamp = stamp;
    error = sections_read(&sections, references->path, references->report, references->context);
    if (error != 0) {
        config_tell(references->report, references->context, references->path, 0,
                    "cannot be read (%s); what was known of it holds on", strerror(-error));
        return;
    }
    sections_finish(&references->sections);
    references->sections = sections;
    references->version++;
    references->edits++;
}

/* At most once a second. */
static void look(struct references *references)
{
    if (now_ms() >= references->looked_ms + LOOK_AGAIN_MS) {
        look_now(references);
    }
}

static int write_file(struct references *references)
{
    size_t size = 0;
    char *text = sections_write(&references->sections, &size);
    char *folder = path_folder_of(references->path);
    int error = text == NULL || folder == NULL ? -ENOMEM : path_make_folder(folder);

    if (error == 0) {
        error = atomic_file_write(references->path, text, size);
    }
    free(folder);
    free(text);
    references->stamp = stamp_of(references->path);
    references->version++;
    return error;
}

struct references *references_open(const char *path, struct playlists *playlists,
                                   config_report report, void *context)
{
    struct references *references = calloc(1, sizeof *references);
    int error;

    if (references == NULL) {
        return NULL;
    }
    references->playlists = playlists;
    references->report = report;
    references->context = context;
    references->version = 1;
    references->looked_ms = now_ms();
    references->path = strdup(path);
    references->stamp = stamp_of(path);
    error = references->path == NULL ? -ENOMEM
                                     : sections_read(&references->sections, path, report, context);
    if (error != 0) {
        references_close(references);
        errno = -error;
        return NULL;
    }
    return references;
}

void references_close(struct references *references)
{
    if (references == NULL) {
        return;
    }
    sections_finish(&references->sections);
    for (size_t i = 0; i < KEPT_PLAYLISTS; i++) {
        if (references->kept[i].name != NULL) {
            free(references->kept[i].name);
            playlist_sound_finish(&references->kept[i].sound);
        }
    }
    free(references->path);
    free(references);
}

uint64_t references_version(struct references *references)
{
    look(references);
    return references->version + playlists_version(references->playlists);
}

uint64_t references_edits(struct references *references)
{
    look_now(references);
    return references->edits;
}

/* --- looking up ------------------------------------------------------------------------------- */

/* The one kept under this name, else the one that was used longest ago. */
static struct kept_sound *slot_for(struct references *references, const char *name)
{
    struct kept_sound *oldest = &references->kept[0];

    for (size_t i = 0; i < KEPT_PLAYLISTS; i++) {
        struct kept_sound *kept = &references->kept[i];

        if (kept->name != NULL && strcmp(kept->name, name) == 0) {
            return kept;
        }
        oldest = kept->used < oldest->used ? kept : oldest;
    }
    return oldest;
}

/* A playlist from anywhere, that was queued by its path, is known by that. */
static bool is_path(const char *name)
{
    return name[0] == '/' && playlist_is_named(name);
}

static int read_sound(struct references *references, const char *name, struct playlist_sound *sound)
{
    struct playlist *playlist = NULL;
    int error;

    if (!is_path(name)) {
        return playlists_read_sound(references->playlists, name, sound);
    }
    error = playlist_read(&playlist, name, NULL, NULL);
    if (error == 0) {
        error = playlist_sound_copy(sound, &playlist->sound);
        playlist_destroy(playlist);
    }
    return error;
}

/* Borrowed until the next call. NULL: there is no such playlist, or it cannot be read. */
static const struct playlist_sound *sound_of_playlist(struct references *references,
                                                      const char *name)
{
    char *path = is_path(name) ? strdup(name) : playlists_path(references->playlists, name);
    struct kept_sound *kept = slot_for(references, name);
    struct stamp stamp;
    struct playlist_sound sound;

    if (path == NULL) {
        return NULL;
    }
    stamp = stamp_of(path);
    free(path);
    kept->used = ++references->uses;
    if (kept->name != NULL && strcmp(kept->name, name) == 0 && is_same(&kept->stamp, &stamp)) {
        return &kept->sound;
    }
    if (read_sound(references, name, &sound) != 0) {
        return NULL;
    }
    if (kept->name != NULL) {
        free(kept->name);
        playlist_sound_finish(&kept->sound);
    }
    kept->name = strdup(name);
    if (kept->name == NULL) {
        playlist_sound_finish(&sound);
        return NULL;
    }
    kept->stamp = stamp;
    kept->sound = sound;
    return &kept->sound;
}

static const char *or_nothing(const char *text)
{
    return text != NULL ? text : "";
}

/* What one scope says itself, borrowed; NULL: nothing. */
static const struct playlist_sound *
sound_of(struct references *references, enum reference_scope scope, const struct reference_key *key)
{
    const struct section *section = NULL;

    switch (scope) {
    case REFERENCE_TRACK:
        section = sections_find(&references->sections, scope, or_nothing(key->path), NULL);
        break;
    case REFERENCE_PLAYLIST:
        return key->playlist != NULL ? sound_of_playlist(references, key->playlist) : NULL;
    case REFERENCE_ALBUM:
        section = sections_find(&references->sections, scope, or_nothing(key->album),
                                or_nothing(key->album_artist));
        break;
    case REFERENCE_ALL:
        section = sections_find(&references->sections, scope, NULL, NULL);
        break;
    }
    return section != NULL ? &section->sound : NULL;
}

/* What is not answered yet, from here. */
static int take(struct reference_answer *answer, enum reference_scope scope,
                const struct playlist_sound *sound)
{
    struct playlist_sound copy;
    int error = playlist_sound_copy(&copy, sound);

    if (error != 0) {
        return error;
    }
    if (answer->reference_from == REFERENCE_SETTINGS && copy.reference_count > 0) {
        answer->sound.references = copy.references;
        answer->sound.reference_count = copy.reference_count;
        answer->reference_from = (int)scope;
        copy.references = NULL;
        copy.reference_count = 0;
    }
    if (answer->preset_from == REFERENCE_SETTINGS && copy.preset != NULL) {
        answer->sound.preset = copy.preset;
        answer->preset_from = (int)scope;
        copy.preset = NULL;
    }
    for (size_t i = 0; i < AMOUNTS; i++) {
        if (answer->amount_from[i] == REFERENCE_SETTINGS && !isnan(copy.amounts[i])) {
            answer->sound.amounts[i] = copy.amounts[i];
            answer->amount_from[i] = (int)scope;
        }
    }
    playlist_sound_finish(&copy);
    return 0;
}

int references_find(struct references *references, const struct reference_key *key,
                    struct reference_answer *answer)
{
    int error = 0;

    look(references);
    playlist_sound_init(&answer->sound);
    answer->reference_from = answer->preset_from = REFERENCE_SETTINGS;
    for (size_t i = 0; i < AMOUNTS; i++) {
        answer->amount_from[i] = REFERENCE_SETTINGS;
    }
    for (int scope = REFERENCE_TRACK; error == 0 && scope <= REFERENCE_ALL; scope++) {
        const struct playlist_sound *sound = sound_of(references, (enum reference_scope)scope, key);

        error = sound != NULL ? take(answer, (enum reference_scope)scope, sound) : 0;
    }
    if (error != 0) {
        reference_answer_finish(answer);
    }
    return error;
}

void reference_answer_finish(struct reference_answer *answer)
{
    playlist_sound_finish(&answer->sound);
}

/* --- one scope -------------------------------------------------------------------------------- */

/* Can stand between brackets, on one line. */
static bool is_name(const char *text)
{
    return text != NULL && *text != '\0' && strpbrk(text, "\r\n") == NULL;
}

static bool is_key(enum reference_scope scope, const struct reference_key *key)
{
    switch (scope) {
    case REFERENCE_TRACK:
        return is_name(key->path) && (*key->path == '/' || playlist_is_address(key->path));
    case REFERENCE_PLAYLIST:
        return key->playlist != NULL && playlists_name_is_good(key->playlist);
    case REFERENCE_ALBUM:
        return is_name(key->album) && strpbrk(or_nothing(key->album_artist), "\r\n") == NULL;
    case REFERENCE_ALL:
        break;
    }
    return true;
}

int references_read(struct references *references, enum reference_scope scope,
                    const struct reference_key *key, struct playlist_sound *sound)
{
    const struct playlist_sound *found;

    playlist_sound_init(sound);
    if (!is_key(scope, key)) {
        return -EINVAL;
    }
    look(references);
    found = sound_of(references, scope, key);
    if (found == NULL) {
        return scope == REFERENCE_PLAYLIST ? -ENOENT : 0;
    }
    return playlist_sound_copy(sound, found);
}

int references_set(struct references *references, enum reference_scope scope,
                   const struct reference_key *key, const struct playlist_sound *sound)
{
    struct playlist_sound copy;
    struct section *section;
    const char *name = NULL, *artist = NULL;
    int error;

    if (!is_key(scope, key) || !playlist_sound_is_good(sound)) {
        return -EINVAL;
    }
    if (scope == REFERENCE_PLAYLIST) {
        return playlists_set_sound(references->playlists, key->playlist, sound);
    }
    look(references);
    if (scope == REFERENCE_TRACK) {
        name = key->path;
    } else if (scope == REFERENCE_ALBUM) {
        name = key->album;
        artist = or_nothing(key->album_artist);
    }
    if (playlist_sound_is_empty(sound)) {
        section = sections_find(&references->sections, scope, name, artist);
        if (section == NULL) {
            return 0;
        }
        sections_remove(&references->sections, section);
        return write_file(references);
    }
    error = playlist_sound_copy(&copy, sound);
    section = error == 0 ? sections_need(&references->sections, scope, name, artist) : NULL;
    if (section == NULL) {
        playlist_sound_finish(&copy);
        return -ENOMEM;
    }
    playlist_sound_finish(&section->sound);
    section->sound = copy;
    return write_file(references);
}
