/*
 * log.h - messages for the person who runs the player.
 *
 * Threads: log_write from any thread but the audio thread (it takes a lock and writes). The audio
 * thread counts and pushes small records into a ring of its own (log_rt_*); another thread turns
 * them into text with log_drain.
 */
#ifndef MP_BASE_LOG_H
#define MP_BASE_LOG_H

#include "base/ring.h"

#include <stdbool.h>

enum log_level { LOG_ERROR, LOG_WARNING, LOG_NOTICE, LOG_DEBUG };

struct log;

/* path NULL: stderr, one line a message, "matchplay: " before errors and warnings; else appended to
   the file with time and level. NULL with errno. */
struct log *log_open(const char *path, enum log_level level);
void log_close(struct log *log);
void log_set_level(struct log *log, enum log_level level);
/* A hook that sees each line first (as it is for stderr; of a file, without time and level; without
   its end); true: it has taken it, and it is not written to stderr (a status line stands there). A
   file gets every line. NULL: no hook. The hook runs under the log's lock: it must not write to the
   log. */
typedef bool (*log_hook)(void *context, enum log_level level, const char *line);
void log_set_hook(struct log *log, log_hook hook, void *context);
/* Control characters (of a file's name, say) come out as '?': a message is one line. Passed over
   when the level is above the one set, or log is NULL. */
void log_write(struct log *log, enum log_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A record from the audio thread: a const format that takes two long long values. */
struct log_record {
    enum log_level level;
    const char *format; /* a string literal with two %lld */
    long long first, second;
};
/* Audio thread: false when the ring is full (the record is lost, and counted by the caller). */
MP_RT bool log_rt_push(struct ring *records, enum log_level level, const char *format,
                       long long first, long long second);
/* Writes what the ring holds. The ring's reading thread. */
void log_drain(struct log *log, struct ring *records);

#endif
