/* outfile.c - write beside, sync, rename. */
#include "media/outfile.h"

#include "media/container.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUFFER_BYTES = 1 << 18, WRITEBACK_BYTES = 1 << 23, NAME_ATTEMPTS = 100 };

struct outfile {
    char *path;      /* as the user wrote it */
    char *target;    /* the file that appears: path with links followed */
    char *temporary; /* NULL: written straight */
    unsigned char *buffer;
    size_t filled;
    int fd;
    bool seekable;
    int64_t begin; /* place of the buffer in the file */
    int64_t size;
    int64_t sent; /* up to here the disk was told to begin */
};

static void free_outfile(struct outfile *file)
{
    if (file->fd >= 0) {
        close(file->fd);
    }
    free(file->path);
    free(file->target);
    free(file->temporary);
    free(file->buffer);
    free(file);
}

int outfile_fail(const struct outfile *file, int code, struct media_error *error)
{
    switch (-code) {
    case ENOSPC:
    case EDQUOT:
        return media_fail(error, code, "%s: the disk is full; free some space or write elsewhere",
                          file->path);
    case EFBIG:
        return media_fail(
            error, code, "%s: the file system takes no file so large; write elsewhere", file->path);
    default:
        return media_fail(error, code, "%s: cannot be written (%s); write elsewhere", file->path,
                          strerror(-code));
    }
}

static int fail_to_open(const char *path, int code, struct media_error *error)
{
    switch (-code) {
    case ENOENT:
        return media_fail(error, code,
                          "%s: its folder does not exist, or takes no files; choose another", path);
    case ENOTDIR:
        return media_fail(error, code,
                          "%s: what stands before its name is no folder; write elsewhere", path);
    case EACCES:
    case EPERM:
        return media_fail(error, code, "%s: may not be written; choose a folder of your own", path);
    case EISDIR:
        return media_fail(error, code, "%s: is a folder; name a file in it", path);
    case EROFS:
        return media_fail(error, code, "%s: is on a read-only disk; write elsewhere", path);
    case ENOSPC:
        return media_fail(error, code, "%s: the disk is full; free some space or write elsewhere",
                          path);
    default:
        return media_fail(error, code, "%s: cannot be written (%s); write elsewhere", path,
                          strerror(-code));
    }
}

