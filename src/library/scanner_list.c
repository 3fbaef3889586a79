/* scanner_list.c - one folder of the music: what is in it, and what of that is new or changed. */
#include "library/scanner_internal.h"

#include "library/source.h"
#include "media/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { LEFT_OUT_SHOWN = 256, FILES_AT_ONCE = 64, ALIKE_TRIED = 4 };

struct listing {
    struct scan_worker *worker;
    const struct scan_work *work;
    const struct scan_above *above; /* this folder */
    struct stamp_folder *folder;    /* as the library knows it; NULL: it does not */
    int fd;
    bool anything; /* but hidden names */
};

static bool is_above(const struct scan_above *above, const struct stat *status)
{
    for (; above != NULL; above = above->up) {
        if (above->device == status->st_dev && above->inode == status->st_ino) {
            return true;
        }
    }
    return false;
}

static const struct scan_above *enter(struct scan_walk *walk, const struct scan_above *up,
                                      const struct stat *status)
{
    struct scan_above *above = malloc(sizeof *above);

    if (above == NULL) {
        return NULL;
    }
    *above = (struct scan_above){up, NULL, status->st_dev, status->st_ino,
                                 up != NULL ? up->depth + 1 : 1};
    pthread_mutex_lock(&walk->lock);
    above->next = walk->folders;
    walk->folders = above;
    pthread_mutex_unlock(&walk->lock);
    return above;
}

/* Names that a line of the protocol cannot hold. */
static bool can_be_shown(const struct listing *listing, const char *name)
{
    struct scanner *scanner = listing->worker->walk->scanner;
    const char *folder = listing->work->uri;
    const char *reason = record_uri_trouble(name);

    if (reason == NULL && strlen(folder) + 1 + strlen(name) > RECORD_URI_LIMIT) {
        reason = "the path is too long";
    }
    if (reason == NULL) {
        return true;
    }
    if (atomic_fetch_add(&scanner->left_out, 1) < SCANNER_LEFT_OUT_TOLD) {
        char clean[LEFT_OUT_SHOWN];

        text_clean(clean, sizeof clean, name);
        scanner_log(scanner, LOG_WARNING, "left out, as %s: %s in %.400s; rename it", reason, clean,
                    folder[0] == '\0' ? "the music folder" : folder);
    }
    return false;
}

/* When the library first saw what is now here: it may have stood under another name. */
static int64_t added_of(const struct listing *listing, const struct scan_file *file)
{
    struct scan_walk *walk = listing->worker->walk;
    const struct stamp *alike;

    for (size_t i = 0; i < ALIKE_TRIED; i++) {
        char *uri = NULL, *path;
        bool gone;

        alike = stamps_alike(walk->stamps, file->modified_ns, file->size, i);
        if (alike == NULL) {
            break;
        }
        uri = malloc(RECORD_URI_LIMIT + 2);
        if (uri == NULL) {
            break;
        }
        stamps_uri(walk->stamps, alike, uri);
        path = scanner_path(walk->scanner, uri);
        gone = path != NULL && access(path, F_OK) != 0 && errno == ENOENT;
        free(path);
        free(uri);
        if (gone) {
            return alike->added_s;
        }
    }
    return (int64_t)time(NULL);
}

static void add_file(struct listing *listing, const char *name, const struct stat *status)
{
    struct scan_walk *walk = listing->worker->walk;
    struct stamp *stamp = stamps_find(walk->stamps, listing->folder, name);
    struct scan_file file = {
        .modified_ns = (int64_t)status->st_mtim.tv_sec * 1000000000 + status->st_mtim.tv_nsec,
        .size = status->st_size,
        .known_size = stamp != NULL ? stamp->size : SCANNER_UNOPENED - 1,
    };

    atomic_fetch_add(&walk->scanner->files, 1);
    if (stamp != NULL) {
        stamp->seen = true;
        if (!walk->again && stamp->modified_ns == file.modified_ns && stamp->size == file.size) {
            return;
        }
    }
    file.added_s = stamp != NULL ? stamp->added_s : added_of(listing, &file);
    if (scan_files_add(&listing->worker->files, name, &file) != 0) {
        scan_walk_keep(walk, listing->work->uri);
    }
}

static void add_folder(struct listing *listing, const char *name)
{
    struct scan_worker *worker = listing->worker;
    size_t size = strlen(name) + 1;
    unsigned char *at;

    if (!listing->work->deep) {
        return;
    }
    at = record_bytes_grow(&worker->folders, size);
    if (at == NULL) {
        scan_walk_keep(worker->walk, listing->work->uri);
        return;
    }
    memcpy(at, name, size);
    worker->folders.size += size;
    worker->folder_count++;
}

/* A link to a disk that is not mounted must not empty the library. */
static void add_unreachable(struct listing *listing, const char *name, int code)
{
    struct scan_walk *walk = listing->worker->walk;
    struct scan_work *place = scan_work_create(listing->work->uri, name);

    if (place == NULL) {
        scan_walk_keep(walk, listing->work->uri);
    } else if (code != ENOENT) {
        scan_walk_keep(walk, place->uri);
    } else if (stamps_know_below(walk->stamps, place->uri)) {
        scanner_log(walk->scanner, LOG_WARNING,
                    "%s leads to what is not there now: what the library knows of it is kept",
                    place->uri);
        scan_walk_keep(walk, place->uri);
    }
    scan_work_destroy(place);
}

