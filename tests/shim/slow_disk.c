/*
 * slow_disk.c - a disk that sleeps, when told to: preloaded into the player by a script.
 *
 * SLOW_DISK_FOLDER: what lies on that disk. SLOW_DISK_TRIGGER: a file; when it is there, the next
 * read of anything on the disk takes it away, and from then on all reads, opens and looks at files
 * there wait until SLOW_DISK_MS have passed, as they do while a disk spins up. For each that
 * waited, a line is added to SLOW_DISK_REPORT, written when its wait is over.
 */
#include "tests/shim/real.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { PATH_SIZE = 4096 };

static _Atomic long long awake_at_ms; /* of the monotonic clock */

static long long now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool lies_there(const char *path)
{
    const char *folder = getenv("SLOW_DISK_FOLDER");

    return folder != NULL && strncmp(path, folder, strlen(folder)) == 0;
}

static bool fd_lies_there(int fd)
{
    char link[64], path[PATH_SIZE];
    long length;

    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
    if (length <= 0) {
        return false;
    }
    path[length] = '\0';
    return lies_there(path);
}

static void report(const char *what)
{
    const char *path = getenv("SLOW_DISK_REPORT");
    FILE *file = path != NULL ? fopen(path, "ae") : NULL;

    if (file != NULL) {
        fprintf(file, "%s waited\n", what);
        fclose(file);
    }
}

static void wait_for_disk(const char *what, bool begins)
{
    const char *trigger = getenv("SLOW_DISK_TRIGGER");
    const char *ms = getenv("SLOW_DISK_MS");
    long long left_ms;

    /* Whoever takes the trigger away begins the sleep. */
    if (begins && trigger != NULL && unlink(trigger) == 0) {
        atomic_store(&awake_at_ms, now_ms() + (ms != NULL ? atoll(ms) : 5000));
    }
    left_ms = atomic_load(&awake_at_ms) - now_ms();
    if (left_ms > 0) {
        struct timespec time = {.tv_sec = (time_t)(left_ms / 1000),
                                .tv_nsec = (long)(left_ms % 1000) * 1000000};

        nanosleep(&time, NULL);
        report(what);
    }
}

ssize_t read(int fd, void *bytes, size_t size)
{
    if (fd_lies_there(fd)) {
        wait_for_disk("read", true);
    }
    return REAL(read, fd, bytes, size);
}

ssize_t pread(int fd, void *bytes, size_t size, off_t place)
{
    if (fd_lies_there(fd)) {
        wait_for_disk("read", true);
    }
    return REAL(pread, fd, bytes, size, place);
}

ssize_t pread64(int fd, void *bytes, size_t size, off64_t place)
{
    if (fd_lies_there(fd)) {
        wait_for_disk("read", true);
    }
    return REAL(pread64, fd, bytes, size, place);
}

static mode_t mode_of(int flags, va_list arguments)
{
    return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(arguments, mode_t)
                                                                      : 0;
}

#define SLOW_OPEN(name)                                                                            \
    int name(const char *path, int flags, ...)                                                     \
    {                                                                                              \
        va_list arguments;                                                                         \
        mode_t mode;                                                                               \
                                                                                                   \
        if (lies_there(path)) {                                                                    \
            wait_for_disk("open", false);                                                          \
        }                                                                                          \
        va_start(arguments, flags);                                                                \
        mode = mode_of(flags, arguments);                                                          \
        va_end(arguments);                                                                         \
        return REAL(name, path, flags, mode);                                                      \
    }

SLOW_OPEN(open)
SLOW_OPEN(open64)

int stat(const char *restrict path, struct stat *restrict status)
{
    if (lies_there(path)) {
        wait_for_disk("stat", false);
    }
    return REAL(stat, path, status);
}
