/* rt_shim_files.c - the watch over the audio thread (rt_shim.c): files, text, and waiting. */
#include "rt_shim.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

static bool is_eventfd(int fd)
{
    static const char eventfd[] = "anon_inode:[eventfd]";
    char link[64], target[64];
    long length;

    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = syscall(SYS_readlinkat, AT_FDCWD, link, target, sizeof target);
    return length == (long)sizeof eventfd - 1 && memcmp(target, eventfd, (size_t)length) == 0;
}

/* --- files ---------------------------------------------------------------------------------- */

static mode_t mode_of(int flags, va_list arguments)
{
    return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(arguments, mode_t)
                                                                      : 0;
}

#define FORBIDDEN_OPEN(name)                                                                       \
    int name(const char *path, int flags, ...)                                                     \
    {                                                                                              \
        va_list arguments;                                                                         \
        mode_t mode;                                                                               \
                                                                                                   \
        rt_forbid(#name);                                                                          \
        va_start(arguments, flags);                                                                \
        mode = mode_of(flags, arguments);                                                          \
        va_end(arguments);                                                                         \
        return REAL(name, path, flags, mode);                                                      \
    }

#define FORBIDDEN_OPENAT(name)                                                                     \
    int name(int folder, const char *path, int flags, ...)                                         \
    {                                                                                              \
        va_list arguments;                                                                         \
        mode_t mode;                                                                               \
                                                                                                   \
        rt_forbid(#name);                                                                          \
        va_start(arguments, flags);                                                                \
        mode = mode_of(flags, arguments);                                                          \
        va_end(arguments);                                                                         \
        return REAL(name, folder, path, flags, mode);                                              \
    }

FORBIDDEN_OPEN(open)
FORBIDDEN_OPEN(open64)
FORBIDDEN_OPENAT(openat)
FORBIDDEN_OPENAT(openat64)
FORBIDDEN(int, close, (int fd), fd)
FORBIDDEN(FILE *, fopen, (const char *path, const char *mode), path, mode)
FORBIDDEN(FILE *, fopen64, (const char *path, const char *mode), path, mode)
FORBIDDEN(FILE *, fdopen, (int fd, const char *mode), fd, mode)
FORBIDDEN(int, fclose, (FILE * file), file)
FORBIDDEN(int, fflush, (FILE * file), file)
FORBIDDEN(size_t, fread, (void *memory, size_t size, size_t count, FILE *file), memory, size, count,
          file)
FORBIDDEN(size_t, fwrite, (const void *memory, size_t size, size_t count, FILE *file), memory, size,
          count, file)
FORBIDDEN(int, fputs, (const char *text, FILE *file), text, file)
FORBIDDEN(int, fputc, (int character, FILE *file), character, file)
FORBIDDEN(int, puts, (const char *text), text)
FORBIDDEN(int, putchar, (int character), character)
FORBIDDEN(ssize_t, pread, (int fd, void *memory, size_t bytes, off_t at), fd, memory, bytes, at)
FORBIDDEN(ssize_t, pwrite, (int fd, const void *memory, size_t bytes, off_t at), fd, memory, bytes,
          at)
FORBIDDEN(ssize_t, readv, (int fd, const struct iovec *parts, int count), fd, parts, count)
FORBIDDEN(ssize_t, writev, (int fd, const struct iovec *parts, int count), fd, parts, count)
FORBIDDEN(int, fsync, (int fd), fd)
FORBIDDEN(void *, dlopen, (const char *path, int mode), path, mode)

ssize_t read(int fd, void *memory, size_t bytes)
{
    if (rt_is_watched() && !is_eventfd(fd)) {
        rt_forbid("read, and not of an eventfd");
    }
    return REAL(read, fd, memory, bytes);
}

ssize_t write(int fd, const void *memory, size_t bytes)
{
    if (rt_is_watched() && !is_eventfd(fd)) {
        rt_forbid("write, and not to an eventfd");
    }
    return REAL(write, fd, memory, bytes);
}

/* --- text ----------------------------------------------------------------------------------- */

/* Ours of these forward to the real one that takes a va_list; __ *_chk is what _FORTIFY_SOURCE
   makes of them. */
int __printf_chk(int level, const char *format, ...);
int __fprintf_chk(FILE *file, int level, const char *format, ...);

#define FORBIDDEN_PRINT(name, parameters, last, file)                                              \
    int name parameters                                                                            \
    {                                                                                              \
        va_list arguments;                                                                         \
        int result;                                                                                \
                                                                                                   \
        rt_forbid(#name);                                                                          \
        va_start(arguments, last);                                                                 \
        result = REAL(vfprintf, file, last, arguments);                                            \
        va_end(arguments);                                                                         \
        return result;                                                                             \
    }

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
FORBIDDEN_PRINT(printf, (const char *format, ...), format, stdout)
FORBIDDEN_PRINT(fprintf, (FILE * file, const char *format, ...), format, file)
FORBIDDEN_PRINT(__printf_chk, (__attribute__((unused)) int level, const char *format, ...), format,
                stdout)
FORBIDDEN_PRINT(__fprintf_chk,
                (FILE * file, __attribute__((unused)) int level, const char *format, ...), format,
                file)
FORBIDDEN(int, vprintf, (const char *format, va_list arguments), format, arguments)
FORBIDDEN(int, vfprintf, (FILE * file, const char *format, va_list arguments), file, format,
          arguments)

int dprintf(int fd, const char *format, ...)
{
    va_list arguments;
    int result;

    rt_forbid("dprintf");
    va_start(arguments, format);
    result = REAL(vdprintf, fd, format, arguments);
    va_end(arguments);
    return result;
}

void syslog(int priority, const char *format, ...)
{
    va_list arguments;

    rt_forbid("syslog");
    va_start(arguments, format);
    vsyslog(priority, format, arguments);
    va_end(arguments);
}
#pragma GCC diagnostic pop

/* --- waiting: poll and clock_nanosleep are what the loop waits with --------------------------- */

FORBIDDEN(int, nanosleep, (const struct timespec *time, struct timespec *left), time, left)
FORBIDDEN(int, usleep, (useconds_t time), time)
FORBIDDEN(unsigned, sleep, (unsigned seconds), seconds)
FORBIDDEN(int, select,
          (int count, fd_set *readable, fd_set *writable, fd_set *broken, struct timeval *time),
          count, readable, writable, broken, time)
FORBIDDEN(int, epoll_wait, (int fd, struct epoll_event *events, int count, int timeout_ms), fd,
          events, count, timeout_ms)