/* A new file in the folder of the target. The mode of what is replaced is kept. */
static int open_beside(struct outfile *file, const struct stat *old)
{
    const char *slash = strrchr(file->target, '/');
    int folder_bytes = slash == NULL ? 0 : (int)(slash - file->target) + 1;

    int code = -EEXIST;

    for (int i = 0; i < NAME_ATTEMPTS && code == -EEXIST; i++) {
        free(file->temporary);
        if (asprintf(&file->temporary, "%.*s.matchplay-%ld-%d.tmp", folder_bytes, file->target,
                     (long)getpid(), i) < 0) {
            file->temporary = NULL;
            return -ENOMEM;
        }
        file->fd = open(file->temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (file->fd >= 0) {
            if (old != NULL && fchmod(file->fd, old->st_mode & 0777) != 0) {
                return -errno;
            }
            return 0;
        }
        code = -errno;
    }
    free(file->temporary); /* it is not there, or not ours */
    file->temporary = NULL;
    return code;
}

static int open_target(struct outfile *file)
{
    struct stat status;

    if (stat(file->path, &status) != 0) {
        file->target = errno == ENOENT ? strdup(file->path) : NULL;
        if (file->target == NULL) {
            return -errno;
        }
        file->seekable = true;
        return open_beside(file, NULL);
    }
    if (S_ISDIR(status.st_mode)) {
        return -EISDIR;
    }
    if (!S_ISREG(status.st_mode)) {
        file->fd = open(file->path, O_WRONLY | O_CLOEXEC);
        return file->fd < 0 ? -errno : 0;
    }
    if (access(file->path, W_OK) != 0) {
        return -errno; /* a protected file stays, though its folder may be ours */
    }
    file->target = realpath(file->path, NULL);
    if (file->target == NULL) {
        return -errno;
    }
    file->seekable = true;
    return open_beside(file, &status);
}

int outfile_open(struct outfile **file_out, const char *path, struct media_error *error)
{
    struct outfile *file = calloc(1, sizeof *file);
    int result = -ENOMEM;

    *file_out = NULL;
    if (file == NULL) {
        return fail_to_open(path, result, error);
    }
    file->fd = -1;
    file->path = strdup(path);
    file->buffer = malloc(BUFFER_BYTES);
    if (file->path != NULL && file->buffer != NULL) {
        result = open_target(file);
    }
    if (result < 0) {
        outfile_abort(file);
        return fail_to_open(path, result, error);
    }
    *file_out = file;
    return 0;
}

bool outfile_seekable(const struct outfile *file)
{
    return file->seekable;
}

int64_t outfile_tell(const struct outfile *file)
{
    return file->begin + (int64_t)file->filled;
}

int64_t outfile_size(const struct outfile *file)
{
    return outfile_tell(file) > file->size ? outfile_tell(file) : file->size;
}

/* What will be waited for at the end can as well begin now; where it cannot, nothing is lost. */
static void begin_writeback(struct outfile *file)
{
    if (file->temporary != NULL && file->begin - file->sent >= WRITEBACK_BYTES) {
        sync_file_range(file->fd, file->sent, file->begin - file->sent, SYNC_FILE_RANGE_WRITE);
        file->sent = file->begin;
    }
}

static int flush(struct outfile *file)
{
    size_t done = 0;

    while (done < file->filled) {
        ssize_t wrote = write(file->fd, file->buffer + done, file->filled - done);

        if (wrote < 0 && errno == EINTR) {
            continue;
        }
        if (wrote <= 0) {
            return wrote < 0 ? -errno : -EIO;
        }
        done += (size_t)wrote;
    }
    file->begin += (int64_t)done;
    file->filled = 0;
    if (file->begin > file->size) {
        file->size = file->begin;
    }
    begin_writeback(file);
    return 0;
}

int outfile_write(struct outfile *file, const void *bytes, size_t size)
{
    const unsigned char *at = bytes;

    while (size > 0) {
        size_t room = BUFFER_BYTES - file->filled;
        size_t count = size < room ? size : room;

        memcpy(file->buffer + file->filled, at, count);
        file->filled += count;
        at += count;
        size -= count;
        if (file->filled == BUFFER_BYTES) {
            int result = flush(file);

            if (result < 0) {
                return result;
            }
        }
    }
    return 0;
}

int outfile_seek(struct outfile *file, int64_t place)
{
    int result = flush(file);

    if (result < 0) {
        return result;
    }
    if (!file->seekable) {
        return -ESPIPE;
    }
    if (lseek(file->fd, place, SEEK_SET) < 0) {
        return -errno;
    }
    file->begin = place;
    return 0;
}

/* The name itself must reach the disk too; a file system that cannot is no reason to fail. */
static void sync_folder(const char *target)
{
    char *folder = strdup(target);
    char *slash = folder == NULL ? NULL : strrchr(folder, '/');
    int fd;

    if (slash != NULL) {
        slash[slash == folder ? 1 : 0] = '\0';
    }
    fd = open(slash == NULL ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
    free(folder);
}

int outfile_commit(struct outfile *file, struct media_error *error)
{
    int result = flush(file);

    if (result == 0 && file->temporary != NULL && fsync(file->fd) != 0) {
        result = -errno;
    }
    if (result == 0 && close(file->fd) != 0) {
        result = -errno;
    }
    if (result == 0) {
        file->fd = -1;
    }
    if (result == 0 && file->temporary != NULL && rename(file->temporary, file->target) != 0) {
        result = -errno;
    }
    if (result < 0) {
        outfile_fail(file, result, error);
        outfile_abort(file);
        return result;
    }
    if (file->temporary != NULL) {
        sync_folder(file->target);
    }
    free_outfile(file);
    return 0;
}

void outfile_abort(struct outfile *file)
{
    if (file == NULL) {
        return;
    }
    if (file->temporary != NULL) {
        unlink(file->temporary);
    }
    free_outfile(file);
}
