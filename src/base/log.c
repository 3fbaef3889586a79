/* log.c - messages for the person who runs the player. */
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LINE_SIZE = 2048, STAMP_SIZE = 48 };

struct log {
    pthread_mutex_t lock; /* guards everything below */
    int file;
    bool is_stderr;
    enum log_level level;
    log_hook hook;
    void *hook_context;
};

static const char *const level_names[] = {"error", "warning", "notice", "debug"};

struct log *log_open(const char *path, enum log_level level)
{
    struct log *log = calloc(1, sizeof *log);

    if (log == NULL) {
        return NULL;
    }
    log->level = level;
    log->is_stderr = path == NULL;
    log->file = STDERR_FILENO;
    if (path != NULL) {
        log->file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
        if (log->file < 0) {
            free(log);
            return NULL;
        }
    }
    pthread_mutex_init(&log->lock, NULL);
    return log;
}

void log_close(struct log *log)
{
    if (log == NULL) {
        return;
    }
    if (!log->is_stderr) {
        close(log->file);
    }
    pthread_mutex_destroy(&log->lock);
    free(log);
}

void log_set_level(struct log *log, enum log_level level)
{
    pthread_mutex_lock(&log->lock);
    log->level = level;
    pthread_mutex_unlock(&log->lock);
}

void log_set_hook(struct log *log, log_hook hook, void *context)
{
    pthread_mutex_lock(&log->lock);
    log->hook = hook;
    log->hook_context = context;
    pthread_mutex_unlock(&log->lock);
}

/* A terminal must not obey what stands in a file's name: C0, DEL, and C1 in UTF-8 (C2 80..9F). */
static void hide_controls(char *line)
{
    unsigned char *byte = (unsigned char *)line;

    for (; *byte != '\0'; byte++) {
        if (*byte < 0x20 || *byte == 0x7f) {
            *byte = '?';
        } else if (*byte == 0xc2 && byte[1] >= 0x80 && byte[1] <= 0x9f) {
            *byte++ = '?';
            *byte = '?';
        }
    }
}

/* What is left after a short write or an error is dropped: there is nobody left to tell. */
static void write_all(int file, const char *bytes, size_t count)
{
    while (count > 0) {
        ssize_t written = write(file, bytes, count);

        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return;
        }
        bytes += written;
        count -= (size_t)written;
    }
}

/* "2026-03-01T20:15:04.123+0100 warning " */
static size_t write_stamp(char *text, size_t size, enum log_level level)
{
    struct timespec now;
    struct tm local;
    char day[24], zone[8];

    clock_gettime(CLOCK_REALTIME, &now);
    localtime_r(&now.tv_sec, &local);
    strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &local);
    strftime(zone, sizeof zone, "%z", &local);
    return (size_t)snprintf(text, size, "%s.%03d%s %s ", day, (int)(now.tv_nsec / 1000000), zone,
                            level_names[level]);
}

/* Who is talking, where other programs talk too. Returns what is left for the message itself. */
static char *begin_line(const struct log *log, enum log_level level, char line[LINE_SIZE])
{
    if (log->is_stderr && level <= LOG_WARNING) {
        return stpcpy(line, "matchplay: ");
    }
    return line;
}

static void write_line(struct log *log, enum log_level level, char *line)
{
    char stamp[STAMP_SIZE];
    size_t length = strlen(line);
    bool taken = false;

    hide_controls(line);
    pthread_mutex_lock(&log->lock);
    if (log->hook != NULL) {
        taken = log->hook(log->hook_context, level, line);
    }
    if (!log->is_stderr || !taken) {
        if (!log->is_stderr) {
            write_all(log->file, stamp, write_stamp(stamp, sizeof stamp, level));
        }
        line[length] = '\n'; /* the end of the string is not needed any more */
        write_all(log->file, line, length + 1);
    }
    pthread_mutex_unlock(&log->lock);
}

static bool wants(struct log *log, enum log_level level)
{
    bool wanted;

    pthread_mutex_lock(&log->lock);
    wanted = level <= log->level;
    pthread_mutex_unlock(&log->lock);
    return wanted;
}

void log_write(struct log *log, enum log_level level, const char *format, ...)
{
    char line[LINE_SIZE];
    va_list arguments;
    char *message;

    if (log == NULL || !wants(log, level)) {
        return;
    }
    message = begin_line(log, level, line);
    va_start(arguments, format);
    vsnprintf(message, (size_t)(line + sizeof line - message), format, arguments);
    va_end(arguments);
    write_line(log, level, line);
}

MP_RT bool log_rt_push(struct ring *records, enum log_level level, const char *format,
                       long long first, long long second)
{
    struct log_record record;

    record.level = level;
    record.format = format;
    record.first = first;
    record.second = second;
    return ring_push(records, &record);
}

void log_drain(struct log *log, struct ring *records)
{
    struct log_record record;

    while (ring_pop(records, &record)) {
        char line[LINE_SIZE];
        char *message;

        if (log == NULL || !wants(log, record.level)) {
            continue;
        }
        message = begin_line(log, record.level, line);
/* The record holds a literal with two %lld, as log.h asks; the compiler cannot see it from here. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        snprintf(message, (size_t)(line + sizeof line - message), record.format, record.first,
                 record.second);
#pragma GCC diagnostic pop
        write_line(log, record.level, line);
    }
}