static void look_at(struct listing *listing, const struct dirent *entry)
{
    const char *name = entry->d_name;
    bool sound = source_is_sound(name);
    struct stat status;

    if (name[0] == '.') {
        return;
    }
    listing->anything = true;
    if (entry->d_type == DT_REG && !sound) {
        return;
    }
    if (entry->d_type == DT_DIR) {
        if (can_be_shown(listing, name)) {
            add_folder(listing, name);
        }
        return;
    }
    if (fstatat(listing->fd, name, &status, 0) != 0) {
        add_unreachable(listing, name, errno);
        return;
    }
    if ((S_ISDIR(status.st_mode) || (S_ISREG(status.st_mode) && sound)) &&
        can_be_shown(listing, name)) {
        if (S_ISDIR(status.st_mode)) {
            add_folder(listing, name);
        } else {
            add_file(listing, name, &status);
        }
    }
}

static int by_name(const void *one, const void *other)
{
    return strcmp(*(const char *const *)one, *(const char *const *)other);
}

/* The last in order goes first on the heap of work, so that the first is taken first. */
static void push_folders(struct listing *listing)
{
    struct scan_worker *worker = listing->worker;
    const char **names = malloc((worker->folder_count + 1) * sizeof *names);
    const char *at = (const char *)worker->folders.data;

    if (names == NULL) {
        scan_walk_push(worker->walk, NULL);
        return;
    }
    for (size_t i = 0; i < worker->folder_count; i++) {
        names[i] = at;
        at += strlen(at) + 1;
    }
    qsort(names, worker->folder_count, sizeof *names, by_name);
    for (size_t i = worker->folder_count; i > 0; i--) {
        struct scan_work *work = scan_work_create(listing->work->uri, names[i - 1]);

        if (work != NULL) {
            work->deep = true;
            work->above = listing->above;
        }
        scan_walk_push(worker->walk, work);
    }
    free(names);
}

/* Of a folder with many files others may take a share. */
static void push_files(struct scan_worker *worker, const char *folder)
{
    struct scan_files *files = &worker->files;

    while (files->count > FILES_AT_ONCE) {
        struct scan_work *work = scan_work_create(folder, "");
        struct scan_files *share = work == NULL ? NULL : calloc(1, sizeof *share);

        if (share == NULL) {
            free(work);
            return; /* it reads them all by itself */
        }
        work->files = share;
        for (size_t i = 0; i < FILES_AT_ONCE; i++) {
            const struct scan_file *file = &files->list[files->count - 1];

            if (scan_files_add(share, (const char *)files->names.data + file->name, file) != 0) {
                break;
            }
            files->count--;
        }
        scan_walk_push(worker->walk, work);
    }
}

static void read_names(struct listing *listing, DIR *stream)
{
    struct scan_walk *walk = listing->worker->walk;
    const struct dirent *entry;

    listing->folder = stamps_folder(walk->stamps, listing->work->uri);
    errno = 0;
    while (!walk->scanner->stopping && (entry = readdir(stream)) != NULL) {
        look_at(listing, entry);
        errno = 0;
    }
    if (errno != 0) {
        scanner_log(walk->scanner, LOG_WARNING,
                    "%s cannot be read to its end (%s): what the "
                    "library knows of it is kept",
                    listing->work->uri, strerror(errno));
        scan_walk_keep(walk, listing->work->uri);
    } else if (listing->folder != NULL && !walk->scanner->stopping) {
        listing->folder->listed = true;
    }
}

static void keep(struct scan_walk *walk, const char *uri, int code)
{
    if (code == ENOENT || code == ENOTDIR) {
        return; /* it is gone */
    }
    scanner_log(walk->scanner, LOG_WARNING,
                "the folder %s cannot be read (%s): what the library knows of it is kept", uri,
                strerror(code));
    scan_walk_keep(walk, uri);
}

/* A disk that is not mounted leaves an empty folder on the disk of the folder above. */
static void look_at_disk(struct listing *listing, const struct stat *status)
{
    struct scan_walk *walk = listing->worker->walk;
    const char *uri = listing->work->uri;
    bool own = listing->work->above != NULL && listing->work->above->device != status->st_dev;

    if (own && listing->anything) {
        scan_mounts_note(walk, uri);
    } else if (!own && !listing->anything && scan_mounts_know(walk, uri)) {
        scanner_log(
            walk->scanner, LOG_WARNING,
            "%s is empty, and its disk is not mounted: what the library knows of it is kept", uri);
        scan_walk_keep(walk, uri);
    }
}

void scan_list_folder(struct scan_worker *worker, struct scan_work *work)
{
    struct scan_walk *walk = worker->walk;
    struct listing listing = {.worker = worker, .work = work};
    char *path = scanner_path(walk->scanner, work->uri);
    DIR *stream = NULL;
    struct stat status;

    worker->files.count = worker->files.names.size = 0;
    worker->folder_count = worker->folders.size = 0;
    listing.fd = path == NULL ? -1 : open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK);
    if (listing.fd < 0 || fstat(listing.fd, &status) != 0) {
        keep(walk, work->uri, path == NULL ? ENOMEM : errno);
    } else if (!is_above(work->above, &status) &&
               (work->above == NULL || work->above->depth < SCANNER_DEPTH_MAX)) {
        listing.above = enter(walk, work->above, &status);
        scanner_watch_folder(walk->scanner, work->uri,
                             path); /* before it is read: none is missed */
        stream = listing.above == NULL ? NULL : fdopendir(listing.fd);
        if (stream != NULL) {
            read_names(&listing, stream);
            look_at_disk(&listing, &status);
        } else {
            keep(walk, work->uri, ENOMEM);
        }
    }
    if (stream != NULL) {
        closedir(stream);
    } else if (listing.fd >= 0) {
        close(listing.fd);
    }
    free(path);
    if (work->uri[0] == '\0' && stream != NULL && !listing.anything) {
        walk->root_empty = true;
    }
    push_folders(&listing);
    push_files(worker, work->uri);
    scan_read_files(worker, work->uri, &worker->files);
}
