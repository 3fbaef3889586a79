/* atomic_file.c - write beside, sync, rename, sync the folder. */
#include "config/atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_KEPT = 200 }; /* bytes of the name in that of the file beside it; NAME_MAX is 255 */

static int write_all(int file, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t written = write(file, bytes, size);

        if (written < 0 && errno != EINTR) {
            return -errno;
        }
        bytes += written > 0 ? written : 0;
        size -= written > 0 ? (size_t)written : 0;
    }
    return 0;
}

/* The rename itself is to last, too; where a folder cannot be synced, it lasts soon enough. */
static void sync_folder(const char *path, int folder_bytes)
{
    char *folder = NULL;
    int file;

    if (asprintf(&folder, "%.*s", folder_bytes > 0 ? folder_bytes : 1,
                 folder_bytes > 0 ? path : ".") < 0) {
        return;
    }
    file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file >= 0) {
        fsync(file);
        close(file);
    }
    free(folder);
}

static int write_beside(const char *beside, const struct stat *old, const void *bytes, size_t size)
{
    int file = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
    int error;

    if (file < 0) {
        return -errno;
    }
    error = old != NULL && fchmod(file, old->st_mode & 07777) != 0 ? -errno : 0;
    if (error == 0) {
        error = write_all(file, bytes, size);
    }
    if (error == 0 && fsync(file) != 0) {
        error = -errno;
    }
    if (close(file) != 0 && error == 0) {
        error = -errno;
    }
    return error;
}

static int replace(const char *target, const struct stat *old, const void *bytes, size_t size)
{
    const char *slash = strrchr(target, '/');
    int folder_bytes = slash == NULL ? 0 : (int)(slash - target) + 1;
    char *beside = NULL;
    int error;

    if (asprintf(&beside, "%.*s.%.*s.new", folder_bytes, target, NAME_KEPT, target + folder_bytes) <
        0) {
        return -ENOMEM;
    }
    error = write_beside(beside, old, bytes, size);
    if (error == 0 && rename(beside, target) != 0) {
        error = -errno;
    }
    if (error != 0) {
        unlink(beside);
    } else {
        sync_folder(target, folder_bytes);
    }
    free(beside);
    return error;
}

int atomic_file_write(const char *path, const void *bytes, size_t size)
{
    struct stat status;
    char *target;
    int error;

    if (stat(path, &status) != 0) {
        return errno == ENOENT ? replace(path, NULL, bytes, size) : -errno;
    }
    if (S_ISDIR(status.st_mode)) {
        return -EISDIR;
    }
    if (!S_ISREG(status.st_mode)) {
        return -EINVAL;
    }
    if (access(path, W_OK) != 0) {
        return -errno;
    }
    target = realpath(path, NULL);
    if (target == NULL) {
        return -errno;
    }
    error = replace(target, &status, bytes, size);
    free(target);
    return error;
}
